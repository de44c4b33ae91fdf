"""What typed and tapped answers come to, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pluis.protocol.facts import Subject
from pluis.protocol.naming import TOLD
from pluis.protocol.order import Asked
from pluis.protocol.read import Protocol
from pluis.protocol.reading import is_button, read_button, read_text
from pluis.protocol.words import plain

SEM, NOOR, LIV = (Subject(f"p{n}", "child", name) for n, name in ((1, "Sem"), (2, "Noor"), (3, "Liv")))
LINA, JORIS = (Subject(f"p{n}", "adult", name, parent=True) for n, name in ((4, "Lina"), (5, "Joris")))


def one(protocol: Protocol, question: str, subject: Subject | None = None) -> Asked:
    """A question asked by itself."""
    found = protocol.question(question)
    assert found is not None
    return Asked(found, "X", subject)


def all_of(protocol: Protocol, question: str, *subjects: Subject) -> Asked:
    """A question asked about several people at once."""
    found = protocol.question(question)
    assert found is not None
    return Asked(found, "X", all=subjects)


def people(asked: Asked, text: str, language: str = "nl", intent: str | None = None) -> dict[str, Any]:
    """Name → value, of what words about several people say."""
    read = read_text(asked, text, language, intent)
    names = {f"{asked.question.id}/{s.id}": s.name for s in asked.all}
    return {names[key]: value for key, value in read.values.items() if key in names}


@pytest.mark.parametrize(
    ("question", "language", "text", "value"),
    [
        ("A1", "nl", "nee", "no"), ("A1", "nl", "Nee hoor!", "no"), ("A1", "nl", "niemand", "no"),
        ("A1", "nl", "ja", "yes"), ("A1", "nl", "ja, een kind", "yes"), ("A1", "nl", "weet ik niet", "unknown"),
        ("A1", "nl", "niemand in gevaar", "no"), ("A1", "nl", "twijfel", "unknown"), ("A1", "nl", "nee gelukkig niet", "no"),
        ("A1", "en", "no", "no"), ("A1", "en", "nobody is in danger", "no"), ("A1", "en", "not sure", "unknown"),
        ("A1", "en", "yes, a child", "yes"), ("A1", "en", "dont know", "unknown"), ("A1", "en", "No.", "no"),
        ("A1", "nl", "I don't know", "unknown"), ("A1", "en", "nee", "no"),
        ("G1", "nl", "met een gerust hart", "yes"), ("G1", "nl", "ik twijfel", "doubt"), ("G1", "nl", "liever niet", "no"),
        ("G1", "en", "something is off", "doubt"), ("G1", "en", "definitely not", "no"),
        ("D1a", "nl", "niet gevraagd", "not_asked"), ("D1a", "nl", "nee niet gevraagd", "not_asked"),
        ("D1a", "nl", "nee", "no"), ("D1a", "nl", "ja ook over de kinderen", "yes_children"),
        ("D1a", "en", "no i didn't ask", "not_asked"), ("D1a", "en", "yes and the children", "yes_children"),
        ("C2", "nl", "deels", "partly"), ("C2", "nl", "nee", "no"), ("C2", "en", "couldn't tell", "not_seen"),
        ("F1", "nl", "weer niemand thuis", "not_home"), ("F1", "en", "cancelled again", "cancelled"),
        ("F5", "nl", "niets", "nothing"), ("G3", "nl", "hoeft niet", "no"), ("G3", "en", "yes please", "today"),
        ("H2", "nl", "klopt", "right"), ("H2", "nl", "hoger", "raise"), ("H2", "en", "too high", "lower"),
        ("B2", "nl", "met moeder erbij", "with_parent"), ("B1", "nl", "lag te slapen", "asleep"),
        ("B1", "nl", "was bij oma, die haalt hem altijd op", None), ("B4", "nl", "drie weken geleden", "under_6_weeks"),
    ],
)  # fmt: skip
def test_words_that_name_a_choice(
    protocol: Protocol, question: str, language: str, text: str, value: str | None
) -> None:
    read = read_text(one(protocol, question), text, language)

    if value is not None:
        assert read.values == {question: value}
        assert read.understood


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("C3", "nee, maar hij is wel stiller"), ("C3", "allemaal wat stiller"), ("C3", "no, but he is quieter"),
        ("C3", "niets ergs maar hij slaapt slechter"), ("C3", "zelfde als altijd, alleen eet hij minder"),
        ("D3", "nee, maar ze schreeuwden wel tegen elkaar toen ik binnenkwam"),
        ("D3", "niets nieuws, de ruzie over geld gaat gewoon door en wordt harder"),
        ("E1", "gewoon een puinhoop met overal glas op de vloer en schimmel"),
        ("F1", "goed, maar ze zeggen steeds vaker af de laatste weken hoor"),
        ("F4", "niets is makkelijk daar maar oma komt elke dag langs om te helpen"),
        ("H1", "geen drank meer als de kinderen er zijn, en ik kom donderdag"),
        ("S1", "niets ging goed, vader stond te schreeuwen in de gang vanmorgen"),
        ("C1", "rustig"), ("D1", "ja"), ("D2", "niemand zei iets tegen elkaar"),
    ],
)  # fmt: skip
def test_a_story_at_a_question_for_stories_stays_a_story(protocol: Protocol, question: str, text: str) -> None:
    language = "en" if text.startswith("no, but he") else "nl"

    assert read_text(one(protocol, question), text, language).values == {question: TOLD}


@pytest.mark.parametrize(
    "text", ["ze zei dat ze niet meer wil leven", "ik heb het niet zo op die buurman", "he is not like his brother"]
)
def test_a_sentence_about_something_else_is_no_answer(protocol: Protocol, text: str) -> None:
    for question in ("B1", "B3", "G1", "F2"):
        read = read_text(one(protocol, question, SEM), text, "nl")
        assert not read.understood, (question, read.values)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("sem en noor wel liv niet", "nl", {"Sem": "seen", "Noor": "seen", "Liv": "not_seen"}),
        ("Sem en Noor wel, Liv niet", "nl", {"Sem": "seen", "Noor": "seen", "Liv": "not_seen"}),
        ("Liv niet, Sem en Noor wel.", "nl", {"Sem": "seen", "Noor": "seen", "Liv": "not_seen"}),
        ("allemaal", "nl", {"Sem": "seen", "Noor": "seen", "Liv": "seen"}),
        ("alle drie gezien", "nl", {"Sem": "seen", "Noor": "seen", "Liv": "seen"}),
        ("geen van allen", "nl", {"Sem": "not_seen", "Noor": "not_seen", "Liv": "not_seen"}),
        ("niemand", "nl", {"Sem": "not_seen", "Noor": "not_seen", "Liv": "not_seen"}),
        ("alleen Noor", "nl", {"Sem": "not_seen", "Noor": "seen", "Liv": "not_seen"}),
        ("allemaal behalve Liv", "nl", {"Sem": "seen", "Noor": "seen", "Liv": "not_seen"}),
        ("only Noor", "en", {"Sem": "not_seen", "Noor": "seen", "Liv": "not_seen"}),
        ("all of them", "en", {"Sem": "seen", "Noor": "seen", "Liv": "seen"}),
        ("none of them", "en", {"Sem": "not_seen", "Noor": "not_seen", "Liv": "not_seen"}),
        ("everyone except Liv", "en", {"Sem": "seen", "Noor": "seen", "Liv": "not_seen"}),
        ("Sem and Noor yes, not Liv", "en", {"Sem": "seen", "Noor": "seen", "Liv": "not_seen"}),
        ("Sem en Noor", "nl", {"Sem": "seen", "Noor": "seen"}),
        ("Liv niet", "nl", {"Liv": "not_seen"}),
        ("Sem gezien, Noor sliep, Liv was bij oma", "nl", {"Sem": "seen", "Noor": "asleep", "Liv": "elsewhere"}),
    ],
)  # fmt: skip
def test_answers_by_name(protocol: Protocol, text: str, language: str, expected: dict[str, str]) -> None:
    assert people(all_of(protocol, "B1", SEM, NOOR, LIV), text, language) == expected


def test_a_story_about_all_children_is_a_story_for_each(protocol: Protocol) -> None:
    asked = all_of(protocol, "C3", SEM, NOOR, LIV)

    assert people(asked, "allemaal wat stiller") == {"Sem": TOLD, "Noor": TOLD, "Liv": TOLD}
    assert people(asked, "Noor slaapt slechter") == {"Sem": "nothing", "Noor": TOLD, "Liv": "nothing"}
    assert people(asked, "niets") == {"Sem": "nothing", "Noor": "nothing", "Liv": "nothing"}
    assert people(asked, "nee, maar ze zijn wel stiller") == {"Sem": TOLD, "Noor": TOLD, "Liv": TOLD}


def test_words_about_several_people_that_say_nothing_are_not_understood(protocol: Protocol) -> None:
    read = read_text(all_of(protocol, "B1", SEM, NOOR), "het was een drukte van belang vandaag", "nl")

    assert not read.understood


def test_short_words_follow_what_rasa_made_of_them(protocol: Protocol) -> None:
    assert read_text(one(protocol, "A1"), "neuh", "nl", "deny").values == {"A1": "no"}
    assert read_text(one(protocol, "G1"), "mwoah", "nl", "unsure").values == {"G1": "doubt"}
    assert people(all_of(protocol, "B1", SEM, NOOR), "jaaa", "nl", "affirm") == {"Sem": "seen", "Noor": "seen"}
    assert people(all_of(protocol, "B1", SEM, NOOR), "neuh", "nl", "deny") == {"Sem": "not_seen", "Noor": "not_seen"}


def test_a_long_sentence_is_never_decided_by_its_intent(protocol: Protocol) -> None:
    text = "dat is nou echt een lastige vraag zeg"

    assert not read_text(one(protocol, "A1"), text, "nl", "deny").understood


def test_several_choices_in_words(protocol: Protocol) -> None:
    assert read_text(one(protocol, "E2"), "verhuizing en een nieuwe baan", "nl").values == {"E2": ["move", "work"]}
    assert read_text(one(protocol, "E2"), "niets veranderd", "nl").values == {"E2": ["nothing"]}
    assert read_text(one(protocol, "E2"), "They broke up and she lost her job", "en").values["E2"] != TOLD


@pytest.mark.parametrize(
    ("value", "values"),
    [
        ("A1=no", {"A1": "no"}), ("A1=maybe", None), ("G1=no", None), ("A1=", None), ("A1=no,yes", None),
        ("A1=no=yes", None),
    ],
)  # fmt: skip
def test_a_button_of_one_choice(protocol: Protocol, value: str, values: dict[str, str] | None) -> None:
    read = read_button(one(protocol, "A1"), value)

    assert (read.values if read else None) == values


def test_a_button_of_several_choices(protocol: Protocol) -> None:
    read = read_button(one(protocol, "E2"), "E2=move,work")

    assert read is not None
    assert read.values == {"E2": ["move", "work"]}
    assert read_button(one(protocol, "E2"), "E2=move,nonsense") is None


def test_a_list_that_was_ticked(protocol: Protocol) -> None:
    asked = all_of(protocol, "B3", LINA, JORIS)

    read = read_button(asked, "B3/all=p4:spoken,p5:seen,stranger:yes")
    assert read is not None
    assert read.values == {"B3/all": "each", "B3/p4": "spoken", "B3/p5": "seen", "B3/stranger": "yes"}
    assert read_button(asked, "B3/all=p9:spoken") is None
    assert read_button(asked, "B3/all=p4:nonsense") is None
    assert read_button(asked, "B3/all=stranger:perhaps") is None


def test_one_tap_for_all_means_that_nobody_was_a_stranger(protocol: Protocol) -> None:
    read = read_button(all_of(protocol, "B3", LINA, JORIS), "B3/all=spoken")

    assert read is not None
    assert read.values == {"B3/all": "spoken", "B3/p4": "spoken", "B3/p5": "spoken", "B3/stranger": "no"}


def test_the_shape_of_a_button() -> None:
    for value in ("A1=no", "C2/p12=yes", "confirm=s4:yes,s5:no", "raise=L2+", "upgrade/child_fearful=no"):
        assert is_button(value)
    for text in ("nee", "a = b", "1+1=2", "de som A1 = no", "https://x.nl/?a=b c", ""):
        assert not is_button(text)


def test_plain_words() -> None:
    assert plain("  Nee,   hoor!  ") == "nee hoor"
    assert plain("don't") == "don't"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["A1", "B1", "C1", "C2", "C3", "D3a", "E2", "F2", "G3"]), st.booleans())
def test_no_words_whatsoever_break_the_reading(protocol: Protocol, text: str, question: str, together: bool) -> None:
    found = protocol.question(question)
    assert found is not None
    asked = all_of(protocol, question, SEM, NOOR) if together and found.together else one(protocol, question, SEM)

    for language in ("nl", "en"):
        read = read_text(asked, text, language)
        assert asked.key in read.values
    read_button(asked, text)
