"""Move what is due: an escalation that nobody answers climbs its ladder, one without a decision opens again."""

from datetime import datetime

from sqlalchemy.orm import Session

from pluis.escalation import ladder, reach
from pluis.escalation.raising import begin
from pluis.escalation.recipients import Roster
from pluis.escalation.telling import hurry, log, tell_again
from pluis.protocol.read import Protocol
from pluis.runtime import Runtime
from pluis.store import escalations, outgoing
from pluis.store.escalations import Escalation
from pluis.store.outgoing import Delivery

MOST = 8  # escalations in one transaction: everybody else who writes waits for it


def move_due(runtime: Runtime, now: datetime) -> int:
    """Do what is due, in one transaction. Returns how many escalations moved."""
    with runtime.store.transaction() as session:
        due = escalations.due(session, now, MOST)
        if due:
            roster = Roster(session, now)
            for escalation in due:
                move(session, runtime.protocol, escalation, roster, now)
        return len(due)


def move(session: Session, protocol: Protocol, escalation: Escalation, roster: Roster, now: datetime) -> None:
    """One move of one escalation."""
    match ladder.next_step(escalation.ladder, escalation.state, escalation.step, escalation.due_at, now):
        case "climb":
            escalation.step += 1
            escalation.due_at = ladder.due_after(escalation.ladder, escalation.step, now)
            log(session, escalation, now, "climbed", None, {"step": escalation.step})
            tell_again(session, escalation, roster, now)
        case "repeat":
            escalation.round += 1
            escalation.due_at = ladder.due_after(escalation.ladder, escalation.step, now)
            log(session, escalation, now, "told_again", None, {"step": escalation.step})
            tell_again(session, escalation, roster, now)
        case "reopen":
            log(session, escalation, now, "reopened", None, {"why": "no decision in time"})
            begin(session, protocol, escalation, now, roster)
        case "wait":
            return


def after(session: Session, delivery: Delivery, now: datetime) -> None:
    """A message could not be brought: if the whole step reaches nobody, the next person is told now."""
    escalation = session.get(Escalation, delivery.escalation_id)
    if escalation is None or escalation.state != "open":
        return
    if (delivery.round, delivery.step) != (escalation.round, escalation.step):
        return
    if reach.nobody_reached(outgoing.of_step(session, escalation.id, delivery.round, delivery.step)):
        hurried = hurry(escalation, now)
        log(session, escalation, now, "nobody_reached", None, {"step": delivery.step, "next_now": hurried})
