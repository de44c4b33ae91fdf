"""The forms of the assessment: an organisation adds its own, and a wrong one names file, entry and cure."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pluis.content import ContentError
from pluis.protocol.assessment_form import CORE, load_forms
from pluis.settings import ROOT

OWN = ROOT / "data" / "assessment" / "own.yml"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "assessment").mkdir()
    shutil.copy(OWN, tmp_path / "assessment")
    return tmp_path


def change(data: Path, old: str, new: str) -> str:
    """Load the forms after a change; what is said of it."""
    file = data / "assessment" / "own.yml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as refused:
        load_forms(data)
    return str(refused.value)


def test_the_own_form_asks_what_every_form_asks() -> None:
    form = load_forms(ROOT / "data")[0]
    assert {question.id for question in form.questions} >= set(CORE)


def test_a_second_form_is_offered_after_the_usual_one(data: Path) -> None:
    text = OWN.read_text("utf-8").replace("id: own\ndefault: true", "id: arij")
    (data / "assessment" / "arij.yml").write_text(text, "utf-8")
    assert [form.id for form in load_forms(data)] == ["own", "arij"]


def test_content_without_forms_gets_the_one_that_comes_with_pluis(tmp_path: Path) -> None:
    assert load_forms(tmp_path)[0].id == "own"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("- id: weight", "- id: gravity", "questions: 'weight' is missing. Add a question with the id 'weight'"),
        ("- id: view", "- id: reasons", "question reasons: stands there twice."),
        ("default: true", "default: false", "one form has to be the usual one. Write 'default: true'"),
        ("kind: date", "kind: line", "question next: has to be of the kind 'date'"),
        ("from: [rules]", "from: [gossip]", "'gossip' is not possible here. Use one of: 'signals'"),
        ("at_most_days: 91", "most_days: 91", "'most_days' is not a known word here."),
    ],
)
def test_a_fault_names_file_entry_and_cure(data: Path, old: str, new: str, said: str) -> None:
    told = change(data, old, new)
    assert said in told
    assert "assessment" in told
