"""Several units of Pluis on one PostgreSQL, as `compose.yaml` starts them, of which any process is killed with -9."""

from __future__ import annotations

import logging
import os
import random
import socket
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType

import httpx

from pluis.settings import ROOT
from tests.support.chaos import FORKS, Relay, _be
from tests.support.databases import KEYS
from tests.support.quiet import Message, answer, open_message
from tests.support.system import free_ports, wait_for

KINDS = ("web", "bot", "actions", "courier")
STEADY = 1.5
"""Seconds that a process has worked before it is killed: killed while it starts, nothing is tested."""
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"


def _relay(bot_port: int, actions_port: int) -> None:
    """The process that stands where Rasa stands."""
    os.setsid()
    logging.disable()
    Relay(bot_port, actions_port)
    threading.Event().wait()


@dataclass
class Units:
    """`count` units on `database_url`; with `rasa` the real one, else what takes its place in a second."""

    home: Path
    database_url: str
    count: int
    rasa: bool = False
    kills: Counter[str] = field(default_factory=Counter)
    _running: dict[tuple[str, int], BaseProcess | subprocess.Popen[bytes]] = field(default_factory=dict)
    _up_since: dict[tuple[str, int], float] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Units:
        ports = free_ports(3 * self.count)
        self._ports = {
            (kind, unit): ports[3 * unit + place]
            for unit in range(self.count)
            for place, kind in enumerate(("web", "bot", "actions"))
        }
        self._env = {name: value for name, value in os.environ.items() if not name.startswith("PLUIS_")} | {
            "DATABASE_URL": self.database_url, "PLUIS_SECRET": "s" * 40, "PLUIS_CHANNEL_KEY": "k" * 40,
            "PLUIS_LOG_KEY": "l" * 40, "PLUIS_KEYS": KEYS, "PLUIS_DEMO": "1",
        }  # fmt: skip
        for unit in range(self.count):
            (self.home / f"unit{unit}").mkdir()
            for kind in KINDS:
                self._start(kind, unit)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.calm()
        for name in list(self._running):
            self._end(name)

    @property
    def urls(self) -> list[str]:
        """Where the units are."""
        return [f"http://127.0.0.1:{self._ports['web', unit]}" for unit in range(self.count)]

    @property
    def log(self) -> Path:
        """What all processes said."""
        return self.home / "units.log"

    def wait_until_up(self) -> None:
        """Wait until every process works."""
        wait_for("all units are up", lambda: all(self._up(name) for name in self._running), 300)

    def rage(self, times: int, seed: int) -> None:
        """From now on kill processes at random moments and start them again, each kind `times` times or more."""
        chance = random.Random(seed)

        def go() -> None:
            while not self._stop.wait(chance.uniform(0.1, 0.6)) and not self.enough(times):
                steady = [name for name in self._running if self._up(name, STEADY)]
                fewest = min((self.kills[kind] for kind, _ in steady), default=0)
                rare = [name for name in steady if self.kills[name[0]] == fewest]
                if rare:
                    name = chance.choice(rare)
                    self._end(name)
                    self.kills[name[0]] += 1
                    self._start(*name)

        self._thread = threading.Thread(target=go, daemon=True)
        self._thread.start()

    def enough(self, times: int) -> bool:
        """Whether each kind was killed so often."""
        return all(self.kills[kind] >= times for kind in KINDS)

    def calm(self) -> None:
        """No more killing; what was killed last is up again."""
        self._stop.set()
        if hasattr(self, "_thread"):
            self._thread.join()

    def _start(self, kind: str, unit: int) -> None:
        ports = {f"PLUIS_{which.upper()}_PORT": str(self._ports[which, unit]) for which in ("bot", "actions")}
        home = self.home / f"unit{unit}"
        env = self._env | ports | {"PLUIS_PORT": str(self._ports["web", unit]), "PLUIS_HOME": str(home)}
        if kind == "bot" and self.rasa:
            with self.log.open("ab") as log:
                self._running[kind, unit] = subprocess.Popen(
                    [BOT_PYTHON, "-m", "bot.serve"], cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
                )
            return
        if kind == "bot":
            made = FORKS.Process(
                target=_relay, args=(self._ports["bot", unit], self._ports["actions", unit]), daemon=True
            )
        else:
            made = FORKS.Process(target=_be, args=(kind, env, self.log, []), daemon=True)
        made.start()
        self._running[kind, unit] = made

    def _end(self, name: tuple[str, int]) -> None:
        process = self._running[name]
        process.kill()
        process.wait() if isinstance(process, subprocess.Popen) else process.join()
        self._up_since.pop(name, None)

    def _up(self, name: tuple[str, int], steady: float = 0.0) -> bool:
        if name[0] != "courier":
            with socket.socket() as probe:
                probe.settimeout(0.5)
                if probe.connect_ex(("127.0.0.1", self._ports[name])) != 0:
                    return False
        return time.monotonic() - self._up_since.setdefault(name, time.monotonic()) >= steady


class Counselor:
    """Talks to whichever unit, and sends each message until it is answered. `acknowledged`: (debrief, id, words)."""

    def __init__(self, units: Units, username: str, seed: int) -> None:
        self._urls, self._chance = units.urls, random.Random(seed)
        self._http = httpx.Client(timeout=20, trust_env=False)
        signed = self._until("/api/session", {"username": username, "password": f"demo-{username}"})
        self._http.headers["Authorization"] = f"Bearer {signed['token']}"
        self.language = str(signed["user"]["language"])
        self.acknowledged: list[tuple[str, str, str]] = []
        self.refused = 0

    def begin(self, case: int, mode: str) -> tuple[str, Message | None]:
        """A new debrief: its id, and the open question."""
        begun = self._until("/api/debriefs", {"case_id": case, "mode": mode})
        return str(begun["id"]), open_message(begun["messages"])

    def say(self, debrief: str, question: Message, words: str | None = None) -> Message | None:
        """Answer as on a quiet visit, or with these words. Returns the next question, None at the end."""
        words = words or answer(question, self.language, {})
        id = f"{debrief[:8]}-{len(self.acknowledged)}"
        told = self._until(f"/api/debriefs/{debrief}/messages", {"text": words, "client_id": id})
        self.acknowledged.append((debrief, id, words))
        return open_message(told["messages"]) if told["state"] == "open" else None

    def _until(self, path: str, body: dict[str, object]) -> dict[str, object] | dict[str, list[Message]]:
        until, last = time.monotonic() + 200, ""
        while time.monotonic() < until:
            try:
                got = self._http.post(self._chance.choice(self._urls) + path, json=body)
                if got.status_code in (200, 201):
                    return dict(got.json())
                last = got.text
            except httpx.HTTPError as error:
                last = type(error).__name__
            self.refused += 1
            time.sleep(0.15)
        raise AssertionError(f"{path} was never answered: {last}")

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()
