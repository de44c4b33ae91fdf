"""The same debrief from many sides at once, and a clock that goes back."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from pluis.access import signing_in
from pluis.protocol.read import Protocol
from pluis.runtime import Runtime
from pluis.signals.finder import Finder
from pluis.store import Store
from pluis.store.cases import Case
from pluis.web.app import create_app
from tests.attack.conftest import Tried
from tests.support.api import Client, check_problem
from tests.support.databases import Sqlite, settings_for

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient


def test_two_counselors_and_many_tabs(counselor: Client, stranger: Client, tried: Tried) -> None:
    """Ten tabs of one counselor and a stranger answer the same question of one debrief at once"""
    visit = counselor.begin()
    question = str(visit.go_to("C1")["key"])
    before = visit.said()
    texts = [f"Verhaal {number}: hij was rustig." for number in range(10)]
    # Another attack may have left the stranger with the other language.
    language = stranger.get("/api/session")["language"]

    def send(text: str) -> list[int]:
        foreign = stranger.http.post(visit.path, json={"text": f"vreemd {text}"})
        check_problem(foreign, 403, "not_yours", language)
        return [visit.post(text, client_id=text, question=question).status_code for _ in range(2)]

    with ThreadPoolExecutor(10) as tabs:
        replies = list(tabs.map(send, texts))

    assert replies == [[200, 200]] * 10
    assert sorted(visit.said()) == sorted([*before, *texts])
    assert len([a for a in visit.whole()["answers"] if a["key"] == question]) == 1
    visit.finish_one()
    tried(30)


@pytest.fixture
def app(tmp_path: Path, protocol: Protocol, finder: Finder) -> Iterator[tuple[Runtime, TestClient]]:
    """The web alone, on a database of its own; the assistant is away. Not a demo: limits are those of real work."""
    databases = Sqlite(tmp_path)
    with databases.copy() as url:
        settings = settings_for(url, tmp_path).model_copy(update={"demo": False, "bot_port": 1})
        store = Store.of(settings)
        runtime = Runtime(settings, store, protocol)
        runtime.__dict__["finder"] = finder
        with TestClient(create_app(runtime), base_url="http://127.0.0.1", raise_server_exceptions=False) as http:
            with store.transaction() as session:
                case = session.scalars(select(Case).where(Case.number == "P-1001")).one()
                token = signing_in.start(session, case.counselor, datetime.now(UTC))
            http.headers["Authorization"] = f"Bearer {token}"
            http.headers["X-Case"] = str(case.id)
            yield runtime, http
        store.engine.dispose()


@pytest.mark.slow
def test_the_clock_goes_back(app: tuple[Runtime, TestClient], tried: Tried) -> None:
    """The clock set back three hours in the middle of a debrief: order and log hold, nothing is lost"""
    _runtime, http = app
    now = datetime.now(UTC)
    with time_machine.travel(now, tick=True) as clock:
        begun = http.post("/api/debriefs", json={"case_id": int(http.headers["X-Case"]), "mode": "visit"}).json()
        path = f"/api/debriefs/{begun['id']}"
        for number in range(6):
            if number == 3:
                clock.move_to(now - timedelta(hours=3))
            got = http.post(f"{path}/messages", json={"text": f"Verhaal {number}.", "client_id": str(number)})
            assert got.status_code == 503
            assert got.json()["kept"], "the assistant is away, the words are not"
        said = [m["text"] for m in http.get(f"{path}/conversation").json()["messages"] if m["from"] == "you"]
    assert said == [f"Verhaal {number}." for number in range(6)]
    assert http.get("/api/cases").status_code == 200
    tried(3)


@pytest.mark.slow
def test_in_a_hurry(app: tuple[Runtime, TestClient], tried: Tried) -> None:
    """Searches and exports faster than any person, outside the demo"""
    _runtime, http = app
    case = http.headers["X-Case"]
    searched = [http.post("/search", data={"text": "van"}) for _ in range(40)]
    exported = [http.get(f"/api/cases/{case}/dossier.md") for _ in range(30)]

    for answers in (searched, exported):
        refused = [got for got in answers if got.status_code == 429]
        assert len(refused) >= 8
        assert int(refused[0].headers["retry-after"]) >= 1
        assert refused[0].json()["detail"].startswith("Dit gaat sneller")
    assert http.get("/api/cases").status_code == 200, "the rest of the work goes on"
    tried(70)
