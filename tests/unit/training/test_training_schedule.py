"""What was missed comes back soon and in another family; what went well, later."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluis.training.outcome import Met, Outcome, counting
from pluis.training.schedule import DAYS, standings, suggest

DAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
VISITS = {
    ("ash", 0): frozenset({"asking", "child"}),
    ("birch", 0): frozenset({"asking", "child"}),
    ("cedar", 0): frozenset({"asking", "caregiver"}),
    ("story", 0): frozenset({"asking", "quiet"}),
    ("story", 1): frozenset({"asking", "child"}),
}


def did(vignette: str, days: float, visit: int = 0, **met: Met) -> Outcome:
    return Outcome(vignette, visit, DAY + timedelta(days=days), dict(met))


def on(days: int) -> date:
    return DAY.date() + timedelta(days=days)


def test_what_was_missed_comes_back_after_two_days_in_another_family() -> None:
    history = [did("ash", 0, child="none")]

    assert not [one for one in suggest(VISITS, history, [], on(1)) if one.why == "back"]
    back = suggest(VISITS, history, [], on(2))[0]
    assert (back.vignette, back.why, back.strand) == ("birch", "back", "child")


def test_what_goes_well_comes_back_later_each_time() -> None:
    history: list[Outcome] = []
    gaps = []
    for number, vignette in enumerate(("ash", "birch", "ash", "birch")):
        history.append(did(vignette, number * 100, child="whole"))
        gaps.append((standings(history)["child"].due - on(number * 100)).days)

    assert gaps == [7, 21, 60, 60]
    assert standings([*history, did("ash", 400, child="none")])["child"].due == on(402)


def test_a_story_goes_on_and_its_end_is_not_shown_first() -> None:
    assert ("story", 1) not in {(one.vignette, one.visit) for one in suggest(VISITS, [], [], on(0), most=9)}
    first = suggest(VISITS, [did("story", 0, asking="whole")], [], on(0))[0]
    assert (first.vignette, first.visit, first.why) == ("story", 1, "story")


def test_what_a_trainer_asks_comes_first() -> None:
    history = [did("ash", 0, child="none"), did("story", 0)]
    assert [one.why for one in suggest(VISITS, history, ["cedar"], on(9))] == ["assigned", "story", "back"]


def test_what_was_never_met_is_new() -> None:
    history = [did("ash", 0, asking="whole", child="whole")]
    fresh = suggest(VISITS, history, [], on(0), most=9)
    assert {one.why for one in fresh} == {"new"}
    assert [one.vignette for one in fresh][:2] == ["cedar", "story"]


def test_an_attempt_right_after_looking_back_does_not_count() -> None:
    history = [did("ash", 0, child="none"), did("ash", 0.1, child="whole"), did("ash", 3, child="whole")]
    assert [one.met["child"] for one in counting(history)] == ["none", "whole"]


@given(st.lists(st.sampled_from(["whole", "part", "none"]), min_size=1, max_size=12))
def test_a_strand_is_always_due_again(course: list[Met]) -> None:
    history = [did("ash", number, child=how) for number, how in enumerate(course)]
    steps = [standings(history[: n + 1])["child"].step for n in range(len(history))]
    assert all(0 <= step < len(DAYS) for step in steps)
    assert all(abs(later - earlier) <= 1 or later == 0 for earlier, later in pairwise(steps))
    assert standings(history)["child"].due > history[-1].at.date()


@pytest.mark.parametrize("assigned", [["gone"], ["story"]])
def test_what_no_longer_exists_is_passed_over(assigned: list[str]) -> None:
    assert all((one.vignette, one.visit) in VISITS for one in suggest(VISITS, [], assigned, on(0)))
