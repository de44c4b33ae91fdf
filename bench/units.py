"""Several units of Pluis on one PostgreSQL, all on this one machine: what the database adds, and what a second unit costs.

    .venv/bin/python -m bench --only units

On two cores a second unit shares what the first one had; the figures say whether anything is lost by it. Needs
PostgreSQL at PLUIS_TEST_POSTGRES_URL, or at 127.0.0.1:5432.
"""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bench.many import at_once, memory, of_pluis
from bench.turn import Row
from bench.whole import Whole
from tests.support.databases import Postgres
from tests.support.units import Units

PEOPLE = 32
COUNTS = (1, 2)


def measure(seconds: float) -> list[Row]:
    """A row for each number of units: 32 counselors who never think, spread over them."""
    rows = []
    with tempfile.TemporaryDirectory() as home:
        try:
            databases = Postgres(Path(home))
        except pytest.skip.Exception as none:
            print(none)
            return []
        for count in COUNTS:
            with (
                databases.copy() as url,
                tempfile.TemporaryDirectory() as folder,
                Units(Path(folder), url, count, rasa=True) as units,
            ):
                units.wait_until_up()
                sign_in = map(Whole, itertools.cycle([urlsplit(one).port or 0 for one in units.urls])).__next__
                row = at_once(of_pluis(sign_in), PEOPLE, 0.0, seconds)
                rows.append({"units": count, **row, "memory_mb": memory()})
        databases.close()
    return rows
