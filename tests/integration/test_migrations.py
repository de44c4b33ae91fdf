"""Migrations make the very tables that the models speak of, on each kind of database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from pluis.demo import seed
from pluis.settings import ROOT
from pluis.store import Base, Store
from pluis.store.migrate import upgrade
from pluis.store.people import Account
from tests.support.databases import NOW, Databases, Sqlite, settings_for


def test_an_empty_database_gets_every_table(databases: Databases) -> None:
    with databases.empty() as url:
        upgrade(url)
        store = Store(url)
        tables = set(inspect(store.engine).get_table_names())
        store.engine.dispose()

    assert tables == {*Base.metadata.tables, "alembic_version"}


def test_upgrading_twice_changes_nothing(databases: Databases) -> None:
    with databases.empty() as url:
        upgrade(url)
        upgrade(url)


def test_models_and_migrations_agree(databases: Databases) -> None:
    with databases.empty() as url:
        upgrade(url)
        store = Store(url)
        with store.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            differences = compare_metadata(context, Base.metadata)
        store.engine.dispose()

    assert differences == []


def test_the_demo_is_put_in_once(databases: Databases, tmp_path: Path) -> None:
    with databases.copy() as url:
        store = Store(url)
        with store.reading() as session:
            before = session.query(Account).count()
        seed(settings_for(url, tmp_path), NOW)
        with store.reading() as session:
            assert session.query(Account).count() == before
        store.engine.dispose()


def test_the_database_answers(store: Store) -> None:
    assert store.answers()


def test_units_that_start_at_once_prepare_a_database_once(databases: Databases, tmp_path: Path) -> None:
    if isinstance(databases, Sqlite):
        pytest.skip("Units share a PostgreSQL; a start on SQLite holds its home alone.")
    with databases.empty() as url:
        given = {**os.environ, "DATABASE_URL": url, "PLUIS_HOME": str(tmp_path), "PLUIS_DEMO": "0"}
        command = [sys.executable, "-m", "pluis.cli", "db", "upgrade"]
        units = [subprocess.Popen(command, cwd=ROOT, env=given, stderr=subprocess.PIPE) for _ in range(3)]
        complaints = [unit.communicate(timeout=60)[1].decode() for unit in units]

        assert [unit.returncode for unit in units] == [0, 0, 0], complaints
