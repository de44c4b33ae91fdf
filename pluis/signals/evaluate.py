"""How well the finder does on labelled notes: counts, recall and precision with intervals, false alarms, statuses.

A signal counts as reported when its finding is "present" or "uncertain", for both make Pluis act: it asks, or it
raises the level.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pluis.content import ContentError, Fault
from pluis.signals.finder import Finder, Finding
from pluis.signals.notes import SENTENCES, Mark, Note, near_duplicates, read_jsonl, read_part
from pluis.signals.taxonomy import Taxonomy

REPORTED = ("present", "uncertain")
ALARMING = ("acute", "serious")
SEVERITIES = ("acute", "serious", "concern")
_DRAWS = 1000
Numbers = NDArray[np.float64]
Draws = NDArray[np.int64]


@dataclass(frozen=True)
class Rate:
    """A share of `of` cases, with the interval that holds it in 95 of 100 redrawn sets of notes."""

    value: float
    low: float
    high: float
    of: int


@dataclass(frozen=True)
class Score:
    """One row of the result."""

    name: str
    marks: int
    reported: int
    recall: Rate
    precision: Rate
    f1: Rate


@dataclass
class Outcome:
    """One note: what is there (`true`), what was found, per signal; `kind` is real, hard or benign."""

    note: Note
    kind: str
    true: set[str]
    findings: dict[str, Finding]
    reported: set[str] = field(init=False)
    mimics: list[Mark] = field(init=False)

    def __post_init__(self) -> None:
        self.mimics = [mark for mark in self.note.mimics if mark.id not in self.true]
        self.reported = {signal for signal, found in self.findings.items() if found.status in REPORTED}


@dataclass(frozen=True)
class Result:
    """All figures of one run."""

    notes: int
    rows: list[Score]
    by_signal: list[Score]
    ordinary_alarmed: Rate
    ordinary_any: Rate
    alarms_per_100: float
    mimics_present: Rate
    mimics_reported: Rate
    evidence_right: Rate
    status_of_marks: Counter[str]
    status_of_mimics: dict[str, Counter[str]]


def read_notes(files: Iterable[Path], taxonomy: Taxonomy) -> list[Note]:
    """The notes of files in our own format (`.yml`) or in the format of notes from outside (`.jsonl`)."""
    notes: list[Note] = []
    for file in files:
        if not file.exists():
            raise ContentError([Fault(str(file), "file", "is not there.", "Look at its name.")])
        notes += read_jsonl(file, taxonomy) if file.suffix == ".jsonl" else read_part(file, taxonomy)
    if not notes:
        raise ContentError([Fault("evaluation", "notes", "there are none.", "Name a file with notes.")])
    return notes


def refuse_known(notes: Sequence[Note], training: Sequence[Note]) -> None:
    """Raise ContentError when notes to measure on are too much like notes that were learned from."""
    pairs = near_duplicates(notes, training)
    if pairs:
        raise ContentError(
            [
                Fault(
                    f"note {note}", "text", f"is too much like training note {known}.", "Measure on notes never seen."
                )
                for note, known in pairs
            ]
        )


def kind_of(note: Note) -> str:
    """The kind as given, or else: benign without any mark, hard with something that only looks like a signal."""
    return note.kind or ("hard" if note.mimics else "real" if note.signals else "benign")


def outcomes(notes: Iterable[Note], finder: Finder) -> list[Outcome]:
    """Run the finder over the notes."""
    return [
        Outcome(
            note,
            kind_of(note),
            {mark.id for mark in note.signals},
            {found.signal: found for found in finder.find(note.text, note.lang) if found.kind == "signal"},
        )
        for note in notes
    ]


def measure(found: Sequence[Outcome], taxonomy: Taxonomy) -> Result:
    """All figures."""
    severity = {signal.id: str(signal.severity) for signal in taxonomy.signals}
    draws = np.random.default_rng(0).integers(0, len(found), (_DRAWS, len(found)))

    def score(name: str, counts: Callable[[Outcome, str], bool]) -> Score:
        table = np.zeros((len(found), 3))
        for row, one in enumerate(found):
            true = {signal for signal in one.true if counts(one, signal)}
            reported = {signal for signal in one.reported if counts(one, signal)}
            table[row] = len(true & reported), len(true), len(reported)
        return _score(name, table, draws)

    def rate(shares: Iterable[tuple[float, float]]) -> Rate:
        return _rate(np.array(list(shares), float).reshape(-1, 2), draws)

    groups: dict[str, Callable[[Outcome, str], bool]] = {"all": lambda one, signal: True}
    groups |= {level: _has(lambda one, signal: severity[signal], level) for level in SEVERITIES}
    groups |= {lang: _has(lambda one, signal: one.note.lang, lang) for lang in ("nl", "en")}
    groups |= {kind: _has(lambda one, signal: one.kind, kind) for kind in ("real", "hard")}
    ordinary = [one for one in found if one.kind == "benign"]

    def alarms(one: Outcome) -> int:
        return sum(severity[signal] in ALARMING for signal in one.reported) if one.kind == "benign" else 0

    return Result(
        notes=len(found),
        rows=[score(name, counts) for name, counts in groups.items()],
        by_signal=[score(name, _has(lambda one, signal: signal, name)) for name in severity],
        ordinary_alarmed=rate((alarms(one) > 0, one.kind == "benign") for one in found),
        ordinary_any=rate((one.kind == "benign" and bool(one.reported), one.kind == "benign") for one in found),
        alarms_per_100=100 * sum(map(alarms, ordinary)) / max(1, len(ordinary)),
        mimics_present=rate(_share(one, ("present",)) for one in found),
        mimics_reported=rate(_share(one, REPORTED) for one in found),
        evidence_right=rate(_evidence(one) for one in found),
        status_of_marks=Counter(_status(one, signal) for one in found for signal in one.true),
        status_of_mimics={
            why: Counter(_status(one, m.id) for one in found for m in one.mimics if m.why == why)
            for why in sorted({mark.why or "" for one in found for mark in one.mimics})
        },
    )


def _has(of: Callable[[Outcome, str], str], value: str) -> Callable[[Outcome, str], bool]:
    return lambda one, signal: of(one, signal) == value


def _share(one: Outcome, statuses: Sequence[str]) -> tuple[int, int]:
    """How many look-alikes have one of these statuses, and how many there are."""
    return sum(_status(one, mark.id) in statuses for mark in one.mimics), len(one.mimics)


def _status(one: Outcome, signal: str) -> str:
    return one.findings[signal].status if signal in one.findings else "not found"


def _evidence(one: Outcome) -> tuple[float, float]:
    """How many signals rightly reported have evidence that overlaps with the marked words, and how many there are."""
    marks = {mark.id: mark for mark in one.note.signals}
    right = [one.findings[signal] for signal in one.true & one.reported]
    return sum(f.start < marks[f.signal].end and marks[f.signal].start < f.end for f in right), len(right)


def _rate(table: Numbers, draws: Draws) -> Rate:
    drawn = table[draws].sum(axis=1)
    some = drawn[drawn[:, 1] > 0]
    hits, of = table.sum(axis=0)
    low, high = np.quantile(some[:, 0] / some[:, 1], [0.025, 0.975]) if len(some) else (0.0, 0.0)
    return Rate(float(hits / of) if of else 0.0, float(low), float(high), int(of))


def _score(name: str, table: Numbers, draws: Draws) -> Score:
    twice = np.stack([2 * table[:, 0], table[:, 1] + table[:, 2]], axis=1)
    return Score(
        name,
        int(table[:, 1].sum()),
        int(table[:, 2].sum()),
        _rate(table[:, [0, 1]], draws),
        _rate(table[:, [0, 2]], draws),
        _rate(twice, draws),
    )


def training_notes(data_dir: Path, taxonomy: Taxonomy) -> list[Note]:
    """The notes that the networks learned from."""
    return read_part(data_dir / SENTENCES / "train", taxonomy)


def finders(data_dir: Path) -> dict[str, Finder]:
    """The three ways to compare: both, terms alone, meaning alone."""
    return {
        "both": Finder.load(data_dir),
        "terms": Finder.load(data_dir, meaning=False),
        "meaning": Finder.load(data_dir, terms=False),
    }
