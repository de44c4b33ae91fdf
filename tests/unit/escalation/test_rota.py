"""The rota as arithmetic: who is reached when, and where nobody is."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from pluis.escalation import rota
from pluis.escalation.ladder import at_work
from pluis.escalation.rota import Away, Shift
from pluis.protocol.read import Protocol

HERE = ZoneInfo("Europe/Amsterdam")
ILSE, BRAM, MIRA = 1, 2, 3
MONDAY = datetime(2026, 3, 9, 18, tzinfo=HERE)
WEEK = timedelta(weeks=1)
# Nobody is awaited on call once the working day has begun.
END = datetime(2026, 3, 16, 8, 30, tzinfo=HERE)

hours_of_a_week = st.integers(0, 7 * 24).map(lambda hour: MONDAY + timedelta(hours=hour))
people = st.sampled_from([ILSE, BRAM, MIRA])
shifts = st.lists(st.builds(Shift, people, hours_of_a_week, hours_of_a_week), max_size=4)
absences = st.lists(
    st.builds(Away, st.integers(1, 9), people, st.none() | people, hours_of_a_week, hours_of_a_week),
    max_size=4,
    unique_by=lambda one: one.id,
)


def told(protocol: Protocol, planned: list[Shift], away: list[Away], able: set[int]) -> list[rota.Stretch]:
    return rota.stretches(protocol.ladders.working_hours, planned, away, able, MONDAY, MONDAY + WEEK)


@given(shifts, absences, st.sets(people))
def test_stretches_follow_each_other_and_say_what_holds_within(
    protocol: Protocol, planned: list[Shift], away: list[Away], able: set[int]
) -> None:
    found = told(protocol, planned, away, able)

    assert (found[0].starts, found[-1].ends) == (MONDAY, MONDAY + WEEK)
    assert all(one.ends == following.starts for one, following in itertools.pairwise(found))
    for one in found:
        middle = one.starts + (one.ends - one.starts) / 2
        assert set(one.people) <= able
        assert set(one.planned) == {shift.account for shift in planned if shift.starts <= middle < shift.ends}
        assert one.at_work == at_work(protocol.ladders.working_hours, middle)


def test_an_empty_rota_is_one_gap_and_a_full_one_none(protocol: Protocol) -> None:
    assert rota.gaps(told(protocol, [], [], {ILSE})) == [(MONDAY, END)]
    assert rota.gaps(told(protocol, [Shift(ILSE, MONDAY, MONDAY + WEEK)], [], {ILSE})) == []


def test_a_free_working_day_is_no_gap(protocol: Protocol) -> None:
    tuesday = datetime(2026, 3, 10, tzinfo=HERE)
    rest = [
        Shift(ILSE, MONDAY, tuesday.replace(hour=8, minute=30)),
        Shift(ILSE, tuesday.replace(hour=18), MONDAY + WEEK),
    ]
    assert rota.gaps(told(protocol, rest, [], {ILSE})) == []


def test_leave_without_a_substitute_or_of_who_left_is_a_gap(protocol: Protocol) -> None:
    saturday = datetime(2026, 3, 14, tzinfo=HERE)
    day = timedelta(days=1)
    planned = [Shift(ILSE, MONDAY, MONDAY + WEEK)]
    alone = Away(1, ILSE, None, saturday, saturday + day)

    assert rota.gaps(told(protocol, planned, [alone], {ILSE, BRAM})) == [(saturday, saturday + day)]
    for_her = Away(2, ILSE, BRAM, saturday, saturday + day)
    assert rota.gaps(told(protocol, planned, [alone, for_her], {ILSE, BRAM})) == []
    assert rota.gaps(told(protocol, planned, [alone, for_her], {ILSE})) == [(saturday, saturday + day)]
    assert rota.gaps(told(protocol, planned, [], {BRAM})) == [(MONDAY, END)]


def test_the_clock_that_is_changed_moves_no_shift(protocol: Protocol) -> None:
    friday = datetime(2026, 3, 27, 18, tzinfo=HERE)
    planned = [Shift(ILSE, friday.astimezone(UTC), datetime(2026, 3, 30, 8, 30, tzinfo=HERE).astimezone(UTC))]
    found = rota.stretches(
        protocol.ladders.working_hours, planned, [], {ILSE}, friday, datetime(2026, 3, 30, 18, tzinfo=HERE)
    )
    assert rota.gaps(found) == []
