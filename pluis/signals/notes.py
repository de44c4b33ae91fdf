"""Labelled notes: what the detector learns from and is measured on. Read, checked, with evidence as positions.

A note is written with its marks in place: `[words](signal_id)`, `[words](id, id)` for two signals on the same words,
`[words](!signal_id why)` for what only looks like a signal, `[words](+factor_id)` for a protective factor. `why` is
negated, historical, hypothetical, other_person, figurative or explained.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from pluis.content import ContentError, Fault, Language, Strict, read_as
from pluis.signals.taxonomy import Taxonomy

WHY = ("negated", "historical", "hypothetical", "other_person", "figurative", "explained")
SENTENCES = Path("signals", "sentences")
PARTS = ("train", "validation", "test")
TOO_ALIKE = 90  # rapidfuzz ratio between two notes of different parts
_MARK = re.compile(r"\[([^\[\]]+)\]\(([^()]+)\)")


@dataclass(frozen=True)
class Mark:
    """A label with its evidence: `text[start:end]` of the note. `why` is set for what only looks like a signal."""

    id: str
    start: int
    end: int
    why: str | None = None


@dataclass(frozen=True)
class Note:
    """`kind` is real, benign or hard in notes from outside, and empty in our own."""

    id: str
    lang: Language
    writer: str
    text: str
    signals: tuple[Mark, ...] = ()
    protective: tuple[Mark, ...] = ()
    mimics: tuple[Mark, ...] = ()
    kind: str = ""


class _File(Strict):
    writer: str
    lang: Language
    notes: list[str]


def parse(marked: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The plain text, and (label, start, end) of each mark in it."""
    text, labels, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        start = len(text)
        text += match.group(1)
        labels += [(label.strip(), start, len(text)) for label in match.group(2).split(",")]
        at = match.end()
    return text + marked[at:], labels


def read_part(folder: Path, taxonomy: Taxonomy) -> list[Note]:
    """All notes of one part (a folder) or of one file. Raises ContentError with every wrong mark, unknown id and double note."""
    notes: list[Note] = []
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for file in [folder] if folder.is_file() else sorted(folder.glob("*.yml")):
        content = read_as(_File, file)
        for number, marked in enumerate(content.notes, 1):
            entry = f"note {number}"
            text, labels = parse(marked)
            faults += [Fault(str(file), entry, *problem) for problem in _problems(text, labels, taxonomy)]
            key = " ".join(re.findall(r"\w+", text.lower()))
            if key in seen:
                faults.append(
                    Fault(str(file), entry, f"stands there already, as {seen[key]}.", "Take one of them out.")
                )
            seen[key] = f"{file.name} {entry}"
            notes.append(_note(f"{file.stem}-{number}", content, text, labels))
    if faults:
        raise ContentError(faults)
    return notes


def _problems(text: str, labels: list[tuple[str, int, int]], taxonomy: Taxonomy) -> Iterator[tuple[str, str]]:
    if "](" in text or "[" in text:
        yield "a mark is not closed.", "Write [words](label)."
    for label, _start, _end in labels:
        name, _, why = label.lstrip("!+").partition(" ")
        if name not in taxonomy or (taxonomy.kind(name) == "protective") != label.startswith("+"):
            yield f"'{label}' is no label.", "Use a signal id, +factor or !signal with its reason."
        if label.startswith("!") and why not in WHY:
            yield f"'{label}' does not say why it is none.", f"Add one of: {', '.join(WHY)}."


def _note(id: str, content: _File, text: str, labels: list[tuple[str, int, int]]) -> Note:
    def of(sign: str) -> tuple[Mark, ...]:
        return tuple(
            Mark(label.lstrip("!+").split(" ")[0], start, end, label.partition(" ")[2] or None)
            for label, start, end in labels
            if label[0] == sign or (not sign and label[0] not in "!+")
        )

    return Note(id, content.lang, content.writer, text, of(""), of("+"), of("!"))


def near_duplicates(notes: Iterable[Note], others: Iterable[Note]) -> list[tuple[str, str]]:
    """Pairs of ids that are too much alike to stand in different parts."""
    left, right = list(notes), list(others)
    texts = [note.text.lower() for note in right]
    found = []
    for note in left:
        match = process.extractOne(note.text.lower(), texts, scorer=fuzz.ratio, score_cutoff=TOO_ALIKE)
        if match is not None:
            found.append((note.id, right[match[2]].id))
    return found


def read_jsonl(file: Path, taxonomy: Taxonomy) -> list[Note]:
    """Notes from outside, one JSON object a line. Raises ContentError naming the line."""
    notes, faults = [], []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            text = given["text"]
            notes.append(
                Note(
                    str(given["id"]),
                    given["lang"],
                    "outside",
                    text,
                    tuple(_outside(mark, text, taxonomy) for mark in given["signals"]),
                    (),
                    tuple(_outside(mark, text, taxonomy) for mark in given.get("mimics", ())),
                    given.get("kind", ""),
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            faults.append(Fault(str(file), f"line {number}", f"{error}.", "See the format in docs/model-card.md."))
    if faults:
        raise ContentError(faults)
    return notes


def _outside(mark: dict[str, str], text: str, taxonomy: Taxonomy) -> Mark:
    if mark["id"] not in taxonomy:
        raise ValueError(f"unknown signal {mark['id']!r}")
    start = text.find(mark["evidence"])
    if start < 0:
        raise ValueError(f"the evidence {mark['evidence']!r} is not in the text")
    return Mark(mark["id"], start, start + len(mark["evidence"]), mark.get("why"))
