"""The ladder as arithmetic: over random ladders and clocks, and step by step through the default content."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluis.escalation import ladder
from pluis.escalation.ladder import Person
from pluis.protocol.ladders import Ladder, Ladders, LadderStep, WorkingHours
from pluis.protocol.read import Protocol

HERE = ZoneInfo("Europe/Amsterdam")
ILSE, BRAM, MIRA = Person(1, "Ilse", ""), Person(2, "Bram", ""), Person(3, "Mira", "")
PEOPLE = {"supervisor": [ILSE], "on_call": [BRAM], "manager": [MIRA]}
HOURS = WorkingHours(days=["mon", "tue", "wed", "thu", "fri"], start=time(8, 30), end=time(18))

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
roles = st.lists(st.sampled_from(["supervisor", "on_call", "manager"]), min_size=1, max_size=3, unique=True)
everybody = st.fixed_dictionaries(
    {role: st.lists(st.sampled_from([ILSE, BRAM, MIRA]), max_size=2, unique=True) for role in PEOPLE}
)


@st.composite
def some_ladder(draw: st.DrawFn) -> Ladder:
    later = sorted(draw(st.sets(st.integers(1, 3000), max_size=4)))
    steps = [LadderStep(after=after, to=draw(roles), channels=["console", "mail"]) for after in (0, *later)]
    if draw(st.booleans()):
        steps.append(LadderStep(at=time(9), to=draw(roles), channels=["mail"]))
    late = draw(st.booleans())
    by = draw(st.booleans())
    return Ladder(
        acknowledge_within=None if by else draw(st.integers(1, 3000)),
        acknowledge_by=time(18) if by else None,
        decide_within=draw(st.integers(1, 3000)),
        repeat_every=draw(st.integers(1, 3000)),
        late_from=time(17) if late else None,
        late_to=draw(roles) if late else [],
        steps=steps,
    )


def copy(one: Ladder, people: dict[str, list[Person]], now: datetime) -> dict[str, object]:
    return ladder.copy_of(Ladders(working_hours=HOURS, ladders={"L3": one}), "L3", people, now)


@given(some_ladder(), everybody, moments)
def test_who_answers_nothing_hears_of_it_step_by_step_and_then_for_ever(
    one: Ladder, people: dict[str, list[Person]], now: datetime
) -> None:
    kept = copy(one, people, now)
    step, due, seen = 0, ladder.due_after(kept, 0, now), [0]
    for _ in range(len(one.steps) + 3):
        assert ladder.next_step(kept, "open", step, due, due - timedelta(seconds=1)) == "wait"
        move = ladder.next_step(kept, "open", step, due, due)
        if step + 1 < len(one.steps):
            assert move == "climb"
            step += 1
            seen.append(step)
        else:
            assert move == "repeat"
        following = ladder.due_after(kept, step, due)
        assert following >= due
        assert following > due or step + 1 < len(one.steps)
        due = following
    assert seen == list(range(len(one.steps)))


@given(some_ladder(), everybody, moments, st.integers(0, 4), moments)
def test_decided_and_closed_never_move_and_acknowledged_only_opens_again(
    one: Ladder, people: dict[str, list[Person]], now: datetime, step: int, due: datetime
) -> None:
    kept = copy(one, people, now)
    assert ladder.next_step(kept, "decided", step, due, now) == "wait"
    assert ladder.next_step(kept, "closed", step, due, now) == "wait"
    assert ladder.next_step(kept, "open", step, None, now) == "wait"
    assert ladder.next_step(kept, "acknowledged", step, due, now) == ("reopen" if due <= now else "wait")


@given(some_ladder(), everybody, moments)
def test_each_step_reaches_somebody_if_there_is_anybody(
    one: Ladder, people: dict[str, list[Person]], now: datetime
) -> None:
    kept = copy(one, people, now)
    for step in kept["steps"]:  # type: ignore[attr-defined]
        ids = [person["id"] for person in step["people"]]
        assert len(ids) == len(set(ids))
        assert ids or not (people["supervisor"] or people["manager"])
    assert ladder.acknowledge_by(kept) > now


@given(moments, st.times())
def test_the_next_working_moment_is_a_working_day_at_that_time(now: datetime, at: time) -> None:
    at = at.replace(tzinfo=None)
    found = ladder.next_working(HOURS, now, at, today_too=True)
    assert found.weekday() < 5
    assert found.time() == at
    assert timedelta(0) < found.replace(tzinfo=None) - now.astimezone(HERE).replace(tzinfo=None) <= timedelta(days=4)


def test_holidays_are_no_working_days(protocol: Protocol) -> None:
    hours = protocol.ladders.working_hours
    assert not ladder.works_on(hours, date(2026, 12, 25))
    assert not ladder.works_on(hours, date(2027, 5, 17))
    assert ladder.works_on(hours, date(2026, 12, 24))
    thursday = datetime(2026, 12, 24, 19, tzinfo=HERE)
    assert ladder.next_working(hours, thursday, time(9), today_too=True) == datetime(2026, 12, 28, 9, tzinfo=HERE)


# Level, when, and who hears of it at which moment: a working day, an evening, a Friday night, a Sunday, Christmas.
STEPS = [
    ("L3", "2026-03-10 15:00", ["03-10 15:00 Ilse", "03-10 15:15 Mira", "03-10 15:30 Mira Bram Ilse"]),
    ("L3", "2026-03-13 23:40", ["03-13 23:40 Ilse Bram", "03-13 23:55 Mira", "03-14 00:10 Mira Bram Ilse"]),
    ("L3", "2026-12-25 10:00", ["12-25 10:00 Ilse Bram", "12-25 10:15 Mira", "12-25 10:30 Mira Bram Ilse"]),
    ("L3", "2026-03-29 01:50", ["03-29 01:50 Ilse Bram", "03-29 03:05 Mira", "03-29 03:20 Mira Bram Ilse"]),
    ("L2+", "2026-03-10 15:00", ["03-10 15:00 Ilse", "03-10 17:00 Ilse Mira", "03-10 19:00 Mira Bram"]),
    ("L2+", "2026-03-15 04:00", ["03-15 04:00 Ilse Bram", "03-15 06:00 Ilse Mira", "03-15 08:00 Mira Bram"]),
    ("L2", "2026-03-10 15:00", ["03-10 15:00 Ilse", "03-11 09:00 Ilse Mira"]),
    ("L2", "2026-03-10 17:05", ["03-10 17:05 Bram", "03-11 09:00 Ilse Mira"]),
    ("L2", "2026-03-13 16:00", ["03-13 16:00 Ilse", "03-16 09:00 Ilse Mira"]),
    ("L2", "2026-03-14 11:00", ["03-14 11:00 Bram", "03-16 09:00 Ilse Mira"]),
    ("L2", "2026-04-03 17:30", ["04-03 17:30 Bram", "04-07 09:00 Ilse Mira"]),
    ("L1", "2026-03-14 11:00", ["03-14 11:00 Ilse"]),
]


@pytest.mark.parametrize(("level", "at", "expected"), STEPS)
def test_default_ladders_step_by_step(protocol: Protocol, level: str, at: str, expected: list[str]) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=HERE)
    kept = ladder.copy_of(protocol.ladders, level, PEOPLE, now.astimezone(UTC))
    found = []
    for number, step in enumerate(kept["steps"]):
        due = ladder.due_at(kept, number)
        assert due is not None
        names = " ".join(person["name"] for person in step["people"])
        found.append(f"{due.astimezone(HERE).strftime('%m-%d %H:%M')} {names}")
    assert found == expected


@pytest.mark.parametrize(
    ("level", "at", "by"),
    [
        ("L3", "2026-03-13 23:40", "03-13 23:55"),
        ("L2+", "2026-03-10 15:00", "03-10 17:00"),
        ("L2", "2026-03-10 15:00", "03-10 18:00"),
        ("L2", "2026-03-10 17:05", "03-11 09:00"),
        ("L2", "2026-03-14 11:00", "03-16 09:00"),
        ("L1", "2026-03-10 15:00", "03-17 15:00"),
    ],
)
def test_until_when_somebody_has_to_answer(protocol: Protocol, level: str, at: str, by: str) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=HERE)
    kept = ladder.copy_of(protocol.ladders, level, PEOPLE, now)
    assert ladder.acknowledge_by(kept).astimezone(HERE).strftime("%m-%d %H:%M") == by
