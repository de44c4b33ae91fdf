"""Answers reach the open question, whatever they sound like."""

import pytest

from tests.dialogue.engine import Engine

ANSWER = "validate_debrief_form"


@pytest.mark.parametrize(
    "text",
    [
        "ja", "klopt", "yes", "nee", "no", "twijfel", "weet ik niet", "i don't know", "niet gezien", "not seen",
        "de jongste had een plek op zijn wang", "the youngest had a bruise", "hallo", "good morning",
    ],
)  # fmt: skip
def test_short_words_are_answers(engine: Engine, text: str) -> None:
    assert engine.verb(text) == ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "moeder vroeg waarom wij steeds terug moesten komen en zei dat ze wilde stoppen met de hulp",
        "the oldest asked for help with the little one and told me to go back to the kitchen",
        "vader riep dat hij gevaarlijk kon worden als wij nog eens zonder afspraak aan de deur stonden",
    ],
)
def test_a_story_is_an_answer_even_with_the_words_of_a_request(engine: Engine, text: str) -> None:
    assert engine.verb(text) == ANSWER
    assert engine.actions.calls[0].intent == "inform"


@pytest.mark.parametrize("value", ["A1=no", "C2/p12=yes", "confirm=s4:yes,s5:no"])
def test_a_button_is_an_answer_and_is_not_interpreted(engine: Engine, value: str) -> None:
    assert engine.verb(value, kind="button") == ANSWER
    assert engine.actions.calls[0].body["tracker"]["latest_message"]["intent"] == {
        "name": "inform",
        "confidence": 1.0,
    }


def test_what_is_not_understood_is_an_answer(engine: Engine) -> None:
    assert engine.verb("qwrtp zxv") == ANSWER
    assert engine.actions.calls[0].intent == "nlu_fallback"


def test_the_messages_of_the_action_come_back_as_they_are(engine: Engine) -> None:
    status, body = engine.say("ja")
    assert status == 200
    assert body == {
        "messages": [
            {
                "text": "heard validate_debrief_form",
                "kind": "question",
                "buttons": [{"title": "Ja", "value": "A1=yes"}],
            }
        ]
    }


def test_the_last_answer_ends_the_form_with_one_call(engine: Engine) -> None:
    engine.actions.done = True
    assert engine.verb("ja") == ANSWER


def test_sixty_answers_in_one_debrief_are_sixty_calls(engine: Engine) -> None:
    for number in range(60):
        assert engine.say(f"antwoord {number} van vandaag", conversation="d-60")[0] == 200
    assert [call.action for call in engine.actions.calls] == [ANSWER] * 60


def test_the_action_server_gets_the_token_with_the_words_that_it_was_signed_for_and_no_history(engine: Engine) -> None:
    engine.say("de jongste had een plek", conversation="d-9")
    (call,) = engine.actions.calls
    assert call.body["sender_id"] == "d-9"
    told = call.body["tracker"]["latest_message"]["metadata"]
    assert told["token"].count(".") == 2
    assert told["text"] == "de jongste had een plek"
    assert call.body["tracker"]["events"] == []
    assert str(call.body).count("plek") == 1
