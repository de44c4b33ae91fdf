"""The text of a vignette: where a fault stands in it, and an example to begin from."""

from __future__ import annotations

import re

import pytest

from pluis.content import LANGUAGES, Fault
from pluis.protocol.read import Protocol
from pluis.settings import ROOT
from pluis.training import library, own
from pluis.training.lines import line_of
from pluis.training.text import in_one_language

TEXT = re.sub(r"(?m)^id:.*\n", "", (ROOT / "data" / "vignettes" / "13_candles.yml").read_text())


@pytest.mark.parametrize(
    ("was", "becomes", "stands"),
    [
        ("level: L1", "level: L3", "level: L3"),
        ("who: father\n", "who: uncle\n", "who: uncle"),
        ("id: family_stress_and_isolation", "id: family_gloom", "id: family_gloom"),
        ("about:", "abuot:", "abuot:"),
        ("seen: {mother: spoken,", "seen: {", "seen: {"),
        ("relation: {nl: dochter, en: daughter}", "relation: {nl: dochter}", "relation: {nl: dochter}"),
        ("title: {", "title: ‹later› {", "title: ‹later› {"),
        ("themes: [money", "themes: money", "themes: money"),
        ("“De stroom is er sinds gisteren af,”\", en", "“De stroom is af”\", en", "id: family_stress_and_isolation"),
    ],
)  # fmt: skip
def test_a_fault_leads_to_its_line(protocol: Protocol, was: str, becomes: str, stands: str) -> None:
    assert was in TEXT
    text = TEXT.replace(was, becomes, 1)
    lines = {line_of(text, one) for one in own.faults(text, protocol)}
    at = next(number for number, line in enumerate(text.splitlines(), 1) if stands in line)
    assert at in lines, lines


def test_a_mark_in_a_remark_is_no_line_to_go_to() -> None:
    assert line_of("# ‹x›\ntitle: a\nabout: ‹x›", Fault("f", "‹x›", "still stands.", "Change it.")) == 3
    assert line_of("# ‹x›", Fault("f", "‹x›", "still stands.", "Change it.")) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_visit_is_an_example_that_passes_the_check(protocol: Protocol, language: str) -> None:
    for vignette in library.load(ROOT / "data", protocol).values():
        text = in_one_language(vignette, language)
        assert own.faults(text, protocol) == [], vignette.id
        assert own.read("again", text).title[language] == vignette.title[language]
