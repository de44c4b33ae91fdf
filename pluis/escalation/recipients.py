"""Who fills the roles of a ladder at this moment: the rota, who is away, who stands in, who has left."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pluis.escalation.ladder import Person
from pluis.store import people
from pluis.store.escalations import Escalation
from pluis.store.people import Account

ANSWERING = ("supervisor", "manager")


def people_for(session: Session, escalation: Escalation, now: datetime) -> dict[str, Sequence[Person]]:
    """The people of each role, and under `anyone` all who may answer at all: nobody present is never the end."""
    team = escalation.team_id
    own = [escalation.case.supervisor] if escalation.case else []
    supervisors = present(session, own, now) or present(session, people.with_role(session, team, "supervisor"), now)
    managers = present(session, people.with_role(session, team, "manager"), now)
    on_call = present(session, people.on_call_for(session, team, now) if team else [], now)
    roles = {"supervisor": supervisors, "on_call": on_call, "manager": managers}
    if not supervisors and not managers:
        roles["anyone"] = present(session, _everybody(session), now)
    return {role: [Person(a.id, a.name, a.phone) for a in accounts] for role, accounts in roles.items()}


def present(session: Session, accounts: Iterable[Account], now: datetime) -> list[Account]:
    """These people, or whoever stands in for them; who left or is away without a substitute is left out."""
    found = (stand_in(session, account, now) for account in accounts)
    return list({account.id: account for account in found if account is not None}.values())


def stand_in(session: Session, account: Account, now: datetime) -> Account | None:
    """This person, else the substitute, else the substitute's substitute."""
    asked: set[int] = set()
    current: Account | None = account
    while current is not None and current.id not in asked:
        asked.add(current.id)
        absence = people.absence_of(session, current.id, now)
        if current.active and absence is None:
            return current if current.role in ANSWERING else None
        current = session.get(Account, absence.substitute_id) if absence and absence.substitute_id else None
    return None


def _everybody(session: Session) -> list[Account]:
    return list(session.scalars(select(Account).where(Account.role.in_(ANSWERING)).order_by(Account.id)))
