"""A full disk: a second web process on the same database, whose SQLite may not grow by one page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import event

from pluis.protocol.read import Protocol
from pluis.runtime import Runtime
from pluis.store import Store
from pluis.store.keys import Keys
from pluis.web.app import create_app
from tests.support.api import Client, check_problem
from tests.support.databases import settings_for
from tests.support.system import System, free_ports, wait_for

STORY = "Ze vertelde lang over de zomer en over school." * 200


class Disk:
    """Whether the disk of the second web process is full."""

    full = False


@pytest.fixture
def disk() -> Disk:
    """Not full yet."""
    return Disk()


@pytest.fixture
def cramped(system: System, pluis_url: str, protocol: Protocol, disk: Disk) -> Iterator[httpx.Client]:
    """The web application in a thread of this process, on the database and the Rasa of the running system."""
    store = Store(system.database_url, Keys(file=system.home / "keys"))

    def limit(connection: Any, _record: Any, _proxy: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0] if disk.full else 1_000_000_000
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(store.engine, "checkout", limit)
    settings = settings_for(system.database_url, system.home).model_copy(
        update={"bot_port": system.bot_port, "channel_key": system.secret("PLUIS_CHANNEL_KEY")}
    )
    port = free_ports(1)[0]
    app = create_app(Runtime(settings, store, protocol))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for("the second web process listens", lambda: server.started, 20)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(20)
        store.engine.dispose()


@pytest.mark.parametrize("name", ["counselor", "counselor2"])
def test_a_message_that_cannot_be_kept_says_so_and_shows_numbers(
    request: pytest.FixtureRequest, cramped: httpx.Client, disk: Disk, name: str
) -> None:
    person: Client = request.getfixturevalue(name)
    visit = person.begin()
    question = str(visit.go_to("C1")["key"])
    before = visit.said()
    cramped.headers["Authorization"] = f"Bearer {person.token}"
    disk.full = True

    got = cramped.post(visit.path, json={"text": STORY, "client_id": "long-story"})

    problem = check_problem(got, 503, "not_kept", person.language)
    assert problem["kept"] is False
    assert problem["numbers"][0]["number"] == "112"
    assert visit.said() == before
    assert visit.conversation()[-1]["key"] == question

    disk.full = False
    again = cramped.post(visit.path, json={"text": STORY, "client_id": "long-story"})

    assert again.status_code == 200, again.text
    assert visit.said() == [*before, STORY]
    assert [a["text"] for a in visit.whole()["answers"] if a["key"] == question] == [STORY]


def test_reading_goes_on_with_a_full_disk(counselor: Client, cramped: httpx.Client, disk: Disk) -> None:
    visit = counselor.begin()
    disk.full = True
    headers = {"Authorization": f"Bearer {counselor.token}"}

    assert cramped.get(f"/api/debriefs/{visit.id}/conversation", headers=headers).status_code == 200
    assert cramped.get("/api/cases", headers=headers).status_code == 200
