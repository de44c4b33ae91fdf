"""What one practised visit showed, per strand: each domain of signals, asking, and leaving be what is nothing. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pluis.training.feedback import Feedback
from pluis.training.vignette import Visit

Met = Literal["whole", "part", "none"]
ASKING, QUIET = "asking", "quiet"
TRY_AGAIN = timedelta(hours=24)
"""Within this time of looking back at the same visit an attempt shows memory, not looking; it counts for nothing."""


@dataclass(frozen=True)
class Outcome:
    """One finished attempt. `met`: strand → how it went. `signals`: what was named; `level`: the level it came to."""

    vignette: str
    visit: int
    at: datetime
    met: dict[str, Met]
    signals: frozenset[str] = frozenset()
    level: str = "L0"


def strands_of(visit: Visit, domain_of: Callable[[str], str]) -> frozenset[str]:
    """What there is to practise in a visit."""
    marking = visit.marking
    return frozenset({domain_of(one.id) for one in marking.signals} | {ASKING} | ({QUIET} if marking.mimics else set()))


def met(visit: Visit, feedback: Feedback, domain_of: Callable[[str], str]) -> dict[str, Met]:
    """How each strand of this visit went: whole, in part, or not (it comes back)."""
    noticed = {one.signal for one in feedback.noticed}
    found: dict[str, Met] = {}
    for strand in sorted(strands_of(visit, domain_of) - {ASKING, QUIET}):
        marked = [one.id for one in visit.marking.signals if domain_of(one.id) == strand]
        found[strand] = _share(sum(one in noticed for one in marked), len(marked))
    found[ASKING] = _share(len(feedback.asked), len(feedback.asked) + len(feedback.not_asked))
    if visit.marking.mimics or feedback.over:
        found[QUIET] = "whole" if not feedback.over else "part" if len(feedback.over) == 1 else "none"
    return found


def counting(outcomes: list[Outcome]) -> list[Outcome]:
    """In order of time, without the attempts that came right after looking back at the same visit."""
    kept: list[Outcome] = []
    last: dict[tuple[str, int], datetime] = {}
    for one in sorted(outcomes, key=lambda o: o.at):
        place = (one.vignette, one.visit)
        if place not in last or one.at - last[place] >= TRY_AGAIN:
            kept.append(one)
        last[place] = one.at
    return kept


def _share(number: int, of: int) -> Met:
    return "whole" if number == of else "part" if number else "none"
