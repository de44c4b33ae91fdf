"""Copying PostgreSQL with its own pg_dump and pg_restore."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from pluis.backup.content import Content, content_of
from pluis.backup.envelope import BackupError
from pluis.store import Store

ASIDE = "pluis_before_restore"


def dump(store: Store, copy: Path) -> Content:
    """Copy the database to a file; what was in it at that same moment."""
    with store.reading() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        moment = session.scalar(text("select pg_export_snapshot()"))
        _run("pg_dump", store, "--format=custom", "--compress=0", "--no-owner", "--no-privileges",
             f"--snapshot={moment}", f"--file={copy}")  # fmt: skip
        return content_of(session)


@contextmanager
def load(store: Store, copy: Path) -> Iterator[Session]:
    """Put the copy beside what is there and hand it over to be looked at; when anything is wrong, take it away again."""
    _do(
        store,
        f'drop schema if exists "{ASIDE}" cascade',
        f'alter schema public rename to "{ASIDE}"',
        "create schema public",
    )
    try:
        _run("pg_restore", store, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(copy))
        with store.reading() as session:
            yield session
    except BaseException:
        _do(store, "drop schema public cascade", f'alter schema "{ASIDE}" rename to public')
        raise
    _do(store, f'drop schema "{ASIDE}" cascade')


def filled(store: Store) -> bool:
    """Whether there are tables."""
    with store.reading() as session:
        return bool(session.scalar(text("select count(*) from pg_tables where schemaname = 'public'")))


def _do(store: Store, *statements: str) -> None:
    # What is pooled may still hold a transaction, or plans for tables that are gone.
    store.engine.dispose()
    with store.transaction() as session:
        for statement in statements:
            session.execute(text(statement))


def _run(name: str, store: Store, *words: str) -> None:
    program = shutil.which(name)
    if program is None:
        raise BackupError(
            f"{name} is not installed, and PostgreSQL cannot be copied without it. Install the client programs of "
            "PostgreSQL (Debian: postgresql-client), as new as the server."
        )
    url = store.engine.url
    given = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    # In the environment, where other people on this machine cannot read it as they can a command line.
    environment = {**os.environ, **{key: str(value) for key, value in given.items() if value is not None}}
    target = [f"--dbname={url.database}"]
    done = subprocess.run([program, *target, *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BackupError(f"{name} failed: {last}")
