"""What a group overlooks, from the practice of those who let the trainer see along. Pure.

A figure is about three people at least, so that none of them can be picked out; below that there is no figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pluis.training.outcome import Outcome

FEWEST = 3
"""People behind each figure, at least."""


@dataclass(frozen=True)
class Figure:
    """Of so many people who met it, so many did not (quite) notice it the first time."""

    name: str
    of: int
    missed: int


@dataclass(frozen=True)
class BlindSpots:
    """Strands and signals, what most people overlooked first. `people`: how many practised at all."""

    people: int
    strands: tuple[Figure, ...]
    signals: tuple[Figure, ...]


def blind_spots(
    practised: Mapping[int, Sequence[Outcome]], marked: Mapping[tuple[str, int], frozenset[str]]
) -> BlindSpots:
    """`practised`: person → the attempts that count, oldest first. `marked`: visit → the signals the experts see there.

    Each person counts once per figure: strands by the newest visit, signals by the first one.
    """
    strands: dict[str, list[bool]] = {}
    signals: dict[str, list[bool]] = {}
    for outcomes in practised.values():
        newest = {strand: how != "whole" for one in outcomes for strand, how in one.met.items()}
        first: dict[str, bool] = {}
        for one in outcomes:
            for signal in marked.get((one.vignette, one.visit), frozenset()):
                first.setdefault(signal, signal not in one.signals)
        for found, own in ((strands, newest), (signals, first)):
            for name, missed in own.items():
                found.setdefault(name, []).append(missed)
    return BlindSpots(
        people=sum(bool(outcomes) for outcomes in practised.values()),
        strands=_figures(strands),
        signals=_figures(signals),
    )


def _figures(found: Mapping[str, list[bool]]) -> tuple[Figure, ...]:
    figures = [Figure(name, len(all), sum(all)) for name, all in found.items() if len(all) >= FEWEST]
    return tuple(sorted(figures, key=lambda one: (-one.missed / one.of, -one.of, one.name)))
