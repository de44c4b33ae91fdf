"""How long somebody practised, from the moments at which something happened. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

PAUSE = timedelta(minutes=10)
"""Longer without a message was a pause; of a pause this much counts, for reading and thinking."""


def spent(moments: Sequence[datetime]) -> timedelta:
    """The time between the first and the last moment, with each pause counted as ten minutes."""
    ordered = sorted(moments)
    gaps = (later - earlier for earlier, later in pairwise(ordered))
    return sum((min(gap, PAUSE) for gap in gaps), timedelta())
