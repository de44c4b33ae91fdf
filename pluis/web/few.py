"""A few at a time: for what works so hard that many at once would leave no thread and no memory to anybody else.

Whoever has to wait for a turn waits in no thread.
"""

import functools
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

P = ParamSpec("P")
R = TypeVar("R")
AT_ONCE = 2  # to compare a password takes 64 MiB and, on a slow core, a third of a second

_limiter: RunVar[anyio.CapacityLimiter] = RunVar("few")


def few(endpoint: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """An endpoint of which only a few run at the same time."""

    @functools.wraps(endpoint)
    async def limited(*given: P.args, **named: P.kwargs) -> R:
        return await anyio.to_thread.run_sync(functools.partial(endpoint, *given, **named), limiter=_of_this_loop())

    return limited


def _of_this_loop() -> anyio.CapacityLimiter:
    try:
        return _limiter.get()
    except LookupError:
        _limiter.set(anyio.CapacityLimiter(AT_ONCE))
        return _limiter.get()
