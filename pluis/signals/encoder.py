"""The meaning of the words of a note as vectors: multilingual-e5-small, run by CTranslate2 with 8-bit weights.

Its weights are corrected by what `pluis.signals.adapting` learned. The converted model is kept under `models/`:
converting takes two seconds, loading it a few tenths.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from pluis.content import project_root
from pluis.signals.packed import Floats, PackedWeights, Pieces, Span, Tokenizer, packed_weights

MOST_PIECES = 160  # that are read together; a longer note is read in stretches of whole sentences
PARTS = {"q": "hidden", "k": "hidden", "v": "hidden", "ao": "hidden", "fi": "inner", "fo": "hidden"}
_CONVERSION = "1"  # another number when the conversion changes
_PROCESSOR = Path("/proc/cpuinfo")
_AVX_512 = ("avx512f", "avx512cd", "avx512vl", "avx512dq", "avx512bw")  # all that CTranslate2 asks for
_TOGETHER = 32  # stretches in one batch


class Read:
    """A note after reading: every piece has a vector that knows what stands around it."""

    def __init__(self, places: Sequence[Span], states: Floats) -> None:
        self._starts = np.array([start for start, _ in places], np.int64)
        self._ends = np.array([end for _, end in places], np.int64)
        self._sums = np.concatenate([np.zeros((1, states.shape[1])), np.cumsum(states, axis=0, dtype=np.float64)])

    def vectors(self, spans: Sequence[Span]) -> Floats:
        """One row per stretch of the note: the mean over its pieces; zeros when none was read."""
        rows = np.zeros((len(spans), self._sums.shape[1]), np.float32)
        for row, (start, end) in enumerate(spans):
            first, last = np.searchsorted(self._ends, start, "right"), np.searchsorted(self._starts, end, "left")
            if last > first:
                rows[row] = (self._sums[last] - self._sums[first]) / (last - first)
        return rows


class Encoder:
    """Turns notes into vectors of 384 numbers. Safe to share between threads."""

    def __init__(self, tokenizer: Tokenizer, folder: Path, threads: int = 1) -> None:
        _choose_instructions()
        import ctranslate2

        self._tokenizer = tokenizer
        self._model = ctranslate2.Encoder(str(folder), device="cpu", compute_type="int8", intra_threads=threads)

    @classmethod
    def load(cls, corrections: Path | None = None, threads: int = 1, models: Path | None = None) -> "Encoder":
        """Load the converted model, which is made first if it is not there; `corrections` is an `.npz` file."""
        weights = packed_weights()
        digest = hashlib.sha256(_CONVERSION.encode() + (corrections.read_bytes() if corrections else b""))
        folder = (models or project_root() / "models") / f"encoder-{digest.hexdigest()[:12]}"
        if not (folder / "model.bin").is_file():
            _convert(weights, corrections, folder)
        return cls(Tokenizer(weights), folder, threads)

    def read(self, text: str, sentences: Sequence[Span]) -> Read:
        """Read the sentences of one note."""
        return self.read_all([(text, sentences)])[0]

    def read_all(self, notes: Sequence[tuple[str, Sequence[Span]]]) -> list[Read]:
        """Read notes, each a text and its sentences."""
        parts = [list(stretches(self._tokenizer, text, sentences)) for text, sentences in notes]
        states = iter(self._states([stretch.numbers for found in parts for stretch in found]))
        return [
            Read(
                [place for stretch in found for place in stretch.places],
                np.concatenate([np.zeros((0, 384), np.float32), *(next(states) for _ in found)]),
            )
            for found in parts
        ]

    def _states(self, pieces: Sequence[list[int]]) -> list[Floats]:
        """The vectors of all pieces of each stretch."""
        # Stretches of one length together: filling up costs time, and one must not change by what it is read with.
        states: list[Floats] = [np.zeros(0, np.float32)] * len(pieces)
        before = len(self._tokenizer.framed([])) - 1
        order = sorted(range(len(pieces)), key=lambda k: len(pieces[k]))
        for at in range(0, len(order), _TOGETHER):
            chosen = order[at : at + _TOGETHER]
            output = self._model.forward_batch([self._tokenizer.framed(pieces[k]) for k in chosen])
            found = np.array(output.last_hidden_state, dtype=np.float32)
            for row, k in enumerate(chosen):
                states[k] = found[row, before : before + len(pieces[k])]
        return states


def _choose_instructions() -> None:
    """By itself CTranslate2 takes AVX-512 on processors of Intel alone; reading is a tenth faster with it."""
    with suppress(OSError):
        here = _PROCESSOR.read_text()
        if all(f" {name} " in here for name in _AVX_512):
            os.environ.setdefault("CT2_FORCE_CPU_ISA", "AVX512")


def stretches(tokenizer: Tokenizer, text: str, sentences: Sequence[Span]) -> Iterator[Pieces]:
    """The note in stretches of whole sentences that are not too long to read together."""
    numbers: list[int] = []
    places: list[Span] = []
    for span in sentences:
        pieces = tokenizer.pieces(text, span, MOST_PIECES)
        if numbers and len(numbers) + len(pieces.numbers) > MOST_PIECES:
            yield Pieces(numbers, places)
            numbers, places = [], []
        numbers, places = numbers + pieces.numbers, places + pieces.places
    if numbers:
        yield Pieces(numbers, places)


def _convert(weights: PackedWeights, corrections: Path | None, folder: Path) -> None:
    from ctranslate2.converters import utils
    from ctranslate2.specs import Activation, EmbeddingsMerge, TransformerEncoderModelSpec, TransformerEncoderSpec
    from ctranslate2.specs.common_spec import LayerNormSpec, LinearSpec

    def normal(spec: LayerNormSpec, name: str) -> None:
        spec.gamma, spec.beta = weights.tensor(f"{name}.w"), weights.tensor(f"{name}.b")

    changed = read_corrections(corrections) if corrections else {}

    def linear(spec: LinearSpec, name: str) -> LinearSpec:
        spec.weight = weights.tensor(f"{name}.w", getattr(weights, PARTS[name.split(".")[1]]))
        if name in changed:
            spec.weight += changed[name]
        spec.bias = weights.tensor(f"{name}.b")
        return spec

    body = TransformerEncoderSpec(
        weights.layers,
        weights.heads,
        pre_norm=False,
        activation=Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=EmbeddingsMerge.ADD,
    )
    spec = TransformerEncoderModelSpec(body)
    body.scale_embeddings = False
    body.embeddings[0].weight = weights.tensor("emb.word", weights.vocabulary)
    body.embeddings[1].weight = weights.tensor("emb.type", 2)
    body.position_encodings.encodings = weights.tensor("emb.pos", weights.positions)
    normal(body.layernorm_embedding, "emb.ln")
    for number, layer in enumerate(body.layer):
        attention, forward, at = layer.self_attention, layer.ffn, f"l{number}"
        utils.fuse_linear(attention.linear[0], [linear(LinearSpec(), f"{at}.{part}") for part in "qkv"])
        linear(attention.linear[1], f"{at}.ao")
        normal(attention.layer_norm, f"{at}.aln")
        linear(forward.linear_0, f"{at}.fi")
        linear(forward.linear_1, f"{at}.fo")
        normal(forward.layer_norm, f"{at}.oln")
    # Pieces go in as numbers; CTranslate2 only wants to know how many there are.
    spec.register_vocabulary([str(number) for number in range(weights.vocabulary)])
    spec.config.unk_token = str(weights.unknown)
    spec.config.layer_norm_epsilon = 1e-12
    spec.validate()
    spec.optimize(quantization="int8")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".encoder-", dir=folder.parent))
    spec.save(str(made))
    try:
        os.replace(made, folder)
    except OSError:  # another process was first
        shutil.rmtree(made, ignore_errors=True)


def read_corrections(file: Path) -> dict[str, Floats]:
    """What to add to the weights of the encoder, per matrix ("l7.fi"): the product of two thin matrices."""
    with np.load(file, allow_pickle=False) as stored:
        thin = {name: stored[name].astype(np.float32) for name in stored.files}
    return {
        name[:-2]: np.asarray(thin[name] @ thin[name[:-2] + ".a"], np.float32) for name in thin if name.endswith(".b")
    }
