"""Who is due when: nights, weekends, Friday at half past five, summer time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluis.escalation.ladder import Person, at_work, copy_of, due_at, next_step
from pluis.protocol.read import Protocol

HERE = ZoneInfo("Europe/Amsterdam")
PEOPLE = {
    "supervisor": [Person(1, "Ilse", "06-1")],
    "on_call": [Person(2, "Bram", "06-2")],
    "manager": [Person(3, "Mira", "06-3")],
}


EPOCH = datetime(2026, 1, 1)  # noqa: DTZ001 - the test adds the zone


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """A moment of 2026 in Amsterdam; 9 March is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=HERE)


def ladder(protocol: Protocol, level: str, now: datetime, **people: list[Person]) -> dict[str, Any]:
    """The ladder of this level as an escalation keeps it."""
    return copy_of(protocol.ladders, level, {**PEOPLE, **people}, now)


def names(step: dict[str, Any]) -> list[str]:
    """Who is told at a step."""
    return [person["name"] for person in step["people"]]


@pytest.mark.parametrize(
    ("now", "working"),
    [(at(10, 8, 29), False), (at(10, 8, 30), True), (at(10, 17, 59), True), (at(10, 18), False), (at(10, 3), False),
     (at(14, 12), False), (at(15, 12), False), (at(25, 12, month=12), False)],
)  # fmt: skip
def test_working_hours(protocol: Protocol, now: datetime, working: bool) -> None:
    assert at_work(protocol.ladders.working_hours, now) is working


@pytest.mark.parametrize(("level", "minutes"), [("L3", 15), ("L2+", 120), ("L1", 10_080)])
def test_time_to_acknowledge_in_minutes(protocol: Protocol, level: str, minutes: int) -> None:
    for now in (at(10, 15), at(10, 23, 30), at(14, 12)):
        copy = ladder(protocol, level, now)
        assert datetime.fromisoformat(copy["acknowledge_by"]) == now + timedelta(minutes=minutes)


def test_an_acute_ladder_climbs_every_quarter_of_an_hour(protocol: Protocol) -> None:
    now = at(10, 15)
    copy = ladder(protocol, "L3", now)

    assert [datetime.fromisoformat(step["due_at"]) - now for step in copy["steps"]] == [
        timedelta(0), timedelta(minutes=15), timedelta(minutes=30)
    ]  # fmt: skip
    assert [names(step) for step in copy["steps"]] == [["Ilse"], ["Mira"], ["Mira", "Bram", "Ilse"]]


@pytest.mark.parametrize("now", [at(10, 22), at(14, 12), at(10, 6)], ids=["evening", "Saturday", "early"])
def test_outside_working_hours_whoever_is_on_call_is_told_as_well(protocol: Protocol, now: datetime) -> None:
    assert names(ladder(protocol, "L3", now)["steps"][0]) == ["Ilse", "Bram"]
    assert names(ladder(protocol, "L2+", now)["steps"][0]) == ["Ilse", "Bram"]


def test_within_working_hours_nobody_on_call_is_disturbed(protocol: Protocol) -> None:
    assert names(ladder(protocol, "L3", at(10, 15))["steps"][0]) == ["Ilse"]
    assert names(ladder(protocol, "L3", at(10, 15), supervisor=[])["steps"][0]) == ["Bram"]


@pytest.mark.parametrize(
    ("now", "told", "by", "second"),
    [
        (at(10, 15), "Ilse", at(10, 18), at(11, 9)),
        (at(13, 16, 59), "Ilse", at(13, 18), at(16, 9)),
        (at(13, 17, 30), "Bram", at(16, 9), at(16, 9)),  # Friday at half past five: Monday morning
        (at(14, 12), "Bram", at(16, 9), at(16, 9)),
        (at(15, 23, 59), "Bram", at(16, 9), at(16, 9)),
        (at(10, 2), "Ilse", at(10, 18), at(11, 9)),
        (at(24, 17, 30, month=12), "Bram", at(28, 9, month=12), at(28, 9, month=12)),  # Christmas, then a weekend
    ],
    ids=["Tuesday", "just before five", "Friday evening", "Saturday", "Sunday night", "early", "Christmas Eve"],
)
def test_the_same_working_day(protocol: Protocol, now: datetime, told: str, by: datetime, second: datetime) -> None:
    copy = ladder(protocol, "L2", now)

    assert names(copy["steps"][0]) == [told]
    assert datetime.fromisoformat(copy["acknowledge_by"]) == by
    assert due_at(copy, 1) == second


def test_the_clocks_go_forward(protocol: Protocol) -> None:
    # Sunday 29 March 2026: 09:00 on Monday is 07:00 UTC, not 08:00.
    monday = due_at(ladder(protocol, "L2", at(28, 12)), 1)

    assert monday is not None
    assert monday.astimezone(ZoneInfo("UTC")).hour == 7


def test_a_step_that_would_reach_nobody_goes_to_somebody(protocol: Protocol) -> None:
    copy = ladder(protocol, "L2", at(14, 12), on_call=[])
    assert names(copy["steps"][0]) == ["Ilse"]
    copy = ladder(protocol, "L3", at(10, 15), on_call=[], supervisor=[])
    assert names(copy["steps"][0]) == ["Mira"]
    copy = ladder(protocol, "L3", at(10, 15), on_call=[], supervisor=[], manager=[])
    assert names(copy["steps"][0]) == []


def test_nobody_is_told_twice_at_one_step(protocol: Protocol) -> None:
    both = [Person(1, "Ilse", "06-1")]

    assert names(ladder(protocol, "L3", at(10, 22), supervisor=both, on_call=both)["steps"][0]) == ["Ilse"]


STEPS = {"steps": [{}, {}, {}], "repeat_every": 15}
NOW = at(10, 15)
EARLIER, LATER = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "step", "due", "move"),
    [
        ("open", 0, LATER, "wait"), ("open", 0, None, "wait"), ("open", 0, NOW, "climb"), ("open", 1, EARLIER, "climb"),
        ("open", 2, EARLIER, "repeat"), ("open", 2, LATER, "wait"), ("acknowledged", 0, LATER, "wait"),
        ("acknowledged", 1, EARLIER, "reopen"), ("decided", 0, EARLIER, "wait"), ("decided", 2, None, "wait"),
    ],
)  # fmt: skip
def test_what_has_to_happen_now(state: str, step: int, due: datetime | None, move: str) -> None:
    assert next_step(STEPS, state, step, due, NOW) == move


def test_there_is_no_step_after_the_last(protocol: Protocol) -> None:
    assert due_at(ladder(protocol, "L3", NOW), 3) is None


@given(st.datetimes(EPOCH, EPOCH.replace(year=2028)), st.sampled_from(["L1", "L2", "L2+", "L3"]))
def test_at_any_moment_somebody_is_told_at_once_and_later_steps_come_later(
    protocol: Protocol, moment: datetime, level: str
) -> None:
    now = moment.replace(tzinfo=ZoneInfo("UTC"))
    copy = ladder(protocol, level, now)
    due = [datetime.fromisoformat(step["due_at"]) for step in copy["steps"]]

    assert due[0] == now
    assert due == sorted(due)
    assert all(step["people"] for step in copy["steps"])
    assert datetime.fromisoformat(copy["acknowledge_by"]) > now
