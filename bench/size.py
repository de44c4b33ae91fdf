"""Whether a turn grows with the database: the same conversations on few, more and many debriefs, in turn."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]

from bench.turn import Row, figures
from bench.whole import ROOT, whole


def measure(sizes: list[int], turns: int, conversations: int, folder: Path | None = None) -> dict[int, Row]:
    """All systems up at once, so that a busy moment of the machine hits them all. A family has a hundred debriefs.

    `folder` keeps the filled databases for another time; filling 200,000 takes some minutes. `cpu_ms` is the processor
    time of all processes of Pluis for one turn: on a busy machine it says more than the clock.
    """
    spent: dict[int, list[list[float]]] = {size: [] for size in sizes}
    worked = dict.fromkeys(sizes, 0.0)
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        counselors, systems = {}, {}
        for size in sizes:
            home = (folder or Path(place)) / str(size)
            if not (home / "pluis.db").exists():
                command = [sys.executable, "bench/seed.py", "--home", home, "--families", str(max(size // 100, 20))]
                subprocess.run([*command, "--debriefs", str(size)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            others = set(psutil.Process().children())
            counselors[size] = stack.enter_context(whole(home, home))()
            (systems[size],) = set(psutil.Process().children()) - others
        for number in range(conversations + 1):
            for size, counselor in counselors.items():
                before = _worked(systems[size])
                told = counselor.converse(f"d-{number}", turns)
                if number:  # the first conversation warms up
                    spent[size].append(told)
                    worked[size] += _worked(systems[size]) - before
    rows = {size: figures(each) for size, each in spent.items()}
    for size, row in rows.items():
        row["cpu_ms"] = round(1000 * worked[size] / (turns * conversations), 1)
        row["p50_of_smallest"] = round(row["p50_ms"] / rows[sizes[0]]["p50_ms"], 3)
        row["cpu_of_smallest"] = round(row["cpu_ms"] / rows[sizes[0]]["cpu_ms"], 3)
    return rows


def _worked(system: psutil.Process) -> float:
    """Seconds of processor time of all its processes so far."""
    return sum(sum(one.cpu_times()[:2]) for one in [system, *system.children(recursive=True)])
