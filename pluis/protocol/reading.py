"""Understand an answer: from what was typed or tapped to a value of the open question. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz

from pluis.protocol.facts import Subject
from pluis.protocol.order import Asked
from pluis.protocol.schema import Choice, Question

TOLD = "told"
SHORT = 4  # words: up to here a free text may be nothing but a choice ("nee hoor, niks bijzonders")

_EVERYONE = {
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
_NOBODY = {
    "nl": ("geen van allen", "geen van beide", "niemand", "geen een", "geen"),
    "en": ("none", "nobody", "no one", "neither", "not one"),
}
# "Niemand behalve Noor" is only Noor.
_NOBODY_BUT = (
    (re.compile(r"\b(?:niemand|geen)\b[^,.;]*?\bbehalve\b", re.IGNORECASE), "alleen"),
    (re.compile(r"\b(?:nobody|no one|none)\b[^,.;]*?\b(?:except|but)\b", re.IGNORECASE), "only"),
)
# "Niet allemaal" is neither all nor none.
_NOT_ALL = re.compile(r"\b(?:niet (?:alle|allemaal|allebei|iedereen|beide)|not (?:all|both|every\w*))\b")
_ONLY = {"nl": ("alleen", "enkel", "slechts"), "en": ("only", "just")}
_TURNS = {"maar", "wel", "alleen", "behalve", "but", "except", "though", "only"}
_TOO = ("wel", "ook", "did", "too")
_NOT = {
    "nl": ("niet", "geen", "behalve", "zonder"),
    "en": ("not", "didn't", "didnt", "except", "without", "wasn't"),
}


_NEGATIONS = {
    "nee", "neen", "neuh", "nah", "nope", "no", "non", "niet", "nie", "niks", "niets", "nix", "geen", "gn", "niemand",
    "nooit", "nergens", "not", "nothing", "none", "never", "nobody", "neither", "without", "zonder", "hoeft", "cannot",
}  # fmt: skip
# "Nee die was op school": what comes before the answer itself.
_OPENERS = {
    "ja", "jawel", "jazeker", "jep", "nee", "neen", "hoor", "joh", "nou", "tja", "eh", "uh", "ehm", "die", "hij", "zij", "ze",
    "yes", "yeah", "yep", "no", "nope", "well", "um", "he", "she", "they",
}  # fmt: skip
_YES_OR_NO = {
    "ja", "jawel", "jazeker", "jep", "yes", "yeah", "yep", "nee", "neen", "no", "nope", "niet", "not", "wel", "sure", "zeker",
    "jaaa", "jaa", "jaja", "neuh", "nah",
}  # fmt: skip
# What may stand between names that are merely listed: "ik zag Sem en ook Noor even".
_LINKS = {
    "en", "ook", "allebei", "beide", "nog", "even", "heb", "ik", "met", "ja", "nee", "hoor", "gewoon", "natuurlijk", "alleen",
    "enkel", "slechts", "alle", "allemaal", "dus", "nou", "and", "also", "too", "both", "i", "with", "yes", "no", "just", "only",
}  # fmt: skip
_STRANGER = re.compile(
    r"\b(?:ik (?:\w+ )?niet ken\w*|niet ken|ken\w* ik niet|onbekende\w*|vreemde (?:man|vrouw)|iemand anders"
    r"|(?:did not|didn't|didnt|do not|don't|dont) (?:know|recogni[sz]e)|never met|stranger|unknown (?:man|woman|person))\b"
)


@dataclass(frozen=True)
class Read:
    """What an answer came to. `values`: key → value. `understood` is False when no choice could be seen in the words."""

    values: dict[str, Any]
    understood: bool = True


def plain(text: str) -> str:
    """Lower case, one space between words, no punctuation at the ends of words."""
    return " ".join(re.findall(r"[\w+'-]+", text.lower()))


def is_button(text: str) -> bool:
    """Whether a text has the shape of a button's value: `<question key>=<choice>`."""
    return re.fullmatch(r"[A-Za-z][\w+]*(/[\w+-]+)?=[\w+:,-]+", text) is not None


_NO_DANGER = re.compile(
    r"^(?:nee|neen|no|nope|nobody|niemand|niets|niks|nothing)\b(?! (?:ademt|reageert|breath))"
    r"|\b(?:geen|niemand|niet|niks|niets|no|nobody|not|nothing|none|isn't|no one)(?: [\w'-]+){0,3}"
    r" (?:gevaar|gevaarlijk|acuut|acuuts|nood|spoed|danger|dangerous|emergency|urgent|acute)\b"
)


def denies(text: str) -> bool:
    """Whether words deny that there is danger: `niemand in gevaar`, `no danger`. `Kind ademt niet` does not."""
    return _NO_DANGER.search(plain(text)) is not None


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
    if question.several and (chosen := _all_choices(question, text, language)):
        return Read({asked.key: chosen})
    choice = best_choice(question.choices, text, language, intent, whole=question.text)
    if choice is not None:
        return Read({asked.key: [choice.id] if question.several else choice.id})
    if question.records == "contact_wish" and len(text.split()) <= SHORT and intent in _NO_ANSWER:
        # "Weet ik niet" is no wish, and no refusal either.
        return Read({asked.key: TOLD}, understood=False)
    return Read({asked.key: TOLD}, understood=question.text)


_NO_ANSWER = ("dont_know", "unsure", "not_seen")


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
    rest = _after_opening(words)
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
        if len(phrase) > 4 and _denials(said) == _denials(phrase)
    ]
    if close and (best := max(close, key=lambda pair: pair[0]))[0] >= 88:
        return best[1]
    if len(words) <= SHORT and _fits(intent, said):
        for choice in choices:
            if intent in choice.intents:
                return choice
    if not whole or len(words) <= SHORT or (len(words) <= 2 * SHORT and not _TURNS & set(words)):
        begun = [
            (len(phrase), choice)
            for choice, phrase in spoken
            if f"{said} ".startswith(f"{phrase} ") and (phrase in _YES_OR_NO or _says(said, phrase))
        ]
        if begun:
            length, meant = max(begun, key=lambda pair: pair[0])
            turned = None if whole or said[:length] not in _YES_OR_NO else _after_turn(choices, said, language)
            return turned or meant
    if not whole:
        # "Niet" somewhere in a sentence about something else is no answer to this question.
        telling = [(phrase, choice) for choice, phrase in spoken if len(phrase) > 3 and phrase not in _NOT["nl"]]
        named = [(phrase, choice) for phrase, choice in telling if _says(said, phrase)]
        if named:
            longest, meant = max(named, key=lambda pair: len(pair[0]))
            # "Niemand in gevaar" holds the word "gevaar", which alone would be another choice.
            if all(one is meant or f" {phrase} " in f" {longest} " for phrase, one in named):
                return meant
    elif len(words) <= 2 * SHORT and not _TURNS & set(words):
        # What has a signal with it is heard inside a few words too: "ik heb Bas nog nooit gesproken".
        heard = {
            choice.id: choice
            for choice, phrase in spoken
            if choice.signal and " " in phrase and not _KNOWS & set(phrase.split()) and _says(said, phrase)
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
        if len(phrase) > 3 and phrase not in _YES_OR_NO and phrase not in _NEGATIONS and _says(after, phrase)
    }
    return next(iter(named.values())) if len(named) == 1 else None


def _after_opening(words: list[str]) -> list[str]:
    """The words without the yes, the no and the sighs that they begin with."""
    start = next((n for n, word in enumerate(words) if word not in _OPENERS), len(words))
    return words[start:]


def _negates(word: str) -> bool:
    return word in _NEGATIONS or word.endswith(("n't", "dnt", "snt", "dont"))


def _denied(said: str) -> bool:
    """Whether a word of denial is among them."""
    return _denials(said) > 0


def _denials(said: str) -> int:
    """How many words of denial: "nee gevraagd" and "nee niet gevraagd" differ in one."""
    return sum(_negates(word) for word in said.split())


def _fits(intent: str | None, said: str) -> bool:
    """Whether an intent can be what these few words mean: a no without any no in it is a mistake of the classifier."""
    if intent in ("affirm", "deny", "not_seen", "dont_know"):
        words = set(said.split())
        denied = _denied(said) or (intent == "dont_know" and bool(words & {"idee", "idk", "dunno", "clue"}))
        return denied == (intent != "affirm") or len(words) == 1
    return intent is not None


def _says(said: str, phrase: str) -> bool:
    """Whether the words hold the phrase, and do not deny it just before: `niemand gesproken` is no `gesproken`."""
    for match in re.finditer(rf"(?<![\w'-]){re.escape(phrase)}(?![\w'-])", said):
        before, after = said[: match.start()].split()[-3:], said[match.end() :].split()[:1]
        turn = max((n for n, word in enumerate(before) if word in _TURNS), default=-1)
        # A bare yes or no at the very beginning belongs to the question, not to these words.
        if turn < 0 and before and before[0] in _OPENERS and said.startswith(" ".join(before)):
            turn = 0
        if any(_negates(word) for word in before[turn + 1 :]):
            continue
        if not _denied(phrase) and any(_negates(word) for word in after):
            continue
        return True
    return False


def _phrases(choice: Choice, language: str) -> list[str]:
    # Both languages: people mix them, and a choice is the same in either.
    other = "en" if language == "nl" else "nl"
    return [
        plain(p) for p in (choice.title[language], *choice.says[language], choice.title[other], *choice.says[other])
    ]


def _all_choices(question: Question, text: str, language: str) -> list[str]:
    said = plain(text)
    chosen = [c.id for c in question.choices if any(_says(said, p) for p in _phrases(c, language) if len(p) > 2)]
    # "Nee wacht, ze zijn verhuisd": something beside nothing is something.
    return [id for id in chosen if id not in _EMPTY] or chosen


_EMPTY = ("nothing", "none", "unknown")


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
    yes, no = same[0], same[1] if len(same) > 1 else None
    by_name = _by_name(asked, text, language, yes, no)
    if by_name is not None:
        return _for_named(asked, text, language, by_name, yes, no)
    if _mentions_one(asked, said) or _NOT_ALL.search(said):
        # "De jongste sliep" is about one of them, and says nothing of the others.
        return _for_all(asked, TOLD) if question.text else Read({asked.key: "each"}, understood=False)
    if asked.all[0].kind == "agreement" and len(said.split()) > SHORT:
        # Which of several agreements a sentence is about is not for a program to guess.
        return Read({asked.key: "each"}, understood=False)
    choice = _one_for_all(asked, said.strip()) or best_choice(
        question.choices, _without_everyone(text, language), language, intent, whole=question.text
    )
    if choice is None and not question.text:
        if no and any(f" {word} " in said for word in _NOBODY[language]):
            choice = question.choice(no)
        elif any(f" {word} " in said for word in _EVERYONE[language]):
            denied = any(f" {word} " in said for word in _NOT[language])
            choice = question.choice(no or "") if denied else question.choice(yes)
        elif len(said.split()) <= SHORT and intent in ("affirm", "deny") and _fits(intent, said):
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


_ONE_CHILD = re.compile(r"\b(?:jongste|oudste|middelste|kleinste|youngest|eldest|oldest|middle one|little one)\b")
_ONE_ADULT = re.compile(
    r"\b(?:vader|moeder|papa|mama|stiefvader|stiefmoeder|oma|opa|dad|mum|father|mother|stepdad|stepmum|nan|grandma)\b"
)


def _mentions_one(asked: Asked, said: str) -> bool:
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
        return Subject(_OTHERS, "others", word)
    return _by_age(asked, word)


_OTHERS = "others"
_REST = {"rest", "anderen", "overigen", "others"}


def _without_everyone(text: str, language: str) -> str:
    """`Beide niet` is `niet`, said of each of them."""
    said = f" {plain(text)} "
    for word in _EVERYONE[language]:
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


def _by_name(asked: Asked, text: str, language: str, yes: str, no: str | None) -> dict[str, str] | None:
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
                anybody = anybody or subject.id != _OTHERS
                named.append(subject.id)
                waiting.append(subject.id)
                if before:
                    values[subject.id] = before
                    waiting.remove(subject.id)
            elif (word in _NOT[language] and no) or word in _TOO:
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
    choice = best_choice(question.choices, " ".join(_after_opening(rest)), language, None)
    return choice.id if choice else TOLD if question.text else None


def plain_clauses(text: str) -> str:
    """Lower case with the marks between clauses kept."""
    return (
        " ".join(re.findall(r"[\w+'-]+|[,;.\n]", text.lower())).replace(" ,", ",").replace(" .", ".").replace(" ;", ";")
    )


def _for_named(asked: Asked, text: str, language: str, by_name: dict[str, str], yes: str, no: str | None) -> Read:
    question, together = asked.question, asked.question.together
    assert together is not None
    said = f" {plain(text)} "
    if question.text and together.rest is not None:
        by_name = dict.fromkeys(by_name, TOLD)
    rest: str | None = together.rest or by_name.get(_OTHERS)
    by_name = {id: value for id, value in by_name.items() if id != _OTHERS}
    if rest is None and (first := _of_the_rest(asked, text, language)):
        rest = first
    if rest is None and not question.text:
        if no and _only_named(asked, said, language):
            rest = no if yes in by_name.values() else yes
        elif any(f" {word} " in said for word in _EVERYONE[language]) and not _NOT_ALL.search(said):
            rest = yes
    # Whoever was neither named nor meant is asked about one by one.
    for subject in asked.all:
        if subject.id not in by_name and rest is not None:
            by_name[subject.id] = rest
    stranger = {f"{question.id}/stranger": "yes"} if together.stranger and _STRANGER.search(said) else {}
    return Read({asked.key: "each", **{f"{question.id}/{id}": value for id, value in by_name.items()}, **stranger})


def _only_named(asked: Asked, said: str, language: str) -> bool:
    """`Alleen Noor`, and not `Noor alleen`, which is how she was spoken to."""
    words = [word for word in said.split() if word not in ("met", "with", "de", "the", "nog", "to")]
    return any(word in _ONLY[language] and _called(asked, after) for word, after in pairwise(words))


def _of_the_rest(asked: Asked, text: str, language: str) -> str | None:
    """`Ja, maar Finn ...`: what the words before the exception say of everybody else."""
    before, turned, _ = re.sub(r"\b(?:maar|but|behalve|except)\b", "|", plain(text)).partition("|")
    if not turned or any(_called(asked, word) for word in before.split()):
        return None
    choice = best_choice(asked.question.choices, before, language, None)
    return choice.id if choice else None
