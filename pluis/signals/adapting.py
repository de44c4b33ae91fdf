"""Correcting the encoder itself, so that what tells a signal stands out in its vectors. Needs torch, which Pluis does
without otherwise.

What is learned are thin matrices (LoRA, arXiv 2106.09685); their products are added to the weights when the encoder
is converted. The same notes give the same corrections on the same kind of processor.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pluis.content import ContentError, Fault
from pluis.signals.encoder import stretches
from pluis.signals.learned import CORRECTIONS, FOLDER
from pluis.signals.notes import SENTENCES, Note, read_part
from pluis.signals.packed import Span, Tokenizer, packed_weights
from pluis.signals.retyped import retyped
from pluis.signals.taxonomy import read_taxonomy
from pluis.signals.trained import Item, TrainedEncoder, TrainedHead, highest
from pluis.signals.training import Example, examples, label_names

if TYPE_CHECKING:
    from torch import Tensor

SEED = 0
HIDDEN = 512
ROUNDS = {"anew": 8, "further": 5}
RATE, HEAD_RATE = {"anew": 6e-4, "further": 5e-4}, 4e-3
WARM_UP = {"anew": 0.04, "further": 0.08}  # share of the steps; a new head beside an old encoder needs more
KEPT = 0.998  # of the average over the steps, at each step: what is written is that average, which no last note sways
BATCH = 1500  # pieces
HIGHEST = 1.0  # what the highest logits of a note count beside those of its parts
_NO_TORCH = "Put it into the environment (docs/model-card.md, 'Making it again') or leave out --adapt."


def adapt(data_dir: Path) -> Path:
    """Learn corrections from the training part, on top of those that are there; write them beside the networks.

    Raises ContentError without torch.
    """
    try:
        import torch
    except ImportError:
        raise ContentError([Fault("torch", "package", "is not installed.", _NO_TORCH)]) from None
    torch.set_num_threads(1)  # sums in another order would give other last digits
    torch.manual_seed(SEED)
    taxonomy = read_taxonomy(data_dir)
    notes = read_part(data_dir / SENTENCES / "train", taxonomy)
    labels = label_names(taxonomy)
    weights = packed_weights()
    encoder = TrainedEncoder(weights)
    file = data_dir / FOLDER / CORRECTIONS
    if file.is_file():
        encoder.start_from(file)
    averages = _learn(encoder, notes, labels, Tokenizer(weights), "further" if file.is_file() else "anew")
    arrays = {name: values.half().numpy() for name, values in zip(encoder.thin, averages, strict=True)}
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez(file, **arrays)
    return file


def _learn(
    encoder: TrainedEncoder, notes: Sequence[Note], labels: Sequence[str], tokenizer: Tokenizer, how: str
) -> "list[Tensor]":
    """The thin matrices, averaged over the last steps."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as loss_of

    draw = np.random.default_rng(SEED)
    with torch.no_grad():
        some = _items(examples(notes[::40], labels, closely=True), tokenizer)
        head = TrainedHead([encoder.spans(batch, len(labels)) for batch in _batches(some, draw)], HIDDEN)
    thin = list(encoder.thin.values())
    averages = [values.detach().clone() for values in thin]
    optimizer = torch.optim.AdamW(
        [{"params": thin, "lr": RATE[how]}, {"params": head.learned, "lr": HEAD_RATE}], betas=(0.9, 0.98)
    )
    rates = [RATE[how], HEAD_RATE]
    step = total = 0
    for _ in range(ROUNDS[how]):
        items = _items(examples(retyped(notes, draw), labels, closely=True), tokenizer)
        batches = list(_batches(items, draw))
        total = total or ROUNDS[how] * len(batches)
        for batch in batches:
            step += 1
            speed = min(1.0, step / (WARM_UP[how] * total)) * max(0.02, 1 - step / (1.02 * total))
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * speed
            vectors, truths = encoder.spans(batch, len(labels))
            logits = head.logits(vectors)
            loss = sum(
                share * loss_of(given, true, reduction="none").sum(1).mean()
                for share, given, true in ((1.0, logits, truths), (HIGHEST, *highest(logits, truths, batch)))
            )
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*thin, *head.learned], 1.0)
            optimizer.step()
            for average, values in zip(averages, thin, strict=True):
                average.lerp_(values.detach(), 1 - min(KEPT, step / (step + 10)))
    return averages


def _items(given: Sequence[Example], tokenizer: Tokenizer) -> list[Item]:
    """What the encoder sees of the notes; a long note gives several."""
    items = []
    before = len(tokenizer.framed([])) - 1
    for example in given:
        own = set(example.sentences)
        for stretch in stretches(tokenizer, example.text, example.sentences):
            spans: list[Span] = []
            labels: list[list[int]] = []
            sentences = 0
            for (start, end), carried in zip(example.spans, example.labels, strict=True):
                inside = [n for n, (a, b) in enumerate(stretch.places) if b > start and a < end]
                if inside and start >= stretch.places[0][0] and end <= stretch.places[-1][1]:
                    spans.append((before + inside[0], before + inside[-1] + 1))
                    labels.append(carried)
                    sentences += (start, end) in own
            if spans:
                items.append(Item(tokenizer.framed(stretch.numbers), spans, labels, sentences))
    return items


def _batches(items: Sequence[Item], draw: np.random.Generator) -> Iterator[list[Item]]:
    """Notes of about one length together, in an order of chance."""
    found: list[list[Item]] = [[]]
    length = [len(item.pieces) + 6 * draw.random() for item in items]
    for number in sorted(range(len(items)), key=length.__getitem__):
        if (len(found[-1]) + 1) * len(items[number].pieces) > BATCH and found[-1]:
            found.append([])
        found[-1].append(items[number])
    for number in draw.permutation(len(found)):
        yield found[number]
