"""Notes as others might have typed them: in small letters, without stops, with typing errors, two visits in one.

What is learned from them too holds for more than the words that were written.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from pluis.signals.notes import Mark, Note

TOGETHER = 0.5  # share of the notes that are read with another, so that what stands around is learned to be left out
SMALL = 400  # characters of a note that may be read with another
# Shares of the notes in small letters, without stops, with typing errors, and of the longer words that then have one.
LOWER, UNSTOPPED, TYPED, TYPO = 0.3, 0.15, 0.25, 0.06
_STOP = re.compile(r"[.!?,;:](?=\s|$)")
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")


def retyped(notes: Sequence[Note], draw: np.random.Generator) -> list[Note]:
    """The notes in an order of chance, changed by chance; no place of a mark moves against its words."""
    found = []
    for note in _joined(notes, draw):
        text = _small(note.text) if draw.random() < LOWER else note.text
        if draw.random() < UNSTOPPED:
            text = _STOP.sub(" ", text)
        if draw.random() < TYPED:
            text = _mistyped(text, draw)
        found.append(replace(note, text=text))
    return found


def _joined(notes: Sequence[Note], draw: np.random.Generator) -> Iterator[Note]:
    """The notes in an order of chance, some with another of the same language behind them."""
    waiting: dict[str, Note] = {}
    for number in draw.permutation(len(notes)):
        note = notes[number]
        other = waiting.pop(note.lang, None)
        if other is not None:
            yield _both(other, note)
        elif len(note.text) < SMALL and draw.random() < TOGETHER:
            waiting[note.lang] = note
        else:
            yield note
    yield from waiting.values()


def _both(one: Note, two: Note) -> Note:
    join = " " if one.text.rstrip()[-1:] in (".", "!", "?") else ". "
    by = len(one.text) + len(join)

    def later(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
        return tuple(Mark(mark.id, mark.start + by, mark.end + by, mark.why) for mark in marks)

    return Note(
        one.id,
        one.lang,
        one.writer,
        one.text + join + two.text,
        one.signals + later(two.signals),
        one.protective + later(two.protective),
        one.mimics + later(two.mimics),
    )


def _mistyped(text: str, draw: np.random.Generator) -> str:
    """Some of the longer words with two letters the other way round."""
    letters = list(text)
    for word in _LONG_WORD.finditer(text):
        if draw.random() < TYPO:
            at = int(draw.integers(word.start() + 1, word.end() - 2))
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def _small(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else text
