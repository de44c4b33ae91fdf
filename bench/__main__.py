"""Measure everything, print one table, write the figures as JSON. `python -m bench --help`; what each row says: README.md."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench import detector, mail, many, size, start, sweep, turn, units

PEOPLE = [(1, 0.0), (8, 0.0), (32, 0.0), (128, 0.0), (32, 5.0), (128, 5.0)]
QUICK = [(1, 0.0), (32, 0.0)]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", nargs="*", choices=["turn", "many", "size", "start", "cold", "detector", "sweep", "mail",
                                                        "units"],
                         default=["turn", "many", "start", "detector"], help="parts to measure")  # fmt: skip
    options.add_argument("--quick", action="store_true", help="fewer conversations and people")
    options.add_argument("--sizes", nargs="*", type=int, default=[2_000, 20_000, 200_000], help="debriefs, for size")
    options.add_argument("--folder", type=Path, help="where filled databases are kept between two measurements of size")
    options.add_argument("--json", type=Path, default=Path("build/bench.json"), help="where the figures go")
    given = options.parse_args()
    conversations, seconds = (2, 5.0) if given.quick else (5, 12.0)
    parts: dict[str, Callable[[], Any]] = {
        "turn": lambda: turn.measure(60, conversations),
        "many": lambda: many.measure(QUICK if given.quick else PEOPLE, seconds),
        "size": lambda: size.measure(given.sizes, 60, conversations, given.folder),
        "start": start.warm,
        "cold": start.cold,
        "detector": detector.measure,
        "sweep": sweep.measure,
        "units": lambda: units.measure(seconds),
        "mail": lambda: mail.measure(40 if given.quick else mail.MANY),
    }
    found = {name: measure() for name, measure in parts.items() if name in given.only}
    for name, figures in found.items():
        for line in lines(name, figures):
            print(line)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(found, indent=2) + "\n")
    print(f"All figures: {given.json}")


def lines(name: str, figures: Any) -> list[str]:
    """One line for each row of figures."""
    if isinstance(figures, list):
        return [line for row in figures for line in lines(name, row)]
    if isinstance(figures, Mapping) and figures and all(isinstance(one, Mapping | list) for one in figures.values()):
        return [line for which, row in figures.items() for line in lines(f"{name} {which}", row)]
    told = "  ".join(f"{key} {value}" for key, value in figures.items())
    return [f"{name:<16} {told}"]


if __name__ == "__main__":
    main()
