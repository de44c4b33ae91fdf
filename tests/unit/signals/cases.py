"""Reading the regression cases beside this file."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@cache
def cases(name: str) -> list[dict[str, Any]]:
    """The cases in `name`, a YAML list."""
    loaded: list[dict[str, Any]] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return loaded


def told(case: dict[str, Any]) -> str:
    """A test id a reader recognises."""
    return f"{case['lang']}-{case['text'][:50]}"
