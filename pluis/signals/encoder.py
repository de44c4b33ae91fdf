"""The meaning of a text as a vector: multilingual-e5-small, run by CTranslate2 with 8-bit weights.

The converted model is kept under `models/`: converting takes two seconds, loading it a few tenths.
"""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pluis.content import project_root
from pluis.signals.packed import Floats, PackedWeights, Tokenizer, packed_weights

MOST_PIECES = 160  # of one text; a longer one is cut off, for the sentences of a note are read one by one
_NAME = "encoder-e5-small-1"  # another name when the conversion changes
_PARTS = {"q": "hidden", "k": "hidden", "v": "hidden", "ao": "hidden", "fi": "inner", "fo": "hidden"}


class Encoder:
    """Turns texts into vectors of 384 numbers. Safe to share between threads."""

    def __init__(self, tokenizer: Tokenizer, folder: Path, threads: int = 1) -> None:
        import ctranslate2

        self._tokenizer = tokenizer
        self._model = ctranslate2.Encoder(str(folder), device="cpu", compute_type="int8", intra_threads=threads)

    @classmethod
    def load(cls, threads: int = 1, models: Path | None = None) -> "Encoder":
        """Load the converted model, which is made first if it is not there."""
        weights = packed_weights()
        folder = (models or project_root() / "models") / _NAME
        if not (folder / "model.bin").is_file():
            _convert(weights, folder)
        return cls(Tokenizer(weights), folder, threads)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One row per text: the mean over its pieces."""
        if not texts:
            return np.zeros((0, 384), np.float32)
        pieces = [self._tokenizer.pieces(text, MOST_PIECES) for text in texts]
        # Texts of one length together: filling up costs time, and a text must not change by what it is read with.
        rows: list[Floats] = [np.zeros(0, np.float32)] * len(texts)
        order = sorted(range(len(texts)), key=lambda k: len(pieces[k]))
        for at in range(0, len(order), 32):
            chosen = order[at : at + 32]
            output = self._model.forward_batch([pieces[k] for k in chosen])
            states = np.array(output.last_hidden_state, dtype=np.float32)
            for row, k in enumerate(chosen):
                rows[k] = states[row, : len(pieces[k])].mean(axis=0)
        return np.stack(rows)


def _convert(weights: PackedWeights, folder: Path) -> None:
    from ctranslate2.converters import utils
    from ctranslate2.specs import Activation, EmbeddingsMerge, TransformerEncoderModelSpec, TransformerEncoderSpec
    from ctranslate2.specs.common_spec import LayerNormSpec, LinearSpec

    def normal(spec: LayerNormSpec, name: str) -> None:
        spec.gamma, spec.beta = weights.tensor(f"{name}.w"), weights.tensor(f"{name}.b")

    def linear(spec: LinearSpec, name: str) -> LinearSpec:
        rows = getattr(weights, _PARTS[name.split(".")[1]])
        spec.weight = weights.tensor(f"{name}.w", rows)
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
