"""Changing one's mind: back to the question before, or another answer to an earlier one."""

import pytest

from tests.dialogue.engine import Engine


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("terug", "back"),
        ("vorige vraag", "back"),
        ("go back", "back"),
        ("previous question", "back"),
        ("ik bedoelde de oudste", "correct"),
        ("dat klopte niet", "correct"),
        ("let me correct that", "correct"),
        ("zet het niveau hoger", "raise_level"),
        ("raise the level", "raise_level"),
    ],
)
def test_a_correction_is_one_action(engine: Engine, text: str, verb: str) -> None:
    assert engine.verb(text) == f"action_{verb}"


def test_back_does_not_rewind_the_conversation(engine: Engine) -> None:
    assert engine.verb("terug", conversation="d-back") == "action_back"
    assert engine.verb("terug", conversation="d-back") == "action_back"
    assert engine.verb("ja", conversation="d-back") == "validate_debrief_form"


def test_back_outside_a_debrief_is_one_action_too(engine: Engine) -> None:
    assert engine.verb("terug", conversation="user-7") == "action_back"
