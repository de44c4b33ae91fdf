"""The demo on each kind of database that is here, for measurements that need no web and no Rasa."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pluis.protocol.read import load_protocol
from pluis.runtime import Runtime
from pluis.settings import ROOT
from pluis.store import Store
from pluis.store.keys import Keys
from tests.support.databases import KEYS, Postgres, Sqlite, settings_for


def each() -> Iterator[tuple[str, Runtime]]:
    """`sqlite` and `postgres`, each with a runtime on a database of its own, which is gone afterwards.

    Says why when one is left out: PostgreSQL must answer at PLUIS_TEST_POSTGRES_URL, or at 127.0.0.1:5432.
    """
    for kind in (Sqlite, Postgres):
        with tempfile.TemporaryDirectory() as home:
            try:
                databases = kind(Path(home))
            except pytest.skip.Exception as none:
                print(none)
                continue
            with databases.copy() as url:
                store = Store(url, Keys(KEYS))
                yield kind.__name__.lower(), Runtime(settings_for(url, Path(home)), store, load_protocol(ROOT / "data"))
                store.engine.dispose()
            databases.close()
