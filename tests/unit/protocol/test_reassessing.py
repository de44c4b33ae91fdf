"""Which events of a debrief ask for a new assessment."""

from __future__ import annotations

from datetime import date

import pytest

from pluis.protocol.facts import Facts, Finding
from pluis.protocol.read import Protocol
from pluis.protocol.reassessing import events

DAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vader is vorige week vrijgekomen.", ["release"]),
        ("De politie is geweest, om de ruzie.", ["police"]),
        ("Er is volgende week een zitting.", ["court"]),
        ("Moeder zegt dat ze is teruggevallen.", ["relapse"]),
        ("She was arrested and there is a court date.", ["police", "court"]),
        ("Ze zijn nog niet verhuisd.", []),
        ("Geen politie gebeld, geen terugval.", []),
        ("Gewoon een rustig bezoek.", []),
    ],
)
def test_events_in_words(protocol: Protocol, text: str, expected: list[str]) -> None:
    assert events(protocol, Facts(today=DAY, texts={"F1": text})) == expected


def test_events_in_choices_and_in_confirmed_signals_only(protocol: Protocol) -> None:
    assert events(protocol, Facts(today=DAY, answers={"E2": ["move", "work"]})) == ["move"]

    def found(confirmation: str) -> Facts:
        one = Finding(1, "new_or_unknown_adult", "home", "concern", confirmation, "een man")
        return Facts(today=DAY, findings=(one,))

    assert events(protocol, found("yes")) == ["new_in_house"]
    assert events(protocol, found("no")) == events(protocol, found("open")) == []


def test_what_the_counselor_says_of_herself_is_not_looked_at(protocol: Protocol) -> None:
    assert events(protocol, Facts(today=DAY, texts={"G2": "ik ben zwanger"})) == []


def test_every_event_of_the_protocol_can_be_seen(protocol: Protocol) -> None:
    for event in protocol.ladders.reassessment.events:
        assert event.answers or event.signals or event.words, event.id
        assert {"nl", "en"} <= set(event.name)
