"""Who is asked answers; what is not asked stays unsaid."""

from __future__ import annotations

import pytest

from pluis.protocol.read import Protocol
from pluis.settings import ROOT
from pluis.training import library
from pluis.training.asking import reply
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
