"""Figures for operations in the text format of Prometheus: counts and times, never a name or a word of anybody."""

import hmac
from contextlib import suppress

import httpx
from fastapi import APIRouter, Request, Response

from pluis.access.slowing import is_loopback
from pluis.counting import Counter, Histogram, family
from pluis.settings import Settings
from pluis.store import figures
from pluis.web.problems import Problem
from pluis.web.who import CurrentRuntime, address_of, now

router = APIRouter(tags=["operations"])
TYPE = "text/plain; version=0.0.4; charset=utf-8"


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
        *family("pluis_escalations_open", "Alerts without a decision.", "gauge",
                 [({"level": level, "state": state}, count) for (level, state), (count, _) in sorted(alerts.items())]),
        *family("pluis_escalations_late", "Alerts whose answer or decision is late.", "gauge",
                 [({"level": level, "state": state}, late) for (level, state), (_, late) in sorted(alerts.items())]),
        *family("pluis_deliveries", "Messages, by what they are and how they stand.", "gauge",
                 [({"kind": kind, "state": state}, count) for (kind, state), count in sorted(messages.items())]),
        *family("pluis_queue_depth", "What waits to be done now.", "gauge",
                 [({"queue": queue}, count) for queue, count in sorted(waiting.items())]),
    ]  # fmt: skip
    return Response("\n".join(lines) + "\n" + _of_actions(runtime.settings), media_type=TYPE)


def _of_actions(settings: Settings) -> str:
    """What the action server beside this web process counts: services and the finder of signals. Empty when it is away."""
    with suppress(httpx.HTTPError):
        answer = httpx.get(f"http://127.0.0.1:{settings.actions_port}/metrics", timeout=1, trust_env=False)
        return answer.text if answer.status_code == 200 else ""
    return ""


def route_of(request: Request) -> str:
    """The pattern of the address, never the address itself: that one may hold the number of a case."""
    route = request.scope.get("route")
    path = getattr(route, "path", None)
    return f"{request.method} {path}" if isinstance(path, str) and path else "none"
