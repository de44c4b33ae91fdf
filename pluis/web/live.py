"""Live updates: browsers hear that something changed, and fetch what they may see."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool

from pluis.runtime import Runtime
from pluis.store.access import EmergencyAccess
from pluis.store.escalations import EscalationEvent
from pluis.web.who import CurrentAccount

router = APIRouter()
EVERY = 0.4  # seconds between two looks; one look serves all who listen
HEARTBEAT = 15.0


class Changes:
    """Watches the log of all escalations while somebody listens. Other processes write to it as well."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._changed = asyncio.Condition()
        self._newest = 0
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._newest = await run_in_threadpool(self._look)
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def wait(self, known: int) -> int:
        """Returns the newest number once it is above `known`, or `known` after a heartbeat."""
        async with self._changed:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait_for(lambda: self._newest > known), HEARTBEAT)
            return self._newest

    def newest(self) -> int:
        return self._newest

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                newest = await run_in_threadpool(self._look)
            except Exception:
                # A database that is away for a moment must not end the updates for good.
                continue
            if newest > self._newest:
                async with self._changed:
                    self._newest = newest
                    self._changed.notify_all()

    def _look(self) -> int:
        with self._runtime.store.reading() as session:
            events = select(func.coalesce(func.max(EscalationEvent.id), 0)).scalar_subquery()
            emergencies = select(func.coalesce(func.max(EmergencyAccess.id), 0)).scalar_subquery()
            return session.scalar(select(events + emergencies)) or 0


@router.get("/live", include_in_schema=False)
async def live(request: Request, _account: CurrentAccount) -> StreamingResponse:
    changes: Changes = request.app.state.changes

    async def stream() -> AsyncIterator[str]:
        known = changes.newest()
        yield "retry: 1000\n\n"
        while not await request.is_disconnected():
            newest = await changes.wait(known)
            yield "event: changed\ndata: {}\n\n" if newest > known else ": still here\n\n"
            known = newest

    return StreamingResponse(stream(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
