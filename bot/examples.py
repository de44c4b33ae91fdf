"""What is typed word for word as an example in `data/nlu` means what the example means.

"ja", "nee", "terug", "weet ik niet": much of what is typed is one of them, and need not be worked out again each time.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "data" / "nlu"


def intent_of(text: str) -> str | None:
    """The intent of the example that this is, whatever its capitals and the stop behind it; None when it is none."""
    return _intents().get(_bare(text))


@lru_cache(maxsize=1)
def _intents() -> dict[str, str]:
    return {
        _bare(line.strip().removeprefix("- ")): entry["intent"]
        for file in sorted(FOLDER.glob("*.yml"))
        for entry in yaml.safe_load(file.read_text("utf-8"))["nlu"]
        for line in entry["examples"].splitlines()
        if line.strip()
    }


def _bare(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(".! ")
