"""What one turn costs, and whether it grows: stock Rasa, our engine, the floor, and all of Pluis, side by side."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from bench.engines import Post, engine, stock, train_stock
from bench.whole import whole
from tests.dialogue.engine import Recorder

ANSWERS = (
    "de jongste zat rustig te spelen",
    "ja",
    "moeder was moe",
    "the house was tidy",
    "weet ik niet",
    "nee",
)
EDGE = 10
Row = dict[str, float]


def converse(post: Post, name: str, turns: int) -> list[float]:
    """Milliseconds of each turn of one conversation."""
    spent = []
    for number in range(turns):
        begun = time.perf_counter()
        post(name, ANSWERS[number % len(ANSWERS)])
        spent.append((time.perf_counter() - begun) * 1000)
    return spent


def commit(folder: Path, times: int) -> list[float]:
    """Milliseconds of one durable commit to SQLite as Pluis sets it up."""
    line = sqlite3.connect(folder / "floor.db")
    line.execute("pragma journal_mode=wal")
    line.execute("create table turn (id integer primary key, text text)")
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        with line:
            line.execute("insert into turn (text) values ('de jongste zat rustig te spelen')")
        spent.append((time.perf_counter() - begun) * 1000)
    line.close()
    return spent


def figures(conversations: list[list[float]]) -> Row:
    """Median and 95th percentile of all turns, and how much the last turns cost against the first."""
    every = sorted(spent for each in conversations for spent in each)
    first = statistics.median(spent for each in conversations for spent in each[:EDGE])
    last = statistics.median(spent for each in conversations for spent in each[-EDGE:])
    return {
        "turns": len(every),
        "p50_ms": round(statistics.median(every), 2),
        "p95_ms": round(every[int(len(every) * 0.95)], 2),
        "growth": round(last / first, 2),
    }


def measure(turns: int, conversations: int) -> dict[str, Row]:
    """All up at once, their conversations in turn, so that a busy moment of the machine hits them all.

    `floor`: what cannot be avoided: intent parse and two local round trips (our engine with an action server that
    answers at once), one commit.
    """
    train_stock()
    actions = Recorder()
    actions.start()
    spent: dict[str, list[list[float]]] = {"stock": [], "engine": [], "floor": [], "pluis": []}
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            stock(actions, Path(folder)) as stock_client,
            engine(actions, Path(folder)) as engine_client,
            whole(Path(folder)) as sign_in,
        ):
            to_stock, to_engine, counselor = stock_client(), engine_client(), sign_in()
            commits = statistics.median(commit(Path(folder), 100))
            for number in range(conversations + 1):
                name = f"d-{number}"
                # Rasa wants to be told to open the form. Ours is open; the message only warms it up.
                to_stock(name, "start een debrief")
                to_engine(name, "start een debrief")
                told = {"stock": converse(to_stock, name, turns), "engine": converse(to_engine, name, turns)}
                told["floor"] = [one + commits for one in told["engine"]]
                told["pluis"] = counselor.converse(name, turns)
                if number:  # the first conversation warms up
                    for which, each in told.items():
                        spent[which].append(each)
    finally:
        actions.stop()
    rows = {which: figures(each) for which, each in spent.items()}
    for row in rows.values():
        row["p50_of_stock"] = round(row["p50_ms"] / rows["stock"]["p50_ms"], 3)
        row["p95_of_stock"] = round(row["p95_ms"] / rows["stock"]["p95_ms"], 3)
    return rows
