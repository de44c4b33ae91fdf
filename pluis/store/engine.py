"""The one way to the database: an engine, and transactions that commit whole or not at all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session, sessionmaker

from pluis.settings import Settings
from pluis.store.keys import Keys

LONGEST_WAIT = 10
"""Seconds that a writer waits for the writers before it (SQLite)."""


class Store:
    """Opens transactions on one database.

    SQLite: WAL, foreign keys on, each write on disk before it counts (synchronous=FULL), writers queue for up to
    ten seconds in their process and as long at the database. A transaction takes the write lock at once (BEGIN
    IMMEDIATE), so that two of them never both read first and then fail to write.

    `keys` open and seal what is said about people (`pluis.store.sealed`); without them only the rest can be read.
    """

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The database of these settings, with its keys."""
        return cls(settings.database_url, keys_of(settings))

    def __init__(self, url: str, keys: Keys | None = None) -> None:
        self.sqlite = url.startswith("sqlite")
        options: dict[str, Any] = (
            {"connect_args": {"timeout": LONGEST_WAIT}}
            if self.sqlite
            else {"connect_args": {"connect_timeout": 5}, "pool_pre_ping": True}
        )
        self._turn = threading.Lock()
        self.engine: Engine = create_engine(url, hide_parameters=True, **options)
        self.keys = keys or Keys()
        # Where column types find them: they see the dialect, and every engine has one of its own.
        self.engine.dialect.keys = self.keys  # type: ignore[attr-defined]
        if self.sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        self._writing = sessionmaker(self.engine.execution_options(sqlite_begin="IMMEDIATE"), expire_on_commit=False)
        self._reading = sessionmaker(self.engine, expire_on_commit=False, autoflush=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end; any error undoes all of it."""
        # Threads that queue here are woken when it is their turn; at SQLite they sleep and try, ever longer, and some
        # never get one. Whoever waits here in vain tries all the same, and hears it from the database.
        queued = self.sqlite and self._turn.acquire(timeout=LONGEST_WAIT)
        try:
            with self._writing.begin() as session:
                yield session
        finally:
            if queued:
                self._turn.release()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading only: nothing in it is ever committed."""
        with self._reading() as session:
            yield session

    def answers(self) -> bool:
        """Whether the database can be read."""
        with self.reading() as session:
            return bool(session.scalar(text("select 1")) == 1)


def keys_of(settings: Settings) -> Keys:
    """The keys that these settings name. Nothing is read before one is needed."""
    return Keys(settings.keys, settings.key_file)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: transaction() does, with the lock that it needs.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")
