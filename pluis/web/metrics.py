"""Figures for operations in the text format of Prometheus: counts and times, never a name or a word of anybody."""

import hmac
import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from fastapi import APIRouter, Request, Response

from pluis.access.slowing import is_loopback
from pluis.settings import Settings
from pluis.store import figures
from pluis.web.problems import Problem
from pluis.web.who import CurrentRuntime, address_of, now

router = APIRouter(tags=["operations"])
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
TYPE = "text/plain; version=0.0.4; charset=utf-8"


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
        yield from _head(self.name, self.about, "histogram")
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
        yield from _family(self.name, self.about, "counter", [({self.label: value}, count) for value, count in rows])


REQUESTS = Histogram("pluis_request_seconds", "Time to answer a request, by route.", "route")
PARTS = Histogram("pluis_turn_part_seconds", "Time of each part of a turn: keep, assistant, reply.", "part")
TURNS = Counter("pluis_turns_total", "Messages of people, by how they ended: answered, waiting, not_kept.", "outcome")


def _demand_right(request: Request, settings: Settings) -> None:
    """From this machine itself, or with the token. Raises Problem 403."""
    if is_loopback(address_of(request)):
        return
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    wanted = settings.metrics_token
    if not wanted or scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), wanted.encode()):
        raise Problem(403, "figures_not_yours")


@router.get("/metrics", summary="Figures for operations, in the text format of Prometheus", response_class=Response)
def metrics(request: Request, runtime: CurrentRuntime) -> Response:
    _demand_right(request, runtime.settings)
    moment = now()
    with runtime.store.reading() as session:
        alerts = figures.running_alerts(session, moment)
        messages = figures.deliveries(session)
        waiting = figures.queues(session, moment)
    lines = [
        *TURNS.lines(),
        *PARTS.lines(),
        *REQUESTS.lines(),
        *_family("pluis_escalations_open", "Alerts without a decision.", "gauge",
                 [({"level": level, "state": state}, count) for (level, state), (count, _) in sorted(alerts.items())]),
        *_family("pluis_escalations_late", "Alerts whose answer or decision is late.", "gauge",
                 [({"level": level, "state": state}, late) for (level, state), (_, late) in sorted(alerts.items())]),
        *_family("pluis_deliveries", "Messages, by what they are and how they stand.", "gauge",
                 [({"kind": kind, "state": state}, count) for (kind, state), count in sorted(messages.items())]),
        *_family("pluis_queue_depth", "What waits to be done now.", "gauge",
                 [({"queue": queue}, count) for queue, count in sorted(waiting.items())]),
    ]  # fmt: skip
    return Response("\n".join(lines) + "\n", media_type=TYPE)


def route_of(request: Request) -> str:
    """The pattern of the address, never the address itself: that one may hold the number of a case."""
    route = request.scope.get("route")
    path = getattr(route, "path", None)
    return f"{request.method} {path}" if isinstance(path, str) and path else "none"


def _family(name: str, about: str, kind: str, rows: Iterable[tuple[dict[str, str], float]]) -> Iterator[str]:
    yield from _head(name, about, kind)
    for labels, value in rows:
        shown = ",".join(f'{label}="{content}"' for label, content in labels.items())
        yield f"{name}{{{shown}}} {value}"


def _head(name: str, about: str, kind: str) -> tuple[str, str]:
    return f"# HELP {name} {about}", f"# TYPE {name} {kind}"
