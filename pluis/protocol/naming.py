"""Whom words are about, when a question is about several people at once: by name, by age, all, or nobody. Pure."""

import re
from itertools import pairwise

from pluis.protocol.choosing import NOT, best_choice
from pluis.protocol.facts import Subject
from pluis.protocol.order import Asked
from pluis.protocol.words import after_opening, plain, plain_clauses

EVERYONE = {
    "nl": (
        "allemaal",
        "alle drie",
        "alle twee",
        "alle vier",
        "alle vijf",
        "allebei",
        "iedereen",
        "beide",
        "alle",
    ),
    "en": ("all", "both", "everyone", "everybody", "each of them"),
}

# "Niet allemaal" is neither all nor none.
NOT_ALL = re.compile(r"\b(?:niet (?:alle|allemaal|allebei|iedereen|beide)|not (?:all|both|every\w*))\b")

_ONLY = {"nl": ("alleen", "enkel", "slechts"), "en": ("only", "just")}

_TOO = ("wel", "ook", "did", "too")

# What may stand between names that are merely listed: "ik zag Sem en ook Noor even".
_LINKS = {
    "en", "ook", "allebei", "beide", "nog", "even", "heb", "ik", "met", "ja", "nee", "hoor", "gewoon", "natuurlijk", "alleen",
    "enkel", "slechts", "alle", "allemaal", "dus", "nou", "and", "also", "too", "both", "i", "with", "yes", "no", "just", "only",
}  # fmt: skip

TOLD = "told"

_ONE_CHILD = re.compile(r"\b(?:jongste|oudste|middelste|kleinste|youngest|eldest|oldest|middle one|little one)\b")

_ONE_ADULT = re.compile(
    r"\b(?:vader|moeder|papa|mama|stiefvader|stiefmoeder|oma|opa|dad|mum|father|mother|stepdad|stepmum|nan|grandma)\b"
)


def mentions_one(asked: Asked, said: str) -> bool:
    """Whether one of several people is meant without a name."""
    kinds = {subject.kind for subject in asked.all}
    return bool(
        len(asked.all) > 1
        and (("child" in kinds and _ONE_CHILD.search(said)) or ("adult" in kinds and _ONE_ADULT.search(said)))
    )


def _called(asked: Asked, word: str) -> Subject | None:
    """Which person a word names."""
    for subject in asked.all:
        if subject.kind != "agreement" and word in plain(subject.name).split():
            return subject
    if word in _REST:
        return Subject(OTHERS, "others", word)
    return _by_age(asked, word)


OTHERS = "others"

_REST = {"rest", "anderen", "overigen", "others"}


def without_everyone(text: str, language: str) -> str:
    """`Beide niet` is `niet`, said of each of them."""
    said = f" {plain(text)} "
    for word in EVERYONE[language]:
        if said.strip() != word:
            said = said.replace(f" {word} ", " ")
    return said.strip() or text


def _by_age(asked: Asked, word: str) -> Subject | None:
    """The youngest or the oldest child, where their ages say which one that is."""
    known = sorted((s for s in asked.all if s.kind == "child" and s.months is not None), key=lambda s: s.months or 0)
    if len(known) < 2 or len(known) < sum(s.kind == "child" for s in asked.all):
        return None
    first, last = known[0], known[-1]
    if word in ("jongste", "kleinste", "youngest") and first.months != known[1].months:
        return first
    if word in ("oudste", "eldest", "oldest") and last.months != known[-2].months:
        return last
    return None


def by_name(asked: Asked, text: str, language: str, yes: str, no: str | None) -> dict[str, str] | None:
    """What is said of each person that is named: `Sem en Noor wel, Liv niet`. None when nobody is named.

    Somebody who is named in words that fit no choice is left out, and asked about alone.
    """
    values: dict[str, str] = {}
    anybody = False
    last = yes
    text = re.sub(r"\b(all|everyone|everybody) but\b", r"\1 except", text, flags=re.IGNORECASE)
    for clause in re.split(r"[,;.\n]| maar | but ", plain_clauses(text)):
        waiting: list[str] = []
        named: list[str] = []
        before: str | None = None
        for at, word in enumerate(clause.split()):
            if subject := _called(asked, word):
                anybody = anybody or subject.id != OTHERS
                named.append(subject.id)
                waiting.append(subject.id)
                if before:
                    values[subject.id] = before
                    waiting.remove(subject.id)
            elif (word in NOT[language] and no) or word in _TOO:
                said = yes if word in _TOO else no or yes
                if word in ("ook", "too") and named:
                    # The same as what was said just before: "Sem was op school en Noor ook".
                    so_far = _of_clause(asked, " ".join(clause.split()[:at]), language, last)
                    said = last = so_far or last
                values.update(dict.fromkeys(waiting, said))
                before = None if named else said
                waiting = []
        if waiting:
            choice = _of_clause(asked, clause, language, yes)
            if choice is not None:
                values.update(dict.fromkeys(waiting, choice))
                last = choice
    return values if anybody else None


def _of_clause(asked: Asked, clause: str, language: str, yes: str) -> str | None:
    """What a clause with a name in it says: a choice, or just that this person is among them."""
    question = asked.question
    rest = [word for word in clause.split() if not _called(asked, word)]
    if all(word in _LINKS for word in rest):
        return yes
    choice = best_choice(question.choices, " ".join(after_opening(rest)), language, None)
    return choice.id if choice else TOLD if question.text else None


def only_named(asked: Asked, said: str, language: str) -> bool:
    """`Alleen Noor`, and not `Noor alleen`, which is how she was spoken to."""
    words = [word for word in said.split() if word not in ("met", "with", "de", "the", "nog", "to")]
    return any(word in _ONLY[language] and _called(asked, after) for word, after in pairwise(words))


def of_the_rest(asked: Asked, text: str, language: str) -> str | None:
    """`Ja, maar Finn ...`: what the words before the exception say of everybody else."""
    before, turned, _ = re.sub(r"\b(?:maar|but|behalve|except)\b", "|", plain(text)).partition("|")
    if not turned or any(_called(asked, word) for word in before.split()):
        return None
    choice = best_choice(asked.question.choices, before, language, None)
    return choice.id if choice else None
