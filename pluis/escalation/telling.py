"""Write the messages of a step: one row per person and channel, in the transaction that caused them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pluis.escalation import ladder, reach
from pluis.escalation.recipients import Roster
from pluis.escalation.wake import wake
from pluis.store import outgoing
from pluis.store.base import Json
from pluis.store.escalations import Escalation, EscalationEvent
from pluis.store.people import Account


def tell(session: Session, escalation: Escalation, now: datetime) -> None:
    """Tell the people of the present step. The console shows its own at once; the courier carries the rest.

    Nobody to tell: the next step is due now.
    """
    step = escalation.ladder["steps"][escalation.step]
    if not step["people"]:
        log(session, escalation, now, "nobody_reachable", None, {"step": escalation.step})
        hurry(escalation, now)
    rows = [
        _message(escalation, person["id"], channel, now)
        for person in step["people"]
        for channel in _channels(session, escalation, step, person["id"])
    ]
    outgoing.add_messages(session, rows)
    wake(session)


def _channels(session: Session, escalation: Escalation, step: Json, account_id: int) -> list[str]:
    account = session.get(Account, account_id)
    return reach.channels_for(escalation.level, step["channels"], account.channels if account else None)


def _message(escalation: Escalation, account_id: int, channel: str, now: datetime) -> Json:
    shown = channel == "console"
    return {
        "escalation_id": escalation.id, "round_number": escalation.round, "step": escalation.step,
        "account_id": account_id, "channel": channel, "state": "sent" if shown else "waiting", "attempts": 0,
        "created_at": now, "next_at": None if shown else now, "sent_at": now if shown else None, "error": "",
    }  # fmt: skip


def tell_again(session: Session, escalation: Escalation, roster: Roster, now: datetime) -> None:
    """As `tell`, to whoever fills the roles of the step by now: people leave, and the rota turns."""
    steps: list[Json] = [dict(step) for step in escalation.ladder["steps"]]
    step = steps[escalation.step]
    # A ladder that an older version copied has no roles in it.
    if step.get("to"):
        step["people"] = ladder.told(step["to"], roster.roles(escalation))
    escalation.ladder = {**escalation.ladder, "steps": steps}
    tell(session, escalation, now)


def hurry(escalation: Escalation, now: datetime) -> bool:
    """Take the next step now, if there is one. The last step is only ever repeated in its own time."""
    more = escalation.state == "open" and escalation.step + 1 < len(escalation.ladder["steps"])
    if more:
        escalation.due_at = now
    return more


def log(
    session: Session, escalation: Escalation, now: datetime, kind: str, by: int | None, detail: dict[str, Any]
) -> None:
    """Add a line to the escalation's log."""
    if not escalation.id:
        session.flush()
    session.add(EscalationEvent(escalation_id=escalation.id, at=now, kind=kind, by_id=by, detail=detail))
