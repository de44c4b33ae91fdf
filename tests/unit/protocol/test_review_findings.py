"""What tired people typed in a review, and was first read wrongly."""

from __future__ import annotations

from typing import Any

import pytest

from pluis.protocol.facts import Subject
from pluis.protocol.naming import TOLD
from pluis.protocol.order import Asked
from pluis.protocol.read import Protocol
from pluis.protocol.reading import read_text

SEM, NOOR, LIV = (
    Subject(f"p{n}", "child", name, months=m) for n, name, m in ((1, "Sem", 130), (2, "Noor", 80), (3, "Liv", 20))
)
LINA, BAS, DEX = (Subject(f"p{n}", "adult", name) for n, name in ((4, "Lina"), (5, "Bas"), (6, "Dex")))
SCHOOL = Subject("a1", "agreement", "Erik brengt Finn en Liv naar de opvang op dinsdag")
ALONE = Subject("a2", "agreement", "De kinderen zijn nooit alleen thuis", safety=True)
GROUPS = {
    "B1": (SEM, NOOR, LIV),
    "B2": (SEM, NOOR, LIV),
    "B3": (LINA, BAS, DEX),
    "C2": (SEM, NOOR),
    "F2": (SCHOOL, ALONE),
}


def read(protocol: Protocol, question: str, text: str, intent: str | None = None) -> tuple[Any, bool]:
    """The value of a question asked by itself, and whether the words were understood."""
    found = protocol.question(question)
    assert found is not None
    result = read_text(Asked(found, "X"), text, "nl", intent)
    return result.values[question], result.understood


def group(protocol: Protocol, question: str, text: str, intent: str | None = None) -> dict[str, Any]:
    """Name → value, of what words about several people say."""
    found = protocol.question(question)
    assert found is not None
    asked = Asked(found, "X", all=GROUPS[question])
    names = {f"{question}/{s.id}": s.name for s in asked.all} | {f"{question}/stranger": "stranger"}
    return {names[key]: value for key, value in read_text(asked, text, "nl", intent).values.items() if key in names}


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("A1", "ja hoor alles was rustig", "no"), ("A1", "yes all good", "no"), ("A1", "ja moeder is weg", "yes"),
        ("A1", "ja niemand weet waar hij is", "yes"), ("A1", "niet dat ik weet", "no"),
        ("B1", "nee die was op school", "elsewhere"), ("B1", "ja sliep", "asleep"),
        ("B4", "ik heb Bas nog nooit gesproken", "never"), ("B4", "3 maanden geleden", "longer"),
        ("D1a", "nee ik heb het gevraagd", "no"), ("D1a", "nee ik heb het niet gevraagd", "not_asked"),
        ("D3a", "geen mes, wel geslagen", ["physical"]), ("E2", "nee wacht, ze zijn verhuisd", ["move"]),
        ("C3", "weet ik niet", "unknown"), ("F5", "geen idee", "unknown"), ("E1", "prima", TOLD),
        ("H2", "ja maar eigenlijk te laag", "raise"), ("G1", "ja en nee", "doubt"),
        ("G3", "ja morgen mijn werkbegeleider graag", "this_week"), ("F1", "ik heb de afspraak verzet", TOLD),
    ],
)  # fmt: skip
def test_words_come_to_what_was_meant(protocol: Protocol, question: str, text: str, value: Any) -> None:
    assert read(protocol, question, text) == (value, True)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("H2", "klopt niet"),
        ("H2", "dat klopt niet helemaal"),
        ("D3a", "hij heeft haar niet gewurgd"),
        ("D3a", "niet bij de keel"),
    ],
)
def test_a_denial_is_never_taken_for_what_it_denies(protocol: Protocol, question: str, text: str) -> None:
    assert read(protocol, question, text) == (TOLD, False)


def test_an_intent_does_not_overrule_the_words(protocol: Protocol) -> None:
    assert read(protocol, "F5", "wie die Rob is", "dont_know") == (TOLD, True)
    assert set(group(protocol, "B1", "allebei gezien", "not_seen").values()) == {"seen"}
    assert read(protocol, "G3", "tja weet niet", "dont_know") == (TOLD, False)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("B3", "niemand gesproken", {"Lina": "not_spoken", "Bas": "not_spoken", "Dex": "not_spoken", "stranger": "no"}),
        ("B3", "Lina, en er was een man die ik niet kende", {"Lina": "spoken", "stranger": "yes"}),
        ("B3", "Bas niet want die woont er niet meer en Dex wel", {"Bas": "not_spoken", "Dex": "spoken"}),
        ("B3", "alleen moeder", {}),
        ("B3", "niemand was thuis behalve Lina", {"Lina": "spoken", "Bas": "not_spoken", "Dex": "not_spoken"}),
        ("B1", "nee alleen Noor", {"Sem": "not_seen", "Noor": "seen", "Liv": "not_seen"}),
        ("B1", "de jongste sliep", {"Liv": "asleep"}),
        ("B1", "allemaal behalve de oudste", {"Sem": "not_seen", "Noor": "seen", "Liv": "seen"}),
        ("B1", "niet allemaal", {}),
        ("B1", "Sem was op school en Noor ook, Liv gezien", {"Sem": "elsewhere", "Noor": "elsewhere", "Liv": "seen"}),
        ("B1", "Sem heb ik gezien, de rest niet", {"Sem": "seen", "Noor": "not_seen", "Liv": "not_seen"}),
        ("B2", "Noor die ik zag", {}),
        ("B2", "Sem niet alleen gesproken", {"Sem": "with_parent"}),
        ("B2", "Noor even alleen", {"Noor": "alone"}),
        ("C2", "ja, maar Sem komt vaak zonder brood op school", {"Sem": TOLD, "Noor": "yes"}),
        ("F2", "beide niet", {SCHOOL.name: "broken", ALONE.name: "broken"}),
        ("F2", "opvang wel gelukt, ze waren wel alleen thuis", {}),
    ],
)  # fmt: skip
def test_each_person_gets_what_was_said_of_them(
    protocol: Protocol, question: str, text: str, expected: dict[str, str]
) -> None:
    assert group(protocol, question, text) == expected
