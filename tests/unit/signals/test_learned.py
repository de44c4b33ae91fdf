"""Finding by meaning: cutting a note, the encoder, and the model that is kept in the repository."""

from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluis.content import ContentError
from pluis.settings import ROOT
from pluis.signals.adapting import adapt
from pluis.signals.encoder import MOST_PIECES, Encoder, stretches
from pluis.signals.learned import Learned, clauses, corrections_in, sentences
from pluis.signals.packed import Floats, Tokenizer, packed_weights
from pluis.signals.taxonomy import read_taxonomy
from pluis.signals.training import examples, is_current, label_names, learn, threshold
from tests.unit.signals.marked import note

DATA = ROOT / "data"


@pytest.fixture(scope="module")
def learned() -> Learned:
    return Learned.load(DATA)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load(corrections_in(DATA))


@given(st.text(max_size=900))
def test_sentences_are_parts_of_the_note_in_order(text: str) -> None:
    found = sentences(text)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))


def test_a_short_sentence_goes_with_the_next() -> None:
    text = "Niks. Vier keer aangebeld en niemand deed open."
    assert [text[a:b] for a, b in sentences(text)] == [text]


def test_a_long_sentence_is_read_in_pieces() -> None:
    assert all(end - start <= 300 for start, end in sentences("woord na woord " * 400))


def test_clauses_are_parts_of_their_sentence() -> None:
    text = "Koffie stond klaar, de jongste had weer een blauwe plek en niemand wist waarvan."
    found = [text[a:b] for a, b in clauses(text, (0, len(text)))]
    assert "de jongste had weer een blauwe plek" in found
    assert clauses("Koffie stond klaar.", (0, 19)) == []


def test_pieces_are_those_that_the_encoder_was_made_with() -> None:
    weights, text = packed_weights(), "hallo, wereld"
    tokenizer = Tokenizer(weights)
    pieces = tokenizer.pieces(text, (0, len(text)), MOST_PIECES)
    whole = tokenizer.framed(pieces.numbers)
    assert "".join(weights.pieces[n] for n in whole[1:-1]) == "\u2581hallo,\u2581wereld"
    assert {text[start:end] for start, end in pieces.places} == {"hallo,", "wereld"}
    assert len(tokenizer.pieces("ja " * 900, (0, 2700), MOST_PIECES).numbers) == MOST_PIECES


def test_a_long_note_is_read_in_stretches_of_whole_sentences() -> None:
    text = "De jongste speelde op de mat en vroeg om limonade. " * 20
    cuts = sentences(text)
    found = list(stretches(Tokenizer(packed_weights()), text, cuts))
    assert len(found) > 1
    assert all(len(part.numbers) <= MOST_PIECES for part in found)
    assert all(part.places[0][0] in {start for start, _ in cuts} for part in found)


def vector(encoder: Encoder, text: str) -> Floats:
    return encoder.read(text, [(0, len(text))]).vectors([(0, len(text))])[0]


def test_likeness_follows_meaning_across_languages(encoder: Encoder) -> None:
    child = vector(encoder, "het kind is bang voor zijn vader")
    same = vector(encoder, "the boy is scared of his dad")
    other = vector(encoder, "we hebben samen soep gekookt")
    assert child @ same / np.linalg.norm(same) > child @ other / np.linalg.norm(other)


def test_a_note_hardly_depends_on_what_it_is_read_with(encoder: Encoder) -> None:
    texts = ["ze slaapt al weken niet", "ja nee", "een heel wat langere zin die over iets anders gaat, over de tuin"]
    among = encoder.read_all([(text, [(0, len(text))]) for text in texts])[0].vectors([(0, 23)])[0]
    assert np.allclose(vector(encoder, texts[0]), among, atol=0.03)


def test_words_know_what_stands_around_them(encoder: Encoder) -> None:
    text = "Ze zei: hij slaat mij. Dat was een droom."
    read = encoder.read(text, sentences(text))
    assert not np.allclose(read.vectors([(8, 22)]), vector(encoder, text[8:22]), atol=0.03)
    assert not read.vectors([(len(text) + 1, len(text) + 9)]).any()


def test_meaning_finds_what_no_term_names(learned: Learned) -> None:
    text = "Thee gedronken. Ze vroeg of er geen ander gezin is dat de kinderen wil hebben, want zij kan het niet meer."
    hits = {hit.signal: hit for hit in learned.read(text).hits}
    hit = hits["caregiver_cannot_cope"]
    assert "Thee" not in text[hit.start : hit.end]
    assert 0 < hit.score <= 1


@pytest.mark.parametrize("text", ["", " ", "\n\n", "...", "a" * 20_000, "niet " * 4000, "\ud800", "\U0001f600" * 50])
def test_odd_input_is_no_error(text: str, learned: Learned) -> None:
    assert all(text[hit.start : hit.end] for hit in learned.read(text).hits)


def test_the_model_knows_every_signal(learned: Learned) -> None:
    assert learned.about.labels == label_names(read_taxonomy(DATA))


def test_the_model_fits_the_notes() -> None:
    assert is_current(DATA), "the marked notes changed; run: pluis signals train"


def test_a_missing_model_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="missing"):
        Learned.load(tmp_path)


def test_examples_carry_the_marks_of_their_words() -> None:
    labels = label_names(read_taxonomy(DATA))
    (example,) = examples([note("Thee gedronken samen. Daarna [sloeg hij haar](domestic_violence).")], labels)
    carried = {example.text[a:b]: found for (a, b), found in zip(example.spans, example.labels, strict=True)}
    assert carried["Thee gedronken samen."] == []
    assert carried["sloeg hij haar"] == carried[example.text] == [labels.index("domestic_violence")]


def test_adapting_without_torch_is_said_plainly() -> None:
    if find_spec("torch"):
        pytest.skip("torch is here")
    with pytest.raises(ContentError, match="torch"):
        adapt(DATA)


def test_the_same_notes_give_the_same_network() -> None:
    draw = np.random.default_rng(0)
    vectors = draw.normal(size=(300, 384)).astype(np.float32)
    truths = draw.random((300, 4)) > 0.8
    one, two = (learn(vectors, truths, seeds=[1]) for _ in range(2))
    assert all(np.array_equal(one[name], two[name]) for name in one)


def test_a_threshold_lies_between_right_and_wrong() -> None:
    scores = np.array([-3.0, -2.0, -1.0, 1.0, 2.0], np.float32)
    truths = np.array([False, False, False, True, True])
    assert -1.0 < threshold(scores, truths, 1.0, (scores, truths)) <= 1.0
