"""Take names, places, dates and numbers out of a text: those of the case first, then what deduce finds in Dutch text.

A person reads it afterwards, and a second one; this only takes out what a program can.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock

import deduce
from deduce import Deduce

from pluis.content import Fault

_MARK = re.compile(r"‹[^›\n]*›|\[[A-Z]+(?:-\d+)?\]")
_REMARK = re.compile(r"^\s*#.*$", re.MULTILINE)
# Streets and institutions are most of deduce's lists and take two minutes to prepare. Its patterns find streets without
# them, and people read the text.
_EMPTIED = ("locations/lst_street", "institutions/lst_healthcare_institution")
_lock = Lock()


def clean(texts: list[str], names: Mapping[str, str], home: Path) -> list[str]:
    """The texts with known names replaced, and [PERSOON-1] and the like for what else looks like somebody or somewhere.

    `names`: name in the case → the one made up for it. The same unknown name gets the same mark in all texts.
    `home`: where deduce keeps its lists, made at the first use.
    """
    known = [_renamed(text, names) for text in texts]
    divider = "\n\n§§§\n\n"
    with _lock:
        found = _deduce(home).deidentify(divider.join(known)).deidentified_text
    return [part.strip() for part in found.split("§§§")]


def left_open(text: str, file: str) -> Iterator[Fault]:
    """Marks that nobody has put something made up for."""
    for mark in dict.fromkeys(_MARK.findall(_REMARK.sub("", text))):
        yield Fault(file, mark, "still stands in the text.", "Put something made up in its place.")


def _renamed(text: str, names: Mapping[str, str]) -> str:
    if not names:
        return text
    longest = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest))})(?=s?(?!\w))", re.IGNORECASE)
    lower = {name.lower(): made for name, made in names.items()}
    return pattern.sub(lambda found: lower[found[1].lower()], text)


@lru_cache(maxsize=1)
def _deduce(home: Path) -> Deduce:
    lists = home / "deduce"
    if not (lists / "src").exists():
        source = Path(deduce.__file__).parent / "data" / "lookup" / "src"
        made = lists / "making"
        shutil.rmtree(made, ignore_errors=True)
        shutil.copytree(source, made, ignore=shutil.ignore_patterns("streets_bag.txt", "__pycache__"))
        for folder in _EMPTIED:
            (made / folder / "items.txt").write_text("")
        made.rename(lists / "src")
    return Deduce(lookup_data_path=lists, cache_path=lists)
