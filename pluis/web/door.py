"""Around the whole application: a number and a log line for each request, and a polite end when the process must stop."""

import asyncio
import logging
import secrets
import time
from contextlib import suppress

from fastapi import FastAPI, Request
from starlette.types import Message, Receive, Scope, Send

from pluis import quiet_log
from pluis.web import guard, metrics
from pluis.web.app import answer
from pluis.web.problems import Problem

log = logging.getLogger("pluis.web")
BACK_IN = 5
"""Seconds after which whoever is refused may try again."""
# Asked all the time, and of no turn.
UNLOGGED = frozenset({"GET /healthz", "GET /metrics", "GET /live", "none"})


class Door:
    """Lets requests in until it closes; `busy` is how many are being answered, those that only listen not counted."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.busy = 0
        self._closed = asyncio.Event()

    def close(self) -> None:
        """From now on nobody comes in; who is being answered is answered, and who only listens is let go."""
        self._closed.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"] == "/live" and not self._closed.is_set():
            await self.app(scope, self._until_closed(receive), send)
            if self._closed.is_set():
                with suppress(RuntimeError):  # gone already
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            self.busy += 1
            try:
                await (self._refuse if self._closed.is_set() else self._logged)(scope, receive, send)
            finally:
                self.busy -= 1

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = Problem(503, "closing", extra={"wait": BACK_IN})
        refused = await asyncio.to_thread(answer, Request({**scope, "app": self.app}, receive), problem)
        guard.dress(scope["path"], refused.headers)
        await refused(scope, receive, send)

    async def _logged(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with quiet_log.about(request=secrets.token_hex(4)):
            try:
                await self.app(scope, receive, noted)
            finally:
                route = metrics.route_of(Request(scope))
                if route not in UNLOGGED:
                    took = round((time.perf_counter() - begun) * 1000, 1)
                    log.info("request", extra={"route": route, "status": status, "ms": took})

    def _until_closed(self, receive: Receive) -> Receive:
        async def wait() -> Message:
            closed, heard = asyncio.ensure_future(self._closed.wait()), asyncio.ensure_future(receive())
            done, left = await asyncio.wait((closed, heard), return_when=asyncio.FIRST_COMPLETED)
            for one in left:
                one.cancel()
            return await heard if heard in done else {"type": "http.disconnect"}

        return wait
