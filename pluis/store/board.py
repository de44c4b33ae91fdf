"""What a team's board shows, counted in the database: names of families and counselors, no words of anybody."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from pluis.store.cases import ASSESSMENT_EVERY, Case, Person, Sighting
from pluis.store.debriefs import Debrief, SupportWish
from pluis.store.escalations import RUNNING, Escalation
from pluis.store.people import Account, Team
from pluis.store.searches import late as assessment_late

HIGH = ("L2", "L2+", "L3")


class Alert(NamedTuple):
    id: int
    family: str | None
    level: str
    state: str
    raised_at: datetime
    due_at: datetime | None
    counselor: str
    acknowledged_by: int | None


class Due(NamedTuple):
    """A case whose assessment is overdue."""

    id: int
    family: str
    counselor: str
    due_on: date


class Unseen(NamedTuple):
    """A child that nobody saw for long; `seen_on` is empty when nobody ever did."""

    case_id: int
    family: str
    name: str
    counselor: str
    seen_on: date | None


class Unfinished(NamedTuple):
    family: str
    counselor: str
    opened_at: datetime
    touched_at: datetime


class Wish(NamedTuple):
    counselor: str
    by_when: str
    at: datetime


class Load(NamedTuple):
    """What one counselor carries."""

    name: str
    cases: int
    visits: int
    alerts: int
    wishes: int


def teams(session: Session, only: int | None) -> list[tuple[int, str]]:
    """Teams by name, or this one."""
    query = select(Team.id, Team.name).order_by(Team.name)
    return [(id, name) for id, name in session.execute(query if only is None else query.where(Team.id == only))]


def _open(team: int, seen: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """The cases of a team; `seen`: those that whoever looks may read."""
    return Case.team_id == team, Case.closed_on.is_(None), Case.vignette.is_(None), seen


def alerts(session: Session, seen: ColumnElement[bool], team: int, most: int) -> tuple[list[Alert], int]:
    """Alerts of a team without a decision, the most pressing first, and how many there are."""
    readable = or_(Escalation.case_id.is_(None), Escalation.case_id.in_(select(Case.id).where(seen)))
    where = Escalation.team_id == team, Escalation.state.in_(RUNNING), readable
    rows = session.execute(
        _rows(
            Escalation.id, Case.family, Escalation.level, Escalation.state, Escalation.raised_at,
            func.coalesce(Escalation.acknowledge_by, Escalation.due_at), Account.name, Escalation.acknowledged_by_id,
        )
        .select_from(Escalation)
        .outerjoin(Case, Case.id == Escalation.case_id)
        .join(Account, Account.id == Escalation.raised_by_id)
        .where(*where)
        .order_by(Escalation.level != "L3", Escalation.state.desc(), Escalation.raised_at)
        .limit(most)
    )  # fmt: skip
    return [Alert(*row) for row in rows], session.scalar(select(func.count(Escalation.id)).where(*where)) or 0


def overdue(session: Session, seen: ColumnElement[bool], team: int, today: date, most: int) -> tuple[list[Due], int]:
    """Cases whose assessment should have been there before today, the longest overdue first."""
    where = (*_open(team, seen), assessment_late(today))
    rows = session.execute(
        _rows(Case.id, Case.family, Account.name, Case.assess_by, Case.assessed_on, Case.started_on)
        .join(Account, Account.id == Case.counselor_id)
        .where(*where)
    ).all()
    late = [
        Due(id, family, counselor, by or (done + ASSESSMENT_EVERY if done else started))
        for id, family, counselor, by, done, started in rows
    ]
    return sorted(late, key=lambda one: one.due_on)[:most], len(late)


def unseen_children(
    session: Session, seen: ColumnElement[bool], team: int, before: date, most: int
) -> tuple[list[Unseen], int]:
    """Children whom nobody saw since this day, those never seen first."""
    last = (
        select(func.max(Sighting.on))
        .where(Sighting.person_id == Person.id, Sighting.seen)
        .correlate(Person)
        .scalar_subquery()
    )
    found = (
        _rows(Case.id.label("case_id"), Case.family, Person.name, Account.name.label("who"), last.label("seen_on"))
        .select_from(Person)
        .join(Case, Case.id == Person.case_id)
        .join(Account, Account.id == Case.counselor_id)
        .where(*_open(team, seen), Person.kind == "child")
        .subquery()
    )
    long = or_(found.c.seen_on.is_(None), found.c.seen_on < before)
    rows = session.execute(
        select(found, func.count().over()).where(long).order_by(func.coalesce(found.c.seen_on, date.min)).limit(most)
    ).all()
    return [Unseen(*row[:5]) for row in rows], rows[0][5] if rows else 0


def unfinished(session: Session, seen: ColumnElement[bool], team: int, most: int) -> tuple[list[Unfinished], int]:
    """Debriefs that are not finished, the oldest first."""
    where = (*_open(team, seen), Debrief.state.in_(("open", "paused")), Debrief.mode != "training")
    rows = session.execute(
        _rows(Case.family, Account.name, Debrief.opened_at, Debrief.touched_at, func.count().over())
        .select_from(Debrief)
        .join(Case, Case.id == Debrief.case_id)
        .join(Account, Account.id == Debrief.account_id)
        .where(*where)
        .order_by(Debrief.opened_at)
        .limit(most)
    ).all()
    return [Unfinished(*row[:4]) for row in rows], rows[0][4] if rows else 0


def wishes(session: Session, team: int) -> list[Wish]:
    """Who asked for a talk and has not had it. Never what was said: that column is not read."""
    rows = session.execute(
        _rows(Account.name, SupportWish.by_when, SupportWish.at)
        .select_from(SupportWish)
        .join(Account, Account.id == SupportWish.account_id)
        .where(Account.team_id == team, SupportWish.kind == "contact", SupportWish.done_at.is_(None))
        .order_by(SupportWish.at)
    )
    return [Wish(*row) for row in rows]


def loads(session: Session, team: int, since: datetime) -> list[Load]:
    """What each counselor of a team carries, by name: for support, not to compare."""
    who = session.execute(
        select(Account.id, Account.name)
        .where(Account.team_id == team, Account.role == "counselor", Account.active)
        .order_by(Account.name)
    ).all()
    ids = [id for id, _name in who]
    families = _per(session, Case.counselor_id, ids, Case.closed_on.is_(None), Case.vignette.is_(None))
    visits = _per(session, Debrief.account_id, ids, Debrief.opened_at >= since, Debrief.mode != "training")
    running = _per(session, Escalation.raised_by_id, ids, Escalation.state.in_(RUNNING), Escalation.level.in_(HIGH))
    asked = _per(session, SupportWish.account_id, ids, SupportWish.kind == "contact", SupportWish.done_at.is_(None))
    return [
        Load(name, families.get(id, 0), visits.get(id, 0), running.get(id, 0), asked.get(id, 0)) for id, name in who
    ]


def _per(session: Session, column: Any, ids: Sequence[int], *where: ColumnElement[bool]) -> dict[int, int]:
    found = session.execute(select(column, func.count()).where(column.in_(ids), *where).group_by(column))
    return {row[0]: row[1] for row in found}


def _rows(*columns: Any) -> Any:
    return select(*columns)
