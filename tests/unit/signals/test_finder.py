"""The finder on odd input: it never fails, and evidence is always an exact part of the note."""

import subprocess
import sys
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pluis.settings import ROOT
from pluis.signals.finder import MAX_LENGTH, Finder
from tests.unit.signals.cases import cases

Lang = Literal["nl", "en"]
_SNIPPETS = [case["text"] for case in cases("examples.yml")]
_GLUE = st.sampled_from(
    ["", " ", "\n", ". ", ", ", "\u00df", "\u0130", "\ufb01", "\u200d", "\U0001f600", "...", "-", "'", "\x00"]
)
_NOTES = st.lists(st.one_of(st.sampled_from(_SNIPPETS), st.text(max_size=30), _GLUE), max_size=8).map("".join)


@settings(max_examples=150, deadline=None)
@given(text=_NOTES, lang=st.sampled_from(["nl", "en"]))
def test_evidence_is_an_exact_part_of_the_note(finder: Finder, text: str, lang: Lang) -> None:
    found = finder.find(text, lang)
    for finding in found:
        assert finding.text == text[finding.start : finding.end] != ""
        assert 0 < finding.score <= 1
    assert len({f.signal for f in found}) == len(found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n\n",
        "...",
        "a" * MAX_LENGTH,
        "niet " * 4000,
        "\ud800",
        "''''",
        "\u0e01\u0e33" * 50,
        "1.2.3.4",
        "(" * 500,
    ],
)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_odd_input_gives_no_finding_and_no_error(text: str, lang: Lang, finder: Finder) -> None:
    assert [f for f in finder.find(text, lang) if f.severity == "acute"] == []


def test_accents_and_wide_letters_do_not_shift_evidence(finder: Finder) -> None:
    text = "\u0130\u00df\ufb01 \U0001f600 Mo\u0301eder hoort st\u00e9mmen."
    (found,) = [f for f in finder.find(text, "nl") if f.signal == "caregiver_psychotic_or_confused"]
    assert found.text == "hoort st\u00e9mmen"


def test_only_the_first_part_of_a_very_long_text_is_read(finder: Finder) -> None:
    text = "x " * (MAX_LENGTH // 2) + "moeder hoort stemmen"
    assert finder.find(text, "nl") == []


def test_protective_factors_are_marked_as_such(finder: Finder) -> None:
    (found,) = [f for f in finder.find("Koelkast vol, bedden opgemaakt.", "nl") if f.kind == "protective"]
    assert (found.signal, found.severity) == ("basic_care_in_order", "protective")


def test_loose_words_ask_instead_of_report(finder: Finder) -> None:
    (found,) = [f for f in finder.find("She has nightmares.", "en") if f.signal == "child_behaviour_change"]
    assert (found.status, found.score < 0.5) == ("uncertain", True)


def test_an_acute_term_that_meaning_explains_is_asked_about_and_kept(finder: Finder) -> None:
    note = (
        "Cases in the hall, passports on the side, taxi ordered for five a.m. Lanzarote, ten nights, school gave the "
        "leave in writing, dad in Derby has the flight numbers stuck on his fridge and sent me a photo of it."
    )
    (found,) = [f for f in finder.find(note, "en") if f.signal == "flight_or_missing_child"]
    assert found.status == "uncertain"


def test_a_death_threat_told_in_the_present_is_found(finder: Finder) -> None:
    for text in ("Ja, vader zei dat hij haar doodslaat, nu.", "hij zegt dat hij mama vermoordt"):
        assert "lethal_violence_marker" in {f.signal for f in finder.find(text, "nl") if f.status == "present"}


def test_few_words_are_read_by_terms_alone(finder: Finder) -> None:
    terms = Finder.load(ROOT / "data", meaning=False)
    for text in ("weet ik niet.", "hoort stemmen", "vader sloeg haar", "touw aan balk"):
        assert finder.find(text, "nl") == terms.find(text, "nl")


def test_importing_the_finder_loads_no_language_engine() -> None:
    code = "import sys, pluis.signals.finder; sys.exit('spacy' in sys.modules or 'clinlp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
