"""Bring a database to the newest migration."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine

from pluis.store.keys import Keys

SEALED = "0007"
"""The revision that seals what is said about people."""


def upgrade(url: str, keys: Keys | None = None) -> None:
    """Runs every migration that this database has not had. Safe to repeat.

    `keys` are needed by a database with texts in it from before they were sealed; KeysError when they are not there.
    """
    before = _revision(url)
    command.upgrade(_config(url, keys), "head")
    if before is not None and before < SEALED:
        _forget(url)


def downgrade(url: str, keys: Keys | None, revision: str) -> None:
    """Takes a database back to an earlier revision."""
    command.downgrade(_config(url, keys), revision)


def _revision(url: str) -> str | None:
    """The revision of a database; None for one without tables."""
    with _connection(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _forget(url: str) -> None:
    """Write the whole database anew, so that its files no longer hold what was there before it was sealed."""
    with _connection(url) as connection:
        connection.exec_driver_sql("VACUUM" if connection.dialect.name == "sqlite" else "VACUUM FULL")
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _config(url: str, keys: Keys | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes.update(url=url, keys=keys)
    return config
