"""What an audit counts over a period: columns, never whole rows. Practice and made-up families are not counted."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, lazyload

from pluis.store.assessments import Assessment
from pluis.store.base import Json
from pluis.store.cases import Agreement, Case, Person, Sighting
from pluis.store.debriefs import Debrief, Found, LevelChange, Unknown
from pluis.store.escalations import Escalation, EscalationEvent
from pluis.store.outgoing import Delivery
from pluis.store.people import Account


class Visit(NamedTuple):
    """A debrief that began in the period."""

    id: str
    case_id: int
    state: str
    opened_at: datetime
    closed_at: datetime | None
    proposed: str | None
    level: str | None
    rules: list[Json] | None


class Change(NamedTuple):
    """A level that a person changed, with the role of that person."""

    debrief_id: str
    kind: str
    level: str
    role: str


class Alert(NamedTuple):
    """An alert that was raised in the period."""

    id: int
    case_id: int | None
    level: str
    state: str
    raised_at: datetime
    acknowledge_by: datetime | None
    acknowledged_at: datetime | None
    decided_at: datetime | None
    check_on: date | None
    checked_at: datetime | None
    ladder: Json


def _real() -> tuple[ColumnElement[bool], ...]:
    return Debrief.mode != "training", Case.vignette.is_(None)


def visits(session: Session, since: datetime, until: datetime) -> list[Visit]:
    query = _columns(
        Debrief.id, Debrief.case_id, Debrief.state, Debrief.opened_at, Debrief.closed_at, Debrief.proposed,
        Debrief.level, Debrief.rules,
    ).join(Case, Case.id == Debrief.case_id)  # fmt: skip
    found = session.execute(query.where(*_real(), *_within(Debrief.opened_at, since, until)))
    return [Visit(*row) for row in found]


def changes(session: Session, since: datetime, until: datetime) -> list[Change]:
    """Changes by people, in debriefs that began in the period."""
    query = (
        _columns(LevelChange.debrief_id, LevelChange.kind, LevelChange.level, Account.role)
        .join(Debrief, Debrief.id == LevelChange.debrief_id)
        .join(Case, Case.id == Debrief.case_id)
        .join(Account, Account.id == LevelChange.by_id)
    )
    found = session.execute(query.where(*_real(), *_within(Debrief.opened_at, since, until)).order_by(LevelChange.id))
    return [Change(*row) for row in found]


def contacts(session: Session, since: datetime, until: datetime) -> list[tuple[str, int, str, bool, bool, bool]]:
    """Who was seen after finished visits of the period: (debrief, person, kind, is parent, seen, spoken to)."""
    query = (
        _columns(Sighting.debrief_id, Person.id, Person.kind, Person.parent, Sighting.seen, Sighting.spoken)
        .join(Person, Person.id == Sighting.person_id)
        .join(Debrief, Debrief.id == Sighting.debrief_id)
        .join(Case, Case.id == Debrief.case_id)
    )
    found = session.execute(query.where(*_real(), *_within(Debrief.opened_at, since, until)))
    return [(debrief, person, kind, parent, seen, spoken) for debrief, person, kind, parent, seen, spoken in found]


def people(session: Session) -> list[tuple[int, int, str, bool]]:
    """Everybody in an open case: (person, case, kind, is parent)."""
    query = _columns(Person.id, Person.case_id, Person.kind, Person.parent).join(Case, Case.id == Person.case_id)
    found = session.execute(query.where(Case.closed_on.is_(None), Case.vignette.is_(None)))
    return [(person, case, kind, parent) for person, case, kind, parent in found]


def assessments_due(session: Session, until: date) -> list[date]:
    """Of each case open at the end of the period: when the assessment was due that came next on that day."""
    newest = (
        select(func.max(Assessment.id).label("id"))
        .where(Assessment.on <= until)
        .group_by(Assessment.case_id)
        .subquery()
    )
    rows = select(Assessment.case_id, Assessment.next_on).join(newest, newest.c.id == Assessment.id)
    known = {row[0]: row[1] for row in session.execute(rows)}
    cases = session.scalars(
        select(Case)
        .options(lazyload("*"))
        .where(Case.vignette.is_(None), Case.closed_on.is_(None), Case.started_on <= until)
    )
    return [known.get(case.id, case.assessment_due) for case in cases]


def signed(session: Session, first: date, last: date) -> list[tuple[str, str, str]]:
    """Assessments made on these days: (safety, weight, role of whoever signed)."""
    rows = (
        _columns(Assessment.safety, Assessment.weight, Account.role)
        .join(Account, Account.id == Assessment.signed_by_id)
        .where(Assessment.on >= first, Assessment.on <= last)
    )
    return [(safety, weight, role) for safety, weight, role in session.execute(rows)]


def alerts(session: Session, since: datetime, until: datetime) -> list[Alert]:
    query = _columns(
        Escalation.id, Escalation.case_id, Escalation.level, Escalation.state, Escalation.raised_at,
        Escalation.acknowledge_by, Escalation.acknowledged_at, Escalation.decided_at, Escalation.check_on,
        Escalation.checked_at, Escalation.ladder,
    )  # fmt: skip
    return [Alert(*row) for row in session.execute(query.where(*_within(Escalation.raised_at, since, until)))]


def first_sent(
    session: Session, since: datetime, until: datetime
) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Per alert: when the first message was there, and when the first one outside the console was."""
    outside = func.min(Delivery.sent_at).filter(Delivery.channel != "console")
    found = session.execute(
        select(Delivery.escalation_id, func.min(Delivery.sent_at), outside)
        .join(Escalation, Escalation.id == Delivery.escalation_id)
        .where(*_within(Escalation.raised_at, since, until), Delivery.state == "sent")
        .group_by(Delivery.escalation_id)
    )
    return {id: (first, other) for id, first, other in found}


def events(
    session: Session, since: datetime, until: datetime, kinds: Sequence[str]
) -> dict[int, list[tuple[str, datetime]]]:
    """Per alert of the period: what was logged of these kinds, oldest first."""
    found = session.execute(
        select(EscalationEvent.escalation_id, EscalationEvent.kind, EscalationEvent.at)
        .join(Escalation, Escalation.id == EscalationEvent.escalation_id)
        .where(*_within(Escalation.raised_at, since, until), EscalationEvent.kind.in_(kinds))
        .order_by(EscalationEvent.id)
    )
    grouped: dict[int, list[tuple[str, datetime]]] = {}
    for id, kind, at in found:
        grouped.setdefault(id, []).append((kind, at))
    return grouped


def agreements(session: Session, since: datetime, until: datetime) -> dict[str, int]:
    """Agreements by state: those made in the period, and those checked at a visit in the period."""
    checked = select(Debrief.id).where(Debrief.mode != "training", *_within(Debrief.opened_at, since, until))
    found = session.execute(
        select(Agreement.state, func.count())
        .join(Case, Case.id == Agreement.case_id)
        .where(
            Case.vignette.is_(None),
            Agreement.checked_in.in_(checked) | ((Agreement.made_at >= since) & (Agreement.made_at < until)),
        )
        .group_by(Agreement.state)
    )
    return {row[0]: row[1] for row in found}


def unconfirmed(session: Session, debriefs: Sequence[str]) -> dict[str, int]:
    """Per debrief: signals that nobody confirmed or denied."""
    return _counted(
        session,
        select(Found.debrief_id, func.count()).where(
            Found.debrief_id.in_(debriefs), Found.kind == "signal", Found.confirmation.in_(("open", "left"))
        ).group_by(Found.debrief_id),
    )  # fmt: skip


def without_note(session: Session, debriefs: Sequence[str]) -> set[str]:
    """Finished debriefs without a contact note."""
    query = select(Debrief.id).where(Debrief.id.in_(debriefs), func.coalesce(func.length(Debrief.note), 0) == 0)
    return set(session.scalars(query))


def long_unknown(session: Session, cases: Sequence[int], before: datetime) -> dict[int, int]:
    """Per case: what was not known before this moment and still is not."""
    query = select(Unknown.case_id, func.count()).join(Debrief, Debrief.id == Unknown.debrief_id)
    return _counted(
        session,
        query.where(
            Unknown.case_id.in_(cases), Unknown.done_at.is_(None), Debrief.opened_at < before, Debrief.mode != "training"
        ).group_by(Unknown.case_id),
    )  # fmt: skip


def numbers(session: Session, cases: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Number of each case, and why only one parent is on file."""
    found = session.execute(select(Case.id, Case.number, Case.one_parent_reason).where(Case.id.in_(cases)))
    return {row[0]: (row[1], row[2]) for row in found}


def _counted(session: Session, query: Any) -> dict[Any, int]:
    return {row[0]: row[1] for row in session.execute(query)}


def _columns(*columns: Any) -> Select[Any]:
    return select(*columns)


def _within(column: Any, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= since, column < until
