"""Many cases at once: a fixed number of queries for a list, however many debriefs there are."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, select
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from pluis.store.cases import Agreement, Case, Person, Sighting
from pluis.store.debriefs import Debrief
from pluis.store.escalations import RUNNING, Escalation
from pluis.store.people import Account

UNFINISHED = ("open", "paused")


class Visit(NamedTuple):
    """A debrief as far as a list needs it."""

    id: str
    case_id: int
    state: str
    mode: str
    opened_at: datetime
    level: str | None
    proposed: str | None
    counselor: str


def page_of_cases(
    session: Session, where: ColumnElement[bool], *, most: int | None = None, skip: int = 0
) -> list[Case]:
    """Open cases for which this holds, with their people, by number."""
    query = _open(select(Case), where).options(
        joinedload(Case.team),
        joinedload(Case.counselor).lazyload(Account.team),
        joinedload(Case.supervisor).lazyload(Account.team),
        selectinload(Case.people),
        lazyload(Case.agreements),
    )
    return list(session.scalars(query.order_by(Case.number).offset(skip).limit(most)))


def count_cases(session: Session, where: ColumnElement[bool]) -> int:
    return session.scalar(_open(select(func.count(Case.id)), where)) or 0


def numbers(session: Session) -> list[str]:
    """The numbers of all families, closed ones too."""
    return list(session.scalars(select(Case.number).where(Case.vignette.is_(None))))


def _open(query: Select[Any], where: ColumnElement[bool]) -> Select[Any]:
    return query.where(Case.closed_on.is_(None), Case.vignette.is_(None), where)


def last_contacts(session: Session, case_ids: Sequence[int]) -> dict[int, dict[str, date]]:
    """Per person: the day of last being seen, spoken to, spoken to alone."""
    found: dict[int, dict[str, date]] = {}
    rows = session.execute(
        select(
            Sighting.person_id,
            func.max(case((Sighting.seen, Sighting.on))),
            func.max(case((Sighting.spoken, Sighting.on))),
            func.max(case((Sighting.alone, Sighting.on))),
        )
        .join(Person, Person.id == Sighting.person_id)
        .where(Person.case_id.in_(case_ids))
        .group_by(Sighting.person_id)
    )
    for person, *days in rows:
        found[person] = {how: day for how, day in zip(("seen", "spoken", "alone"), days, strict=True) if day}
    return found


def last_two(session: Session, case_ids: Sequence[int]) -> dict[int, list[Visit]]:
    """Per case: the newest finished visit and the one before it."""
    ids = session.execute(select(_nth_done(0), _nth_done(1)).where(Case.id.in_(case_ids))).all()
    wanted = [id for pair in ids for id in pair if id]
    grouped: dict[int, list[Visit]] = {}
    for start in range(0, len(wanted), 500):
        for visit in _visits(session, select_visits().where(Debrief.id.in_(wanted[start : start + 500]))):
            grouped.setdefault(visit.case_id, []).append(visit)
    return {id: sorted(two, key=lambda visit: visit.opened_at, reverse=True) for id, two in grouped.items()}


def _nth_done(number: int) -> ScalarSelect[str]:
    return (
        select(Debrief.id)
        .where(Debrief.case_id == Case.id, Debrief.state == "done", Debrief.mode != "training")
        .order_by(Debrief.opened_at.desc())
        .limit(1)
        .offset(number)
        .correlate(Case)
        .scalar_subquery()
    )


def running(session: Session, case_ids: Sequence[int]) -> dict[int, Visit]:
    """Per case: the newest debrief that is not finished."""
    query = select_visits().where(
        Debrief.case_id.in_(case_ids), Debrief.state.in_(UNFINISHED), Debrief.mode != "training"
    )
    return {visit.case_id: visit for visit in _visits(session, query.order_by(Debrief.opened_at))}


def finished(session: Session, case_id: int) -> list[Visit]:
    """The finished visits of one case, newest first."""
    query = select_visits().where(Debrief.case_id == case_id, Debrief.state == "done", Debrief.mode != "training")
    return _visits(session, query.order_by(Debrief.opened_at.desc()))


def running_alerts(session: Session, case_ids: Sequence[int]) -> dict[int, list[str]]:
    """Per case: the levels of alerts without a decision."""
    rows = session.execute(
        select(Escalation.case_id, Escalation.level).where(
            Escalation.case_id.in_(case_ids), Escalation.state.in_(RUNNING)
        )
    )
    found: dict[int, list[str]] = {}
    for id, level in rows:
        if id is not None:
            found.setdefault(id, []).append(level)
    return found


def open_agreements(session: Session, case_ids: Sequence[int]) -> dict[int, int]:
    """Per case: how many agreements are open."""
    rows = session.execute(
        select(Agreement.case_id, func.count())
        .where(Agreement.case_id.in_(case_ids), Agreement.state == "open")
        .group_by(Agreement.case_id)
    )
    return {row[0]: row[1] for row in rows}


def select_visits() -> Select[Any]:
    """The columns of a Visit."""
    columns: tuple[Any, ...] = (
        Debrief.id, Debrief.case_id, Debrief.state, Debrief.mode, Debrief.opened_at, Debrief.level, Debrief.proposed,
        Account.name,
    )  # fmt: skip
    return select(*columns).join(Account, Account.id == Debrief.account_id)


def _visits(session: Session, query: Select[Any]) -> list[Visit]:
    return [Visit(*row) for row in session.execute(query)]
