"""All of Pluis as a counselor meets it: sign-in session, text stored, Rasa, detector, transaction, level, reply."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.dialogue.engine import free_port

ROOT = Path(__file__).resolve().parent.parent
STORIES = (
    "de jongste zat rustig te spelen met zijn treinbaan",
    "hij vertelde over school en liet zijn tekening zien",
    "moeder was moe van de nacht maar vrolijk",
    "ze hadden net gegeten en de tafel stond nog vol",
)


class Whole:
    """A signed-in counselor at the JSON API."""

    def __init__(self, port: int) -> None:
        """Sign in."""
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._token = ""
        told = self._call("/api/session", {"username": "counselor", "password": "demo-counselor"})
        self._token = told["token"]
        self._line.request("GET", "/api/cases", headers=self._headers())
        cases = json.loads(self._line.getresponse().read())
        self._case = max(cases, key=lambda case: len(case["people"]))["id"]
        self._debriefs: dict[str, str] = {}

    def begin(self, name: str) -> None:
        """A debrief up to the first question that wants a story."""
        self._line.close()  # idle connections are closed by the server; the next request opens a new one
        told = self._call("/api/debriefs", {"case_id": self._case, "mode": "visit"})
        self._debriefs[name] = told["id"]
        while (question := [m for m in told["messages"] if m["key"]][-1])["buttons"]:
            told = self._say(name, question["buttons"][0]["value"])

    def converse(self, name: str, turns: int) -> list[float]:
        """Milliseconds of each story told; after each the counselor goes back, so that the debrief never ends."""
        self.begin(name)
        spent = []
        for number in range(turns):
            begun = time.perf_counter()
            self.turn(name, number)
            if number % 2 == 0:
                spent.append((time.perf_counter() - begun) * 1000)
        return spent

    def turn(self, name: str, number: int) -> None:
        """A story, and in the next turn back to before it."""
        self._say(name, "terug" if number % 2 else STORIES[number // 2 % len(STORIES)])

    def _say(self, name: str, text: str) -> Any:
        return self._call(f"/api/debriefs/{self._debriefs[name]}/messages", {"text": text})

    def _call(self, path: str, body: object) -> Any:
        self._line.request("POST", path, json.dumps(body), self._headers())
        reply = self._line.getresponse()
        told = json.loads(reply.read())
        if reply.status not in (200, 201):
            raise RuntimeError(f"{path} answered {reply.status} {told}")
        return told

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            **({"Authorization": f"Bearer {self._token}"} if self._token else {}),
        }


@contextlib.contextmanager
def whole(folder: Path, home: Path | None = None) -> Iterator[Callable[[], Whole]]:
    """A running Pluis with demo data in a database of its own, or on the one in `home`."""
    port = free_port()
    environment = {
        **os.environ,
        "PLUIS_PORT": str(port),
        "PLUIS_BOT_PORT": str(free_port()),
        "PLUIS_ACTIONS_PORT": str(free_port()),
        "PLUIS_HOME": str(home or folder / "home"),
        "PLUIS_DEMO": "1",
    }
    environment.pop("DATABASE_URL", None)
    with (folder / "whole.log").open("w") as log:
        process = subprocess.Popen([ROOT / ".venv/bin/pluis", "run"], env=environment, stdout=log, stderr=log)
    try:
        try:
            _wait(port, process)
        except RuntimeError as error:
            error.add_note((folder / "whole.log").read_text()[-2000:])
            raise
        yield lambda: Whole(port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + 180
    while time.monotonic() < limit and process.poll() is None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with contextlib.suppress(OSError):
            line.request("GET", "/healthz")
            if line.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("Pluis did not start.")
