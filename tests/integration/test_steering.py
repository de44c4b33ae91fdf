"""Remarks about the conversation itself: they change where it goes and lose no answer."""

import pytest

from pluis.runtime import Runtime
from tests.support.talk import Talk


@pytest.mark.parametrize("language", ["nl", "en"])
def test_why_gives_the_reason_and_asks_again(runtime: Runtime, language: str) -> None:
    talk = Talk(runtime, language=language)
    question = talk.runtime.protocol.question("A1")
    assert question is not None

    talk.say("?", "why")

    assert talk.reply.messages[0]["text"] == question.why[language]
    assert talk.question["key"] == "A1"
    assert talk.answers() == []


@pytest.mark.parametrize("verb", ["help", "repeat", "are_you_a_bot", "thanks", "my_cases", "open_alerts", "summary"])
def test_a_remark_leaves_the_open_question_open(runtime: Runtime, verb: str) -> None:
    talk = Talk(runtime)
    talk.go_to("C2")
    before = [(row.key, row.value) for row in talk.answers()]

    talk.say("...", verb)

    assert talk.question["key"].startswith("C2")
    assert [(row.key, row.value) for row in talk.answers()] == before
    assert "{" not in talk.texts


def test_skip_goes_on_and_is_remembered(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("D2")

    talk.say("sla over", "skip")

    assert talk.key == "D3"
    assert talk.values_of("D2") == {"D2": "skipped"}


def test_a_skipped_first_question_is_not_without_a_trace(runtime: Runtime) -> None:
    talk = Talk(runtime)

    talk.say("sla over", "skip")
    assert "ziet je werkbegeleider" in talk.texts
    talk.finish()

    assert talk.debrief().level == "L2"
    assert talk.rules()[0] == "R5"


def test_back_opens_the_question_before_and_keeps_the_old_answer(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("D3")

    talk.say("terug", "back")
    assert talk.key == "D2"
    talk.say("Ze zaten ieder op hun eigen kamer.")

    kept = [row.text for row in talk.answers(with_history=True) if row.key == "D2"]
    assert len(kept) == 2
    assert [row.text for row in talk.answers() if row.key == "D2"] == ["Ze zaten ieder op hun eigen kamer."]
    assert talk.key == "D3"


def test_back_several_times_reaches_the_first_question_and_no_further(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-1002")
    talk.go_to("C2")

    for _ in range(12):
        talk.say("terug", "back")

    assert talk.key == "A1"
    assert "Dit is de eerste vraag" in talk.texts
    assert talk.answers() == []
    talk.finish()
    assert talk.debrief().level == "L0"


def test_correct_offers_earlier_answers_and_a_tap_opens_one(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("D3")

    talk.say("dat klopte niet", "correct")
    assert "correct=B2:all" in talk.values or any(value.startswith("correct=C2") for value in talk.values)
    key = next(value for value in talk.values if value.startswith("correct=C2"))
    talk.say(key)
    assert talk.question["key"].startswith("C2")
    talk.tap("partly")

    history = [row.value for row in talk.answers(with_history=True) if row.question == "C2"]
    assert {"yes", "partly"} <= set(history)
    assert list(talk.values_of("C2").values())[-1] == "partly"
    assert talk.question["key"].startswith("C2a")


def test_correcting_an_answer_takes_back_the_signal_that_came_with_it(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("B1")
    talk.tap("not_seen")
    assert talk.confirmations() == {"child_not_seen_alone": "yes"}

    talk.say("terug", "back")
    talk.tap("seen")
    talk.finish()

    assert talk.debrief().level == "L0"
    assert talk.values_of("B1") == {row.key: "seen" for row in talk.answers() if row.question == "B1"}


def test_pause_and_go_on(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("C1")
    key = talk.key

    talk.say("pauze", "pause")
    assert talk.reply.state == "paused"
    assert talk.debrief().state == "paused"
    talk.say("verder", "resume")

    assert (talk.reply.state, talk.key) == ("open", key)


def test_an_answer_during_a_pause_is_taken_and_ends_the_pause(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("C1")
    key = talk.key
    talk.say("doei", "goodbye")
    assert talk.reply.state == "paused"

    talk.say("Hij was vrolijk.")

    assert talk.reply.state == "open"
    assert [row.text for row in talk.answers() if row.key == key] == ["Hij was vrolijk."]


def test_switching_the_language_goes_on_in_the_other_one(runtime: Runtime) -> None:
    talk = Talk(runtime)

    talk.say("in english please", "switch_language")

    question = talk.runtime.protocol.question("A1")
    assert question is not None
    assert talk.question["text"] == question.ask.en
    assert talk.debrief().language == "en"


@pytest.mark.parametrize("verb", ["skip", "back", "pause", "correct", "raise_level"])
def test_words_that_rasa_is_not_sure_of_are_an_answer(runtime: Runtime, verb: str) -> None:
    talk = Talk(runtime)
    talk.go_to("C1")
    key = talk.key

    talk.say("hij ging maar door", verb, confidence=0.4)

    assert [row.text for row in talk.answers() if row.key == key] == ["hij ging maar door"]


def test_a_finished_debrief_takes_nothing_more(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.finish()
    before = [(row.key, row.value) for row in talk.answers(with_history=True)]

    for text, verb in (("nog iets", "answer"), ("terug", "back"), ("raise=L3", "answer"), ("A1=yes", "answer")):
        talk.say(text, verb)

    assert talk.reply.state == "done"
    assert [(row.key, row.value) for row in talk.answers(with_history=True)] == before
    assert talk.debrief().level == "L0"


def test_the_words_of_a_correction_become_the_answer_to_the_question_that_is_tapped(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-1002")
    talk.go_to("B3")

    talk.say("nee wacht, Milan was er niet")
    assert "correct=B1:all" in talk.values
    talk.say("correct=B1:all")

    assert sorted(value for key, value in talk.values_of("B1").items() if key != "B1/all") == [
        "not_seen",
        *["seen"] * 4,
    ]
    assert "Veranderd" in talk.texts


def test_the_summary_is_not_told_again_when_words_at_its_question_are_not_understood(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("H2")
    whole = talk.question["text"]

    talk.say("oei lastig")

    assert talk.key == "H2"
    assert len(talk.question["text"]) < len(whole) / 2


def test_raising_at_the_end_asks_for_the_reason_next(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("H2")
    talk.tap("raise")
    talk.tap("l2")
    assert talk.key == "H2c"
