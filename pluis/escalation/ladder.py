"""The ladder as arithmetic: who is due when. Pure; time is a parameter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pluis.protocol.ladders import Ladder, Ladders, LadderStep, WorkingHours

Move = Literal["wait", "climb", "repeat", "reopen"]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Who is told where a step would reach nobody, the nearest first.
INSTEAD = ("supervisor", "manager", "anyone")


@dataclass(frozen=True)
class Person:
    """Who may be told, as kept in the copy of the ladder."""

    id: int
    name: str
    phone: str


def works_on(hours: WorkingHours, day: date) -> bool:
    """Whether this is a working day and no holiday."""
    return (
        DAYS[day.weekday()] in hours.days and day not in hours.holidays and day.strftime("%m-%d") not in hours.holidays
    )


def at_work(hours: WorkingHours, now: datetime) -> bool:
    """Whether this moment lies within working hours, in the organisation's own time."""
    local = now.astimezone(ZoneInfo(hours.timezone))
    return works_on(hours, local.date()) and hours.start <= local.time() < hours.end


def next_working(hours: WorkingHours, now: datetime, at: time, today_too: bool) -> datetime:
    """The next working day's moment at this time of day; today counts if it may and the time is still to come."""
    local = now.astimezone(ZoneInfo(hours.timezone))
    day = local.date() if today_too and local.time() < at else local.date() + timedelta(days=1)
    # A year of holidays is a mistake in the content; then any day will do, for somebody must be told.
    for ahead in range(366):
        if works_on(hours, day + timedelta(days=ahead)):
            day += timedelta(days=ahead)
            break
    return datetime.combine(day, at, ZoneInfo(hours.timezone))


def copy_of(ladders: Ladders, level: str, people: Mapping[str, Sequence[Person]], now: datetime) -> dict[str, Any]:
    """The ladder of a level with its people and moments filled in, as kept in the escalation.

    Within working hours nobody on call is disturbed if a supervisor is told. A step that would reach nobody goes to
    whoever is next.
    """
    hours, ladder = ladders.working_hours, ladders.ladders[level]
    # In UTC fifteen minutes are fifteen minutes, also in the night in which the clock is changed.
    now = now.astimezone(UTC)
    roles = [_roles(hours, ladder, step, people, now) for step in ladder.steps]
    return {
        "level": level,
        "acknowledge_by": _acknowledge_by(hours, ladder, now).isoformat(),
        "decide_within": ladder.decide_within,
        "repeat_every": ladder.repeat_every,
        "steps": [
            {
                "due_at": _due(hours, step, now).isoformat(),
                "to": to,
                "channels": list(step.channels),
                "people": told(to, people),
            }
            for step, to in zip(ladder.steps, roles, strict=True)
        ],
    }


def told(roles: Iterable[str], people: Mapping[str, Sequence[Person]]) -> list[dict[str, Any]]:
    """The people in these roles, each once; if there are none, those who come instead."""
    found = {person.id: person for role in roles for person in people.get(role, ())}
    for role in INSTEAD:
        if not found:
            found = {person.id: person for person in people.get(role, ())}
    return [{"id": p.id, "name": p.name, "phone": p.phone} for p in found.values()]


def next_step(ladder: Mapping[str, Any], state: str, step: int, due: datetime | None, now: datetime) -> Move:
    """What has to happen now. Nobody answered: the next step, or the last one once more. No decision: it opens again."""
    if state not in ("open", "acknowledged") or due is None or due > now:
        return "wait"
    if state == "acknowledged":
        return "reopen"
    return "climb" if step + 1 < len(ladder["steps"]) else "repeat"


def due_after(ladder: Mapping[str, Any], step: int, now: datetime) -> datetime:
    """When something has to happen next, if nobody answers at this step."""
    following = due_at(ladder, step + 1)
    return max(following, now) if following else now + timedelta(minutes=ladder["repeat_every"])


def due_at(ladder: Mapping[str, Any], step: int) -> datetime | None:
    """When the step with this number is due; None when the ladder has no such step."""
    steps = ladder["steps"]
    return datetime.fromisoformat(steps[step]["due_at"]) if step < len(steps) else None


def acknowledge_by(ladder: Mapping[str, Any]) -> datetime:
    """Until when somebody has to say: I have it."""
    return datetime.fromisoformat(ladder["acknowledge_by"])


def _due(hours: WorkingHours, step: LadderStep, now: datetime) -> datetime:
    if step.at is not None:
        return next_working(hours, now, step.at, today_too=False)
    return now + timedelta(minutes=step.after or 0)


def _acknowledge_by(hours: WorkingHours, ladder: Ladder, now: datetime) -> datetime:
    if ladder.acknowledge_by is None:
        return now + timedelta(minutes=ladder.acknowledge_within or 0)
    if _late(hours, ladder, now):
        # Whoever is on call has the rest of the evening; the next morning the next person is told.
        return next(
            (_due(hours, step, now) for step in ladder.steps[1:]),
            next_working(hours, now, ladder.acknowledge_by, today_too=True),
        )
    return next_working(hours, now, ladder.acknowledge_by, today_too=True)


def _late(hours: WorkingHours, ladder: Ladder, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(hours.timezone))
    return ladder.late_from is not None and (not works_on(hours, local.date()) or local.time() >= ladder.late_from)


def _roles(
    hours: WorkingHours, ladder: Ladder, step: LadderStep, people: Mapping[str, Sequence[Person]], now: datetime
) -> list[str]:
    first = step is ladder.steps[0]
    roles: list[str] = list(ladder.late_to if first and _late(hours, ladder, now) and ladder.late_to else step.to)
    if first and at_work(hours, now) and "supervisor" in roles and people.get("supervisor"):
        roles = [role for role in roles if role != "on_call"]
    return roles
