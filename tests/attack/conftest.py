"""What attackers share: people who are signed in, and a table of what was tried and what got through.

`make attack` sets PLUIS_ATTACK: then the slow attacks take part as well, and the table is printed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.support.api import Client
from tests.support.system import System

WHOLE = os.environ.get("PLUIS_ATTACK") == "1"
Tried = Callable[[int], None]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`make test` leaves the slow attacks to `make attack`."""
    slow = [item for item in items if "/attack/" in str(item.path) and item.get_closest_marker("slow") and not WHOLE]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.fixture
def tried(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Tried:
    """Says how many attempts an attack made; its name in the table is the first line of the test's docstring."""
    words = (request.function.__doc__ or request.node.name).strip().splitlines()[0]
    record_property("attack", words)
    return lambda count: record_property("tried", count)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table. An attack that failed its test got through."""
    if not WHOLE:
        return
    rows: dict[str, list[int]] = {}
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        told = dict(report.user_properties)
        if "attack" in told and report.when == "call":
            row = rows.setdefault(told["attack"], [0, 0])
            row[0] += int(told.get("tried", 1))
            row[1] += report.failed
    terminalreporter.section("What was tried, and what got through")
    for words, (count, through) in rows.items():
        terminalreporter.line(f"{count:>6}  {'GOT THROUGH' if through else 'nothing'}  {words}")
    total, through = (sum(row[place] for row in rows.values()) for place in (0, 1))
    terminalreporter.line(f"{total:>6}  attempts; attacks that got through: {through}")


@pytest.fixture
def counselor(system: System, pluis_url: str) -> Iterator[Client]:
    """Whose family is attacked; reads Dutch."""
    with Client(system, "counselor") as client:
        yield client


@pytest.fixture
def stranger(system: System, pluis_url: str) -> Iterator[Client]:
    """A counselor of another team; reads English."""
    with Client(system, "counselor2") as client:
        yield client
