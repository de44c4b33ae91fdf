"""The outbox: take waiting messages under a lease, and record what became of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy.orm import Session

from pluis.access.log import Line
from pluis.escalation import moving
from pluis.escalation.channels import Channels, Message
from pluis.escalation.reach import PAUSES, pause_after
from pluis.escalation.telling import log
from pluis.escalation.wake import wake
from pluis.store import escalations, outgoing
from pluis.store.escalations import Escalation
from pluis.store.outgoing import Delivery, Reminder

LEASE = timedelta(seconds=20)
Row = Delivery | Reminder
Writer = Callable[[Session, Row], Message]


@dataclass(frozen=True)
class Parcel:
    """A message that this courier has taken, with all that is needed to send it outside a transaction."""

    model: type[Row]
    id: int
    attempt: int
    channel: str
    address: str
    message: Message


def take(
    session: Session, channels: Channels, write: Writer, now: datetime, most: int, lease: timedelta = LEASE
) -> tuple[int, list[Parcel]]:
    """Take messages that wait, alerts before reminders. What cannot be sent at all is settled here.

    Returns how many were looked at, and those to send.
    """
    parcels: list[Parcel] = []
    unsent: dict[int, Delivery] = {}
    leaving: set[int] = set()
    rows = outgoing.waiting(session, now, most)
    # Kept here, for the session itself forgets what nobody holds: each is read once.
    alerts = escalations.by_ids(session, {row.escalation_id for row in rows if isinstance(row, Delivery)})
    for row in rows:
        if isinstance(row, Delivery) and not _still_needed(alerts[row.escalation_id], row):
            row.state, row.next_at = "unneeded", None
            continue
        address = channels.address(row.channel, row.account)
        if address is None:
            row.state, row.next_at = ("no_address" if channels.configured(row.channel) else "no_channel"), None
            if isinstance(row, Delivery):
                unsent[row.escalation_id] = row
            continue
        row.attempts += 1
        row.next_at = now + lease
        if isinstance(row, Delivery):
            leaving.add(row.escalation_id)
        parcels.append(Parcel(type(row), row.id, row.attempts, row.channel, address, write(session, row)))
    for number, delivery in unsent.items():
        if number in leaving:
            continue  # something is still on its way to somebody
        escalations.lock(session, alerts[number])
        moving.after(session, delivery, now)
    return len(rows), parcels


def sent(session: Session, parcel: Parcel, now: datetime) -> None:
    """It was accepted. That counts even when another courier has taken it over meanwhile: the id is the same."""
    row = _row(session, parcel.model, parcel.id)
    if row.state != "sent":
        row.sent_at = now
        _settle(session, row, "sent", "", now)


def line_of(session: Session, parcel: Parcel, now: datetime) -> Line | None:
    """What the access log says of a message that was sent: who was told of which alert. None for a reminder."""
    row = session.get_one(parcel.model, parcel.id)
    if not isinstance(row, Delivery):
        return None
    escalation = session.get_one(Escalation, row.escalation_id)
    return Line(
        at=now, actor="courier", action="send", object="escalation", object_id=str(escalation.id),
        case_id=escalation.case_id, ground="told", on_behalf_of_id=escalation.raised_by_id, to_id=row.account_id,
        route=parcel.channel,
    )  # fmt: skip


def not_sent(
    session: Session, parcel: Parcel, error: str, final: bool, now: datetime, pauses: Sequence[float] = PAUSES
) -> None:
    """It was not accepted: try again later, or give up and go on to the next person."""
    row = _row(session, parcel.model, parcel.id)
    if row.state != "waiting" or row.attempts != parcel.attempt:
        return
    pause = None if final else pause_after(row.attempts, pauses)
    row.error = error
    if pause is not None:
        row.next_at = now + pause
    else:
        _settle(session, row, "failed", error, now)


def again(session: Session, delivery: Delivery, by: int, now: datetime) -> None:
    """By hand: let a failed message try once more, under the same id."""
    escalation = session.get_one(Escalation, delivery.escalation_id)
    delivery.state, delivery.attempts, delivery.next_at, delivery.error = "waiting", 0, now, ""
    log(session, escalation, now, "retried", by, {"delivery": delivery.id, "channel": delivery.channel})
    wake(session)


def _row(session: Session, model: type[Row], id: int) -> Row:
    return cast(Row, session.get_one(model, id, with_for_update={"of": model}))


def _settle(session: Session, row: Row, state: str, error: str, now: datetime) -> None:
    row.state, row.error, row.next_at = state, error, None
    if not isinstance(row, Delivery):
        return
    session.flush()
    escalation = session.get_one(Escalation, row.escalation_id)
    if state != "sent":
        # Before the log: two couriers that both wrote a line first would wait for each other.
        escalations.lock(session, escalation)
    detail = {"to": row.account_id, "channel": row.channel, "step": row.step, "attempts": row.attempts}
    log(session, escalation, now, "told" if state == "sent" else state, None, detail)
    if state != "sent":
        moving.after(session, row, now)


def _still_needed(escalation: Escalation, row: Delivery) -> bool:
    return escalation.state == "open" and escalation.round == row.round
