"""Reminders: what waits for a person, in one message, seldom enough to be read.

Only within working hours; at most one message in four hours for one person; the same thing again after one day, then
two, four and seven.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pluis.escalation.channels import Channels
from pluis.escalation.ladder import at_work
from pluis.escalation.reassess import name_days
from pluis.escalation.recipients import Roster
from pluis.protocol.read import Protocol
from pluis.store import escalations, outgoing, reassess
from pluis.store.base import Json
from pluis.store.cases import Case
from pluis.store.debriefs import Debrief, SupportWish
from pluis.store.outgoing import Reminder
from pluis.store.people import Account

JOB = 7_301  # the lock under which one courier at a time writes reminders
DEBRIEF_AFTER = timedelta(hours=24)
MANAGER_AFTER = timedelta(days=3)
APART = timedelta(hours=4)
GAPS = (1, 2, 4, 7)  # days between telling the same thing again
REMEMBERED = timedelta(days=60)
CHANNELS = ("mail", "chat")


def write(session: Session, protocol: Protocol, channels: Channels, now: datetime) -> int:
    """Write the messages that are due. Returns how many."""
    hours = protocol.ladders.working_hours
    if not at_work(hours, now) or not escalations.alone(session, JOB):
        return 0
    zone = ZoneInfo(hours.timezone)
    name_days(session, protocol.ladders.reassessment, now, zone)
    earlier: dict[int, list[Reminder]] = {}
    for row in outgoing.reminders_since(session, now - REMEMBERED):
        earlier.setdefault(row.account_id, []).append(row)
    written = 0
    for account, items in waiting(session, now, zone).values():
        told = [(row.created_at, row.items) for row in earlier.get(account.id, [])]
        channel = next((one for one in CHANNELS if channels.address(one, account) is not None), None)
        due = due_items(items, told, now)
        if due and channel is not None:
            session.add(Reminder(account_id=account.id, items=due, channel=channel, created_at=now, next_at=now))
            written += 1
    return written


def due_items(items: Sequence[Json], told: Iterable[tuple[datetime, Sequence[Json]]], now: datetime) -> list[Json]:
    """Which of these things a person is told now; `told` is what this person was told before, oldest first. Pure."""
    times: dict[tuple[str, int], list[datetime]] = {}
    newest: datetime | None = None
    for at, before in told:
        newest = at
        for item in before:
            times.setdefault((item["kind"], item["number"]), []).append(at)
    if newest is not None and now - newest < APART:
        return []
    return [item for item in items if _is_due(times.get((item["kind"], item["number"]), []), now)]


def _is_due(told: Sequence[datetime], now: datetime) -> bool:
    # An hour less than whole days, so that the hour of the day does not creep.
    return not told or now - told[-1] >= timedelta(days=GAPS[min(len(told), len(GAPS)) - 1], hours=-1)


def waiting(session: Session, now: datetime, zone: ZoneInfo) -> Mapping[int, tuple[Account, list[Json]]]:
    """All that waits, by the id of the person it waits for."""
    found: dict[int, tuple[Account, list[Json]]] = {}
    roster = Roster(session, now)

    def add(accounts: Iterable[Account], kind: str, number: int, case: Case | None) -> None:
        for account in accounts:
            item = {"kind": kind, "number": number, "case": case.number if case else None}
            found.setdefault(account.id, (account, []))[1].append(item)

    today = now.astimezone(zone).date()
    for debrief in _unfinished(session, now):
        if debrief.account.active:
            add([debrief.account], "debrief", debrief.case_id, debrief.case)
    for case in reassess.open_cases(session):
        if case.assessment_due <= today:
            both = [case.counselor] if case.counselor.active else []
            add([*both, *roster.present(case.supervisor)], "assessment", case.id, case)
    for escalation in escalations.to_check(session, today):
        who = roster.present(escalation.decided_by)
        late = escalation.check_on is not None and today - escalation.check_on >= MANAGER_AFTER
        if late or not who:
            who += roster.with_role(escalation.team_id, "manager")
        add({one.id: one for one in who}.values(), "check", escalation.id, escalation.case)
    for wish in session.scalars(
        select(SupportWish).where(SupportWish.kind == "contact", SupportWish.done_at.is_(None))
    ):
        account = session.get_one(Account, wish.account_id)
        who = roster.with_role(account.team_id, "supervisor")
        add(who or roster.with_role(account.team_id, "manager"), "wish", wish.id, None)
    return found


def _unfinished(session: Session, now: datetime) -> list[Debrief]:
    return list(
        session.scalars(
            select(Debrief)
            .where(Debrief.state != "done", Debrief.mode != "training", Debrief.touched_at <= now - DEBRIEF_AFTER)
            .order_by(Debrief.touched_at)
        )
    )
