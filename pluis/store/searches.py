"""Conditions by which a list of cases is narrowed, for the database; and the names among which a text is looked for."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from pluis.store.cases import ASSESSMENT_EVERY, Case, Person, Sighting
from pluis.store.debriefs import Debrief


def of_team(team: int) -> ColumnElement[bool]:
    return Case.team_id == team


def late(today: date) -> ColumnElement[bool]:
    """The explicit assessment should have been there before today."""
    never = and_(Case.assessed_on.is_(None), Case.started_on < today)
    usual = and_(Case.assess_by.is_(None), or_(Case.assessed_on < today - ASSESSMENT_EVERY, never))
    return or_(Case.assess_by < today, usual)


def last_level(levels: Sequence[str]) -> ColumnElement[bool]:
    """The newest finished visit ended at one of these levels."""
    newest = (
        select(Debrief.level)
        .where(Debrief.case_id == Case.id, Debrief.state == "done", Debrief.mode != "training")
        .order_by(Debrief.opened_at.desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    return newest.in_(levels)


def child_unseen(before: date) -> ColumnElement[bool]:
    """A child of the family was not seen since this day, or never."""
    last = (
        select(func.max(Sighting.on))
        .where(Sighting.person_id == Person.id, Sighting.seen)
        .correlate(Person)
        .scalar_subquery()
    )
    return exists().where(Person.case_id == Case.id, Person.kind == "child", func.coalesce(last, date.min) < before)


def names(session: Session, where: ColumnElement[bool]) -> dict[int, list[str]]:
    """Case to its number, its family name and the names of its people: open cases for which this holds.

    Names are sealed in the database and opened here, so that a part of a name finds it too.
    """
    open_cases = and_(Case.closed_on.is_(None), Case.vignette.is_(None), where)
    found = {
        id: [number, family]
        for id, number, family in session.execute(select(Case.id, Case.number, Case.family).where(open_cases))
    }
    people = select(Person.case_id, Person.name).join(Case, Case.id == Person.case_id).where(open_cases)
    for case, name in session.execute(people):
        found[case].append(name)
    return found
