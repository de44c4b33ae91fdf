"""How long it takes until somebody can sign in, and how much memory each process then has."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped, unused-ignore]

from bench.whole import ROOT, whole
from tests.dialogue.engine import free_port

NAMES = {"web": "pluis.web.serve", "bot": "bot.serve", "actions": "actions.serve", "courier": "courier"}
LONGEST = 1800.0


def warm() -> dict[str, Any]:
    """A start with everything there, in seconds; megabytes of each process, what they share counted once."""
    with tempfile.TemporaryDirectory() as folder:
        with whole(Path(folder)):
            pass  # the database is there from now on
        begun = time.monotonic()
        with whole(Path(folder)) as sign_in:
            took = time.monotonic() - begun
            sign_in().converse("d-0", 20)
            return {"warm_start_s": round(took, 1), "memory_mb": _memory()}


def cold() -> dict[str, Any]:
    """`make run` in a fresh clone, until somebody can sign in: environments, training, start. Needs a package registry."""
    with tempfile.TemporaryDirectory() as folder:
        clone, port = Path(folder) / "pluis", free_port()
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        environment = {**os.environ, "PLUIS_PORT": str(port), "PLUIS_HOME": str(Path(folder) / "home")}
        begun = time.monotonic()
        process = subprocess.Popen(["make", "run"], cwd=clone, env=environment, stdout=subprocess.DEVNULL)
        try:
            while not _ready(port):
                if process.poll() is not None or time.monotonic() - begun > LONGEST:
                    raise RuntimeError("make run did not come up in a fresh clone.")
                time.sleep(0.2)
            return {"cold_start_s": round(time.monotonic() - begun, 1)}
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _ready(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with suppress(OSError):
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    return False


def _memory() -> dict[str, int]:
    found: dict[str, int] = {}
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            line = " ".join(process.cmdline())
            name = next((name for name, word in NAMES.items() if word in line), "rest")
            found[name] = found.get(name, 0) + round(process.memory_full_info().pss / 2**20)
    return {**found, "all": sum(found.values())}
