"""A running Pluis for tests: all its processes, on ports of its own, in a home of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped, unused-ignore]

from pluis.settings import ROOT
from pluis.store import Store
from pluis.store.keys import Keys

READY_WITHIN = 100.0
# A word of the command line by which each process is known.
COMMANDS = {"web": "pluis.web.serve", "bot": "bot.serve", "actions": "actions.serve", "courier": "courier"}


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody uses now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def wait_for(what: str, holds: Callable[[], bool], within: float = READY_WITHIN) -> None:
    """Return as soon as it holds; raise AssertionError when it does not in time."""
    until = time.monotonic() + within
    while not holds():
        assert time.monotonic() < until, f"Not within {within:g} s: {what}."
        time.sleep(0.03)


@dataclass
class System:
    """`pluis run --demo` with all that it started."""

    home: Path
    port: int
    bot_port: int
    actions_port: int
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """The address of the web process."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """The database that its processes work on."""
        return f"sqlite:///{self.home / 'pluis.db'}"

    @property
    def log(self) -> str:
        """Everything that the processes said so far."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.home.glob("*.log")))

    def secret(self, name: str) -> str:
        """A secret that Pluis made at its first start."""
        lines = (self.home / "secrets.env").read_text().splitlines()
        return next(line.partition("=")[2] for line in lines if line.startswith(f"{name}="))

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The database of the running system, for a test to look into or to prepare."""
        store = Store(self.database_url, Keys(file=self.home / "keys"))
        try:
            yield store
        finally:
            store.engine.dispose()

    def start(self) -> None:
        """Start all processes and wait until they work."""
        taken = {name: value for name, value in os.environ.items() if not name.startswith("PLUIS_")}
        for name in ("DATABASE_URL", "MAKELEVEL", "MAKEFLAGS"):
            taken.pop(name, None)
        ports = {"PORT": self.port, "BOT_PORT": self.bot_port, "ACTIONS_PORT": self.actions_port}
        env = {
            **taken,
            "PLUIS_HOME": str(self.home),
            "PYTHONPATH": str(ROOT),
            "PLUIS_HOST": "127.0.0.1",
            **{f"PLUIS_{name}": str(port) for name, port in ports.items()},
        }
        # So that a test can see what they leave behind there.
        env["TMPDIR"] = str(self.home / "tmp")
        (self.home / "tmp").mkdir(parents=True, exist_ok=True)
        with (self.home / "screen.log").open("ab") as screen:
            self._process = subprocess.Popen(
                [str(ROOT / ".venv" / "bin" / "pluis"), "run", "--demo"],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=screen,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_until_ready()

    def stop(self) -> None:
        """Ask it to stop as Ctrl-C would; kill what is left."""
        if self._process is None:
            return
        left = self._family()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        _gone, alive = psutil.wait_procs(left, timeout=5)
        for process in alive:
            process.kill()
        self._process = None

    def pid(self, name: str) -> int | None:
        """The process with this name (web, bot, actions, courier); None while it is not running."""
        for process in self._family():
            try:
                if process.status() != psutil.STATUS_ZOMBIE and COMMANDS[name] in " ".join(process.cmdline()):
                    return int(process.pid)
            except psutil.NoSuchProcess:
                continue
        return None

    def kill(self, name: str) -> int:
        """Kill a process with -9; the supervisor will start it anew. Returns its former id."""
        pid = self.pid(name)
        assert pid is not None, f"{name} is not running"
        process = psutil.Process(pid)
        process.kill()
        # Until the supervisor of processes has buried it: its threads may hold the port a moment longer.
        process.wait(10)
        return pid

    def wait_until_ready(self) -> None:
        """Wait until a turn can be answered."""
        try:
            wait_for("Pluis is ready", self._ready)
        except AssertionError as error:
            last = "\n".join(self.log.splitlines()[-25:])
            raise AssertionError(f"{error}\n{last}") from None

    def ready(self) -> bool:
        """Whether every process answers."""
        return self._ready()

    def _ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"pluis run has ended:\n{self.log}"
        if not all(_listens(port) for port in (self.port, self.actions_port, self.bot_port)):
            return False
        try:
            return httpx.get(f"{self.url}/healthz", timeout=20, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def _family(self) -> list[psutil.Process]:
        assert self._process is not None
        try:
            return list(psutil.Process(self._process.pid).children(recursive=True))
        except psutil.NoSuchProcess:
            return []


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
