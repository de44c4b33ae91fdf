"""What of a request goes into the access log: one line for each file that it touched, written before the answer goes out.

The checks of rights say what was touched and on what ground (`pluis.access.trail`); the rest is known here.
Everything that a signed-in person asks for is logged, unless it stands in QUIET.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from pluis.access.log import Line, by
from pluis.access.trail import Touched
from pluis.store.people import Account
from pluis.web.limits import EXPORTS
from pluis.web.who import address_of, now, runtime_of, token_of

# No data of anybody: files, health, the number that says that something changed, the choice of a language.
QUIET = frozenset({
    "/healthz", "/metrics", "/live", "/static", "/language", "/api/openapi.json", "/api/session", "/sign-out", "",
})  # fmt: skip
# Looked at again and again while one works: logged once per sign-in for each file that is seen there.
# What goes through a debrief turn by turn is recorded in the debrief itself.
ONCE = frozenset({
    "/", "/say", "/inbox", "/inbox/list", "/team", "/training", "/api/cases", "/api/chat", "/api/escalations",
    "/debriefs/{debrief_id}", "/debriefs/{debrief_id}/part", "/debriefs/{debrief_id}/say",
    "/api/debriefs/{debrief_id}/messages", "/api/debriefs/{debrief_id}/conversation",
})  # fmt: skip
# A debrief begins: the assistant reads what earlier visits left, on behalf of whoever begins it.
BEGINS = frozenset({"/api/debriefs", "/cases/{case_id}/debriefs"})
_MOST_SEEN = 20_000
_PROGRAMS = re.compile(r"curl|python|httpx|okhttp|java|postman|wget", re.I)
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
             ("Safari", "Safari"))  # fmt: skip


class Once:
    """What was logged already for one sign-in. Forgotten when the process ends: then it is logged once more."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, ...], None] = OrderedDict()

    def first(self, *key: str) -> bool:
        """Whether this was never asked before."""
        known = key in self._seen
        self._seen[key] = None
        self._seen.move_to_end(key)
        if len(self._seen) > _MOST_SEEN:
            self._seen.popitem(last=False)
        return not known


async def record(request: Request, status: int, touched: list[Touched]) -> None:
    """Write down what a request that was answered with this status touched. Raises LogAway."""
    found = lines(request, status, touched, request.app.state.once, now())
    if found:
        await run_in_threadpool(runtime_of(request).access_log.record, found)


def lines(request: Request, status: int, touched: list[Touched], once: Once, moment: datetime) -> list[Line]:
    """The lines of one request that was answered with this status. Nothing about whoever is not signed in."""
    account: Account | None = getattr(request.state, "account", None)
    route = route_of(request)
    if not touched and (account is None or route in QUIET):
        return []
    outcome = "ok" if status < 400 else "refused" if status in (401, 403) else "failed"
    base = Line(
        at=moment, action=action_of(request.method, route), object="page", route=route,
        address=address_of(request), device=device_of(request.headers.get("user-agent", "")),
        outcome=outcome, **by(account),  # type: ignore[arg-type]
    )  # fmt: skip
    token = token_of(request) or ""
    found = [
        _line(base, one)
        for one in distinct(touched) or [Touched("page", "")]
        if _new(once, token, route, one) or outcome != "ok" or not one.allowed or route not in ONCE
    ]
    if route in BEGINS and outcome == "ok" and found:
        found.append(_assistant(found[0]))
    return found


def distinct(touched: Iterable[Touched]) -> list[Touched]:
    """One for each file, the most particular one: a debrief goes before the case that it belongs to."""
    latest: dict[tuple[str, str], Touched] = {}
    for one in touched:
        key = ("case", str(one.case_id)) if one.case_id is not None else (one.object, one.object_id)
        known = latest.get(key)
        latest[key] = one if known is None else _one_of(known, one)
    return list(latest.values())


def _one_of(known: Touched, one: Touched) -> Touched:
    """A refusal before what is allowed, a part of a case before the case, then the later one; with the ground of either."""
    rank = (not one.allowed, one.object != "case") >= (not known.allowed, known.object != "case")
    chosen, other = (one, known) if rank else (known, one)
    return chosen if chosen.ground != "none" else replace(chosen, ground=other.ground)


def _new(once: Once, token: str, route: str, one: Touched) -> bool:
    return once.first(token, one.object, one.object_id or route)


def _line(base: Line, one: Touched) -> Line:
    return replace(
        base, object=one.object, object_id=one.object_id, case_id=one.case_id, ground=one.ground,
        to_id=one.to_id, account_id=base.account_id or one.by_id,
        outcome="refused" if not one.allowed else base.outcome,
        action=one.object if one.object in ("sign_in", "sign_out") else base.action,
    )  # fmt: skip


def _assistant(line: Line) -> Line:
    """The same file, read by the assistant."""
    return replace(
        line, actor="assistant", account_id=None, who="", role="", on_behalf_of_id=line.account_id, action="read",
        object="case", object_id=str(line.case_id or ""), address="", device="",
    )  # fmt: skip


def route_of(request: Request) -> str:
    """The address with the names of its parts instead of their values; empty for what leads nowhere."""
    route = request.scope.get("route")
    return str(getattr(route, "path", ""))


def action_of(method: str, route: str) -> str:
    """read | list | search | export | change."""
    if "search" in route:
        return "search"
    if method not in ("GET", "HEAD"):
        return "change"
    if EXPORTS.search(route):
        return "export"
    return "list" if route in ONCE and "{" not in route else "read"


def device_of(agent: str) -> str:
    """The kind of device and program, no more: `phone, Firefox`."""
    if not agent or _PROGRAMS.search(agent):
        return "program"
    kind = "phone" if "Mobi" in agent else "tablet" if "iPad" in agent or "Tablet" in agent else "computer"
    return f"{kind}, {next((name for sign, name in _BROWSERS if sign in agent), 'browser')}"
