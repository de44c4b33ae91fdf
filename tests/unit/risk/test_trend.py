"""This visit beside the ones before."""

import pytest

from pluis.risk.trend import trend
from tests.support.facts import earlier


@pytest.mark.parametrize(
    ("level", "last", "direction"),
    [("L2", "L1", "up"), ("L2+", "L2", "up"), ("L1", "L3", "down"), ("L1", "L1", "same"), ("L1", None, "first"),
     (None, "L1", "first")],
)  # fmt: skip
def test_the_direction(level: str | None, last: str | None, direction: str) -> None:
    assert trend(level, last, (), ()).direction == direction


def test_new_repeated_and_gone_signals() -> None:
    history = [earlier("a", debrief="d1", days=40), earlier("a", debrief="d2"), earlier("b", debrief="d2")]

    compared = trend("L1", "L1", ["a", "c"], history)

    assert (compared.new, compared.repeated, compared.gone) == (("c",), ("a",), ("b",))
    assert compared.third_time == ("a",)


def test_a_signal_twice_in_one_visit_is_not_a_third_time() -> None:
    assert trend("L1", "L1", ["a"], [earlier("a"), earlier("a")]).third_time == ()


def test_gone_looks_at_the_last_visit_only() -> None:
    assert trend("L0", "L0", [], [earlier("a", debrief="d1", days=60), earlier("b", debrief="d2")]).gone == ("b",)
