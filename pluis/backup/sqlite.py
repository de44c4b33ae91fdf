"""Copying SQLite with its own backup, which takes one consistent moment while others read and write."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from pluis.backup.content import Content, content_of
from pluis.backup.envelope import BackupError
from pluis.store import Store

WAIT = 30.0
"""Seconds that a copy waits for those who write."""


def dump(store: Store, copy: Path) -> Content:
    """Copy the database to a file; what is in it."""
    source = _path(store)
    if not source.is_file():
        raise BackupError(f"There is no database at {source}.")
    with closing(sqlite3.connect(source, timeout=WAIT)) as old, closing(sqlite3.connect(copy)) as new:
        copy.chmod(0o600)
        old.backup(new)
        # One file, without a log beside it.
        new.execute("PRAGMA journal_mode=DELETE")
    with _read(store, copy) as session:
        return content_of(session)


@contextmanager
def load(store: Store, copy: Path) -> Iterator[Session]:
    """Hand over the copy to be looked at; when nothing is wrong with it, put it in the place of the database."""
    with _read(store, copy) as session:
        if session.scalar(text("PRAGMA integrity_check")) != "ok":
            raise BackupError("The database in this backup is damaged. Use another backup.")
        yield session
    _path(store).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _path(store).touch(mode=0o600)
    with closing(sqlite3.connect(copy)) as old, closing(sqlite3.connect(_path(store), timeout=WAIT)) as new:
        new.execute("PRAGMA synchronous=FULL")
        old.backup(new)
    store.engine.dispose()


def filled(store: Store) -> bool:
    """Whether there are tables."""
    if not _path(store).is_file():
        return False
    with closing(sqlite3.connect(_path(store), timeout=WAIT)) as connection:
        return bool(connection.execute("select count(*) from sqlite_master").fetchone()[0])


@contextmanager
def _read(store: Store, copy: Path) -> Iterator[Session]:
    copied = Store(f"sqlite:///{copy}", store.keys)
    try:
        with copied.reading() as session:
            yield session
    finally:
        copied.engine.dispose()


def _path(store: Store) -> Path:
    return Path(store.engine.url.database or "")
