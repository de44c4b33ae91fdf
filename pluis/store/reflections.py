"""What there is to look back on: columns of debriefs of a period, never who made them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from pluis.store.cases import Case, Person, Sighting
from pluis.store.debriefs import Debrief, Found, LevelChange, Turn, Unknown


class Visit(NamedTuple):
    """A finished debrief."""

    id: str
    case_id: int
    at: datetime
    proposed: str | None


class Heard(NamedTuple):
    """A signal with what people said of it. `at` is the moment of the visit."""

    debrief_id: str
    case_id: int
    signal: str
    severity: str
    confirmation: str
    question: str
    at: datetime


class Met(NamedTuple):
    """How often somebody of a family could have been seen, and was."""

    case_id: int
    name: str
    kind: str
    parent: bool
    speaks: bool
    born_on: date | None
    visits: int
    spoken: int
    alone: int


Where = tuple[ColumnElement[bool], ...]
"""Whose debriefs: conditions on `Case` and `Debrief`."""


def visits(session: Session, where: Where, since: datetime) -> list[Visit]:
    """Oldest first."""
    query = _of_debriefs(_columns(Debrief.id, Debrief.case_id, Debrief.opened_at, Debrief.proposed), where, since)
    return [Visit(*row) for row in session.execute(query.order_by(Debrief.opened_at))]


def heard(session: Session, where: Where, since: datetime) -> list[Heard]:
    """Oldest visit first."""
    query = _columns(
        Found.debrief_id, Found.case_id, Found.signal, Found.severity, Found.confirmation, Found.key, Debrief.opened_at
    )
    query = _of_debriefs(query.join(Debrief, Debrief.id == Found.debrief_id), where, since)
    return [Heard(*row) for row in session.execute(query.where(Found.kind == "signal").order_by(Debrief.opened_at))]


def met(session: Session, where: Where, since: datetime) -> list[Met]:
    """Everybody of these families whom the visits of the period said something of."""
    query = (
        _columns(
            Person.case_id, Person.name, Person.kind, Person.parent, Person.speaks, Person.born_on, func.count(),
            func.count().filter(Sighting.spoken), func.count().filter(Sighting.alone),
        )
        .join(Sighting, Sighting.person_id == Person.id)
        .join(Debrief, Debrief.id == Sighting.debrief_id)
    )  # fmt: skip
    rows = session.execute(_of_debriefs(query, where, since).group_by(Person.id).order_by(Person.id))
    return [Met(*row) for row in rows]


def raised(session: Session, where: Where, since: datetime) -> list[tuple[str, str]]:
    """(debrief, level): a person put the level higher than was proposed."""
    query = _columns(LevelChange.debrief_id, LevelChange.level).join(Debrief, Debrief.id == LevelChange.debrief_id)
    rows = session.execute(
        _of_debriefs(query, where, since).where(LevelChange.kind == "raised").order_by(LevelChange.id)
    )
    return [(debrief, level) for debrief, level in rows]


def skipped(session: Session, where: Where, since: datetime) -> list[tuple[str, str]]:
    """(debrief, key of a question): the counselor skipped it there."""
    query = _columns(Turn.debrief_id, Turn.question).join(Debrief, Debrief.id == Turn.debrief_id)
    rows = session.execute(
        _of_debriefs(query, where, since).where(Turn.verb == "skip", Turn.question.is_not(None)).distinct()
    )
    return [(debrief, key) for debrief, key in rows]


def long_unknown(session: Session, where: Where, since: datetime, before: datetime) -> list[tuple[int, str, datetime]]:
    """(case, text, since when): asked before that moment, in the period, and open still. Oldest first."""
    query = _columns(Debrief.case_id, Unknown.text, Debrief.opened_at).join(Debrief, Debrief.id == Unknown.debrief_id)
    rows = session.execute(
        _of_debriefs(query, where, since)
        # The case twice, so that a database finds what is unknown by it.
        .where(Unknown.case_id == Case.id, Unknown.done_at.is_(None), Debrief.opened_at < before)
        .order_by(Debrief.opened_at)
    )
    return [(case, text, at) for case, text, at in rows]


def families(session: Session, cases: Sequence[int]) -> dict[int, str]:
    rows = session.execute(select(Case.id, Case.family).where(Case.id.in_(cases)))
    return {row[0]: row[1] for row in rows}


def _of_debriefs(query: Select[Any], where: Where, since: datetime) -> Select[Any]:
    """Finished debriefs of open families, practice left out."""
    return query.join(Case, Case.id == Debrief.case_id).where(
        *where, Debrief.state == "done", Debrief.mode != "training", Debrief.opened_at >= since,
        Case.vignette.is_(None), Case.closed_on.is_(None),
    )  # fmt: skip


def _columns(*columns: Any) -> Select[Any]:
    return select(*columns)
