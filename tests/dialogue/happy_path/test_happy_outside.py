"""Outside a debrief each request has its own action."""

import pytest

from tests.dialogue.engine import Engine


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("hallo", "greet"),
        ("good morning", "greet"),
        ("start een debrief", "start_debrief"),
        ("start a debrief", "start_debrief"),
        ("ik wil oefenen", "start_training"),
        ("i want to practise", "start_training"),
        ("welke gezinnen heb ik", "my_cases"),
        ("show my cases", "my_cases"),
        ("welke meldingen staan open", "open_alerts"),
        ("which alerts are open", "open_alerts"),
        ("bel 112", "danger"),
        ("call 999", "danger"),
        ("ik wil mijn werkbegeleider spreken", "want_contact"),
        ("i want to speak to my supervisor", "want_contact"),
        ("help", "help"),
        ("english please", "switch_language"),
        ("ben je een bot", "are_you_a_bot"),
        ("dank je", "thanks"),
        ("tot ziens", "goodbye"),
        ("vertel eens een mop", "out_of_scope"),
        ("qwrtp zxv", "out_of_scope"),
    ],
)
def test_a_request_outside_a_debrief(engine: Engine, text: str, verb: str) -> None:
    assert engine.verb(text, conversation="user-7") == f"action_{verb}"


@pytest.mark.parametrize("text", ["ja", "nee", "waarom", "skip", "pauze", "samenvatting", "not seen"])
def test_words_that_need_an_open_question(engine: Engine, text: str) -> None:
    assert engine.verb(text, conversation="user-7") == "action_out_of_scope"


def test_a_story_outside_a_debrief_reaches_an_action_that_looks_for_danger(engine: Engine) -> None:
    text = "de oudste belde net dat vader met een mes in de keuken staat en niemand weg mag"
    assert engine.verb(text, conversation="user-7") == "action_out_of_scope"
    assert engine.actions.calls[0].intent == "inform"
