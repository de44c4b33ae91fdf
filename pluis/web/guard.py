"""Around every request: times, headers on the way out, and the access log before anything of an answer leaves.

Written for the plain interface of a server: what a library puts between for convenience costs a millisecond a turn.
"""

import time

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pluis.access.log import LogAway
from pluis.access.trail import kept
from pluis.web import assets, logged, metrics
from pluis.web.problems import Problem, problem_response

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class Guard:
    """An answer goes out once the access log has it; when the log is away, a refusal goes out in its place."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        begun, request, refused = time.perf_counter(), Request(scope, receive), False

        async def out(message: Message) -> None:
            if message["type"] == "http.response.start":
                dress(scope["path"], MutableHeaders(scope=message))
            await send(message)

        async def guarded(message: Message) -> None:
            nonlocal refused
            if refused:
                return
            if message["type"] == "http.response.start":
                try:
                    await logged.record(request, message["status"], touched)
                except LogAway:
                    refused = True
                    await problem_response(request, Problem(503, "log_away"))(scope, receive, out)
                    return
            await out(message)

        with kept() as touched:
            try:
                await self._app(scope, receive, guarded)
            except Exception:
                await logged.record(request, 500, touched)
                raise
            finally:
                metrics.REQUESTS.add(metrics.route_of(request), time.perf_counter() - begun)


def dress(path: str, headers: MutableHeaders) -> None:
    """The headers that every answer has, unless the answer itself says otherwise."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    # Files of the pages are kept, for an upgrade gives them another address; the rest is never kept.
    kept_how = assets.FOREVER if path.startswith(f"{assets.address()}/") else "no-cache"
    headers.setdefault("Cache-Control", kept_how if path.startswith("/static/") else "no-store")
