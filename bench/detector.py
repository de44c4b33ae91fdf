"""How many notes the finder reads in a second, on one core."""

from __future__ import annotations

import time
from pathlib import Path

from bench.turn import Row
from pluis.settings import ROOT
from pluis.signals.finder import Finder
from pluis.signals.notes import read_part


def measure() -> Row:
    """Over the validation notes, in processor time, so that a busy machine changes little."""
    finder = Finder.load(ROOT / "data")
    notes = read_part(Path(ROOT / "data/signals/sentences/validation"), finder.taxonomy)
    spent = []
    for note in notes:
        begun = time.process_time()
        finder.find(note.text, note.lang)
        spent.append((time.process_time() - begun) * 1000)
    spent.sort()
    return {
        "notes": len(notes),
        "notes_per_s": round(1000 * len(spent) / sum(spent), 1),
        "p50_ms": round(spent[len(spent) // 2], 1),
        "p95_ms": round(spent[int(len(spent) * 0.95)], 1),
    }
