"""What a turn costs: stock Rasa 3.6.21, the engine of Pluis, and all of Pluis, side by side. See bench/README.md."""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.whole import whole  # noqa: E402
from tests.dialogue.engine import BOT_PYTHON, Engine, Recorder, free_port, token  # noqa: E402

STOCK = ROOT / "bench" / "stock"
STOCK_MODEL = ROOT / "models" / "bench-stock.tar.gz"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}
ANSWERS = (
    "de jongste zat rustig te spelen",
    "ja",
    "moeder was moe",
    "the house was tidy",
    "weet ik niet",
    "nee",
)
EDGE = 10

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
def stock(actions: Recorder, folder: Path) -> Iterator[Post]:
    """Stock Rasa; the first message of a conversation opens the form, and is not measured."""
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
        yield client(port, "/webhooks/rest/webhook", lambda who, text: {"sender": who, "message": text})
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
def pluis(actions: Recorder, folder: Path) -> Iterator[Post]:
    """The engine of Pluis."""
    subprocess.run([BOT_PYTHON, "-m", "bot.train"], cwd=ROOT, check=True)
    engine = Engine(actions, folder / "pluis.log", ROOT / "models" / "assistant.tar.gz")
    engine.start()
    try:
        engine.wait()
        yield client(
            engine.port,
            "/webhooks/pluis/turn",
            lambda who, text: {"token": token(who, text), "text": text},
        )
    finally:
        engine.stop()


def converse(post: Post, name: str, turns: int) -> list[float]:
    """Milliseconds of each turn of one conversation."""
    spent = []
    for number in range(turns):
        begun = time.perf_counter()
        post(name, ANSWERS[number % len(ANSWERS)])
        spent.append((time.perf_counter() - begun) * 1000)
    return spent


def figures(conversations: list[list[float]]) -> dict[str, float]:
    """Median and 95th percentile of all turns, and how much the last turns cost against the first."""
    every = sorted(spent for each in conversations for spent in each)
    first = statistics.median(spent for each in conversations for spent in each[:EDGE])
    last = statistics.median(spent for each in conversations for spent in each[-EDGE:])
    return {
        "turns": len(every),
        "p50_ms": round(statistics.median(every), 2),
        "p95_ms": round(every[int(len(every) * 0.95)], 2),
        "first_ms": round(first, 2),
        "last_ms": round(last, 2),
        "growth": round(last / first, 2),
    }


def measure(turns: int, conversations: int) -> dict[str, dict[str, float]]:
    """Both engines up at once, their conversations in turn, so that a busy moment of the machine hits both."""
    actions = Recorder()
    actions.start()
    spent: dict[str, list[list[float]]] = {"stock": [], "engine": [], "pluis": []}
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            stock(actions, Path(folder)) as to_stock,
            pluis(actions, Path(folder)) as to_engine,
            whole(Path(folder)) as sign_in,
        ):
            counselor = sign_in()
            for number in range(conversations + 1):
                name = f"d-{number}"
                # Rasa wants to be told to open the form. Ours is open; the message only warms it up.
                to_stock(name, "start een debrief")
                to_engine(name, "start een debrief")
                told = {
                    "stock": converse(to_stock, name, turns),
                    "engine": converse(to_engine, name, turns),
                    "pluis": counselor.converse(name, turns),
                }
                if number:  # the first conversation warms up
                    for engine, each in told.items():
                        spent[engine].append(each)
    finally:
        actions.stop()
    return {engine: figures(each) for engine, each in spent.items()}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--turns", type=int, default=60, help="turns of a conversation (60)")
    options.add_argument("--conversations", type=int, default=5, help="conversations with each engine (5)")
    options.add_argument("--json", type=Path, help="write the figures here as well")
    given = options.parse_args()
    train_stock()
    found = measure(given.turns, given.conversations)
    names = list(found["stock"])
    print("engine " + "".join(f"{name:>10}" for name in names))
    for engine, row in found.items():
        print(f"{engine:<7}" + "".join(f"{row[name]:>10}" for name in names))
    share = round(found["pluis"]["p50_ms"] / found["stock"]["p50_ms"], 3)
    print(f"A whole turn of Pluis costs {share} of a stock turn (p50).")
    result = json.dumps({**found, "share": share}, indent=2)
    print(result)
    if given.json:
        given.json.write_text(result + "\n")


if __name__ == "__main__":
    main()
