"""One turn of a conversation at a time, in the order of arrival, and nobody waits longer than that takes.

A stock lock store looks once a second whether the turn before is done, so that a second message, sent while the first
was being answered, waits a whole second. Here the next one is woken. It holds within one engine, and that is enough:
between engines the action server's database locks the row of the debrief, and a turn is handled once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockStore


class WakingLockStore(LockStore):
    """Locks live as long as somebody holds or awaits them."""

    def __init__(self, endpoint_config: Any = None) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, *_lifetime: float, **_waiting: float
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation; first come, first served."""
        # Kept in a name: the dictionary alone lets it go.
        held = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with held:
            yield self.create_lock(conversation_id)
