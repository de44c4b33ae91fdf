"""Which made-up visit next, and when: what was missed comes back soon and in another form, what went well later. Pure.

Each strand (a domain of signals, asking, leaving be) stands on a step. Well done: one step up; in part: one down;
missed: back to the first. A strand is due again so many days after it was last met. (Leitner's boxes of 1972,
with strands in place of cards, so that people meet the same thing in a different family.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pluis.training.outcome import ASKING, Outcome

DAYS = (2, 7, 21, 60)
"""Days until a strand comes back, per step."""
Why = Literal["assigned", "story", "back", "new"]
Place = tuple[str, int]
"""A visit: the id of its vignette and its number from 0."""


@dataclass(frozen=True)
class Standing:
    """Where a strand stands: its step, the day it is due again, and the visit in which it was last met."""

    step: int
    due: date
    last: Place


@dataclass(frozen=True)
class Suggestion:
    """A visit to do next, why, and the strand that comes back in it."""

    vignette: str
    visit: int
    why: Why
    strand: str | None = None


def standings(outcomes: Sequence[Outcome]) -> dict[str, Standing]:
    """Where each strand that was ever met stands. `outcomes` are those that count, oldest first."""
    found: dict[str, Standing] = {}
    for one in outcomes:
        for strand, how in one.met.items():
            before = found[strand].step if strand in found else 0
            step = 0 if how == "none" else max(before - 1, 0) if how == "part" else min(before + 1, len(DAYS) - 1)
            found[strand] = Standing(step, one.at.date() + timedelta(days=DAYS[step]), (one.vignette, one.visit))
    return found


def suggest(
    visits: Mapping[Place, frozenset[str]],
    outcomes: Sequence[Outcome],
    assigned: Sequence[str],
    today: date,
    most: int = 3,
) -> list[Suggestion]:
    """What to do next, best first: what a trainer asked for, a story that goes on, what is due, something new.

    `visits`: every visit that can be practised, in the order of the library, with what there is to practise in it.
    `assigned`: vignettes that a trainer asked for and that were not done since.
    """
    done: dict[Place, date] = {(one.vignette, one.visit): one.at.date() for one in outcomes}
    open_now = [place for place in visits if place[1] == 0 or (place[0], place[1] - 1) in done]
    chosen: dict[str, Suggestion] = {}

    def put(place: Place, why: Why, strand: str | None = None) -> None:
        chosen.setdefault(place[0], Suggestion(*place, why, strand))

    for vignette in assigned:
        own = [place for place in open_now if place[0] == vignette]
        if own:
            put(next((place for place in own if place not in done), own[0]), "assigned")
    for place in open_now:
        if place[1] > 0 and place not in done:
            put(place, "story")
    found = standings(outcomes)
    for strand, standing in sorted(found.items(), key=lambda item: (item[1].due, item[1].step, item[0])):
        if standing.due <= today:
            other = _other_form(strand, standing, open_now, visits, done, set(chosen))
            if other is not None:
                put(other, "back", strand)
    fresh = [place for place in open_now if place not in done and place[0] not in chosen]
    for place in sorted(fresh, key=lambda p: -len(visits[p] - found.keys() - {ASKING})):
        put(place, "new")
    return list(chosen.values())[:most]


def _other_form(
    strand: str,
    standing: Standing,
    open_now: list[Place],
    visits: Mapping[Place, frozenset[str]],
    done: Mapping[Place, date],
    taken: set[str],
) -> Place | None:
    """A visit with the same strand in another family: one never done, else the one done longest ago."""
    fits = [p for p in open_now if strand in visits[p] and p[0] != standing.last[0] and p[0] not in taken]
    return min(fits, key=lambda place: (place in done, done.get(place, date.min)), default=None)
