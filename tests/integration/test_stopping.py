"""Asked to stop, the web process finishes what it is answering, refuses the rest in plain words, and ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import uvicorn

from pluis.runtime import Runtime
from pluis.web.app import create_app
from pluis.web.door import BACK_IN, Door
from pluis.web.serve import Server
from tests.support.system import free_ports, wait_for


class Running:
    """The application on a port, with one address that answers when it is told to."""

    def __init__(self, runtime: Runtime) -> None:
        self.asked, self.may_answer = threading.Event(), threading.Event()
        app, (port,) = create_app(runtime), free_ports(1)

        @app.get("/slow")
        def slow() -> str:
            self.asked.set()
            self.may_answer.wait(60)
            return "answered"

        self.url = f"http://127.0.0.1:{port}"
        door = Door(app)
        config = uvicorn.Config(door, port=port, log_config=None, access_log=False, lifespan="on")
        self.server = Server(config, door)
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()
        wait_for("the web process listens", lambda: self.server.started, 60)

    def stop(self) -> None:
        """As TERM does."""
        self.server.handle_exit(signal.SIGTERM, None)


@pytest.fixture
def running(runtime: Runtime) -> Iterator[Running]:
    made = Running(runtime)
    yield made
    made.may_answer.set()
    made.stop()
    made.thread.join(30)
    assert not made.thread.is_alive()


def test_what_runs_is_finished_and_the_rest_is_refused_in_plain_words(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pluis.web.serve.LONGEST", 60.0)
    with httpx.Client(base_url=running.url, timeout=60, trust_env=False) as http, ThreadPoolExecutor(1) as pool:
        first = pool.submit(http.get, "/slow")
        assert running.asked.wait(30)
        running.stop()
        wait_for("it is refused", lambda: http.get("/api/cases").status_code == 503, 30)

        document = http.get("/api/cases", headers={"Accept-Language": "en"})
        page = http.get("/sign-in", headers={"Accept": "text/html", "Accept-Language": "nl"})
        assert document.headers["Retry-After"] == str(BACK_IN)
        assert document.headers["Content-Type"] == "application/problem+json"
        assert "send it again in a few seconds" in document.json()["detail"]
        assert page.status_code == 503
        assert "Pluis wordt op dit moment vernieuwd" in page.text
        assert running.thread.is_alive()

        running.may_answer.set()
        assert first.result().text == '"answered"'
    running.thread.join(30)
    assert not running.thread.is_alive()


def test_whoever_only_listens_is_let_go(running: Running) -> None:
    with httpx.Client(base_url=running.url, timeout=60, trust_env=False) as http:
        signed = http.post("/api/session", json={"username": "supervisor", "password": "demo-supervisor"}).json()
        with http.stream("GET", "/live", headers={"Authorization": f"Bearer {signed['token']}"}) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("retry")
            running.stop()
            assert list(lines) is not None  # it ends, and whole
    running.thread.join(30)
    assert not running.thread.is_alive()
