"""The words of the pages and of the errors, from texts.yml."""

from functools import lru_cache
from pathlib import Path

import yaml

from pluis.protocol.read import fill


@lru_cache(maxsize=1)
def _texts() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = {}
    for file in sorted((Path(__file__).parent / "texts").glob("*.yml")):
        loaded.update(yaml.safe_load(file.read_text("utf-8")))
    return loaded


def known(name: str) -> bool:
    """Whether there is such a text."""
    return name in _texts()


def say(name: str, language: str, /, **values: object) -> str:
    """A text in this language with its values filled in. Raises KeyError for a text that does not exist."""
    return fill(_texts()[name]["en" if language == "en" else "nl"], **values)
