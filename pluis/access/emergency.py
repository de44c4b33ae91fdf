"""Access to a case beyond one's role: emergency access with a reason, and colleagues who are named."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pluis.access.rights import TABLE
from pluis.store.access import EmergencyAccess, Named, emergencies_to_see, standing
from pluis.store.cases import Case
from pluis.store.people import Account, by_username

LASTS = timedelta(hours=4)
LONGEST_REASON = 500
# Of these roles somebody can be named for a case.
NAMEABLE = frozenset(role for role, relation in TABLE if relation == "named")


class NoSuchColleague(Exception):
    """Nobody who can be named is called so."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def take(session: Session, account: Account, case: Case, reason: str, now: datetime) -> EmergencyAccess:
    """Open a case for some hours. The supervisor of the case sees that, with the reason, from this moment on."""
    taken = EmergencyAccess(
        case_id=case.id, account_id=account.id, reason=reason.strip()[:LONGEST_REASON], at=now, ends_at=now + LASTS
    )
    session.add(taken)
    return taken


def see(session: Session, account: Account, emergency_id: int, now: datetime) -> bool:
    """The supervisor, or whoever stands in, has seen it. False when it is not theirs to see."""
    taken = session.get(EmergencyAccess, emergency_id) if emergency_id < 2**31 else None
    if taken is None or taken.case.supervisor_id not in supervised_by(session, account, now):
        return False
    if taken.seen_at is None:
        taken.seen_at, taken.seen_by_id = now, account.id
    return True


def to_see(session: Session, account: Account, now: datetime) -> list[EmergencyAccess]:
    """Emergency access to cases that this person supervises and that nobody has seen yet."""
    return emergencies_to_see(session, supervised_by(session, account, now))


def supervised_by(session: Session, account: Account, now: datetime) -> frozenset[int]:
    """Whose cases this person supervises: the own ones, and those of whoever they stand in for."""
    if account.role not in ("supervisor", "manager"):
        return frozenset()
    return standing(session, account.id, now).stands_in_for | {account.id}


def name(session: Session, account: Account, case: Case, usernames: Sequence[str], alone: bool, now: datetime) -> None:
    """Name these colleagues for a case, and nobody else; `alone`: the case is closed to others.

    Raises NoSuchColleague; then nothing has changed.
    """
    chosen: dict[int, Account] = {}
    for username in usernames:
        found = by_username(session, username)
        if found is None or not found.active or found.role not in NAMEABLE:
            raise NoSuchColleague(username)
        chosen[found.id] = found
    session.execute(delete(Named).where(Named.case_id == case.id))
    session.add_all(Named(case_id=case.id, account_id=id, named_by_id=account.id, at=now) for id in chosen)
    case.named_only = alone
