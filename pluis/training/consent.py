"""Whether the trainers may see along with somebody who practises: a yes that can be taken back at any moment."""

from datetime import datetime

from sqlalchemy.orm import Session

from pluis.store import training_group
from pluis.store.training_group import Consent


def give(session: Session, account_id: int, now: datetime) -> None:
    """Say yes. Saying it twice is one yes."""
    if training_group.consent_of(session, account_id) is None:
        session.add(Consent(account_id=account_id, given_at=now))


def withdraw(session: Session, account_id: int, now: datetime) -> None:
    """Take the yes back; from now on no trainer sees anything, what is from before neither."""
    found = training_group.consent_of(session, account_id)
    if found is not None:
        found.withdrawn_at = now
