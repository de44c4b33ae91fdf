"""Which choice of a question a few words name. Pure."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from pluis.protocol.schema import Choice, Question
from pluis.protocol.words import NEGATIONS, TURNS, after_opening, denials, denied, plain, says

SHORT = 4  # words: up to here a free text may be nothing but a choice ("nee hoor, niks bijzonders")

NOT = {
    "nl": ("niet", "geen", "behalve", "zonder"),
    "en": ("not", "didn't", "didnt", "except", "without", "wasn't"),
}

_YES_OR_NO = {
    "ja", "jawel", "jazeker", "jep", "yes", "yeah", "yep", "nee", "neen", "no", "nope", "niet", "not", "wel", "sure", "zeker",
    "jaaa", "jaa", "jaja", "neuh", "nah",
}  # fmt: skip


def best_choice(
    choices: Iterable[Choice], text: str, language: str, intent: str | None, whole: bool = False
) -> Choice | None:
    """The choice that the words name, if any.

    `whole`: the words must be nothing more than the choice, because anything more is a story of its own.
    """
    said = plain(text)
    words = said.split()
    choices = list(choices)
    spoken = [(choice, phrase) for choice in choices for phrase in _phrases(choice, language)]
    for choice, phrase in spoken:
        if said == phrase:
            return choice
    rest = after_opening(words)
    if rest != words:
        # "Ja hoor, alles rustig" says what comes after the yes.
        said_then = " ".join(rest)
        after = [
            (len(phrase), choice)
            for choice, phrase in spoken
            if phrase not in _YES_OR_NO
            and (said_then == phrase or (" " in phrase and not whole and f"{said_then} ".startswith(f"{phrase} ")))
        ]
        if after and len(words) <= 2 * SHORT:
            return max(after, key=lambda pair: pair[0])[1]
    close = [
        (fuzz.ratio(said, phrase), choice)
        for choice, phrase in spoken
        if len(phrase) > 4 and denials(said) == denials(phrase)
    ]
    if close and (best := max(close, key=lambda pair: pair[0]))[0] >= 88:
        return best[1]
    if len(words) <= SHORT and fits(intent, said):
        for choice in choices:
            if intent in choice.intents:
                return choice
    if not whole or len(words) <= SHORT or (len(words) <= 2 * SHORT and not TURNS & set(words)):
        begun = [
            (len(phrase), choice)
            for choice, phrase in spoken
            if f"{said} ".startswith(f"{phrase} ") and (phrase in _YES_OR_NO or says(said, phrase))
        ]
        if begun:
            length, meant = max(begun, key=lambda pair: pair[0])
            turned = None if whole or said[:length] not in _YES_OR_NO else _after_turn(choices, said, language)
            return turned or meant
    if not whole:
        # "Niet" somewhere in a sentence about something else is no answer to this question.
        telling = [(phrase, choice) for choice, phrase in spoken if len(phrase) > 3 and phrase not in NOT["nl"]]
        named = [(phrase, choice) for phrase, choice in telling if says(said, phrase)]
        if named:
            longest, meant = max(named, key=lambda pair: len(pair[0]))
            # "Niemand in gevaar" holds the word "gevaar", which alone would be another choice.
            if all(one is meant or f" {phrase} " in f" {longest} " for phrase, one in named):
                return meant
    elif len(words) <= 2 * SHORT and not TURNS & set(words):
        # What has a signal with it is heard inside a few words too: "ik heb Bas nog nooit gesproken".
        heard = {
            choice.id: choice
            for choice, phrase in spoken
            if choice.signal and " " in phrase and not _KNOWS & set(phrase.split()) and says(said, phrase)
        }
        if len(heard) == 1:
            return next(iter(heard.values()))
    return None


_KNOWS = {"weet", "idee", "know", "idea"}


def _after_turn(choices: Iterable[Choice], said: str, language: str) -> Choice | None:
    """`Ja, maar eigenlijk te laag`: the choice that is named after the but."""
    _, turned, after = re.sub(r"\b(?:maar|but)\b", "|", said).partition("|")
    if not turned:
        return None
    named = {
        choice.id: choice
        for choice in choices
        for phrase in _phrases(choice, language)
        if len(phrase) > 3 and phrase not in _YES_OR_NO and phrase not in NEGATIONS and says(after, phrase)
    }
    return next(iter(named.values())) if len(named) == 1 else None


def fits(intent: str | None, said: str) -> bool:
    """Whether an intent can be what these few words mean: a no without any no in it is a mistake of the classifier."""
    if intent in ("affirm", "deny", "not_seen", "dont_know"):
        words = set(said.split())
        is_denied = denied(said) or (intent == "dont_know" and bool(words & {"idee", "idk", "dunno", "clue"}))
        return is_denied == (intent != "affirm") or len(words) == 1
    return intent is not None


def _phrases(choice: Choice, language: str) -> list[str]:
    # Both languages: people mix them, and a choice is the same in either.
    other = "en" if language == "nl" else "nl"
    return [
        plain(p) for p in (choice.title[language], *choice.says[language], choice.title[other], *choice.says[other])
    ]


def all_choices(question: Question, text: str, language: str) -> list[str]:
    said = plain(text)
    chosen = [c.id for c in question.choices if any(says(said, p) for p in _phrases(c, language) if len(p) > 2)]
    # "Nee wacht, ze zijn verhuisd": something beside nothing is something.
    return [id for id in chosen if id not in _EMPTY] or chosen


_EMPTY = ("nothing", "none", "unknown")
