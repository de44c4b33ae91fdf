"""How this visit compares with the ones before."""

from collections.abc import Iterable
from dataclasses import dataclass

from pluis.protocol.facts import Earlier, rank


@dataclass(frozen=True)
class Trend:
    """`direction`: up | same | down | first. Signals are ids. `third_time`: seen now and at two earlier debriefs."""

    direction: str
    new: tuple[str, ...]
    repeated: tuple[str, ...]
    gone: tuple[str, ...]
    third_time: tuple[str, ...]


def trend(level: str | None, last_level: str | None, now: Iterable[str], earlier: Iterable[Earlier]) -> Trend:
    """Compare the signals of this debrief with those of the case's earlier ones (oldest first)."""
    signals = set(now)
    history = list(earlier)
    last = history[-1].debrief if history else None
    before = {one.signal for one in history if one.debrief == last}
    ever = {one.signal for one in history}
    often = {s for s in signals if len({one.debrief for one in history if one.signal == s}) >= 2}
    if last_level is None or level is None:
        direction = "first"
    else:
        step = rank(level) - rank(last_level)
        direction = "up" if step > 0 else "down" if step < 0 else "same"
    return Trend(
        direction,
        tuple(sorted(signals - ever)),
        tuple(sorted(signals & ever)),
        tuple(sorted(before - signals)),
        tuple(sorted(often)),
    )
