"""Stopping, skipping and going on."""

import pytest

from tests.dialogue.engine import Engine


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("pauze", "pause"),
        ("ik stop even", "pause"),
        ("pause", "pause"),
        ("i need to stop for now", "pause"),
        ("sla over", "skip"),
        ("volgende vraag", "skip"),
        ("skip this one", "skip"),
        ("ga verder", "resume"),
        ("we kunnen weer verder", "resume"),
        ("let's continue", "resume"),
    ],
)
def test_stopping_is_one_action(engine: Engine, text: str, verb: str) -> None:
    assert engine.verb(text) == f"action_{verb}"


@pytest.mark.parametrize("text", ["start een debrief", "start a debrief", "ik wil oefenen"])
def test_a_new_beginning_in_the_middle_is_an_answer(engine: Engine, text: str) -> None:
    assert engine.verb(text) == "validate_debrief_form"
