"""Keep processes running: start them, start them again when they die, stop all of them together."""

import ctypes
import json
import logging
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from honcho.environ import parse_procfile
from honcho.process import Popen

from pluis.quiet_log import readable

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
STEADY_AFTER = 30.0
"""Seconds after which a process counts as healthy: its next pause is the first one again."""
PATIENCE = 5.0
"""Seconds that the first process gets to stop, and then all others together, before what is left is killed."""
TOGETHER = 0.1
"""Seconds in which lines gather before they are written: to wake up for each takes more time than to write it."""
LAST_WORDS = 1.0
"""Seconds that the log waits for the last lines of a process that has ended."""

_ERROR_OF_PYTHON = re.compile(r"^(\s*(?:[\w.]+\.)?\w*(?:Error|Exception|Interrupt|Exit)): .*")
_WORRIED = re.compile(r'"(?:error|critical)"')
_MOST = 65536  # bytes that a pipe holds
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def read_procfile(path: Path) -> dict[str, str]:
    """Names and commands of a Procfile."""
    return dict(parse_procfile(path.read_text()).processes)


def pause(failures: int) -> float:
    """Seconds to wait before the start that follows the given number of failures in a row (at least 1)."""
    return float(min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE))


class Child:
    """One process of the Procfile, over all its lives."""

    def __init__(self, name: str, command: str, env: Mapping[str, str], cwd: Path, log: logging.Logger) -> None:
        self.name = name
        self.failures = 0
        self._command, self._env, self._cwd, self._log = command, env, cwd, log
        self._process: Popen | None = None
        self._listener: threading.Thread | None = None
        self._started = 0.0
        self._next_start = 0.0

    def tend(self, now: float) -> int | None:
        """Start the process when it is time. Returns its exit code at the moment it is found dead, else None."""
        if self._process is None:
            if now >= self._next_start:
                self._start(now)
            return None
        code: int | None = self._process.poll()
        if code is None:
            return None
        self.signal(signal.SIGKILL)  # what it may have left behind in its group
        self.hear_out()
        self._process = None
        self.failures = 1 if now - self._started > STEADY_AFTER else self.failures + 1
        self._next_start = now + pause(self.failures)
        return code

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and all that it started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def hear_out(self) -> None:
        """Wait until the last words of a process that has ended are in the log; not for long, should its pipe stay open."""
        if self._listener is not None:
            self._listener.join(LAST_WORDS)

    def _start(self, now: float) -> None:
        self._started = now
        # preexec_fn: without it the process would outlive us when we are killed with -9.
        self._process = Popen(self._command, env=self._env, cwd=self._cwd, stdin=-3, preexec_fn=_die_with(os.getpid()))
        self._listener = threading.Thread(target=self._copy_output, args=(self._process,), daemon=True)
        self._listener.start()

    def _copy_output(self, process: Popen) -> None:
        begun = b""
        while told := os.read(process.stdout.fileno(), _MOST):
            *lines, begun = (begun + told).split(b"\n")
            self._write(lines)
            if len(told) < _MOST:
                time.sleep(TOGETHER)
        self._write([begun])
        process.stdout.close()

    def _write(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            if text := line.decode("utf-8", "replace").rstrip():
                self._log.info("%s", as_line(self.name, text))


class Supervisor:
    """Tends children until asked to stop."""

    def __init__(self, commands: Mapping[str, str], env: Mapping[str, str], cwd: Path, log: logging.Logger) -> None:
        self.children = [Child(name, command, env, cwd, log) for name, command in commands.items()]
        self._log = log
        self._stopping = False
        # When make is killed with -9, nobody is left to stop us by hand.
        self._parent = os.getppid() if "MAKELEVEL" in os.environ else None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    def run(self, tick: Callable[[], None]) -> None:
        """Tend the children until a signal asks to stop, calling `tick` about eight times a second.

        Whatever happens, also when `tick` raises, all children are stopped at the end.
        """
        try:
            while not self._asked():
                now = time.monotonic()
                for child in self.children:
                    code = child.tend(now)
                    if code is not None and not self._asked():
                        again = pause(child.failures)
                        said = f"{child.name} stopped (exit code {code}) and starts again in {again:g} s"
                        self._log.info("%s", one_line("run", "error", said))
                if not self._asked():
                    tick()
                    time.sleep(0.12)
        finally:
            self.stop()

    def stop(self) -> None:
        """Ask the first child to stop and then the others, wait for them, kill those that do not.

        The first one is the web: what it is answering needs the others until it is done.
        """
        self._stopping = True
        for some in (self.children[:1], self.children[1:]):
            for child in some:
                child.signal(signal.SIGTERM)
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline and any(child.alive() for child in some):
                time.sleep(0.05)
            for child in some:
                child.signal(signal.SIGKILL)
                child.hear_out()

    def _asked(self) -> bool:
        return self._stopping or (self._parent is not None and os.getppid() != self._parent)

    def _ask_to_stop(self, _number: int, _frame: object) -> None:
        self._stopping = True


def open_log(path: Path, on_screen: Callable[[str], None]) -> logging.Logger:
    """A log file of the lines of all processes, ten megabytes and three older ones; errors go to the screen too."""
    log = logging.Logger("pluis.run")
    log.addHandler(RotatingFileHandler(path, maxBytes=10_000_000, backupCount=3, encoding="utf-8"))

    class Screen(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            text = record.getMessage()
            # A look at the letters first: this is asked of every line.
            if _WORRIED.search(text) and json.loads(text)["level"] in ("error", "critical"):
                on_screen(readable(text))

    log.addHandler(Screen())
    return log


def as_line(process: str, text: str) -> str:
    """A line of a log as it is; what else a process said in the form of one, at a Python error without its words."""
    with suppress(ValueError):
        if isinstance(said := json.loads(text), dict) and "event" in said and "level" in said:
            return text
    worrying = _ERROR_OF_PYTHON.search(text)
    return one_line(process, "error" if worrying else "info", worrying[1] if worrying else text)


def one_line(process: str, level: str, event: str) -> str:
    """A line for the log."""
    moment = datetime.now(UTC).isoformat(timespec="milliseconds")
    return json.dumps({"time": moment, "level": level, "process": process, "event": event}, ensure_ascii=False)


def last_lines(path: Path, count: int = 20) -> Iterable[str]:
    """The end of a log file, for a person."""
    found = path.read_text(errors="replace").splitlines()[-count:] if path.is_file() else []
    return [readable(line) for line in found]


def _die_with(parent: int) -> Callable[[], None] | None:
    libc = _libc
    if libc is None:
        return None

    def prepare() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
