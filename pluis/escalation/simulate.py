"""Play a ladder through without an answer: who would be told when. Nothing is written and nobody is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pluis.escalation import ladder
from pluis.escalation.ladder import DAYS, Person
from pluis.escalation.reach import channels_for
from pluis.protocol.ladders import Ladders


@dataclass(frozen=True)
class Line:
    """One moment of a simulation. `what`: told | told again | nobody."""

    at: datetime
    what: str
    step: int
    people: tuple[str, ...]
    channels: tuple[str, ...]


def play(
    ladders: Ladders, level: str, people: Mapping[str, Sequence[Person]], at: datetime, repeats: int = 1
) -> tuple[list[Line], datetime]:
    """Every moment up to this many repeats of the last step, and until when somebody should have answered. Pure."""
    at = at.astimezone(UTC)
    copy = ladder.copy_of(ladders, level, people, at)
    step, now, lines = 0, at, list[Line]()
    what = "told"
    while True:
        names = tuple(person["name"] for person in copy["steps"][step]["people"])
        channels = tuple(channels_for(level, copy["steps"][step]["channels"], None))
        lines.append(Line(now, what if names else "nobody", step, names, channels))
        more = step + 1 < len(copy["steps"])
        due = ladder.due_after(copy, step, now) if names or not more else now
        match ladder.next_step(copy, "open", step, due, due):
            case "climb":
                step, what = step + 1, "told"
            case _ if repeats == 0:
                return lines, ladder.acknowledge_by(copy)
            case _:
                repeats, what = repeats - 1, "told again"
        now = due


def moment_from(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment in "fri 23:40" (the next one), "23:40" (today) or "2026-12-25 10:00". Raises ValueError."""
    local = now.astimezone(zone)
    day, _, clock = text.strip().lower().rpartition(" ")
    if day[:3] in DAYS:
        ahead = (DAYS.index(day[:3]) - local.weekday()) % 7
        date = local.date() + timedelta(days=ahead)
        moment = datetime.combine(date, datetime.strptime(clock, "%H:%M").time(), zone)  # noqa: DTZ007
        return moment if moment >= local or ahead else moment + timedelta(days=7)
    if not day:
        return datetime.combine(local.date(), datetime.strptime(clock, "%H:%M").time(), zone)  # noqa: DTZ007
    return datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)
