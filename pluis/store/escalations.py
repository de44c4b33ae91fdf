"""An escalation: one row of state, the messages it sends, and a log that only grows."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    bindparam,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, defer, joinedload, lazyload, load_only, mapped_column, relationship

from pluis.store.base import Base, Json, Moment
from pluis.store.cases import Case
from pluis.store.debriefs import Debrief
from pluis.store.outgoing import Delivery
from pluis.store.people import Account
from pluis.store.sealed import SealedJson

RUNNING = ("open", "acknowledged")


class Escalation(Base):
    """`state`: open | acknowledged | decided | closed. `ladder` is a copy: editing the ladder file moves no running escalation.

    A decision closes nothing yet: closed is an escalation whose check was done.
    """

    __tablename__ = "escalation"
    __table_args__ = (
        Index("ix_escalation_state_due_at", "state", "due_at"),
        Index("ix_escalation_state_check_on", "state", "check_on"),
        Index("ix_escalation_team_id_state", "team_id", "state"),
        Index("ix_escalation_raised_by_id_state", "raised_by_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    debrief_id: Mapped[str | None] = mapped_column(ForeignKey("debrief.id"), index=True)
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    level: Mapped[str] = mapped_column(String(4))
    confirmed: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[Json]] = mapped_column(SealedJson("escalation.reasons"))
    words: Mapped[list[Json]] = mapped_column(SealedJson("escalation.words"))
    facts: Mapped[Json] = mapped_column(SealedJson("escalation.facts"))
    state: Mapped[str] = mapped_column(String(14))
    ladder: Mapped[Json]
    step: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column("round_number", default=1)
    raised_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    acknowledge_by: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    spoke_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decision: Mapped[Json | None] = mapped_column(SealedJson("escalation.decision"))
    check_on: Mapped[date | None]
    checked_at: Mapped[datetime | None]

    case: Mapped[Case | None] = relationship(lazy="joined")
    raised_by: Mapped[Account] = relationship(foreign_keys=raised_by_id, lazy="joined")
    acknowledged_by: Mapped[Account | None] = relationship(foreign_keys=acknowledged_by_id, lazy="joined")
    decided_by: Mapped[Account | None] = relationship(foreign_keys=decided_by_id, lazy="joined")
    deliveries: Mapped[list[Delivery]] = relationship(order_by="Delivery.id", lazy="selectin")


class EscalationEvent(Base):
    """The log of an escalation, append-only."""

    __tablename__ = "escalation_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalation.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    detail: Mapped[Json]


# What a courier asks at every sweep is built once: to build it costs more than to ask it.
_NOW, _MOST = bindparam("now", type_=Moment), bindparam("most", type_=Integer)
_MOVES = Escalation.state.in_(RUNNING) & (Escalation.due_at <= _NOW)
# With the number of the case and who is responsible for it; nothing sealed, which a courier has no use for.
_ALONE = select(Escalation).options(
    lazyload("*"),
    defer(Escalation.reasons),
    defer(Escalation.words),
    defer(Escalation.facts),
    defer(Escalation.decision),
    joinedload(Escalation.case).options(load_only(Case.number, Case.supervisor_id), lazyload("*")),
)
_DUE = _ALONE.where(_MOVES).order_by(Escalation.due_at).limit(_MOST).with_for_update(skip_locked=True, of=Escalation)
_BY_IDS = _ALONE.options(joinedload(Escalation.raised_by).lazyload("*")).where(
    Escalation.id.in_(bindparam("ids", expanding=True))
)
_ANY_MOVES = select(Escalation.id).where(_MOVES).limit(1)


def any_due(session: Session, now: datetime) -> bool:
    """Whether an escalation has to move now. Read first, so that an idle courier never asks for the write lock."""
    return session.scalar(_ANY_MOVES, {"now": now}) is not None


def due(session: Session, now: datetime, most: int) -> list[Escalation]:
    """Escalations on which something has to happen, locked for this transaction; others skip them meanwhile."""
    return list(session.scalars(_DUE, {"now": now, "most": most}))


def by_ids(session: Session, ids: Collection[int]) -> dict[int, Escalation]:
    """These escalations with their case and who raised them, in one query."""
    return {one.id: one for one in session.scalars(_BY_IDS, {"ids": list(ids)})} if ids else {}


def lock(session: Session, escalation: Escalation) -> None:
    """Make this transaction the only one that changes an escalation, and see it as it is now.

    On SQLite it is already: a transaction that writes is alone from its first moment on.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    session.flush()
    # One statement: the row alone, without all that hangs on it.
    session.refresh(escalation, list(Escalation.__mapper__.column_attrs.keys()), with_for_update={"of": Escalation})
    session.expire(escalation, ["acknowledged_by", "decided_by"])


def wake_couriers(session: Session) -> None:
    """On PostgreSQL: tell every courier that listens, when and only if this transaction commits."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"select pg_notify('{WAKE}', '')"))


WAKE = "pluis_courier"


def alone(session: Session, job: int) -> bool:
    """Whether this transaction may do a job that only one courier at a time does (SQLite has one writer anyway)."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(text("select pg_try_advisory_xact_lock(:job)"), {"job": job}))


NEWEST_OF_DEBRIEF = select(func.max(Escalation.id)).where(Escalation.debrief_id == bindparam("debrief"))


def of_debrief(session: Session, debrief_id: str) -> Escalation | None:
    """The newest escalation of a debrief, if any."""
    # Most debriefs have none, and to look for a number costs a tenth of what the whole with all its people does.
    newest = session.scalar(NEWEST_OF_DEBRIEF, {"debrief": debrief_id})
    return session.get(Escalation, newest) if newest is not None else None


def of_debrief_alone(session: Session, debrief_id: str) -> Escalation | None:
    """As `of_debrief`, with every other transaction that would raise one for this debrief kept waiting.

    The same words may be handled twice at once: by the action server, and by the web that thinks it is dead.
    """
    session.flush()
    session.execute(select(Debrief.id).where(Debrief.id == debrief_id).with_for_update())
    return of_debrief(session, debrief_id)


def of_teams(
    session: Session,
    team_ids: list[int] | None,
    states: Sequence[str],
    most: int | None = None,
    by_check: bool = False,
) -> list[Escalation]:
    """Escalations of these teams (None: of all), newest first, or the earliest check date first."""
    query = _light().where(Escalation.state.in_(states)).order_by(*_order(by_check)).limit(most)
    if team_ids is not None:
        query = query.where(Escalation.team_id.in_(team_ids))
    return list(session.scalars(query))


def of_team_or_told(
    session: Session,
    team_id: int | None,
    account_id: int,
    states: Sequence[str],
    most: int | None = None,
    by_check: bool = False,
) -> list[Escalation]:
    """Escalations of a team, and those that this person was told or is on the ladder of, ordered as `of_teams`."""
    running = [state for state in states if state in RUNNING]
    elsewhere = or_(Escalation.team_id != team_id, Escalation.team_id.is_(None))
    ladders = (
        session.execute(select(Escalation.id, Escalation.ladder).where(Escalation.state.in_(running), elsewhere)).all()
        if running
        else []
    )
    named = [
        id for id, ladder in ladders if account_id in {p["id"] for s in ladder.get("steps", []) for p in s["people"]}
    ]
    told = select(Delivery.escalation_id).where(Delivery.account_id == account_id)
    mine = or_(Escalation.team_id == team_id, Escalation.id.in_(told), Escalation.id.in_(named))
    return list(
        session.scalars(_light().where(Escalation.state.in_(states), mine).order_by(*_order(by_check)).limit(most))
    )


def _order(by_check: bool) -> tuple[Any, ...]:
    return (Escalation.check_on, Escalation.id) if by_check else (Escalation.id.desc(),)


def _light() -> Select[Any]:
    """Escalations with the name of the family, not with all that hangs on a case."""
    return select(Escalation).options(joinedload(Escalation.case).options(lazyload("*")))


def to_check(session: Session, today: date) -> list[Escalation]:
    """Decided escalations whose check date has come and whose check was not done."""
    return list(
        session.scalars(
            select(Escalation)
            .where(Escalation.state == "decided", Escalation.checked_at.is_(None), Escalation.check_on <= today)
            .order_by(Escalation.id)
        )
    )


def raised_by(session: Session, account_id: int, states: Sequence[str], most: int | None = None) -> list[Escalation]:
    return list(
        session.scalars(
            _light()
            .where(Escalation.raised_by_id == account_id, Escalation.state.in_(states))
            .order_by(Escalation.id.desc())
            .limit(most)
        )
    )


def events(session: Session, escalation_id: int) -> list[EscalationEvent]:
    return list(
        session.scalars(
            select(EscalationEvent).where(EscalationEvent.escalation_id == escalation_id).order_by(EscalationEvent.id)
        )
    )
