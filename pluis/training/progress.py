"""How practising goes, for whoever practises: what grew, what holds, what comes back. Never a mark, never a total. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pluis.training.outcome import Met, Outcome
from pluis.training.schedule import standings

MOST_VISITS = 10
"""Columns that fit a phone; older visits stand in the table only."""


@dataclass(frozen=True)
class Coming:
    """A strand that comes back, and from which day on."""

    strand: str
    on: date


@dataclass(frozen=True)
class Progress:
    """`grew`: seen now, missed or in part before. `holds`: seen the last two times. `coming`: in the order of days."""

    visits: tuple[Outcome, ...]
    strands: tuple[str, ...]
    grew: tuple[str, ...]
    holds: tuple[str, ...]
    coming: tuple[Coming, ...]

    def row(self, strand: str) -> list[Met | None]:
        """How the newest visits went in one strand, oldest first; None where it was not in play."""
        return [one.met.get(strand) for one in self.visits[-MOST_VISITS:]]


def progress(outcomes: Sequence[Outcome], order: Sequence[str]) -> Progress:
    """From the attempts that count, oldest first. `order`: all strands in the order in which they are shown."""
    met = {strand: [one.met[strand] for one in outcomes if strand in one.met] for strand in order}
    found = standings(outcomes)
    grew = tuple(s for s in order if met[s] and met[s][-1] == "whole" and set(met[s][:-1]) & {"part", "none"})
    holds = tuple(s for s in order if len(met[s]) > 1 and met[s][-2:] == ["whole", "whole"] and s not in grew)
    coming = sorted(
        (Coming(s, found[s].due) for s in order if met[s] and met[s][-1] != "whole"), key=lambda one: one.on
    )
    return Progress(tuple(outcomes), tuple(s for s in order if met[s]), grew, holds, tuple(coming))
