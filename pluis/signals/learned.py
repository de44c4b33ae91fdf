"""Signals by meaning: the encoder's vector of a sentence in its note, then a small network that scores every signal.

What is learned lies in `data/signals/model/`: plain arrays and one JSON file, no code. `pluis.signals.training`
makes it; here it is only read and used.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pluis.content import ContentError, Fault, Strict, read_as
from pluis.signals.encoder import Encoder, Read
from pluis.signals.packed import Floats, Span

FOLDER = Path("signals", "model")
ABOUT, HEAD, CORRECTIONS = "about.json", "head.npz", "corrections.npz"
LOOKS_LIKE = "!"  # begins the label of "looks like this signal and is none"; a protective factor begins with "+"
_SENTENCE = re.compile(r"(?<=[.!?;\n])['\"\u2019\u201d)]*\s+")
_CLAUSE = re.compile(r"(?<=[,:])\s+|\s+(?=(?:en|maar|want|dus|terwijl|but|and|so|because|while)\s)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")  # a stretch without two different words says nothing
_SHORT = 12  # characters; a shorter sentence is read with the one after it
_LONG = 300  # characters; a longer one is read in pieces
_SOME = -1.0  # a logit below which nothing is seen, so that nothing can be weighed against it
_MOST = 80  # pieces of one note that are read by meaning; the terms read the whole note


class About(Strict):
    """What the arrays mean.

    `thresholds` are logits per label. A note must reach `gate` before meaning alone finds a signal in it, for an
    ordinary note has a little of everything. `data` is the hash of the notes that the arrays were made from.
    """

    labels: list[str]
    thresholds: dict[str, float]
    gate: float
    calibration: tuple[float, float]
    data: str
    notes: int


@dataclass(frozen=True)
class Hit:
    """A signal that a stretch of the note seems to tell. `doubt`: it may only look like it."""

    signal: str
    start: int
    end: int
    score: float
    doubt: bool


@dataclass(frozen=True)
class Reading:
    """The hits of a note, and for each signal how far the note is above (or below) its threshold.

    `alike` are the signals that the note rather looks like than tells.
    """

    hits: list[Hit]
    margins: dict[str, float]
    alike: frozenset[str]


def sentences(text: str) -> list[Span]:
    """Where the sentences of `text` are; very long ones in pieces, very short ones with the next."""
    found: list[Span] = []
    start = 0
    for end in [*(match.end() for match in _SENTENCE.finditer(text)), len(text)]:
        if len(text[start:end].strip()) >= _SHORT:
            found += _cut(text, start, end)
            start = end
    if text[start:].strip():
        found[-1:] = [(found[-1][0], len(text))] if found else [(start, len(text))]
    return [_trimmed(text, (a, b)) for a, b in found if len(set(_WORD.findall(text[a:b]))) > 1]


def clauses(text: str, span: Span) -> list[Span]:
    """The clauses of a sentence; empty if there is nothing to choose."""
    cuts = [span[0], *(span[0] + m.end() for m in _CLAUSE.finditer(text[span[0] : span[1]])), span[1]]
    parts = [_trimmed(text, (a, b)) for a, b in pairwise(cuts) if len(text[a:b].strip()) >= _SHORT]
    return parts if len(parts) > 1 else []


def _cut(text: str, start: int, end: int) -> list[Span]:
    parts = []
    while end - start > _LONG:
        space = text.rfind(" ", start + _LONG // 2, start + _LONG)
        at = space + 1 if space > 0 else start + _LONG
        parts.append((start, at))
        start = at
    return [*parts, (start, end)]


def _trimmed(text: str, span: Span) -> Span:
    words = text[span[0] : span[1]]
    return span[0] + len(words) - len(words.lstrip()), span[1] - len(words) + len(words.rstrip())


class Head:
    """A few small networks with one hidden layer; their mean is the answer."""

    def __init__(self, given: Mapping[str, NDArray[Any]]) -> None:
        arrays = {name: values.astype(np.float32) for name, values in given.items()}
        self._mean, self._scale = arrays["mean"], arrays["scale"]
        self._hidden, self._hidden_bias = arrays["hidden"], arrays["hidden_bias"]
        self._out, self._out_bias = arrays["out"], arrays["out_bias"]

    @classmethod
    def read(cls, file: Path) -> "Head":
        """Read from `.npz`."""
        with np.load(file, allow_pickle=False) as stored:
            return cls({name: stored[name] for name in stored.files})

    def scores(self, vectors: Floats) -> Floats:
        """A logit per row and label."""
        rows = prepared(vectors, self._mean, self._scale)
        members = []
        for hidden, hidden_bias, out, out_bias in zip(
            self._hidden, self._hidden_bias, self._out, self._out_bias, strict=True
        ):
            members.append(np.maximum(rows @ hidden + hidden_bias, 0) @ out + out_bias)
        return np.asarray(np.mean(members, axis=0), np.float32)


def prepared(vectors: Floats, mean: Floats, scale: Floats) -> Floats:
    """Vectors as the networks want them: centred, of one length."""
    rows = vectors - mean
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-6) * scale, np.float32)


class Learned:
    """Reads notes by meaning. Load once; safe to share between threads."""

    def __init__(self, about: About, head: Head, encoder: Encoder) -> None:
        self.about = about
        self._head = head
        self._encoder = encoder
        self._at = {label: number for number, label in enumerate(about.labels)}
        # Protective factors help the networks to tell apart, but no validation notes measure them: terms find those.
        self._found = [label for label in about.labels if label[0] not in "+!"]
        self._columns = np.array([self._at[label] for label in self._found])
        self._limits = np.array([about.thresholds.get(label, 0.0) for label in self._found], np.float32)

    @classmethod
    def load(cls, data_dir: Path) -> "Learned":
        """Load what is under `data_dir`. Raises ContentError if it is not there."""
        from threadpoolctl import threadpool_limits

        # Numpy would share these small products between the cores, and wait for the other one, which has work of its own.
        threadpool_limits(1, "blas")
        folder = data_dir / FOLDER
        about = read_as(About, folder / ABOUT)
        try:
            return cls(about, Head.read(folder / HEAD), Encoder.load(corrections_in(data_dir)))
        except FileNotFoundError as error:
            raise ContentError([Fault(str(error.filename), "file", "is missing.", "Put it back from git.")]) from None

    def read(self, text: str) -> Reading:
        """The signals above their thresholds, each with its best words."""
        spans = sentences(text)[:_MOST]
        if not spans:
            return Reading([], {}, frozenset())
        note = self._encoder.read(text, spans)
        logits = self._head.scores(note.vectors(spans))
        best = logits.max(axis=0)
        margins = best[self._columns] - self._limits
        hits = []
        for number in np.flatnonzero(margins >= 0) if self.weight(best) >= self.about.gate else ():
            column = self._columns[number]
            row = int(logits[:, column].argmax())
            hits.append((self._found[number], spans[row], float(best[column]), row))
        named = {label: float(margin) for label, margin in zip(self._found, margins, strict=True)}
        alike = frozenset(
            label for label in self._found if best[self._at[LOOKS_LIKE + label]] > max(best[self._at[label]], _SOME)
        )
        return Reading(self._closer(text, note, hits, logits), named, alike)

    def weight(self, best: Floats) -> float:
        """How much of all signals together a note holds."""
        return float((1 / (1 + np.exp(-best[self._columns]))).sum())

    def best(self, texts: Sequence[str]) -> Floats:
        """The highest logit of each label anywhere in each note."""
        parts = [sentences(text)[:_MOST] for text in texts]
        notes = self._encoder.read_all(list(zip(texts, parts, strict=True)))
        scores = [self._head.scores(note.vectors(spans)) for note, spans in zip(notes, parts, strict=True)]
        return np.stack([found.max(axis=0) for found in scores])

    def _closer(self, text: str, note: Read, hits: list[tuple[str, Span, float, int]], logits: Floats) -> list[Hit]:
        """For each hit the clause that carries it, if one does so about as well as the sentence."""
        if not hits:
            return []
        parts = {row: clauses(text, span) for _, span, _, row in hits}
        rows = [(row, part) for row, found in sorted(parts.items()) for part in found]
        scored = self._head.scores(note.vectors([part for _, part in rows]))
        found = []
        for label, span, score, row in hits:
            column = self._at[label]
            choices = [(scored[k, column], part) for k, (of, part) in enumerate(rows) if of == row]
            top, part = max(choices, default=(-np.inf, span))
            if top < logits[row, column] - 1.0:
                part = span
            doubt = bool(logits[row, self._at[LOOKS_LIKE + label]] > max(logits[row, column], float(top)))
            found.append(Hit(label, *part, self.calibrated(score), doubt))
        return found

    def calibrated(self, logit: float) -> float:
        """The share of such findings that are right, on the validation part."""
        slope, shift = self.about.calibration
        return float(1 / (1 + np.exp(-(slope * logit + shift))))


def corrections_in(data_dir: Path) -> Path | None:
    """What was learned to correct the encoder with, if it is there."""
    file = data_dir / FOLDER / CORRECTIONS
    return file if file.is_file() else None
