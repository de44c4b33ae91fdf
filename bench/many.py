"""Many counselors at the same time: turns per second and how long each waits, beside stock Rasa on the same cores."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]

from bench.engines import Post, stock, train_stock
from bench.turn import ANSWERS, Row
from bench.whole import Whole, whole
from tests.dialogue.engine import Recorder

Begin = Callable[[int], Callable[[int], None]]


def at_once(begin: Begin, people: int, think: float, seconds: float) -> Row:
    """So many people talk for so long, each with a pause to think; the first answer of each is not counted.

    `begin(n)` gives what person n does in turn k. Errors are counted, and do not stop the others.
    """
    spent: list[float] = []
    errors: list[Exception] = []
    until = 0.0
    ready = threading.Barrier(people + 1, timeout=300)

    def person(number: int) -> None:
        try:
            turn = begin(number)
            turn(0)
        except BaseException:
            ready.abort()  # nobody waits for who never comes
            raise
        ready.wait()
        time.sleep(think * number / people)  # not all of them in the same moment
        count = 0
        while time.perf_counter() < until:
            count += 1
            begun = time.perf_counter()
            try:
                turn(count)
                spent.append((time.perf_counter() - begun) * 1000)
            except Exception as error:  # whatever it is, it is counted
                errors.append(error)
            time.sleep(think)

    threads = [threading.Thread(target=person, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    until = time.perf_counter() + 3600
    ready.wait()
    begun = time.perf_counter()
    until = begun + seconds
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    spent.sort()
    return {
        "people": people,
        "think_s": think,
        "turns_per_s": round(len(spent) / took, 1),
        "p50_ms": round(statistics.median(spent), 1),
        "p95_ms": round(spent[int(len(spent) * 0.95)], 1),
        "errors": len(errors),
    }


def of_pluis(sign_in: Callable[[], Whole]) -> Begin:
    """A story, and back: so that the debrief never ends."""

    def begin(number: int) -> Callable[[int], None]:
        counselor = sign_in()
        counselor.begin(f"m-{number}")
        return lambda count: counselor.turn(f"m-{number}", count)

    return begin


def of_stock(make: Callable[[], Post]) -> Begin:
    """One sender each."""

    def begin(number: int) -> Callable[[int], None]:
        post = make()
        name = f"m-{number}-{time.monotonic_ns()}"
        post(name, "start een debrief")
        return lambda count: post(name, ANSWERS[count % len(ANSWERS)])

    return begin


def memory() -> int:
    """Megabytes of all processes that this one started, as the machine counts them once."""
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue  # it has just ended
    return round(total / 2**20)


def measure(plan: list[tuple[int, float]], seconds: float) -> dict[str, list[Row]]:
    """Each number of people with each, one engine up at a time, for both would share the cores."""
    train_stock()
    rows: dict[str, list[Row]] = {"stock": [], "pluis": []}
    actions = Recorder()
    actions.start()
    try:
        with tempfile.TemporaryDirectory() as folder, stock(actions, Path(folder)) as make:
            rows["stock"] = [at_once(of_stock(make), people, think, seconds) for people, think in plan]
            rows["stock"][-1]["memory_mb"] = memory()
    finally:
        actions.stop()
    with tempfile.TemporaryDirectory() as folder, whole(Path(folder)) as sign_in:
        rows["pluis"] = [at_once(of_pluis(sign_in), people, think, seconds) for people, think in plan]
        rows["pluis"][-1]["memory_mb"] = memory()
    for ours, theirs in zip(rows["pluis"], rows["stock"], strict=True):
        ours["times_stock"] = round(ours["turns_per_s"] / theirs["turns_per_s"], 2)
    return rows
