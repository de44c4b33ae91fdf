"""What all tests share: real content, a database of each kind, and a running system that is started at most once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pluis.protocol.read import Protocol, load_protocol
from pluis.runtime import Runtime
from pluis.settings import ROOT
from pluis.signals.finder import Finder
from pluis.store import Store
from pluis.store.keys import Keys
from tests.support.databases import KEYS, Databases, Postgres, Sqlite, settings_for
from tests.support.system import System, free_ports

HERE = Path(__file__).parent
MARKS = {"integration": "integration", "api": "e2e", "crash": "crash"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder."""
    for item in items:
        folder = item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""
        if mark := MARKS.get(folder):
            item.add_marker(mark)
        used = getattr(item, "fixturenames", ())
        if heavy := next((name for name in ("system", "engine") if name in used), None):
            # Two workers share the tests; what takes long to start is started by one of them.
            item.add_marker(pytest.mark.xdist_group(heavy))
        if "system" in used:
            # The first test that needs the system also waits for it to start.
            item.add_marker(pytest.mark.timeout(240))


@pytest.fixture(scope="session")
def protocol() -> Protocol:
    """The real questions, rules and texts."""
    return load_protocol(ROOT / "data")


@pytest.fixture(scope="session")
def finder() -> Finder:
    """The real signal finder."""
    return Finder.load(ROOT / "data")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes databases of one kind, with the demo in them or empty."""
    folder = tmp_path_factory.mktemp(str(request.param))
    made: Databases = Sqlite(folder) if request.param == "sqlite" else Postgres(folder)
    yield made
    made.close()


@pytest.fixture
def store(databases: Databases) -> Iterator[Store]:
    """A migrated database with the demo in it, for one test."""
    with databases.copy() as url:
        store = Store(url, Keys(KEYS))
        yield store
        store.engine.dispose()


@pytest.fixture
def runtime(store: Store, protocol: Protocol, finder: Finder, tmp_path: Path) -> Runtime:
    """What services work with, on the database of this test."""
    url = store.engine.url.render_as_string(hide_password=False)
    made = Runtime(settings_for(url, tmp_path), store, protocol)
    made.__dict__["finder"] = finder
    return made


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """`pluis run --demo` in a home of its own, started when the first test asks for it."""
    web, bot, actions = free_ports(3)
    running = System(tmp_path_factory.mktemp("home"), web, bot, actions)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def pluis_url(system: System) -> str:
    """The address of the running system; it works when a test begins, whatever the test before did."""
    system.wait_until_ready()
    return system.url
