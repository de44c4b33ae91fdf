"""Wake the courier the moment there is something for it, so that nobody waits for its next look.

PostgreSQL: NOTIFY, within the transaction. SQLite: after the commit, a byte to a socket beside the database file.
Either may be missed; the courier looks once a second all the same.
"""

import hashlib
import logging
import select
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from pluis.store import Store
from pluis.store.escalations import WAKE, wake_couriers

LONGEST_PATH = 100  # what a socket address holds
_log = logging.getLogger("pluis.courier")


def wake(session: Session) -> None:
    """Wake the couriers once this transaction commits."""
    url = session.get_bind().engine.url
    if session.info.get(WAKE):
        return
    session.info[WAKE] = True
    if url.get_backend_name() == "sqlite":
        event.listen(session, "after_commit", lambda done: _poke(done, url), once=True)
    else:
        wake_couriers(session)


def address(url: URL) -> str:
    """Where the courier of this SQLite database listens."""
    path = str(Path(url.database or "").resolve()) + ".wake"
    if len(path.encode()) <= LONGEST_PATH:
        return path
    return str(Path(tempfile.gettempdir()) / f"pluis-{hashlib.sha256(path.encode()).hexdigest()[:24]}.wake")


def _poke(session: Session, url: URL) -> None:
    # No courier, or a full queue: it will look by itself.
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, suppress(OSError):
        sender.setblocking(False)
        sender.sendto(b"!", address(url))


class Waker:
    """The courier's ear: `wait` returns when something is waiting, or after so many seconds."""

    def __init__(self, store: Store) -> None:
        self._url = store.engine.url
        self._inner, self._nudge = socket.socketpair()
        self._inner.setblocking(False)
        self._nudge.setblocking(False)
        self._listening: psycopg.Connection | None = None
        self._socket: socket.socket | None = None
        if store.sqlite:
            self._bind()

    def wait(self, seconds: float) -> None:
        """Wait for a wake-up from a transaction, or from `nudge`."""
        if self._url.get_backend_name() == "postgresql":
            self._listen()
        ears = [ear for ear in (self._inner, self._socket, self._listening) if ear is not None]
        try:
            heard, _, _ = select.select(ears, [], [], seconds)
            for ear in heard:
                if isinstance(ear, psycopg.Connection):
                    for _notice in ear.notifies(timeout=0):
                        pass
                else:
                    ear.recv(4096)
        except (psycopg.Error, OSError, ValueError) as error:
            # The database went away: listen anew next time, and meanwhile look once a second.
            _log.warning("the wake-up is lost for a moment: %s", type(error).__name__)
            self._forget()

    def nudge(self) -> None:
        """Wake this courier from one of its own threads, or from a signal."""
        with suppress(OSError):
            self._nudge.send(b"!")

    def close(self) -> None:
        self._forget()
        if self._socket is not None:
            self._socket.close()
        self._inner.close()
        self._nudge.close()

    def _bind(self) -> None:
        path = address(self._url)
        Path(path).unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        try:
            self._socket.bind(path)
        except OSError as error:
            _log.warning("no wake-up, only a look each second: %s", error.strerror)
            self._socket.close()
            self._socket = None

    def _listen(self) -> None:
        if self._listening is not None:
            return
        with suppress(psycopg.Error):
            plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._listening = psycopg.connect(plain, autocommit=True, connect_timeout=3)
            self._listening.execute(f"listen {WAKE}")

    def _forget(self) -> None:
        if self._listening is not None:
            with suppress(psycopg.Error):
                self._listening.close()
        self._listening = None
