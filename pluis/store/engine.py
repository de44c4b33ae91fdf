"""The one way to the database: an engine, and transactions that commit whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session, sessionmaker


class Store:
    """Opens transactions on one database.

    SQLite: WAL, foreign keys on, each write on disk before it counts (synchronous=FULL), writers queue for up to
    ten seconds. A transaction takes the write lock at once (BEGIN IMMEDIATE), so that two of them never both read
    first and then fail to write.
    """

    def __init__(self, url: str) -> None:
        self.sqlite = url.startswith("sqlite")
        options: dict[str, Any] = {"connect_args": {"timeout": 10}} if self.sqlite else {"pool_pre_ping": True}
        self.engine: Engine = create_engine(url, hide_parameters=True, **options)
        if self.sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        self._writing = sessionmaker(self.engine.execution_options(sqlite_begin="IMMEDIATE"), expire_on_commit=False)
        self._reading = sessionmaker(self.engine, expire_on_commit=False, autoflush=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end; any error undoes all of it."""
        with self._writing.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading only: nothing in it is ever committed."""
        with self._reading() as session:
            yield session

    def answers(self) -> bool:
        """Whether the database can be read."""
        with self.reading() as session:
            return bool(session.scalar(text("select 1")) == 1)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: transaction() does, with the lock that it needs.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")
