"""Is it so, when, about whom, who says so."""

from pathlib import Path
from typing import Any

import pytest

from pluis.content import ContentError
from pluis.signals.context import read_context
from pluis.signals.finder import Finder
from tests.unit.signals.cases import cases, told


@pytest.mark.parametrize("case", cases("context_cases.yml"), ids=told)
def test_words_around_a_term_decide_what_is_told(case: dict[str, Any], finder: Finder) -> None:
    found = {f.signal: f for f in finder.find(case["text"], case["lang"])}
    assert case["signal"] in found
    assert found[case["signal"]].status == case["status"]
    if "source" in case:
        assert found[case["signal"]].source == case["source"]


def test_what_holds_now_wins_over_what_is_denied_elsewhere(finder: Finder) -> None:
    text = "Vrijdag was vader niet dronken. Vandaag was hij dronken, alleen met de baby."
    (found,) = [f for f in finder.find(text, "nl") if f.signal == "caregiver_intoxicated_in_charge"]
    assert found.status == "present"
    assert found.start > text.index("Vandaag")


def test_a_cue_with_an_open_bracket_names_file_and_cue(tmp_path: Path) -> None:
    (tmp_path / "signals").mkdir()
    file = tmp_path / "signals" / "context.yml"
    file.write_text("cues:\n  - {meaning: negated, stands: before, nl: ['geen (enkele']}\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"context\.yml.*geen \(enkele.*Write the words out"):
        read_context(tmp_path)
