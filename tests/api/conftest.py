"""People who are signed in at the running system."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.api import Client
from tests.support.system import System


@pytest.fixture
def counselor(system: System, pluis_url: str) -> Iterator[Client]:
    """A counselor who reads Dutch."""
    with Client(system, "counselor") as client:
        yield client


@pytest.fixture
def counselor2(system: System, pluis_url: str) -> Iterator[Client]:
    """A counselor of another team, who reads English."""
    with Client(system, "counselor2") as client:
        yield client


@pytest.fixture
def supervisor(system: System, pluis_url: str) -> Iterator[Client]:
    """The supervisor of the first counselor."""
    with Client(system, "supervisor") as client:
        yield client


@pytest.fixture
def supervisor2(system: System, pluis_url: str) -> Iterator[Client]:
    """The supervisor of the second counselor."""
    with Client(system, "supervisor2") as client:
        yield client


@pytest.fixture(params=["nl", "en"])
def person(request: pytest.FixtureRequest) -> Client:
    """A counselor in each language."""
    client: Client = request.getfixturevalue("counselor" if request.param == "nl" else "counselor2")
    return client
