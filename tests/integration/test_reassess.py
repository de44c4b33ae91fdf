"""What the records tell brings the day of the next assessment forward, once."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pluis.escalation.reassess import name_days
from pluis.runtime import Runtime
from pluis.store.cases import Case, Person, Sighting
from pluis.store.debriefs import Debrief
from tests.support.databases import NOW
from tests.support.families import account, add_family

TODAY, DAY = NOW.date(), timedelta(days=1)


def family(session: Session, seen: date) -> Case:
    """Assessed four weeks ago, seen on this day."""
    case = add_family(session, NOW)
    session.refresh(case)
    session.add(Sighting(person_id=case.people[0].id, on=seen, seen=True))
    return case


def visit(session: Session, case: Case, username: str, days_ago: int) -> None:
    at = NOW - days_ago * DAY
    who = account(session, username)
    session.add(
        Debrief(
            id=f"{username}{case.id}-{days_ago}", case_id=case.id, account_id=who.id, mode="visit", language="nl",
            state="done", greeting=[], opened_at=at, touched_at=at,
        )
    )  # fmt: skip


def test_what_happened_since_the_last_assessment_names_a_day(runtime: Runtime) -> None:
    with runtime.store.transaction() as session:
        seen = [TODAY - 2 * DAY] * 4
        quiet, handed_over, stood_in, born = (family(session, day) for day in seen)
        lost, assessed = family(session, TODAY - 20 * DAY), family(session, TODAY - 20 * DAY)
        for case, username, days in (
            (quiet, "counselor", 9), (handed_over, "counselor2", 20), (handed_over, "counselor", 3),
            (stood_in, "counselor", 20), (stood_in, "counselor2", 3),
        ):  # fmt: skip
            visit(session, case, username, days)
        session.add(Person(case_id=born.id, name="Bo", kind="child", relation="zoon", born_on=TODAY - 5 * DAY))
        assessed.assessed_on = TODAY - DAY
        usual = {case.id: case.assessment_due for case in (quiet, stood_in, assessed)}
        soon = {
            handed_over.id: TODAY + 4 * DAY,  # seven days after the first visit of the new counselor
            born.id: TODAY + 2 * DAY,
            lost.id: TODAY + 1 * DAY,  # two weeks without anybody seen, then a week
        }
    zone = ZoneInfo(runtime.protocol.ladders.working_hours.timezone)
    for _twice in range(2):
        with runtime.store.transaction() as session:
            name_days(session, runtime.protocol.ladders.reassessment, NOW, zone)
    with runtime.store.reading() as session:
        assert {id: session.get_one(Case, id).assessment_due for id in (usual | soon)} == usual | soon
