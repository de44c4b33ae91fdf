"""Cutting a note into words."""

import pytest

from pluis.signals.words import Spelling, cut, plain

DUTCH = Spelling.of({"moeder": ["mdr"], "had niet": ["hadnie"]}, ["zelfmoord"])


def _forms(text: str) -> list[str]:
    return [word.form for word in cut(text, DUTCH)]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Mdr zei: z'n arm", ["moeder", "zei", ",", "zn", "arm"]),
        ("8-jarige", ["8", "jarige"]),
        ("klaar - weg", ["klaar", ",", "weg"]),
        ("ivm. griep", ["ivm", "griep"]),
        ("a.s. zaterdag", ["as", "zaterdag"]),
        ("weg... toen", ["weg", ",", "toen"]),
        ("Weg! Echt?", ["weg", ".", "echt", "."]),
        ("één", ["een"]),
        ("hadnie", ["had", "niet"]),
        ("zelfmord", ["zelfmoord"]),
        ("zelfmoort", ["zelfmoord"]),
        ("zelfbmoort", ["zelfbmoort"]),
    ],
)
def test_words_and_stops(text: str, forms: list[str]) -> None:
    assert _forms(text) == forms


def test_words_keep_their_place() -> None:
    text = "Ja, Mdr belde."
    assert [text[word.start : word.end] for word in cut(text, DUTCH)] == ["Ja", ",", "Mdr", "belde", "."]


@pytest.mark.parametrize(
    ("typed", "form"), [("Suïcide", "suicide"), ("z’n", "zn"), ("STRASSE", "strasse"), ("ﬁets", "fiets")]
)
def test_plain(typed: str, form: str) -> None:
    assert plain(typed) == form
