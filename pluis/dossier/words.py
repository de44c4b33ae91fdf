"""The words of the dossier and of the audit report, from texts.yml."""

from functools import lru_cache
from pathlib import Path
from typing import cast

import yaml

from pluis.protocol.read import fill


@lru_cache(maxsize=1)
def _texts() -> dict[str, dict[str, str]]:
    file = Path(__file__).with_name("texts.yml")
    return cast(dict[str, dict[str, str]], yaml.safe_load(file.read_text("utf-8")))


def say(name: str, language: str, /, **values: object) -> str:
    """A text in this language with its values filled in. Raises KeyError for a text that does not exist."""
    return fill(_texts()[name]["en" if language == "en" else "nl"], **values)


def say_or(name: str, language: str, otherwise: str) -> str:
    """A text, or `otherwise` when there is none of that name."""
    return say(name, language) if name in _texts() else otherwise
