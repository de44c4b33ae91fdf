"""Making what `pluis.signals.learned` uses: networks learned from the training notes, thresholds from the validation
part. The same notes give the same arrays on the same kind of processor.
"""

import hashlib
import json
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pluis.content import ContentError, Fault
from pluis.signals.encoder import Encoder
from pluis.signals.learned import (
    ABOUT,
    FOLDER,
    HEAD,
    LOOKS_LIKE,
    About,
    Head,
    Learned,
    clauses,
    corrections_in,
    prepared,
    sentences,
)
from pluis.signals.notes import PARTS, SENTENCES, Mark, Note, near_duplicates, read_part
from pluis.signals.packed import Floats, Span
from pluis.signals.retyped import retyped
from pluis.signals.taxonomy import Taxonomy, read_taxonomy

SEEDS = range(3)
HIDDEN = 512
SCALE = 1.0  # length of the vectors that the networks see
LEARNING: dict[str, Any] = {"alpha": 1e-2, "learning_rate_init": 2e-3, "batch_size": 256, "max_iter": 4}
RETYPED = 3  # seed of the chance by which notes are retyped
_COVERED = 0.4  # share of the words or of the mark that must overlap for a label to count for the words
# How much more recall counts than precision when a threshold is chosen (the beta of F-beta).
RECALL_COUNTS = {"acute": 3.0, "serious": 2.0, "concern": 1.0}
# Share of ordinary validation notes that may have an acute or serious finding by meaning. Half of those notes were
# written to mislead; of the others at most half as many have one.
FALSE_ALARMS = 0.07
_SHRINK = 12.0  # notes' worth of trust in the threshold of all signals of one severity
Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Example:
    """A note to learn from: its sentences, and the stretches that carry labels (numbers) or none."""

    text: str
    sentences: list[Span]
    spans: list[Span]
    labels: list[list[int]]


def label_names(taxonomy: Taxonomy) -> list[str]:
    """All labels: signals, protective factors (`+`), and looking like a signal (`!`)."""
    signals = [signal.id for signal in taxonomy.signals]
    factors = [f"+{factor.id}" for factor in taxonomy.protective_factors]
    return [*signals, *factors, *(LOOKS_LIKE + signal for signal in signals)]


def data_hash(data_dir: Path) -> str:
    """Changes when a training or validation note changes, whatever the files are called."""
    digest = hashlib.sha256()
    taxonomy = read_taxonomy(data_dir)
    for part in ("train", "validation"):
        notes = read_part(data_dir / SENTENCES / part, taxonomy)
        for line in sorted(repr((n.lang, n.text, n.signals, n.protective, n.mimics)) for n in notes):
            digest.update(line.encode())
    return digest.hexdigest()


def is_current(data_dir: Path) -> bool:
    """Whether the model was made from the notes that are there now."""
    about = json.loads((data_dir / FOLDER / ABOUT).read_text("utf-8"))
    return bool(about["data"] == data_hash(data_dir))


def check(data_dir: Path) -> str:
    """Read all parts; raise ContentError when notes are wrong or stand in two parts; say how many there are."""
    taxonomy = read_taxonomy(data_dir)
    parts = {part: read_part(data_dir / SENTENCES / part, taxonomy) for part in PARTS}
    faults = [
        Fault(f"{part} {note}", "text", f"is too much like {other} of {against}.", "Take one of them out.")
        for part, against in (("validation", "train"), ("test", "train"), ("test", "validation"))
        for note, other in near_duplicates(parts[part], parts[against])
    ]
    if faults:
        raise ContentError(faults)
    said = ", ".join(f"{part} {len(notes)}" for part, notes in parts.items())
    current = "The model fits them." if is_current(data_dir) else "They changed: run pluis signals train."
    return f"The marked notes are in order: {said}. {current}"


def examples(notes: Sequence[Note], labels: Sequence[str], closely: bool = False) -> list[Example]:
    """What is learned from: sentences, whole notes, the marked words alone; `closely`: pairs of sentences and clauses too."""
    at = {label: number for number, label in enumerate(labels)}
    found = []
    for note in notes:
        marks = [
            *((m.id, m) for m in note.signals),
            *((f"+{m.id}", m) for m in note.protective),
            *((LOOKS_LIKE + m.id, m) for m in note.mimics),
        ]
        own = sentences(note.text)
        if not own:
            continue
        whole = [(own[0][0], own[-1][1])]
        pairs = [(one[0], two[1]) for one, two in pairwise(own)]
        parts = [part for span in own for part in clauses(note.text, span)]
        alone = sorted({(m.start, m.end) for _, m in marks if m.end - m.start < 0.8 * len(note.text)})
        spans = list(dict.fromkeys([*own, *whole, *(pairs + parts if closely else []), *alone]))
        carried = [
            [at[label] for label, mark in marks if label in at and _covers(mark, start, end)] for start, end in spans
        ]
        found.append(Example(note.text, own, spans, carried))
    return found


def vectors(given: Sequence[Example], encoder: Encoder) -> Floats:
    """A row per span of all examples."""
    read = encoder.read_all([(example.text, example.sentences) for example in given])
    return np.concatenate([note.vectors(example.spans) for note, example in zip(read, given, strict=True)])


def _table(given: Sequence[Example], labels: int) -> Truths:
    """A row per span of all examples."""
    rows = [carried for example in given for carried in example.labels]
    table = np.zeros((len(rows), labels), bool)
    for number, row in enumerate(rows):
        table[number, row] = True
    return table


def _covers(mark: Mark, start: int, end: int) -> bool:
    both = min(end, mark.end) - max(start, mark.start)
    return both > 0 and both >= _COVERED * min(end - start, mark.end - mark.start)


def learn(rows: Floats, truth: Truths, seeds: Sequence[int] = tuple(SEEDS)) -> dict[str, NDArray[Any]]:
    """The arrays of a `Head`."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier
    from threadpoolctl import threadpool_limits

    mean = np.asarray(rows.mean(axis=0), np.float32)
    scale = np.asarray(SCALE, np.float32)
    given = prepared(rows, mean, scale)
    members = []
    # Sums in another order would give other last digits; and so many rounds are meant, more would fit too closely.
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for seed in seeds:
            network = MLPClassifier((HIDDEN,), random_state=seed, **LEARNING)
            members.append(network.fit(given, truth))
    arrays = {
        "hidden": [m.coefs_[0] for m in members],
        "hidden_bias": [m.intercepts_[0] for m in members],
        "out": [m.coefs_[1] for m in members],
        "out_bias": [m.intercepts_[1] for m in members],
    }
    small = {name: np.stack(values).astype(np.float16) for name, values in arrays.items()}
    return {"mean": mean, "scale": scale, **small}


def threshold(scores: Floats, truths: Truths, beta: float, others: tuple[Floats, Truths]) -> float:
    """The logit at which F-beta is best, for one signal, leaning on all signals of its severity (`others`).

    A signal stands in a dozen validation notes: too few to choose by alone.
    """
    many, many_truths = others
    choices = np.quantile(many, np.linspace(0.5, 0.9995, 400))
    share = _SHRINK / max(1, int(many_truths.sum()))
    best, value = float(choices[-1]), -1.0
    for choice in choices:
        own, all_ = _counts(scores, truths, choice), _counts(many, many_truths, choice)
        hits, wrong, missed = own + share * all_
        f = (1 + beta**2) * hits / max(1e-9, (1 + beta**2) * hits + beta**2 * missed + wrong)
        if f > value:
            best, value = float(choice), f
    return best


def _counts(scores: Floats, truths: Truths, limit: float) -> NDArray[np.float64]:
    above = scores >= limit
    return np.array([(above & truths).sum(), (above & ~truths).sum(), (~above & truths).sum()], float)


def gate(weights: Floats, alarmed: Truths) -> float:
    """The weight a note must have so that few ordinary notes raise an alarm: `alarmed` are those that would."""
    allowed = int(FALSE_ALARMS * len(weights))
    first = np.sort(weights[alarmed])[::-1]
    return float(first[allowed]) + 1e-3 if len(first) > allowed else 0.0


def calibrated(scores: Floats, truths: Truths) -> tuple[float, float]:
    """Slope and shift that make logits honest chances on the validation part (Platt)."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), truths.ravel())
    return round(float(model.coef_[0, 0]), 6), round(float(model.intercept_[0]), 6)


def train(data_dir: Path, encoder: Encoder | None = None) -> About:
    """Learn from the training part, choose thresholds on the validation part, write the model."""
    taxonomy = read_taxonomy(data_dir)
    notes, validation = (read_part(data_dir / SENTENCES / part, taxonomy) for part in ("train", "validation"))
    labels = label_names(taxonomy)
    encoder = encoder or Encoder.load(corrections_in(data_dir), threads=os.cpu_count() or 1)
    # The encoder was corrected with these notes and tells them apart too easily: so they are read as others type them, too.
    given = examples([*notes, *retyped(notes, np.random.default_rng(RETYPED))], labels)
    arrays = learn(vectors(given, encoder), _table(given, len(labels)))
    about = About(
        labels=labels,
        thresholds=dict.fromkeys(labels, 0.0),
        gate=0.0,
        calibration=(1.0, 0.0),
        data=data_hash(data_dir),
        notes=len(notes),
    )
    learned = Learned(about, Head(arrays), encoder)
    scores, truths = _on(validation, learned, labels)
    severity = [taxonomy.severity(label.lstrip("+!")) for label in labels]
    limits = {}
    for number, label in enumerate(labels):
        if label[0] in "+!":
            continue
        alike = [n for n, other in enumerate(labels) if severity[n] == severity[number] and other[0] not in "+!"]
        others = scores[:, alike].ravel(), truths[:, alike].ravel()
        limits[label] = threshold(scores[:, number], truths[:, number], RECALL_COUNTS[severity[number]], others)
    alarms = [n for n, label in enumerate(labels) if label in limits and severity[n] in ("acute", "serious")]
    ordinary = [n for n, note in enumerate(validation) if not note.signals and not note.mimics]
    above = scores[ordinary][:, alarms] >= np.array([limits[labels[n]] for n in alarms])
    alarmed = np.asarray(above.any(axis=1), np.bool_)
    weights = np.array([learned.weight(scores[n]) for n in ordinary], np.float32)
    signals = [n for n, label in enumerate(labels) if label[0] not in "+!"]
    about = about.model_copy(
        update={
            "thresholds": {label: round(limit, 4) for label, limit in limits.items()},
            "gate": round(gate(weights, alarmed), 4),
            "calibration": calibrated(scores[:, signals].ravel(), truths[:, signals].ravel()),
        }
    )
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / HEAD, **arrays)  # type: ignore[arg-type]
    (folder / ABOUT).write_text(about.model_dump_json(indent=1) + "\n", "utf-8")
    return about


def _on(notes: Sequence[Note], learned: Learned, labels: Sequence[str]) -> tuple[Floats, Truths]:
    """The best logit per note and label, and what is true."""
    scores = learned.best([note.text for note in notes])
    marked = [{m.id for m in note.signals} | {f"+{m.id}" for m in note.protective} for note in notes]
    return scores, np.array([[label in there for label in labels] for there in marked])
