"""The courier: carries messages to people, and sees to it that an escalation which nobody answers climbs its ladder.

Any number of couriers may work on PostgreSQL, one on SQLite. All they know is in the rows: kill one at any moment and
another, or the same one started again, goes on where it was.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from pluis import quiet_log
from pluis.escalation import outbox, reminders
from pluis.escalation.auditor import EVERY
from pluis.escalation.channels import Channels
from pluis.escalation.messages import Writer
from pluis.escalation.moving import MOST, move_due
from pluis.escalation.outbox import LEASE, Parcel
from pluis.escalation.reach import PAUSES
from pluis.escalation.refusals import NotNow, Refused
from pluis.escalation.wake import Waker
from pluis.runtime import Runtime, current
from pluis.store import escalations, outgoing

AT_ONCE = 8  # messages on their way at the same time
REMIND_EVERY = timedelta(minutes=5)
_log = logging.getLogger("pluis.courier")


class Courier:
    """Sweeps, and carries what a sweep took in threads of its own: a slow mail server keeps nobody else waiting."""

    def __init__(
        self,
        runtime: Runtime,
        channels: Channels | None = None,
        lease: timedelta = LEASE,
        pauses: Sequence[float] = PAUSES,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._runtime = runtime
        self._channels = channels or Channels(runtime.settings)
        self._write = Writer(runtime)
        self._lease, self._pauses, self._clock = lease, pauses, clock
        self._pool = ThreadPoolExecutor(AT_ONCE, "courier")
        self._busy: set[Future[None]] = set()
        self._waker = Waker(runtime.store)
        self._stop = threading.Event()
        self._reminded: datetime | None = None

    def run(self) -> None:
        """Sweep at every wake-up, and once a second, until asked to stop."""
        while not self._stop.is_set():
            more = False
            try:
                more = self.sweep(self._clock())
            except SQLAlchemyError as error:
                _log.error("a sweep failed and is tried again: %s", type(error).__name__)
            if not more:
                self._waker.wait(EVERY)
        self.close()

    def stop(self) -> None:
        """Ask it to stop after what it is doing now. Safe in a signal handler."""
        self._stop.set()
        self._waker.nudge()

    def close(self) -> None:
        """Let go of threads and sockets; messages on their way are waited for."""
        self._pool.shutdown()
        self._waker.close()

    def settle(self) -> None:
        """Wait until all that was taken has been brought, or not."""
        for future in list(self._busy):
            future.result()

    def sweep(self, now: datetime) -> bool:
        """Move and take what is due. Returns whether there is more to do at once."""
        store = self._runtime.store
        if self._reminded is None or now - self._reminded >= REMIND_EVERY:
            self._reminded = now
            with store.transaction() as session:
                reminders.write(session, self._runtime.protocol, self._channels, now)
        with store.reading() as session:
            late = escalations.any_due(session, now)
            waiting = late or outgoing.any_waiting(session, now)
        moved = move_due(self._runtime, now) if late else 0
        self._busy = {future for future in self._busy if not future.done()}
        free = AT_ONCE - len(self._busy)
        taken, parcels = 0, list[Parcel]()
        if free and waiting:
            with store.transaction() as session:
                taken, parcels = outbox.take(session, self._channels, self._write, now, free, self._lease)
        for parcel in parcels:
            self._busy.add(self._pool.submit(self._carry, parcel))
        # With all hands full, the first one that comes back wakes us; but what moves needs no hands.
        return moved == MOST or (len(parcels) < free and moved + taken > 0)

    def _carry(self, parcel: Parcel) -> None:
        """Send one message outside any transaction, then record what became of it."""
        error, final, begun = "", False, time.perf_counter()
        try:
            self._channels.send(parcel.channel, parcel.address, parcel.message)
        except NotNow as reason:
            error = str(reason)
        except Refused as reason:
            error, final = str(reason), True
        except Exception as reason:
            # A fault of ours: it counts as a failed attempt, so that the next person is told in the end.
            error = str(NotNow("fault", type(reason).__name__))
        end = None
        try:
            with self._runtime.store.transaction() as session:
                if error:
                    outbox.not_sent(session, parcel, error, final, self._clock(), self._pauses)
                else:
                    outbox.sent(session, parcel, self._clock())
                    if line := outbox.line_of(session, parcel, self._clock()):
                        end = self._runtime.access_log.add(session, [line])
        except SQLAlchemyError as reason:
            # Not recorded: when the lease ends it is sent once more, under the same id.
            _log.error("message %s: outcome not recorded: %s", parcel.message.key, type(reason).__name__)
        else:
            if end is not None:
                self._runtime.access_log.noted.move(end)
        _log.info(
            "message",
            extra={
                "delivery": parcel.message.key,
                "outcome": "sent" if not error else "refused" if final else "not_sent",
                "ms": round((time.perf_counter() - begun) * 1000, 1),
            },
        )
        self._waker.nudge()


def main() -> None:
    """Work until told to stop."""
    quiet_log.begin("courier")
    runtime = current()
    channels = Channels(runtime.settings)
    channels.prepare()
    courier = Courier(runtime, channels)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: courier.stop())
    courier.run()


if __name__ == "__main__":
    main()
