"""The rota and the absences, read for a stretch of time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, lazyload

from pluis.store.base import Moment
from pluis.store.cases import Case
from pluis.store.people import Absence, Account, OnCall, Team


def shifts(session: Session, team_id: int, start: datetime, end: datetime) -> list[OnCall]:
    """Who is on the rota of a team at any moment between these two, the first shift first."""
    return list(
        session.scalars(
            select(OnCall)
            .where(OnCall.team_id == team_id, OnCall.starts_at < end, OnCall.ends_at > start)
            .order_by(OnCall.starts_at, OnCall.id)
        )
    )


def absences(session: Session, start: datetime, end: datetime) -> list[Absence]:
    """Who is away at any moment between these two, the first absence first."""
    return list(
        session.scalars(
            select(Absence)
            .where(Absence.starts_at < end, Absence.ends_at > start)
            .order_by(Absence.starts_at, Absence.id)
        )
    )


def accounts(session: Session) -> dict[int, Account]:
    """Everybody, also who left, by id."""
    return {one.id: one for one in session.scalars(select(Account).order_by(Account.name))}


def teams(session: Session) -> list[Team]:
    """All teams, by name."""
    return list(session.scalars(select(Team).order_by(Team.name)))


def families_of(session: Session, team_id: int) -> dict[int, int]:
    """How many open cases of a team each supervisor has, by account id."""
    found = session.execute(
        select(Case.supervisor_id, func.count())
        .where(Case.team_id == team_id, Case.closed_on.is_(None), Case.vignette.is_(None))
        .group_by(Case.supervisor_id)
    )
    return {row[0]: row[1] for row in found}


# Asked whenever an escalation moves, so built once.
_NOW = bindparam("now", type_=Moment)
_IN_ROLES = select(Account).where(Account.role.in_(bindparam("roles", expanding=True))).order_by(Account.id)
_AWAY = select(Absence).where(Absence.starts_at <= _NOW, Absence.ends_at > _NOW).order_by(Absence.id)
_ON_CALL = (
    select(OnCall).options(lazyload("*")).where(OnCall.starts_at <= _NOW, OnCall.ends_at > _NOW).order_by(OnCall.id)
)


def in_roles(session: Session, roles: Sequence[str]) -> list[Account]:
    """Everybody with one of these roles, also who left, the oldest account first."""
    return list(session.scalars(_IN_ROLES, {"roles": list(roles)}))


def away_at(session: Session, now: datetime) -> list[Absence]:
    """Who is away at this moment, the newest absence last."""
    return list(session.scalars(_AWAY, {"now": now}))


def on_call_at(session: Session, now: datetime) -> list[OnCall]:
    """Who is on the rota at this moment, of all teams."""
    return list(session.scalars(_ON_CALL, {"now": now}))
