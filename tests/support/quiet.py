"""The answers of a quiet visit, in both languages: what a test says where it says nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Message = Mapping[str, Any]

# Question → choice. A question about several people has a button for all of them, with the same choice.
TAPS = {
    "A1": "no", "B1": "seen", "B2": "alone", "B2b": "dressed", "B3": "spoken", "B4": "this_week", "C2": "yes",
    "C3": "nothing", "D3": "none", "D4": "both", "E1": "all_rooms", "E2": "nothing", "F1": "good", "F2": "kept",
    "F5": "nothing", "G1": "yes", "G2": "nothing", "G3": "no", "H1": "none", "H2": "right", "H3": "discussed",
    "S1": "nothing", "D1a": "no", "D3a": "none", "D3b": "none", "H1a": "unknown", "B1a": "unknown",
}  # fmt: skip
WORDS = {
    "nl": {
        "C1": "Speelde met de blokken en liet trots een tekening zien.",
        "D1": "Goed, ze had boodschappen gedaan en maakte koffie.",
        "D2": "Ze lazen samen een boekje op de bank.",
        "F3": "School en de huisarts, die kennen het gezin goed.",
        "F4": "Opa haalt ze op woensdag op, dat zag ik zelf.",
    },
    "en": {
        "C1": "Played with the blocks and showed me a drawing.",
        "D1": "Fine, she was cooking and made me coffee.",
        "D2": "They read a book together on the sofa.",
        "F3": "School and the GP, they know the family well.",
        "F4": "Grandad picks them up on Wednesdays, I saw that myself.",
    },
}
OTHER_WORDS = {"nl": "Daar is verder niets over te zeggen.", "en": "There is no more to say about that."}


def open_message(messages: Sequence[Message]) -> Message | None:
    """The message that asks something; None when the debrief is over."""
    return next((message for message in reversed(messages) if message.get("key")), None)


def quiet_answer(message: Message, language: str) -> str:
    """What somebody says on an ordinary visit."""
    key = message["key"]
    question = key.partition("/")[0]
    if key == "confirm":
        return str(next(b["value"] for b in message["buttons"] if b["value"].endswith(":yes")))
    if key == "danger":
        return "danger=continue"
    if question == "upgrade":
        return f"{key}=no"
    if question in TAPS:
        return f"{key}={TAPS[question]}"
    return WORDS[language].get(question, OTHER_WORDS[language])


def answer(message: Message, language: str, given: Mapping[str, str]) -> str:
    """What the test says at this question, else what is said on an ordinary visit.

    `given`: question or key → words, or `=choice` for a button. `confirm`: yes, no or unsure, of everything found.
    """
    key = message["key"]
    if key == "confirm" and given.get(key) in ("yes", "no", "unsure"):
        return str(next(b["value"] for b in message["buttons"] if b["value"].endswith(f":{given[key]}")))
    chosen = given.get(key, given.get(key.partition("/")[0]))
    if chosen is None:
        return quiet_answer(message, language)
    return f"{key}{chosen}" if chosen.startswith("=") else chosen
