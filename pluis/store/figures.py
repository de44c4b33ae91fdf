"""A few counts for operations: no names, no words, nothing that leads to a person."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pluis.store.debriefs import Turn
from pluis.store.escalations import RUNNING, Escalation
from pluis.store.outgoing import Delivery, Reminder


def running_alerts(session: Session, now: datetime) -> dict[tuple[str, str], tuple[int, int]]:
    """(level, state) → how many run, and how many of those are late."""
    late = (Escalation.due_at < now) | ((Escalation.state == "open") & (Escalation.acknowledge_by < now))
    found = session.execute(
        select(Escalation.level, Escalation.state, func.count(), func.count().filter(late))
        .where(Escalation.state.in_(RUNNING))
        .group_by(Escalation.level, Escalation.state)
    )
    return {(level, state): (count, behind) for level, state, count, behind in found}


def deliveries(session: Session) -> dict[tuple[str, str], int]:
    """(kind, state) → how many messages."""
    counted: dict[tuple[str, str], int] = {}
    models: tuple[type[Delivery] | type[Reminder], ...] = (Delivery, Reminder)
    for model in models:
        name = "alert" if model is Delivery else "reminder"
        for state, count in session.execute(select(model.state, func.count()).group_by(model.state)):
            counted[(name, state)] = count
    return counted


def queues(session: Session, now: datetime) -> dict[str, int]:
    """What waits: messages to be sent now, alerts to be moved now, turns that were kept and not answered."""
    waiting = select(func.count()).select_from(Delivery).where(Delivery.state == "waiting", Delivery.next_at <= now)
    reminders = select(func.count()).select_from(Reminder).where(Reminder.state == "waiting", Reminder.next_at <= now)
    due = select(func.count()).select_from(Escalation).where(Escalation.state.in_(RUNNING), Escalation.due_at <= now)
    turns = select(func.count()).select_from(Turn).where(Turn.handled_at.is_(None))
    counts = {"deliveries": waiting, "reminders": reminders, "escalations": due, "turns": turns}
    return {name: session.scalar(query) or 0 for name, query in counts.items()}
