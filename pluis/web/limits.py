"""How much one account may ask for, and how large and how slow a request may be.

A bucket for each account and kind of request: full at first, emptied by requests, filled again with time. Kept in this
process alone: with several web processes each allows as much.
"""

import asyncio
import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 256 * 1024
SLOWEST = 30.0  # seconds within which the whole body has to be here
Kind = Literal["message", "search", "export", "other"]
EXPORTS = re.compile(r"\.(pdf|json|md|csv)$|/export$")
_MESSAGES = ("/messages", "/say", "/chat", "/ask")
_MOST_BUCKETS = 20_000


@dataclass(frozen=True)
class Rate:
    """`burst` requests at once, and after that `per_second`."""

    burst: int
    per_second: float


# Above what one person does in a hurry: a debrief is 40 messages in six minutes, and a phone that was without a line
# sends all that it kept at once. Below what empties a database or keeps everybody else waiting.
RATES: dict[Kind, Rate] = {
    "message": Rate(120, 2),
    "search": Rate(30, 0.5),
    "export": Rate(20, 0.2),
    "other": Rate(600, 10),
}
SHARED = 50  # demo accounts are for whoever comes by, so there each allows this many times as much


class Limits:
    """What each account still may ask for."""

    def __init__(self, shared: bool = False) -> None:
        self._times = SHARED if shared else 1
        self._buckets: OrderedDict[tuple[int, Kind], tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, account_id: int, kind: Kind, now: float | None = None) -> float:
        """Take one request from the bucket: 0, or the seconds until there is one, of a clock that only goes forward."""
        now = time.monotonic() if now is None else now
        burst, per_second = RATES[kind].burst * self._times, RATES[kind].per_second * self._times
        with self._lock:
            left, at = self._buckets.get((account_id, kind), (float(burst), now))
            left = min(left + (now - at) * per_second, burst)
            missing = max(1 - left, 0.0)
            self._buckets[account_id, kind] = (left if missing else left - 1, now)
            self._buckets.move_to_end((account_id, kind))
            if len(self._buckets) > _MOST_BUCKETS:
                self._buckets.popitem(last=False)
        return missing / per_second


def kind_of(method: str, route: str) -> Kind:
    """Which bucket a request is taken from; `route` is the address with the names of its parts."""
    if "search" in route:
        return "search"
    if method == "POST":
        return "message" if route.endswith(_MESSAGES) else "other"
    return "export" if EXPORTS.search(route) else "other"


class Bodies:
    """Refuses a body that is too large, said beforehand or not, or that takes too long to arrive.

    The refusal is raised where the body is read, so that it is answered like any other error.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises HTTPException 413 or 408 in whoever reads the body."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        got, whole = 0, False
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        until = asyncio.get_running_loop().time() + SLOWEST

        async def measured() -> Message:
            nonlocal got, whole
            if not said.isdigit() or int(said) > MOST_BYTES:
                raise HTTPException(413)
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408) from None
            got += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if got > MOST_BYTES:
                raise HTTPException(413)
            return message

        await self._app(scope, measured, send)
