"""What the check of a vignette says, in the language of whoever writes it."""

import re
from functools import lru_cache
from pathlib import Path

import yaml

from pluis.content import Fault


def shown(fault: Fault, language: str) -> dict[str, str]:
    """The entry, what is wrong and the cure. A sentence without a translation stays as it is."""
    what, cure = (one if language == "en" else _dutch(one) for one in (fault.what, fault.cure))
    return {"entry": fault.entry, "what": what, "cure": cure}


def _dutch(said: str) -> str:
    for pattern, words in _sentences():
        found = pattern.fullmatch(said)
        if found is not None:
            return words.format(*found.groups())
    return said


@lru_cache(maxsize=1)
def _sentences() -> list[tuple[re.Pattern[str], str]]:
    """Longest first, so that a sentence with fixed words goes before one that begins with anything."""
    known = yaml.safe_load((Path(__file__).parent / "faults.nl.yml").read_text("utf-8"))
    return [
        (re.compile("(.+)".join(map(re.escape, english.split("{}"))), re.DOTALL), dutch)
        for english, dutch in sorted(known.items(), key=lambda item: -len(item[0]))
    ]
