"""The auditor: sees that something which should have happened did not, whatever the courier says of itself."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pluis.store.escalations import RUNNING, Escalation
from pluis.store.outgoing import Delivery, Reminder

EVERY = 1.0  # seconds between two looks of the courier
GRACE = timedelta(seconds=2 * EVERY)


def overdue(session: Session, now: datetime) -> int:
    """How many escalations and messages should have been taken up two sweeps ago and were not."""
    late = now - GRACE
    queries = [
        select(func.count()).where(Escalation.state.in_(RUNNING), Escalation.due_at < late),
        *(select(func.count()).where(model.state == "waiting", model.next_at < late) for model in (Delivery, Reminder)),
    ]
    return sum(session.scalar(query) or 0 for query in queries)
