"""A trainer asks people to do a made-up visit, and can take that back. Nothing happens when it is not done."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pluis.store import training_group
from pluis.store.people import Account
from pluis.store.training_group import Assignment


def assign(
    session: Session, by: Account, people: Iterable[int], vignette: str, until: date | None, now: datetime
) -> None:
    """Ask these people; asking anew moves the day."""
    running = {
        one.account_id: one for one in training_group.assignments_of(session, list(people)) if one.vignette == vignette
    }
    for person in people:
        found = running.get(person)
        if found is None:
            session.add(Assignment(account_id=person, vignette=vignette, by_id=by.id, at=now, until=until))
        else:
            found.by_id, found.at, found.until = by.id, now, until


def withdraw(session: Session, vignette: str, people: Iterable[int]) -> None:
    """Take back what was asked of these people."""
    for one in session.scalars(
        select(Assignment).where(Assignment.vignette == vignette, Assignment.account_id.in_(list(people)))
    ):
        session.delete(one)
