"""Understand an answer: from what was typed or tapped to a value of the open question. Pure."""

import re
from dataclasses import dataclass
from typing import Any

from pluis.protocol.choosing import NOT, SHORT, all_choices, best_choice, fits
from pluis.protocol.naming import (
    EVERYONE,
    NOT_ALL,
    OTHERS,
    TOLD,
    by_name,
    mentions_one,
    of_the_rest,
    only_named,
    without_everyone,
)
from pluis.protocol.order import Asked
from pluis.protocol.schema import Choice
from pluis.protocol.words import plain

_NOBODY = {
    "nl": ("geen van allen", "geen van beide", "niemand", "geen een", "geen"),
    "en": ("none", "nobody", "no one", "neither", "not one"),
}

# "Niemand behalve Noor" is only Noor.
_NOBODY_BUT = (
    (re.compile(r"\b(?:niemand|geen)\b[^,.;]*?\bbehalve\b", re.IGNORECASE), "alleen"),
    (re.compile(r"\b(?:nobody|no one|none)\b[^,.;]*?\b(?:except|but)\b", re.IGNORECASE), "only"),
)

_STRANGER = re.compile(
    r"\b(?:ik (?:\w+ )?niet ken\w*|niet ken|ken\w* ik niet|onbekende\w*|vreemde (?:man|vrouw)|iemand anders"
    r"|(?:did not|didn't|didnt|do not|don't|dont) (?:know|recogni[sz]e)|never met|stranger|unknown (?:man|woman|person))\b"
)


@dataclass(frozen=True)
class Read:
    """What an answer came to. `values`: key → value. `understood` is False when no choice could be seen in the words."""

    values: dict[str, Any]
    understood: bool = True


def is_button(text: str) -> bool:
    """Whether a text has the shape of a button's value: `<question key>=<choice>`."""
    return re.fullmatch(r"[A-Za-z][\w+]*(/[\w+-]+)?=[\w+:,-]+", text) is not None


def read_button(asked: Asked, value: str) -> Read | None:
    """The answer that a button of this question gives; None when it is not one of its buttons."""
    key, _, chosen = value.partition("=")
    if key != asked.key:
        return None
    if not asked.all:
        ids = chosen.split(",")
        if any(asked.question.choice(id) is None for id in ids) or (len(ids) > 1 and not asked.question.several):
            return None
        return Read({key: ids if asked.question.several else ids[0]})
    if ":" not in chosen:
        return _for_all(asked, chosen) if asked.question.choice(chosen) else None
    values: dict[str, Any] = {}
    for pair in chosen.split(","):
        subject, _, choice = pair.partition(":")
        if subject == "stranger" and choice in ("yes", "no"):
            values[f"{asked.question.id}/stranger"] = choice
        elif subject in {s.id for s in asked.all} and asked.question.choice(choice):
            values[f"{asked.question.id}/{subject}"] = choice
        else:
            return None
    return Read({key: "each", **values})


def read_text(asked: Asked, text: str, language: str, intent: str | None = None) -> Read:
    """The answer that typed words give. Words are never lost: an answer keeps them whatever this makes of it."""
    if asked.all:
        return _read_for_several(asked, text, language, intent)
    question = asked.question
    if question.several and (chosen := all_choices(question, text, language)):
        return Read({asked.key: chosen})
    choice = best_choice(question.choices, text, language, intent, whole=question.text)
    if choice is not None:
        return Read({asked.key: [choice.id] if question.several else choice.id})
    if question.records == "contact_wish" and len(text.split()) <= SHORT and intent in _NO_ANSWER:
        # "Weet ik niet" is no wish, and no refusal either.
        return Read({asked.key: TOLD}, understood=False)
    return Read({asked.key: TOLD}, understood=question.text)


_NO_ANSWER = ("dont_know", "unsure", "not_seen")


def _for_all(asked: Asked, choice: str) -> Read:
    values: dict[str, Any] = {f"{asked.question.id}/{subject.id}": choice for subject in asked.all}
    if asked.question.together and asked.question.together.stranger:
        values[f"{asked.question.id}/stranger"] = "no"
    return Read({asked.key: choice, **values})


def _read_for_several(asked: Asked, text: str, language: str, intent: str | None) -> Read:
    """An answer about several people at once: about all of them, or by name."""
    question = asked.question
    assert question.together is not None
    for denial, only in _NOBODY_BUT:
        text = denial.sub(only, text)
    said = f" {plain(text)} "
    same = list(question.together.same)
    yes, no = same[0] if same else TOLD, same[1] if len(same) > 1 else None
    named = by_name(asked, text, language, yes, no)
    if named is not None:
        return _for_named(asked, text, language, named, yes, no)
    if mentions_one(asked, said) or NOT_ALL.search(said):
        # "De jongste sliep" is about one of them, and says nothing of the others.
        return _for_all(asked, TOLD) if question.text else Read({asked.key: "each"}, understood=False)
    if asked.all[0].kind == "agreement" and len(said.split()) > SHORT:
        # Which of several agreements a sentence is about is not for a program to guess.
        return Read({asked.key: "each"}, understood=False)
    choice = _one_for_all(asked, said.strip()) or best_choice(
        question.choices, without_everyone(text, language), language, intent, whole=question.text
    )
    if choice is None and not question.text:
        if no and any(f" {word} " in said for word in _NOBODY[language]):
            choice = question.choice(no)
        elif any(f" {word} " in said for word in EVERYONE[language]):
            denied = any(f" {word} " in said for word in NOT[language])
            choice = question.choice(no or "") if denied else question.choice(yes)
        elif len(said.split()) <= SHORT and intent in ("affirm", "deny") and fits(intent, said):
            choice = question.choice(yes if intent == "affirm" else no or yes)
    if choice is not None:
        return _for_all(asked, choice.id)
    if question.text:
        return _for_all(asked, TOLD)
    return Read({asked.key: "each"}, understood=False)


def _one_for_all(asked: Asked, said: str) -> Choice | None:
    """The choice whose button for all of them says just these words: `niemand gesproken`."""
    assert asked.question.together is not None
    for id, title in asked.question.together.same.items():
        if said in (plain(title["nl"]), plain(title["en"])):
            return asked.question.choice(id)
    return None


def _for_named(asked: Asked, text: str, language: str, named: dict[str, str], yes: str, no: str | None) -> Read:
    question, together = asked.question, asked.question.together
    assert together is not None
    said = f" {plain(text)} "
    if question.text and together.rest is not None:
        named = dict.fromkeys(named, TOLD)
    rest: str | None = together.rest or named.get(OTHERS)
    named = {id: value for id, value in named.items() if id != OTHERS}
    if rest is None and (first := of_the_rest(asked, text, language)):
        rest = first
    if rest is None and not question.text:
        if no and only_named(asked, said, language):
            rest = no if yes in named.values() else yes
        elif any(f" {word} " in said for word in EVERYONE[language]) and not NOT_ALL.search(said):
            rest = yes
    # Whoever was neither named nor meant is asked about one by one.
    for subject in asked.all:
        if subject.id not in named and rest is not None:
            named[subject.id] = rest
    stranger = {f"{question.id}/stranger": "yes"} if together.stranger and _STRANGER.search(said) else {}
    return Read({asked.key: "each", **{f"{question.id}/{id}": value for id, value in named.items()}, **stranger})
