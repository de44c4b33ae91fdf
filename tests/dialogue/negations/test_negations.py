"""Saying no, in all its shapes, answers the question."""

import pytest

from tests.dialogue.engine import Engine


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("nee", "deny"),
        ("nee hoor", "deny"),
        ("klopt niet", "deny"),
        ("no", "deny"),
        ("nope", "deny"),
        ("niet gezien", "not_seen"),
        ("heb ik niet gezien", "not_seen"),
        ("didn't see him", "not_seen"),
        ("weet ik niet", "dont_know"),
        ("geen idee", "dont_know"),
        ("no idea", "dont_know"),
        ("twijfel", "unsure"),
        ("not sure", "unsure"),
    ],
)
def test_a_no_is_an_answer_of_its_own_kind(engine: Engine, text: str, intent: str) -> None:
    assert engine.verb(text) == "validate_debrief_form"
    assert engine.actions.calls[0].intent == intent


@pytest.mark.parametrize(
    "text",
    [
        "er is geen gevaar",
        "niemand is in gevaar",
        "nobody is in danger",
        "hij hoeft geen hulp",
        "no need to call anyone",
    ],
)
def test_a_negated_request_is_no_request(engine: Engine, text: str) -> None:
    assert engine.verb(text) == "validate_debrief_form"
