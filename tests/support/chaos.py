"""The road of an alert as real processes, one of which is killed with -9 every moment, and started again."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps, loads
from pathlib import Path
from typing import IO, Any

import httpx

from pluis.settings import ROOT
from tests.support.databases import KEYS

PYTHON = str(ROOT / ".venv" / "bin" / "python")
# The courier as it is, only quicker to take over and to try again than in an organisation.
COURIER = (
    "from datetime import timedelta; from pluis.escalation.courier import Courier; from pluis.runtime import current; "
    "Courier(current(), lease=timedelta(seconds=3), pauses=(0.3,) * 1000).run()"
)


# Processes that take long to start, with the place of their port; they live `steady` seconds at least.
HEAVY = {"web": 0, "actions": 2}


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
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
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
        uvicorn = [
            "-m",
            "uvicorn",
            "--factory",
            "pluis.web.app:create_app",
            "--port",
            str(web),
            "--log-level",
            "warning",
        ]
        self._commands = {
            "web": uvicorn,
            "actions": ["-m", "actions.serve"],
            "mail": ["-m", "tests.support.mailbox", str(mail), str(self.mails)],
            **{f"courier{number}": ["-c", COURIER] for number in range(1, self.couriers + 1)},
        }
        self._log: IO[bytes] = (self.home / "chaos.log").open("ab")
        self._relay = Relay(bot, actions)
        for name in self._commands:
            self.start(name)
        return self

    def __exit__(self, *_: object) -> None:
        self.calm()
        for process in self._running.values():
            process.kill()
            process.wait()
        self._relay.close()
        self._log.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    def start(self, name: str) -> None:
        self._started[name] = time.monotonic()
        self._running[name] = subprocess.Popen(
            [PYTHON, *self._commands[name]], cwd=ROOT, env=self._env, stdin=subprocess.DEVNULL,
            stdout=self._log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def wait_until_up(self) -> None:
        """Wait until web and actions answer."""
        until = time.monotonic() + 60
        for port, path in ((self.ports[0], "/sign-in"), (self.ports[2], "/health")):
            while True:
                assert time.monotonic() < until, (self.home / "chaos.log").read_text(errors="replace")[-3000:]
                with suppress(httpx.HTTPError):
                    httpx.get(f"http://127.0.0.1:{port}{path}", timeout=2, trust_env=False)
                    break
                time.sleep(0.1)

    def rage(self, shortest: float, longest: float) -> None:
        """Kill one process at every random moment from now on, and start it again."""
        chance, first = random.Random(self.seed), list(HEAVY)

        def go() -> None:
            while not self._stop.wait(chance.uniform(shortest, longest)):
                for name, process in list(self._running.items()):
                    if process.poll() is not None:
                        self.start(name)
                # Killed before it ever works, nothing is tested: on a busy machine a start takes seconds.
                # The slow ones die once in any case: they worked before this began.
                ready = [first.pop()] if first else [name for name in self._commands if self._up(name)]
                if not ready:
                    continue
                fewest = min(self.kills[name] for name in ready)
                rare = [name for name in ready if self.kills[name] == fewest]
                name = chance.choice(rare if chance.random() < 0.5 else ready)
                self._running[name].kill()
                self._running[name].wait()
                self.kills[name] += 1
                self._came_up.pop(name, None)
                self.start(name)

        self._thread = threading.Thread(target=go, daemon=True)
        self._thread.start()

    def _up(self, name: str) -> bool:
        """Whether it has worked for a while: since its port answers, or else since it was started."""
        if name not in HEAVY:
            return time.monotonic() - self._started[name] > self.steady
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", self.ports[HEAVY[name]])) != 0:
                self._came_up.pop(name, None)
                return False
        came_up = self._came_up.setdefault(name, time.monotonic())
        # On a busy machine a start takes long; it must also get to work for longer than it took to start.
        return time.monotonic() - came_up > max(self.steady, 2 * (came_up - self._started[name]))

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
        until = time.monotonic() + 90
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
