"""Whether alerts of a team reach somebody in the coming weeks: the rota with leave filled in, and what is missing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pluis.escalation import rota
from pluis.escalation.channels import Channels
from pluis.escalation.recipients import answers
from pluis.escalation.rota import Away, Shift, Stretch
from pluis.protocol.ladders import WorkingHours
from pluis.store import rota as stored
from pluis.store.base import Json
from pluis.store.people import Absence, Account, OnCall, Team

AHEAD = timedelta(days=14)  # how far the rota has to be filled in
OUTSIDE = ("mail", "sms", "chat", "webhook")


@dataclass(frozen=True)
class Trouble:
    """Something that keeps alerts from somebody. `kind` is part of the id of a sentence, `values` what goes into it."""

    kind: str
    values: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """The rota of one team over some time: the shifts and absences as written down, and what comes of them."""

    team: Team
    shifts: list[OnCall]
    absences: list[Absence]
    stretches: list[Stretch]
    accounts: dict[int, Account]

    def names(self, ids: tuple[int, ...]) -> list[str]:
        """The names of these people."""
        return [self.accounts[one].name for one in ids]

    def instead_of(self, absence: Absence, at: datetime) -> Account | None:
        """Who is told instead of somebody who is away, at this moment of the absence."""
        away = [_away(one) for one in self.absences]
        found = rota.who_stands_in(
            absence.account_id, rota.absences_at(away, at), lambda one: answers(self.accounts[one])
        )
        return self.accounts[found] if found is not None else None


def plan(session: Session, hours: WorkingHours, team: Team, start: datetime, end: datetime) -> Plan:
    """The rota of a team between two moments."""
    accounts = stored.accounts(session)
    shifts = stored.shifts(session, team.id, start, end)
    absences = stored.absences(session, start, end)
    found = rota.stretches(
        hours,
        [Shift(one.account_id, one.starts_at, one.ends_at) for one in shifts],
        [_away(one) for one in absences],
        {one.id for one in accounts.values() if answers(one)},
        start,
        end,
    )
    return Plan(team, shifts, absences, found, accounts)


def troubles(
    session: Session, hours: WorkingHours, channels: Channels, team: Team, now: datetime, ahead: timedelta = AHEAD
) -> list[Trouble]:
    """What keeps alerts of this team from somebody, now or in the coming days, the worst first."""
    found = plan(session, hours, team, now, now + ahead)
    people = [one for one in found.accounts.values() if answers(one)]
    near = [one for one in people if one.team_id in (team.id, None)]
    return [
        *_without_people(session, found, near, now),
        *(Trouble("gap", {"starts": starts, "ends": ends}) for starts, ends in rota.gaps(found.stretches)),
        *_planned_in_vain(found),
        *_nobody_stands_in(found, near),
        *_unreachable(channels, found, near),
    ]


def _without_people(session: Session, found: Plan, near: list[Account], now: datetime) -> list[Trouble]:
    troubles = [
        Trouble(f"no_{role}", {"team": found.team.name})
        for role in ("supervisor", "manager")
        if not any(one.role == role for one in near)
    ]
    for id, count in stored.families_of(session, found.team.id).items():
        if not answers(found.accounts[id]):
            values = {"name": found.accounts[id].name, "count": count}
            troubles.append(Trouble("families_of_who_left" if count > 1 else "family_of_who_left", values))
    return troubles


def _planned_in_vain(found: Plan) -> list[Trouble]:
    """Somebody who left, or answers no alerts any more, is still on the rota."""
    left = {one.account_id: one for one in reversed(found.shifts) if not answers(found.accounts[one.account_id])}
    return [
        Trouble("planned_left", {"name": found.accounts[id].name, "starts": one.starts_at}) for id, one in left.items()
    ]


def _nobody_stands_in(found: Plan, near: list[Account]) -> list[Trouble]:
    """Somebody of this team is away, and nobody is told instead."""
    planned = {one.account_id for one in found.shifts}
    ids = {one.id for one in near if one.role == "supervisor"} | planned
    return [
        Trouble(
            "nobody_stands_in",
            {"name": found.accounts[one.account_id].name, "starts": one.starts_at, "ends": one.ends_at},
        )
        for one in found.absences
        if one.account_id in ids
        and answers(found.accounts[one.account_id])
        and found.instead_of(one, max(one.starts_at, found.stretches[0].starts)) is None
    ]


def _unreachable(channels: Channels, found: Plan, near: list[Account]) -> list[Trouble]:
    """Somebody who is to be told has no address on any channel that is set up."""
    if not any(channels.configured(one) for one in OUTSIDE):
        return [Trouble("no_channel")]
    wanted = {one.id: one for one in near}
    wanted |= {id: found.accounts[id] for one in found.stretches for id in one.people}
    return [
        Trouble("no_address", {"name": one.name})
        for one in wanted.values()
        if all(channels.address(channel, one) is None for channel in OUTSIDE)
    ]


def _away(absence: Absence) -> Away:
    return Away(absence.id, absence.account_id, absence.substitute_id, absence.starts_at, absence.ends_at)
