"""The database pulled away in the middle of a turn: what was answered "kept" is kept, once, and in order."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, select, text

from pluis.store import Store
from pluis.store.cases import Case
from pluis.store.keys import Keys
from tests.attack.conftest import Tried
from tests.support.api import Client, check_problem
from tests.support.chaos import Chaos
from tests.support.databases import KEYS, Postgres
from tests.support.system import free_ports

MESSAGES = 15  # fewer than a debrief asks
KILL = """select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()"""


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[str]:
    """The address of a database on a server, with the demo in it."""
    made = Postgres(tmp_path)
    with made.copy() as url:
        yield url
    made.close()


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_postgresql(postgres: str, tmp_path: Path, tried: Tried) -> None:
    """Every PostgreSQL connection ended again and again while a counselor debriefs"""
    store = Store(postgres, Keys(KEYS))
    with store.reading() as session:
        case = session.scalars(select(Case).where(Case.number == "P-1001")).one().id
    store.engine.dispose()
    killer = create_engine(postgres, isolation_level="AUTOCOMMIT")
    stop, ended = threading.Event(), [0]

    def rage() -> None:
        while not stop.wait(0.07):
            with suppress(Exception), killer.connect() as connection:
                ended[0] += len(connection.execute(text(KILL)).all())

    sent = [f"Verhaal {number}: hij was rustig." for number in range(MESSAGES)]
    troubles = 0
    with Chaos(tmp_path, postgres, 0, free_ports(4)) as chaos:
        chaos.wait_until_up()
        with httpx.Client(base_url=chaos.url, timeout=30, trust_env=False) as http:
            signed = http.post("/api/session", json={"username": "counselor", "password": "demo-counselor"}).json()
            http.headers["Authorization"] = f"Bearer {signed['token']}"
            begun = http.post("/api/debriefs", json={"case_id": case, "mode": "visit"}).json()
            path = f"/api/debriefs/{begun['id']}"
            thread = threading.Thread(target=rage)
            thread.start()
            try:
                for said in sent:
                    until = time.monotonic() + 30
                    while True:
                        got = http.post(f"{path}/messages", json={"text": said, "client_id": said[:12]})
                        if got.status_code == 200:
                            break
                        troubles += 1
                        assert got.status_code == 503, got.text
                        assert got.headers["content-type"] == "application/problem+json"
                        assert got.json()["detail"].endswith(("112.", "waren.", "werkbegeleider.", "opnieuw."))
                        assert time.monotonic() < until, got.text
            finally:
                stop.set()
                thread.join()
            kept = [m["text"] for m in http.get(f"{path}/conversation").json()["messages"] if m["from"] == "you"]
    killer.dispose()
    assert kept == sent
    assert ended[0] > 5
    assert troubles
    tried(ended[0])


@pytest.mark.slow
def test_sqlite(counselor: Client, tried: Tried) -> None:
    """SQLite locked for longer than anybody waits while a counselor sends"""
    visit = counselor.begin()
    visit.go_to("C1")
    before = visit.said()
    with sqlite3.connect(counselor.system.home / "pluis.db", isolation_level=None, timeout=10) as other:
        other.execute("BEGIN IMMEDIATE")
        got = visit.post("Hij was vrolijk.", client_id="locked")
        problem = check_problem(got, 503, "not_kept", "nl")
        other.execute("ROLLBACK")
    other.close()

    assert problem["kept"] is False
    assert "112" in problem["detail"]
    assert visit.said() == before
    visit.say("Hij was vrolijk.", client_id="locked")
    assert visit.said() == [*before, "Hij was vrolijk."]
    tried(1)
