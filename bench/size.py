"""Whether a turn grows with the database: the same conversations on few, more and many debriefs, in turn."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.turn import Row, figures
from bench.whole import ROOT, whole


def measure(sizes: list[int], turns: int, conversations: int) -> dict[int, Row]:
    """All systems up at once, so that a busy moment of the machine hits them all. Families: a tenth of the debriefs."""
    spent: dict[int, list[list[float]]] = {size: [] for size in sizes}
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        counselors = {}
        for size in sizes:
            home = Path(place) / str(size)
            command = [sys.executable, "bench/seed.py", "--home", home, "--families", str(max(size // 100, 20))]
            subprocess.run([*command, "--debriefs", str(size)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            counselors[size] = stack.enter_context(whole(home, home))()
        for number in range(conversations + 1):
            for size, counselor in counselors.items():
                told = counselor.converse(f"d-{number}", turns)
                if number:  # the first conversation warms up
                    spent[size].append(told)
    rows = {size: figures(each) for size, each in spent.items()}
    for row in rows.values():
        row["p50_of_smallest"] = round(row["p50_ms"] / rows[sizes[0]]["p50_ms"], 3)
    return rows
