"""What went wrong when tired people talked to it in a review."""

from __future__ import annotations

import pytest

from pluis.debrief.remarks import settle
from pluis.runtime import Runtime
from tests.support.talk import Talk

TWO = "Er zat een blauwe plek op zijn wang en hij is vaak alleen thuis."
THREAT = "ja, hij zei: ik vermoord je als je terugkomt"


@pytest.mark.parametrize(
    ("verb", "text", "question", "expected"),
    [
        ("goodbye", "nee ik ben kapot, ik wil naar huis", "G3", "answer"),
        ("goodbye", "tot de volgende keer", "C1/p3", "goodbye"),
        ("are_you_a_bot", "wie die Rob is", "F5", "answer"),
        ("are_you_a_bot", "ben jij een robot", "F5", "are_you_a_bot"),
        ("goodbye", "ik bel m volgende week", "B4a/p15", "answer"),
        ("danger", "kind ademt niet", "C1/p3", "danger"),
        ("danger", "ik ben hier niet veilig", "H1", "danger"),
        ("danger", "i'm not safe", "H1", "danger"),
        ("danger", "er is niemand in gevaar", "D3", "answer"),
        ("danger", "no danger here", "D3", "answer"),
        ("why", "wait, why do you ask?", "D4", "why"),
        ("answer", "help", "B1/all", "help"),
        ("answer", "nee wacht, Milan was er niet", "B2/all", "correct"),
        ("answer", "wacht even tot morgen", "H1", "answer"),
    ],
)
def test_a_remark_or_an_answer(verb: str, text: str, question: str, expected: str) -> None:
    assert settle(verb, 0.95, text, question) == expected


def test_a_wish_to_talk_at_the_question_about_it_is_its_answer(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("G3")

    talk.say("ja morgen mijn werkbegeleider graag", "want_contact")

    assert talk.values_of("G3") == {"G3": "this_week"}
    assert talk.key == "H1"
    assert "deze week" in talk.texts


def test_an_acute_sentence_in_a_private_answer_is_told_and_stays_out_of_the_note(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("G2")

    talk.say(THREAT)

    assert talk.escalation() is not None
    assert talk.debrief().level == "L3"
    talk.finish()
    note = next(message["text"] for message in talk.reply.messages if message["kind"] == "note")
    assert "vermoord" not in note


def test_ordinary_words_in_a_private_answer_are_not_searched(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("G2")
    before = len(talk.found())

    talk.say("ik was boos, zijn broertje is vaak alleen thuis")

    assert len(talk.found()) == before


def test_the_summary_never_puts_none_acute_beside_acute(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.say("A1=yes")
    talk.go_to("H2", {"A2": "=yes"})

    assert "L3" in talk.texts
    assert "Geen acuut signaal" not in talk.texts


@pytest.mark.parametrize(
    ("said", "confirmations"),
    [
        ("de eerste klopt, de tweede niet", ["yes", "no"]),
        ("alleen de tweede", ["no", "yes"]),
        ("klopt niet helemaal", ["unsure", "unsure"]),
        ("nee", ["no", "no"]),
    ],
)
def test_findings_confirmed_by_their_place(runtime: Runtime, said: str, confirmations: list[str]) -> None:
    talk = Talk(runtime)
    talk.go_to("C1")
    talk.say(TWO)
    talk.go_to("confirm", {"C1a": "Op de wang, twee dagen oud."})

    talk.say(said)

    assert [f.confirmation for f in talk.found() if f.kind == "signal"][:2] == confirmations


def test_a_short_no_is_shown_to_others_as_what_it_means(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("G1")

    talk.say("nee")

    assert [f.words for f in talk.found() if f.signal == "worker_gut_feeling"] == ["Gevoel: Nee"]


def test_a_stranger_in_words_is_asked_about(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("B3")

    talk.say("Lina wel, Joris niet, en er zat een man op de bank die ik niet kende")
    talk.go_to("B3a")

    assert talk.values_of("B3")["B3/stranger"] == "yes"
