"""Messages on their way to one person: of an escalation, or a reminder."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, Select, String, Text, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pluis.store.base import Base, Json, Moment
from pluis.store.people import Account


class Outgoing:
    """A message on its way to one person over one channel.

    `state`: waiting | sent | failed | no_channel (that channel is not set up) | no_address (this person has none) |
    unneeded (somebody answered first). A courier that takes a waiting row moves `next_at` to the end of its lease: if
    it dies, another one takes the row then.
    """

    state: Mapped[str] = mapped_column(String(10), default="waiting")
    channel: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")


class Delivery(Outgoing, Base):
    """One message of an escalation. It keeps its `key`, however often it is tried."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("escalation_id", "round_number", "step", "account_id", "channel"),
        Index("ix_delivery_state_next_at", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalation.id"), index=True)
    round: Mapped[int] = mapped_column("round_number")
    step: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)

    account: Mapped[Account] = relationship(lazy="joined")

    @property
    def key(self) -> str:
        return f"e{self.escalation_id}.{self.round}.{self.step}.{self.account_id}.{self.channel}"


class Reminder(Outgoing, Base):
    """Several things that wait for one person, in one message. `items`: {"kind", "about", "number"}."""

    __tablename__ = "reminder"
    __table_args__ = (Index("ix_reminder_state_next_at", "state", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    items: Mapped[list[Json]]

    account: Mapped[Account] = relationship(lazy="joined")

    @property
    def key(self) -> str:
        return f"r{self.id}.{self.account_id}.{self.channel}"


# What a courier asks at every sweep is built once: to build it costs more than to ask it.
_NOW, _MOST = bindparam("now", type_=Moment), bindparam("most", type_=Integer)
_OF_STEP = select(Delivery.channel, Delivery.state).where(
    Delivery.escalation_id == bindparam("escalation"),
    Delivery.round == bindparam("round"),
    Delivery.step == bindparam("step"),
)


def _waits(model: type[Delivery] | type[Reminder]) -> Any:
    return (model.state == "waiting") & (model.next_at <= _NOW)


def _waiting(model: type[Delivery] | type[Reminder]) -> Select[Any]:
    some = select(model).where(_waits(model)).order_by(model.next_at).limit(_MOST)
    return some.with_for_update(skip_locked=True, of=model)


_WAITING = (_waiting(Delivery), _waiting(Reminder))
_ANY_WAITS = tuple(select(model.id).where(_waits(model)).limit(1) for model in (Delivery, Reminder))


def any_waiting(session: Session, now: datetime) -> bool:
    """Whether a message waits to be sent now."""
    return any(session.scalar(query, {"now": now}) is not None for query in _ANY_WAITS)


def waiting(session: Session, now: datetime, most: int) -> list[Delivery | Reminder]:
    """Messages that wait to be sent, alerts before reminders, locked for this transaction."""
    found: list[Delivery | Reminder] = []
    for query in _WAITING:
        if len(found) < most:
            found += session.scalars(query, {"now": now, "most": most - len(found)})
    return found


def of_step(session: Session, escalation_id: int, round: int, step: int) -> list[tuple[str, str]]:
    """Channel and state of every message of one step."""
    found = session.execute(_OF_STEP, {"escalation": escalation_id, "round": round, "step": step})
    return [(channel, state) for channel, state in found]


def add_messages(session: Session, rows: Sequence[Json]) -> None:
    """Add messages of escalations that are in the database, in one statement."""
    if rows:
        # By the connection: the session would first write all that waits in it, for each escalation anew.
        session.connection().execute(Delivery.__table__.insert(), rows)  # type: ignore[attr-defined]


def reminders_since(session: Session, since: datetime) -> list[Reminder]:
    """What people were reminded of since this moment, oldest first."""
    return list(session.scalars(select(Reminder).where(Reminder.created_at >= since).order_by(Reminder.id)))
