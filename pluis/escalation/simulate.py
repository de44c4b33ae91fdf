"""Play a ladder through without an answer: who would be told when. Nothing is written and nobody is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pluis.escalation import ladder
from pluis.escalation.ladder import Person
from pluis.escalation.reach import channels_for
from pluis.protocol.ladders import Ladders

WEEKDAYS = (
    ("mon", "monday", "ma", "maandag"),
    ("tue", "tuesday", "di", "dinsdag"),
    ("wed", "wednesday", "wo", "woensdag"),
    ("thu", "thursday", "do", "donderdag"),
    ("fri", "friday", "vr", "vrijdag"),
    ("sat", "saturday", "za", "zaterdag"),
    ("sun", "sunday", "zo", "zondag"),
)
FIRST_YEAR, LAST_YEAR = 2020, 2100


@dataclass(frozen=True)
class Line:
    """One moment of a simulation. `what`: told | told again | nobody."""

    at: datetime
    what: str
    step: int
    people: tuple[str, ...]
    channels: tuple[str, ...]


def play(
    ladders: Ladders,
    level: str,
    people_at: Callable[[datetime], Mapping[str, Sequence[Person]]],
    at: datetime,
    repeats: int = 1,
) -> tuple[list[Line], datetime]:
    """Every moment up to this many repeats of the last step, and until when somebody should have answered.

    `people_at` says who fills the roles at a moment: as in a real escalation it is asked again at each step.
    """
    at = at.astimezone(UTC)
    copy = ladder.copy_of(ladders, level, people_at(at), at)
    step, now, lines = 0, at, list[Line]()
    what = "told"
    while True:
        if lines:
            copy["steps"][step]["people"] = ladder.told(copy["steps"][step]["to"], people_at(now))
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
    """The moment in "fri 23:40" or "vr 23:40" (the next one), "23:40" (today) or "2026-12-25 10:00". Raises ValueError."""
    local = now.astimezone(zone)
    text = text.strip().lower()
    day, _, clock = text.replace("t", " ").rpartition(" ") if text[:1].isdigit() else text.rpartition(" ")
    at = datetime.strptime(clock, "%H:%M").time()  # noqa: DTZ007
    day = day.strip()
    if not day:
        return datetime.combine(local.date(), at, zone)
    number = next((n for n, names in enumerate(WEEKDAYS) if day in names), None)
    if number is None:
        date = datetime.strptime(day, "%Y-%m-%d").date()  # noqa: DTZ007
        if not FIRST_YEAR <= date.year <= LAST_YEAR:
            raise ValueError("the day is out of range")
        return datetime.combine(date, at, zone)
    moment = datetime.combine(local.date() + timedelta(days=(number - local.weekday()) % 7), at, zone)
    return moment if moment >= local else moment + timedelta(days=7)
