"""What the check says while somebody writes is in that person's language."""

from __future__ import annotations

import re

import pytest

from pluis.content import Fault
from pluis.protocol.read import Protocol
from pluis.settings import ROOT
from pluis.training import own
from pluis.web.fault_words import shown

TEXT = re.sub(r"(?m)^id:.*$", "", (ROOT / "data" / "vignettes" / "13_candles.yml").read_text())
BLANK = (ROOT / "pluis" / "training" / "blank.nl.yml").read_text()


@pytest.mark.parametrize(
    ("was", "becomes", "dutch"),
    [
        ("level: L1", "level: L3", "de regels komen"),
        ("level: L1", "level: L7", "kan hier niet"),
        ("level: L1", "", "ontbreekt"),
        ("who: father", "who: uncle", "is niemand van het gezin"),
        ("about:", "abuot:", "geen bekend woord"),
        ("id: family_stress_and_isolation", "id: family_gloom", "is niet bekend"),
        ("kind: child", "kind: adult", "er is geen kind"),
    ],
)
def test_a_fault_in_dutch_and_in_english(protocol: Protocol, was: str, becomes: str, dutch: str) -> None:
    assert was in TEXT
    found = own.faults(TEXT.replace(was, becomes), protocol)
    assert any(dutch in shown(one, "nl")["what"] for one in found)
    for one in found:
        said = shown(one, "nl")
        assert (said["what"], said["cure"]) != (one.what, one.cure)
        assert shown(one, "en") == {"entry": one.entry, "what": one.what, "cure": one.cure}


def test_the_blank_says_what_to_fill_in_and_nothing_else(protocol: Protocol) -> None:
    found = own.faults(BLANK, protocol)
    assert {one.what for one in found} == {"still stands in the text."}
    filled = re.sub(r"‹[^›]*›", "iets", BLANK)
    assert own.faults(filled, protocol) == []


def test_a_sentence_nobody_translated_stays_as_it_is() -> None:
    assert shown(Fault("f", "e", "Something new.", "Correct it."), "nl")["what"] == "Something new."
