"""How far people agree on the same made-up visits: Krippendorff's alpha per signal and for the level. Pure.

1 is everybody the same, 0 is no more than chance, below 0 is systematically apart. Krippendorff (Content Analysis, 2004,
p. 241) relies on 0.8 and up and draws tentative conclusions from 0.667. It is a reason to talk, never a mark.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import krippendorff

from pluis.protocol.facts import LEVELS
from pluis.training.blind_spots import FEWEST
from pluis.training.outcome import Outcome
from pluis.training.schedule import Place

RELIABLE, TENTATIVE = 0.8, 0.667
Word = Literal["same", "agreed", "tentative", "apart"]


@dataclass(frozen=True)
class Alpha:
    """Agreement on one thing. `value` is None where nobody differed anywhere, so that alpha cannot be computed."""

    name: str
    value: float | None
    visits: int

    @property
    def word(self) -> Word:
        if self.value is None:
            return "same"
        return "agreed" if self.value >= RELIABLE else "tentative" if self.value >= TENTATIVE else "apart"


@dataclass(frozen=True)
class Split:
    """One visit: how many came to each level, and how many of all named each signal."""

    place: Place
    people: int
    levels: tuple[tuple[str, int], ...]
    signals: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Agreement:
    """`level` is None when no visit was done by three people."""

    people: int
    level: Alpha | None
    signals: tuple[Alpha, ...]
    visits: tuple[Split, ...]


def agreement(practised: Mapping[int, Sequence[Outcome]]) -> Agreement:
    """Compare the first time that each person did each visit; visits done by fewer than three people are left out.

    Later attempts are left out because they were made after reading the feedback.
    """
    first: dict[Place, dict[int, Outcome]] = {}
    for person, outcomes in practised.items():
        for one in outcomes:
            first.setdefault((one.vignette, one.visit), {}).setdefault(person, one)
    shared = {place: by for place, by in first.items() if len(by) >= FEWEST}
    people = sorted({person for by in shared.values() for person in by})
    if not shared:
        return Agreement(0, None, (), ())
    level = _alpha("level", [_row(shared, one, lambda o: LEVELS.index(o.level)) for one in people], "ordinal")
    named = sorted({signal for by in shared.values() for one in by.values() for signal in one.signals})
    signals = [_alpha(one, [_row(shared, person, _names(one)) for person in people], "nominal") for one in named]
    signals.sort(key=lambda one: (one.value is None, one.value or 0.0, one.name))
    return Agreement(len(people), level, tuple(signals), tuple(_split(place, by) for place, by in shared.items()))


def alpha(rows: Sequence[Sequence[int | None]], scale: Literal["nominal", "ordinal"]) -> float | None:
    """Krippendorff's alpha. `rows`: a row per person, a column per visit, None where somebody did not do it.

    None when there is nothing to compute: every value is the same, or no visit was done by two people.
    """
    columns = zip(*rows, strict=True)
    paired = [[value for value in column if value is not None] for column in columns]
    values = sorted({value for column in paired if len(column) > 1 for value in column})
    if len(values) < 2:
        return None
    numbers = [[float("nan") if value is None else float(value) for value in row] for row in rows]
    return float(krippendorff.alpha(reliability_data=numbers, level_of_measurement=scale))


def _alpha(name: str, rows: list[list[int | None]], scale: Literal["nominal", "ordinal"]) -> Alpha:
    return Alpha(name, alpha(rows, scale), len(rows[0]))


def _row(
    shared: Mapping[Place, Mapping[int, Outcome]], person: int, value: Callable[[Outcome], int]
) -> list[int | None]:
    return [value(by[person]) if person in by else None for by in shared.values()]


def _names(signal: str) -> Callable[[Outcome], int]:
    return lambda outcome: int(signal in outcome.signals)


def _split(place: Place, by: Mapping[int, Outcome]) -> Split:
    all = list(by.values())
    named = {signal for one in all for signal in one.signals}
    signals = sorted(((s, sum(s in one.signals for one in all)) for s in named), key=lambda item: (-item[1], item[0]))
    levels = [(level, sum(one.level == level for one in all)) for level in LEVELS]
    return Split(place, len(all), tuple(one for one in levels if one[1]), tuple(signals))
