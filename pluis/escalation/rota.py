"""The rota as arithmetic: who is on call when, with absences and substitutes filled in, and where nobody is. Pure."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from pluis.escalation.ladder import at_work
from pluis.protocol.ladders import WorkingHours


@dataclass(frozen=True)
class Shift:
    """Somebody is on call, from `starts` until just before `ends`."""

    account: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Away:
    """Somebody is away; `substitute` stands in, if anybody does. A higher `id` was written down later, and counts."""

    id: int
    account: int
    substitute: int | None
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Stretch:
    """A stretch of time with the same people on call. `planned`: who is on the rota; `people`: who is reached."""

    starts: datetime
    ends: datetime
    planned: tuple[int, ...]
    people: tuple[int, ...]
    at_work: bool

    @property
    def gap(self) -> bool:
        """Nobody is reached by the rota, and no working hours in which a supervisor is there."""
        return not self.people and not self.at_work


def who_stands_in(
    account: int, absent: Callable[[int], tuple[bool, int | None]], able: Callable[[int], bool]
) -> int | None:
    """This person, else the substitute, else the substitute's substitute; None when that ends with nobody.

    `absent` says whether somebody is away and who stands in then; `able` whether somebody may be told at all.
    """
    asked: set[int] = set()
    current: int | None = account
    while current is not None and current not in asked:
        asked.add(current)
        away, substitute = absent(current)
        if not away and able(current):
            return current
        # Who left has nobody standing in, unless an absence says so.
        current = substitute if away else None
    return None


def stretches(
    hours: WorkingHours,
    shifts: Sequence[Shift],
    absences: Sequence[Away],
    able: Collection[int],
    start: datetime,
    end: datetime,
) -> list[Stretch]:
    """What the rota says from `start` to `end`, cut where anything changes. `able`: who may be told at all."""
    moments = {start, end, *_edges(hours, start, end)}
    moments |= {moment for shift in shifts for moment in (shift.starts, shift.ends)}
    moments |= {moment for away in absences for moment in (away.starts, away.ends)}
    cuts = sorted(moment for moment in moments if start <= moment <= end)
    found: list[Stretch] = []
    for begins, ends in pairwise(cuts):
        planned = tuple(dict.fromkeys(one.account for one in shifts if one.starts <= begins < one.ends))
        reached = (who_stands_in(one, absences_at(absences, begins), lambda a: a in able) for one in planned)
        people = tuple(dict.fromkeys(one for one in reached if one is not None))
        new = Stretch(begins, ends, planned, people, at_work(hours, begins))
        last = found[-1] if found else None
        if last and (last.planned, last.people, last.at_work) == (new.planned, new.people, new.at_work):
            found[-1] = Stretch(last.starts, ends, planned, people, new.at_work)
        else:
            found.append(new)
    return found


def runs(found: Iterable[Stretch]) -> list[list[Stretch]]:
    """Stretches that follow each other with the same people, whatever the hour: one line of a rota each."""
    lines: list[list[Stretch]] = []
    for one in found:
        if lines and (lines[-1][-1].planned, lines[-1][-1].people) == (one.planned, one.people):
            lines[-1].append(one)
        else:
            lines.append([one])
    return lines


def gaps(found: Iterable[Stretch]) -> list[tuple[datetime, datetime]]:
    """When nobody is reached by the rota, from the first to the last gap of a run that nobody fills."""
    bare = [[one for one in run if one.gap] for run in runs(found)]
    return [(run[0].starts, run[-1].ends) for run in bare if run]


def absences_at(absences: Sequence[Away], at: datetime) -> Callable[[int], tuple[bool, int | None]]:
    """Who is away at this moment, and who stands in, as `who_stands_in` asks it."""

    def absent(account: int) -> tuple[bool, int | None]:
        now = [one for one in absences if one.account == account and one.starts <= at < one.ends]
        newest = max(now, key=lambda one: one.id, default=None)
        return newest is not None, newest.substitute if newest else None

    return absent


def _edges(hours: WorkingHours, start: datetime, end: datetime) -> Iterable[datetime]:
    """Where working hours begin and end."""
    zone = ZoneInfo(hours.timezone)
    day = start.astimezone(zone).date()
    while day <= end.astimezone(zone).date():
        for at in (hours.start, hours.end):
            yield datetime.combine(day, at, zone).astimezone(start.tzinfo)
        day += timedelta(days=1)
