"""Figures of one process for Prometheus: how often and how long, never a name or a word of anybody."""

import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Histogram:
    """How often something took how long, by a label; one per process, safe for threads."""

    def __init__(self, name: str, about: str, label: str) -> None:
        self.name, self.about, self.label = name, about, label
        self._lock = threading.Lock()
        self._counts: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def add(self, value: str, seconds: float) -> None:
        with self._lock:
            counts = self._counts.setdefault(value, [0] * (len(BOUNDS) + 1))
            counts[bisect_left(BOUNDS, seconds)] += 1
            self._sums[value] = self._sums.get(value, 0.0) + seconds

    @contextmanager
    def timed(self, value: str) -> Iterator[None]:
        """Add how long the block takes, also when it fails."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.add(value, time.perf_counter() - begun)

    def lines(self) -> Iterator[str]:
        yield from head(self.name, self.about, "histogram")
        with self._lock:
            rows = [(value, list(counts), self._sums[value]) for value, counts in sorted(self._counts.items())]
        for value, counts, total in rows:
            so_far = 0
            for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
                so_far += count
                yield f'{self.name}_bucket{{{self.label}="{value}",le="{bound}"}} {so_far}'
            yield f'{self.name}_sum{{{self.label}="{value}"}} {total:.6f}'
            yield f'{self.name}_count{{{self.label}="{value}"}} {so_far}'


class Counter:
    """How often something happened, by a label; one per process."""

    def __init__(self, name: str, about: str, label: str) -> None:
        self.name, self.about, self.label = name, about, label
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}

    def add(self, value: str) -> None:
        with self._lock:
            self._counts[value] = self._counts.get(value, 0) + 1

    def lines(self) -> Iterator[str]:
        with self._lock:
            rows = sorted(self._counts.items())
        yield from family(self.name, self.about, "counter", [({self.label: value}, count) for value, count in rows])


def family(name: str, about: str, kind: str, rows: Iterable[tuple[dict[str, str], float]]) -> Iterator[str]:
    """The lines of one figure: labels and value of each row."""
    yield from head(name, about, kind)
    for labels, value in rows:
        shown = ",".join(f'{label}="{content}"' for label, content in labels.items())
        yield f"{name}{{{shown}}} {value}"


def head(name: str, about: str, kind: str) -> tuple[str, str]:
    return f"# HELP {name} {about}", f"# TYPE {name} {kind}"
