"""Who fills the roles of a ladder at this moment: the rota, who is away, who stands in, who has left."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from pluis.escalation.ladder import Person
from pluis.escalation.rota import who_stands_in
from pluis.store import rota
from pluis.store.escalations import Escalation
from pluis.store.people import Account

ANSWERING = ("supervisor", "manager")


class Roster:
    """Who may be told, who is away and who is on call at one moment: three queries, however many ask."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._accounts = {one.id: one for one in rota.in_roles(session, ANSWERING)}
        # The newest absence counts.
        self._away = {one.account_id: one.substitute_id for one in rota.away_at(session, now)}
        self._on_call: dict[int, list[int]] = {}
        for shift in rota.on_call_at(session, now):
            self._on_call.setdefault(shift.team_id, []).append(shift.account_id)

    def roles(self, escalation: Escalation) -> dict[str, Sequence[Person]]:
        """The people of each role, and under `anyone` all who may answer at all: nobody present is never the end."""
        team = escalation.team_id
        own = [escalation.case.supervisor_id] if escalation.case else []
        supervisors = self._present(own) or self.with_role(team, "supervisor")
        managers = self.with_role(team, "manager")
        on_call = self._present(self._on_call.get(team, []) if team else [])
        roles = {"supervisor": supervisors, "on_call": on_call, "manager": managers}
        if not supervisors and not managers:
            roles["anyone"] = self._present(self._accounts)
        return {role: [Person(a.id, a.name, a.phone) for a in accounts] for role, accounts in roles.items()}

    def with_role(self, team: int | None, role: str) -> list[Account]:
        """Whoever is present of this role, in this team or in none (a manager for all teams)."""
        return self._present(
            one.id for one in self._accounts.values() if one.active and one.role == role and one.team_id in (team, None)
        )

    def present(self, *accounts: Account | None) -> list[Account]:
        """These people, or whoever stands in for them; who left or is away without a substitute is left out."""
        return self._present(one.id for one in accounts if one is not None)

    def colleagues(self, by: Account) -> list[Account]:
        """To whom this person may hand over: who answers alerts, is present, and is somebody else; own team first."""
        found = [one for one in self._accounts.values() if one.id != by.id and self.present(one) == [one]]
        return sorted(found, key=lambda one: (one.team_id != by.team_id, one.name))

    def _present(self, ids: Iterable[int]) -> list[Account]:
        found = (who_stands_in(one, self._absent, self._able) for one in ids)
        return [self._accounts[one] for one in dict.fromkeys(found) if one is not None]

    def _absent(self, account: int) -> tuple[bool, int | None]:
        return account in self._away, self._away.get(account)

    def _able(self, account: int) -> bool:
        return account in self._accounts and answers(self._accounts[account])


def answers(account: Account) -> bool:
    """Whether alerts may go to this person at all."""
    return account.active and account.role in ANSWERING
