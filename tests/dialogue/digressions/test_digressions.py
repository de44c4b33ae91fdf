"""A digression is one call, and the question stays open."""

import pytest

from tests.dialogue.engine import Engine


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("waarom vraag je dat", "why"),
        ("why do you ask", "why"),
        ("hoe werkt dit", "help"),
        ("help", "help"),
        ("kun je dat herhalen", "repeat"),
        ("say that again", "repeat"),
        ("samenvatting", "summary"),
        ("summary please", "summary"),
        ("bel 112", "danger"),
        ("call 999", "danger"),
        ("ik wil mijn werkbegeleider spreken", "want_contact"),
        ("i want to talk to my supervisor", "want_contact"),
        ("welke gezinnen heb ik", "my_cases"),
        ("which alerts are open", "open_alerts"),
        ("in english please", "switch_language"),
        ("nederlands graag", "switch_language"),
        ("ben je een robot", "are_you_a_bot"),
        ("are you a bot", "are_you_a_bot"),
        ("bedankt", "thanks"),
        ("thank you", "thanks"),
        ("tot ziens", "goodbye"),
    ],
)
def test_a_digression_is_one_action(engine: Engine, text: str, verb: str) -> None:
    assert engine.verb(text) == f"action_{verb}"


def test_after_a_digression_the_next_words_are_an_answer(engine: Engine) -> None:
    for _ in range(3):
        assert engine.verb("waarom", conversation="d-why") == "action_why"
        assert engine.verb("ja", conversation="d-why") == "validate_debrief_form"
