"""Cutting a note into words that terms and context cues are compared with.

Every word keeps its place in the note as typed, so that evidence is always an exact part of the note, whatever
lower-casing or dropping of accents does to lengths.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

# A word may hold apostrophes ("z'n", "didn't") and dots between single letters ("a.s.", "i.v.m.").
_PIECE = re.compile(
    r"(?P<initials>(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?)"
    r"|(?P<number>\d+(?:[.,]\d+)+)"
    r"|(?P<word>[^\W_]+(?:['\u2018\u2019`\u00b4][^\W_]+)*)"
    r"|(?P<soft>\.{2,}|\u2026|[,:;()\[\]\"\u201c\u201d\u201e\u00ab\u00bb/+&=>-]|[\u2012-\u2015])"
    r"|(?P<hard>[.!?]+|\n)"
)
_NOT_WORD = re.compile(r"[\W_]+")
SOFT = ","
HARD = "."
_ABBREVIATIONS = frozenset(
    [
        "mdr",
        "vdr",
        "bijv",
        "bv",
        "evt",
        "ivm",
        "mbt",
        "tav",
        "nav",
        "ipv",
        "obv",
        "igv",
        "wkn",
        "wk",
        "mnd",
        "jr",
        "jrs",
        "mw",
        "mevr",
        "dhr",
        "hr",
        "dr",
        "tel",
        "nr",
        "incl",
        "excl",
        "resp",
        "ca",
        "vd",
        "vlgs",
        "mr",
        "mrs",
        "ms",
        "st",
        "approx",
        "eg",
        "ie",
        "etc",
        "appt",
        "appts",
        "yr",
        "yrs",
        "wks",
    ]
)


@dataclass(frozen=True)
class Word:
    """One word or stop of a note: the form to compare, and its place in the note as typed."""

    form: str
    start: int
    end: int


@dataclass(frozen=True)
class Spelling:
    """How a language's spellings are folded into one form, and which long words allow one typing error."""

    fold: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    near: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, same: Mapping[str, Iterable[str]], typos: Iterable[str]) -> "Spelling":
        """Build from `same` (form -> other spellings) and `typos` (words that allow one typing error)."""
        fold = {plain(other): tuple(map(plain, form.split())) for form, others in same.items() for other in others}
        words = [plain(word) for word in typos]
        near: dict[str, str] = {}
        for word in words:
            for other in _one_less(word):
                near.setdefault(other, word)
        return cls(fold, frozenset(words), near)

    def forms(self, form: str) -> tuple[str, ...]:
        """The form or forms to compare instead of `form`."""
        folded = self.fold.get(form)
        if folded:
            return folded
        if len(form) < 6 or form in self.known or not self.near:
            return (form,)
        for less in _one_less(form):
            meant = self.near.get(less)
            if meant and OSA.distance(form, meant, score_cutoff=1) <= 1:
                return (meant,)
        return (form,)


def plain(text: str) -> str:
    """`text` lower-cased, without accents, apostrophes and other signs inside the word."""
    if text.isascii():
        folded = text.lower()
        return folded if folded.isalnum() else _NOT_WORD.sub("", folded)
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_WORD.sub("", "".join(c for c in decomposed if not unicodedata.combining(c)))


def cut(text: str, spelling: Spelling) -> list[Word]:
    """The words and stops of `text`, in order. Stops are `,` (a pause) and `.` (the end of a sentence)."""
    words: list[Word] = []
    for match in _PIECE.finditer(text):
        start, end = match.span()
        kind = match.lastgroup
        if kind == "soft":
            if not _is_hyphen(text, start, end):
                words.append(Word(SOFT, start, end))
        elif kind == "hard":
            if not (words and text[start:end] == "." and words[-1].end == start and _short(text, words[-1])):
                words.append(Word(HARD, start, end))
        else:
            form = plain(match.group())
            words.extend(Word(one, start, end) for one in (spelling.forms(form) if form else ()))
    return words


def _is_hyphen(text: str, start: int, end: int) -> bool:
    """A hyphen inside a word ("8-jarige") is no pause."""
    return (
        text[start:end] == "-" and start > 0 and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()
    )


def _short(text: str, word: Word) -> bool:
    return text[word.start : word.end].lower() in _ABBREVIATIONS


def _one_less(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(1, len(word))} | {word}
