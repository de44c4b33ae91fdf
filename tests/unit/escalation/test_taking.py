"""Words with which somebody takes an alert."""

from __future__ import annotations

import pytest

from pluis.escalation.taking import number_in


@pytest.mark.parametrize(
    "text",
    [
        "ik neem 3 op", "Ik neem 3 op.", "neem 3", "ik neem melding 3", "ik pak nummer 3 op", "ik heb 3", "3 is van mij",
        "#3 is voor mij", "I'll take 3", "I take alert 3", "i will take the alert 3", "take 3", "I have number 3", "3 is mine",
        "  ik neem   #3  op !",
    ],
)  # fmt: skip
def test_taken(text: str) -> None:
    assert number_in(text) == 3


@pytest.mark.parametrize(
    "text",
    [
        "", "3", "ik neem contact op", "welke meldingen staan open?", "ik heb 3 kinderen gezien", "neem 3 kinderen mee",
        "ik neem 3 niet op", "I have 3 children", "ik neem de 3 kinderen op", "take 99999999999999",
    ],
)  # fmt: skip
def test_something_else(text: str) -> None:
    assert number_in(text) is None
