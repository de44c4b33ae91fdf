"""Databases for tests: one of each kind is migrated and filled once, every test gets a copy of its own."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dotenv import dotenv_values
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from pluis.demo import seed
from pluis.settings import ROOT, Settings
from pluis.store.keys import Keys
from pluis.store.migrate import upgrade

# A Tuesday, 15:00 in Amsterdam: within working hours.
NOW = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
VARIABLE = "PLUIS_TEST_POSTGRES_URL"
# A key that seals nothing but tests.
KEYS = "cGx1aXMtdGVzdHMtcGx1aXMtdGVzdHMtcGx1aXMtdDA"
USUAL = "postgresql://postgres@127.0.0.1:5432/postgres"


def settings_for(url: str, home: Path, data: Path = ROOT / "data") -> Settings:
    """Settings of a Pluis in a test, whatever the environment says."""
    return Settings(
        home=home, port=8000, bot_port=5005, actions_port=5055, database_url=url, secret="s" * 40,
        channel_key="k" * 40, keys=KEYS, demo=True, data=data, language="nl", host="127.0.0.1", public_url="http://127.0.0.1",
    )  # fmt: skip


def postgres_url() -> str:
    """Where a PostgreSQL may be that tests may make databases on."""
    given = os.environ.get(VARIABLE) or dotenv_values(ROOT / ".env").get(VARIABLE) or USUAL
    return make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


class Sqlite:
    """Copies of a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._filled = folder / "filled.db"
        fill(f"sqlite:///{self._filled}", folder)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The address of a filled database that nobody else uses."""
        path = self._folder / f"{secrets.token_hex(6)}.db"
        shutil.copy(self._filled, path)
        yield f"sqlite:///{path}"
        for left in self._folder.glob(f"{path.name}*"):
            left.unlink()

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without any table."""
        path = self._folder / f"{secrets.token_hex(6)}.db"
        yield f"sqlite:///{path}"
        for left in self._folder.glob(f"{path.name}*"):
            left.unlink()

    def close(self) -> None:
        """Nothing stays open."""


class Postgres:
    """Copies of a template database on a server."""

    def __init__(self, folder: Path) -> None:
        self._server = make_url(postgres_url())
        self._engine = create_engine(self._server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
        self._template = f"pluis_test_{secrets.token_hex(6)}"
        try:
            self._do(f'create database "{self._template}"')
        except SQLAlchemyError as error:
            self._engine.dispose()
            shown = self._server.render_as_string(hide_password=True)
            reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
            pytest.skip(f"No PostgreSQL to make a database on at {shown} ({reason}). Set {VARIABLE} to one.")
        fill(self._address(self._template), folder)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The address of a filled database that nobody else uses."""
        with self._made(f'template "{self._template}"') as url:
            yield url

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without any table."""
        with self._made("template template0") as url:
            yield url

    def close(self) -> None:
        """Take the template away."""
        self._do(f'drop database "{self._template}"')
        self._engine.dispose()

    @contextmanager
    def _made(self, how: str) -> Iterator[str]:
        name = f"pluis_test_{secrets.token_hex(6)}"
        self._do(f'create database "{name}" {how}')
        try:
            yield self._address(name)
        finally:
            self._do(f'drop database "{name}" with (force)')

    def _do(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))

    def _address(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)


Databases = Sqlite | Postgres


def fill(url: str, home: Path) -> None:
    """Migrate an empty database and put the demo in, as of NOW."""
    upgrade(url, Keys(KEYS))
    seed(settings_for(url, home), NOW)
