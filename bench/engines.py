"""The engines that are measured: stock Rasa 3.6.21, and the engine of Pluis by itself. All of Pluis: bench/whole.py."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.dialogue.engine import BOT_PYTHON, Engine, Recorder, free_port, token

ROOT = Path(__file__).resolve().parent.parent
STOCK = ROOT / "bench" / "stock"
STOCK_MODEL = ROOT / "models" / "bench-stock.tar.gz"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}

Post = Callable[[str, str], None]


def client(port: int, path: str, body: Callable[[str, str], object]) -> Post:
    """A client that keeps its connection open, as the web process does; raises unless something was answered."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def post(conversation: str, text: str) -> None:
        line.request("POST", path, json.dumps(body(conversation, text)), {"Content-Type": "application/json"})
        reply = line.getresponse()
        told = json.loads(reply.read())
        if reply.status != 200 or not told:
            raise RuntimeError(f"{path} answered {reply.status} {told}")

    return post


def train_stock() -> None:
    """Train the stock assistant unless it is newer than everything it is made of."""
    made_of = [*STOCK.glob("*.yml"), *(ROOT / "data" / "nlu").glob("*.yml")]
    newest = max(path.stat().st_mtime for path in made_of)
    if STOCK_MODEL.is_file() and STOCK_MODEL.stat().st_mtime > newest:
        return
    print("Training the stock assistant ...", flush=True)
    command = [
        "train",
        "--config",
        STOCK / "config.yml",
        "--domain",
        STOCK / "domain.yml",
        "--data",
        "data/nlu",
    ]
    command += [STOCK / "rules.yml", "--out", STOCK_MODEL.parent, "--fixed-model-name", "bench-stock"]
    with (STOCK_MODEL.parent / "bench-stock.log").open("w") as log:
        subprocess.run(
            [BOT_PYTHON, "-m", "rasa", *command, "--skip-validation", "--force"],
            cwd=ROOT, env={**os.environ, **QUIET}, stdout=log, stderr=log, check=True,
        )  # fmt: skip


@contextlib.contextmanager
def stock(actions: Recorder, folder: Path) -> Iterator[Callable[[], Post]]:
    """Makes clients of stock Rasa; the first message of a conversation opens the form, and is not measured."""
    port = free_port()
    environment = {
        **os.environ, **QUIET, "STOCK_ACTIONS_PORT": str(actions.port),
        "STOCK_DATABASE": str(folder / "stock.db"),
    }  # fmt: skip
    command = ["run", "--model", STOCK_MODEL, "--endpoints", STOCK / "endpoints.yml", "--credentials"]
    command += [STOCK / "credentials.yml", "--port", str(port), "--interface", "127.0.0.1"]
    with (folder / "stock.log").open("w") as log:
        process = subprocess.Popen(
            [BOT_PYTHON, "-m", "rasa", *command], cwd=folder, env=environment, stdout=log, stderr=log
        )
    try:
        wait(port, process)
        yield lambda: client(port, "/webhooks/rest/webhook", lambda who, text: {"sender": who, "message": text})
    finally:
        process.terminate()
        process.wait(20)


def wait(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the engine answers."""
    limit = time.monotonic() + 120
    while time.monotonic() < limit and process.poll() is None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError):
            line.request("GET", "/")
            line.getresponse()
            return
        time.sleep(0.2)
    raise RuntimeError("The stock engine did not start.")


@contextlib.contextmanager
def engine(actions: Recorder, folder: Path) -> Iterator[Callable[[], Post]]:
    """Makes clients of the engine of Pluis alone."""
    subprocess.run([BOT_PYTHON, "-m", "bot.train"], cwd=ROOT, check=True)
    running = Engine(actions, folder / "pluis.log", ROOT / "models" / "assistant.tar.gz")
    running.start()
    try:
        running.wait()
        yield lambda: client(
            running.port,
            "/webhooks/pluis/turn",
            lambda who, text: {"token": token(who, text), "text": text},
        )
    finally:
        running.stop()
