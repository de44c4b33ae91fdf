"""Who is asked answers; what is not asked stays unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pluis.protocol.read import Protocol
from pluis.settings import ROOT
from pluis.training import library
from pluis.training.asking import replies, reply
from pluis.training.vignette import ANYTHING, Talk


@pytest.fixture(scope="module")
def vignettes(protocol: Protocol) -> library.Library:
    return library.load(ROOT / "data", protocol)


def mother(vignettes: library.Library) -> Talk:
    found = vignettes["fresh_flowers"].visits[0].talker("mother")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Denk je weleens aan DOODGAAN?", "nl"),
        ("heb je gedachten aan zelfmoord", "nl"),
        ("Do you ever think of dying?", "en"),
        ("have you thought about suicide, and the kids?", "en"),
    ],
)
def test_the_literal_question_gets_the_answer(vignettes: library.Library, question: str, language: str) -> None:
    id, says = reply(mother(vignettes), question, language)
    assert id == "dying"
    assert ("pillen" if language == "nl" else "pills") in says


@pytest.mark.parametrize("question", ["Lekkere koffie.", "???", "", "dat is een mooie kast"])
def test_small_talk_gets_small_talk(vignettes: library.Library, question: str) -> None:
    talk = mother(vignettes)
    assert reply(talk, question, "nl") == (ANYTHING, talk.else_says.nl)


QUESTIONS = yaml.safe_load((Path(__file__).parent / "questions.yml").read_text("utf-8"))


@pytest.mark.parametrize(("vignette", "visit", "who", "language", "question", "leads_to"), QUESTIONS)
def test_questions_as_people_put_them(
    vignettes: library.Library, vignette: str, visit: int, who: str, language: str, question: str, leads_to: str
) -> None:
    talk = vignettes[vignette].visits[visit].talker(who)
    assert talk is not None
    assert reply(talk, question, language)[0] == leads_to


def test_a_slip_of_the_thumb_is_understood(vignettes: library.Library) -> None:
    assert reply(mother(vignettes), "Denk je aan zelfmoort?", "nl")[0] == "dying"


def test_two_questions_in_one_breath_get_two_answers(vignettes: library.Library) -> None:
    asked = "Lekkere koffie. Wie is er zaterdag bij je? Denk je aan doodgaan?"
    found = replies(mother(vignettes), asked, "nl")
    assert [id for _question, id, _says in found] == ["people", "dying"]
    assert replies(mother(vignettes), "Mooi weer? Lekkere koffie?", "nl")[0][1] == ANYTHING


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_answer_can_be_reached_by_its_own_question(vignettes: library.Library, language: str) -> None:
    """Asked as the experts would put it, each answer is the one that comes."""
    lost = [
        (vignette.id, number, talk.who, answer.id)
        for vignette in vignettes.values()
        for number, visit in enumerate(vignette.visits, 1)
        for talk in visit.talk
        for answer in talk.answers
        if reply(talk, answer.ask[language], language)[0] != answer.id
    ]
    assert lost == []
