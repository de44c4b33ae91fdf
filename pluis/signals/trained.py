"""The encoder in torch, with the corrections that `pluis.signals.adapting` learns, and a head to learn them by."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pluis.signals.encoder import PARTS
from pluis.signals.packed import PackedWeights, Span

if TYPE_CHECKING:
    from torch import Tensor

RANK = 32
# Shares of what each layer adds, and of the pieces of a note, that chance leaves out while it learns.
DROPPED, UNREAD = 0.1, 0.1
FRAME = 1  # pieces that begin every note


@dataclass(frozen=True)
class Item:
    """One note for the encoder: its pieces, and the spans over them (first, last) with their labels.

    The first `sentences` of the spans are its sentences.
    """

    pieces: list[int]
    spans: list[Span]
    labels: list[list[int]]
    sentences: int


class TrainedEncoder:
    """The encoder in torch: what is fixed in 16 bits, and the thin matrices that are learned."""

    def __init__(self, weights: PackedWeights) -> None:
        import torch

        def fixed(name: str, rows: int = 1) -> "Tensor":
            return torch.from_numpy(weights.tensor(name, rows).copy()).bfloat16()

        self._weights = weights
        self._words = fixed("emb.word", weights.vocabulary)
        self._positions = fixed("emb.pos", weights.positions)
        self._type = fixed("emb.type", 2)[0]
        names = ["emb.ln", *(f"l{n}.{part}" for n in range(weights.layers) for part in ("aln", "oln"))]
        self._normals = {name: (fixed(f"{name}.w"), fixed(f"{name}.b")) for name in names}
        self._linears = {
            f"l{n}.{part}": (fixed(f"l{n}.{part}.w", getattr(weights, rows)), fixed(f"l{n}.{part}.b"))
            for n in range(weights.layers)
            for part, rows in PARTS.items()
        }
        self.thin: dict[str, Tensor] = {}
        for name, (matrix, _) in self._linears.items():
            rows, columns = matrix.shape
            self.thin[f"{name}.a"] = (torch.randn(RANK, columns) / math.sqrt(columns)).requires_grad_()
            self.thin[f"{name}.b"] = torch.zeros(rows, RANK).requires_grad_()

    def start_from(self, file: Path) -> None:
        """Go on from corrections learned before, of some layers or all."""
        import torch

        with np.load(file, allow_pickle=False) as stored:
            for name in stored.files:
                self.thin[name] = torch.from_numpy(stored[name].astype(np.float32)).requires_grad_()

    def spans(self, batch: Sequence[Item], labels: int) -> "tuple[Tensor, Tensor]":
        """A vector and a row of truths for each span of these notes."""
        import torch

        longest = max(len(item.pieces) for item in batch)
        pieces = torch.full((len(batch), longest), self._weights.pad)
        for row, item in enumerate(batch):
            pieces[row, : len(item.pieces)] = torch.tensor(item.pieces)
        lengths = torch.tensor([len(item.pieces) for item in batch])
        own = torch.arange(longest)[None] < lengths[:, None] - 1
        own[:, :FRAME] = False
        pieces[own & (torch.rand(pieces.shape) < UNREAD)] = self._weights.unknown
        states = self._states(pieces, lengths).float()
        sums = torch.nn.functional.pad(states.cumsum(1), (0, 0, 1, 0))
        where = torch.tensor([(row, *span) for row, item in enumerate(batch) for span in item.spans])
        row, first, last = where.T
        truths = torch.zeros(len(where), labels)
        for number, carried in enumerate(carried for item in batch for carried in item.labels):
            truths[number, carried] = 1
        return (sums[row, last] - sums[row, first]) / (last - first).unsqueeze(-1), truths

    def _states(self, pieces: "Tensor", lengths: "Tensor") -> "Tensor":
        import torch

        longest = pieces.shape[1]
        there = torch.arange(longest)[None] < lengths[:, None]
        mask = torch.where(there, 0.0, -1e4)[:, None, None, :].bfloat16()
        states = self._normal(self._words[pieces] + self._positions[:longest] + self._type, "emb.ln")
        for number in range(self._weights.layers):
            states = self._layer(states, mask, f"l{number}")
        return states

    def _layer(self, states: "Tensor", mask: "Tensor", name: str) -> "Tensor":
        import torch

        notes, longest, size = states.shape
        heads = self._weights.heads
        query, key, value = (
            self._linear(states, f"{name}.{part}").view(notes, longest, heads, size // heads).transpose(1, 2)
            for part in "qkv"
        )
        looks = torch.softmax((query @ key.transpose(2, 3)) / math.sqrt(size // heads) + mask, -1)
        seen = (looks @ value).transpose(1, 2).reshape(notes, longest, size)
        states = self._normal(states + self._dropped(self._linear(seen, f"{name}.ao")), f"{name}.aln")
        inner = torch.nn.functional.gelu(self._linear(states, f"{name}.fi"))
        return self._normal(states + self._dropped(self._linear(inner, f"{name}.fo")), f"{name}.oln")

    def _dropped(self, states: "Tensor") -> "Tensor":
        from torch.nn.functional import dropout

        return dropout(states, DROPPED)

    def _linear(self, states: "Tensor", name: str) -> "Tensor":
        from torch.nn.functional import linear

        given = linear(states, *self._linears[name])
        if f"{name}.a" not in self.thin:
            return given
        narrow = linear(states, self.thin[f"{name}.a"].bfloat16())
        return given + linear(narrow, self.thin[f"{name}.b"].bfloat16())

    def _normal(self, states: "Tensor", name: str) -> "Tensor":
        from torch.nn.functional import layer_norm

        return layer_norm(states, (states.shape[-1],), *self._normals[name], eps=1e-12)


class TrainedHead:
    """A network with one hidden layer, as the heads are; it begins at how often each label stands in `seen`."""

    def __init__(self, seen: Sequence[tuple["Tensor", "Tensor"]], hidden: int) -> None:
        import torch

        vectors, truths = (torch.cat([one[part] for one in seen]) for part in (0, 1))
        usual = truths.mean(0).clamp(1e-3, 0.5)
        bound = 1 / math.sqrt(vectors.shape[1])
        self._mean = vectors.mean(0)
        self._hidden = torch.empty(hidden, vectors.shape[1]).uniform_(-bound, bound)
        self._hidden_bias = torch.empty(hidden).uniform_(-bound, bound)
        self._out = 0.02 * torch.randn(truths.shape[1], hidden)
        self._out_bias = torch.log(usual / (1 - usual))
        self.learned = [self._mean, self._hidden, self._hidden_bias, self._out, self._out_bias]
        for values in self.learned:
            values.requires_grad_()

    def logits(self, vectors: "Tensor") -> "Tensor":
        """A logit per row and label; chance leaves out a fifth of the hidden layer."""
        from torch.nn import functional as f

        rows = 4 * f.normalize(vectors - self._mean, dim=-1)
        inner = f.dropout(f.relu(f.linear(rows, self._hidden, self._hidden_bias)), 0.2)
        return f.linear(inner, self._out, self._out_bias)


def highest(logits: "Tensor", truths: "Tensor", batch: Sequence[Item]) -> "tuple[Tensor, Tensor]":
    """Per note the highest logits of its sentences, and what is true of any of them: a note is judged by these."""
    import torch

    first = 0
    rows, true = [], []
    for item in batch:
        if item.sentences:
            rows.append(logits[first : first + item.sentences].amax(0))
            true.append(truths[first : first + item.sentences].amax(0))
        first += len(item.spans)
    return torch.stack(rows), torch.stack(true)
