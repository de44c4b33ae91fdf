"""Take names, places, dates and numbers out of a text: those of the case first, then what deduce finds, then patterns.

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
_DIVIDER = "\n\n§§§\n\n"
_FIRST = 0xE000  # characters without a meaning of their own


_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH += "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_DAY = rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH})\b|(?:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?!:)"
_ROAD = "Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Drive|Court|Crescent|Square|Terrace|Way|Place|Gardens|Walk"
_NAME = r"[A-ZÀ-ÖØ-Þ][\w’-]*[a-zà-öø-ÿ]"
# In English any capital inside a sentence may be a name. These are none; more than a word too many costs little.
_NO_NAME = frozenset({
    "I", "I'm", "I'd", "I'll", "I've", "English", "Dutch", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
    "Saturday", "Sunday", "Christmas", "Easter", "Mum", "Mummy", "Dad", "Daddy", "Nan", "Nana", "Gran", "Grandma",
    "Grandad", "Granny", "Veilig", "Thuis", "Pluis", "Mr", "Mrs", "Ms", "Miss", "Dr",
})  # fmt: skip
_PATTERNS: dict[str, dict[str, str]] = {
    "nl": {
        "MAIL": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        "NUMMER": r"(?<![\w-])\+?\d(?:[ -]?\d){6,}(?!\w)",
        "ADRES": r"\b[A-Z]\w+(?:straat|laan|weg|plein|gracht|kade|hof|dreef|pad)(?: \d+\w?)?\b|\b\d{4} ?[A-Z]{2}\b",
    },
    "en": {
        "MAIL": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        "DATE": rf"\b(?:\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|(?:{_DAY})(?:,? \d{{4}})?)\b",
        "NUMBER": r"(?<![\w-])\+?\d(?:[ -]?\d){6,}(?!\w)",
        "ADDRESS": rf"\b(?:\d+\w? )?(?:{_NAME} )+(?:{_ROAD})\b",
        "POSTCODE": r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b\d{4} ?[A-Z]{2}\b",
    },
}


class _Hidden:
    """What was taken out, as one character each that no pattern takes for a word, until all is found."""

    def __init__(self) -> None:
        self._marks: list[str] = []
        self._known: dict[tuple[str, str], str] = {}

    def mark(self, kind: str, words: str) -> str:
        """The character for these words: the same words, the same mark."""
        number = sum(known == kind for known, _words in self._known) + 1
        if (kind, words) not in self._known:
            self._known[kind, words] = self.made_up(f"[{kind}-{number}]")
        return self._known[kind, words]

    def made_up(self, name: str) -> str:
        """The character for something that is already made up."""
        self._marks.append(name)
        return chr(_FIRST + len(self._marks) - 1)

    def shown(self, text: str) -> str:
        for at, mark in enumerate(self._marks):
            text = text.replace(chr(_FIRST + at), mark)
        return text


def clean(texts: list[str], names: Mapping[str, str], home: Path, language: str) -> list[str]:
    """The texts with known names replaced, and [PERSOON-1] and the like for what else looks like somebody or somewhere.

    `names`: name in the case → the one made up for it. The same unknown name gets the same mark in all texts.
    `home`: where deduce keeps its lists, made at the first use. It is made for Dutch; English gets patterns of its own,
    which would rather take out a word too many.
    """
    hidden = _Hidden()
    text = _renamed(_DIVIDER.join(texts), {name: hidden.made_up(made) for name, made in names.items()})
    for kind, pattern in _PATTERNS[language].items():
        text = re.sub(pattern, lambda found, kind=kind: hidden.mark(kind, found[0]), text)  # type: ignore[misc]
    if language == "en":
        text = _without_names(text, hidden)
    with _lock:
        text = _deduce(home).deidentify(text).deidentified_text
    return [part.strip() for part in hidden.shown(text).split(_DIVIDER.strip())]


def _without_names(text: str, hidden: _Hidden) -> str:
    """English: words with a capital inside a sentence, and the same words where a sentence begins with them."""
    inside = re.findall(rf"(?<=[\w,;:’'\])] )({_NAME})\b", text)
    after_title = re.findall(rf"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? ({_NAME})", text)
    before_name = re.findall(rf"\b({_NAME}) (?={_NAME})", text)
    found = {*inside, *after_title, *before_name} - _NO_NAME
    if not found:
        return text
    either = "|".join(map(re.escape, sorted(found, key=len, reverse=True)))
    return re.sub(rf"\b(?:{either})(?: (?:{either}))*\b", lambda one: hidden.mark("NAME", one[0]), text)


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
