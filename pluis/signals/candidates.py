"""Candidates: where the terms of a lexicon occur in cut words. What they mean there is for the context to say."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pluis.signals.terms import Lexicon, Term
from pluis.signals.words import HARD, SOFT, Word


@dataclass(frozen=True)
class Candidate:
    """A possible finding: `term` covers the words from `first` up to, not including, `last`."""

    term: Term
    first: int
    last: int


class CandidateFinder:
    """Finds terms. A term is tried only near words that hold an anchor for each of its parts."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._whole: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._begin: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._terms = lexicon.terms
        self._complete = [(1 << len(term.pattern.anchors)) - 1 for term in lexicon.terms]
        for number, term in enumerate(lexicon.terms):
            for part, anchors in enumerate(term.pattern.anchors):
                for anchor in anchors:
                    (self._begin if anchor.prefix else self._whole)[anchor.form].append((number, 1 << part))
        self._longest = max(map(len, self._begin), default=0)

    def find(self, words: Sequence[Word]) -> list[Candidate]:
        """All candidates, without those that ordinary talk explains."""
        found: set[tuple[int, int, int]] = set()
        forms = {word.form for word in words}
        parts = {form: self._parts_of(form) for form in forms}
        for first, last in _sentences(words):
            numbers = self._worth_trying(words[first:last], parts)
            found.update(self._match([n for n in numbers if not self._terms[n].pattern.wide], words, first, last))
        wide = [n for n in self._worth_trying(words, parts) if self._terms[n].pattern.wide]
        found.update(self._match(wide, words, 0, len(words)))
        return self._without_ordinary_talk(found)

    def _parts_of(self, form: str) -> list[tuple[int, int]]:
        """The parts of terms that a word may stand for: (number of the term, bit of the part)."""
        parts = list(self._whole.get(form, ()))
        for length in range(1, min(len(form), self._longest) + 1):
            parts += self._begin.get(form[:length], ())
        return parts

    def _worth_trying(self, words: Sequence[Word], parts: dict[str, list[tuple[int, int]]]) -> list[int]:
        seen: dict[int, int] = {}
        for form in {word.form for word in words}:
            for number, bit in parts[form]:
                seen[number] = seen.get(number, 0) | bit
        return sorted(number for number, bits in seen.items() if bits == self._complete[number])

    def _match(
        self, numbers: list[int], words: Sequence[Word], first: int, last: int
    ) -> Iterator[tuple[int, int, int]]:
        if not numbers:
            return
        starts: list[int] = []
        line, at = [], 0
        for word in words[first:last]:
            starts.append(at)
            line.append(word.form)
            at += len(word.form) + 1
        text = " " + " ".join(line) + " "
        for number in numbers:
            for match in self._terms[number].pattern.regex.finditer(text):
                # A match begins at the space before its first word; pauses before that word are not part of it.
                begin = bisect_left(starts, match.start())
                while begin < len(line) - 1 and line[begin] in (SOFT, HARD):
                    begin += 1
                yield number, first + begin, first + bisect_right(starts, match.end() - 2)

    def _without_ordinary_talk(self, found: set[tuple[int, int, int]]) -> list[Candidate]:
        ignored: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, first, last in found:
            if self._terms[number].ignore:
                ignored[self._terms[number].signal].append((first, last))
        return [
            Candidate(self._terms[number], first, last)
            for number, first, last in sorted(found)
            if not self._terms[number].ignore
            and not any(begin < last and first < end for begin, end in ignored[self._terms[number].signal])
        ]


def _sentences(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    first = 0
    for at, word in enumerate(words):
        if word.form == HARD:
            if at > first:
                yield first, at
            first = at + 1
    if first < len(words):
        yield first, len(words)
