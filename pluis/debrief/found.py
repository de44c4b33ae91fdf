"""Look for signals in what was typed, store them, and let the counselor say whether they are so."""

import re

from pluis.debrief.reply import Button, Item, Message
from pluis.debrief.work import Work
from pluis.debrief.worth import worth_asking
from pluis.protocol.facts import Facts, Subject
from pluis.protocol.order import UPGRADE, Asked
from pluis.protocol.words import plain
from pluis.store.debriefs import Found

CERTAIN_NEGATION = "negated"
_YES = {
    "ja", "jawel", "jep", "jazeker", "klopt", "klopt allemaal", "inderdaad", "zeker", "dat klopt", "goed", "juist", "yes", "yep",
    "yeah", "correct", "right", "true", "that's right", "thats right", "all right", "sure",
}  # fmt: skip
_NO = {
    "nee",
    "neen",
    "niet",
    "klopt niet",
    "nope",
    "no",
    "nah",
    "wrong",
    "not right",
    "dat klopt niet",
    "onjuist",
    "niet waar",
}
_UNSURE = {
    "twijfel", "weet niet", "weet ik niet", "misschien", "onzeker", "geen idee", "unsure", "not sure", "maybe", "dont know",
    "don't know", "perhaps", "i'm not sure", "im not sure",
}  # fmt: skip
_HALF = re.compile(
    r"\b(?:(?:klopt )?niet (?:helemaal|precies|allemaal|alles)|ja en nee|deels|half|soort van"
    r"|not (?:quite|exactly|entirely|all|everything)|yes and no|partly|sort of)\b"
)
_BY_INTENT = {"affirm": "yes", "deny": "no", "unsure": "unsure", "dont_know": "unsure", "not_seen": "unsure"}


def look(work: Work, text: str, key: str, asked: Asked | None, *, only_acute: bool = False) -> None:
    """Find signals in typed words and store them. A certain negation is kept for the record and asks nothing.

    `only_acute`: of private words nothing is kept but what cannot wait.
    """
    known = {(f.signal, f.words) for f in work.found}
    facts = work.facts()
    for finding in worth_asking(text, work.read()):
        if (finding.signal, finding.text) in known:
            continue
        if only_acute and (finding.severity != "acute" or finding.status == CERTAIN_NEGATION):
            continue
        work.add_found(
            Found(
                case_id=work.debrief.case_id,
                debrief_id=work.debrief.id,
                turn_id=work.turn.id,
                key=key,
                signal=finding.signal,
                kind=finding.kind,
                severity=finding.severity,
                status=finding.status,
                start=finding.start,
                end=finding.end,
                words=finding.text,
                sentence=sentence_around(text, finding.start),
                score=finding.score,
                source=finding.source,
                facets=list(finding.facets),
                subject=_about(text, finding.start, asked, facts),
                confirmation="no" if finding.status == CERTAIN_NEGATION else "open",
                at=work.now,
            )
        )
    _settle_repeats(work)


def record(work: Work, signal: str, words: str, key: str, subject: str | None) -> None:
    """A signal that the counselor named by choosing an answer: confirmed at once."""
    for old in work.found:
        if old.signal == signal and old.key == key and old.confirmation != "no":
            return
    work.add_found(
        Found(
            case_id=work.debrief.case_id,
            debrief_id=work.debrief.id,
            turn_id=work.turn.id,
            key=key,
            signal=signal,
            kind="signal",
            severity=work.protocol.taxonomy.severity(signal),
            status="present",
            start=0,
            end=0,
            words=words,
            sentence=words,
            score=1.0,
            source="seen_by_worker",
            facets=[],
            subject=subject,
            confirmation="yes",
            confirmed_at=work.now,
            at=work.now,
        )
    )


def _settle_repeats(work: Work) -> None:
    """What a person has already confirmed about the same person in this debrief is not asked a second time."""
    confirmed = {(f.signal, f.subject) for f in work.found if f.confirmation == "yes"}
    for row in work.found:
        if row.confirmation == "open" and (row.signal, row.subject) in confirmed and row.status == "present":
            row.confirmation, row.confirmed_at = "yes", work.now


def _about(text: str, start: int, asked: Asked | None, facts: Facts) -> str | None:
    """Whom a finding is about: the person asked about, else the only person named in its sentence."""
    if asked is not None and asked.subject is not None and asked.subject.kind in ("child", "adult"):
        return asked.subject.id
    sentence = f" {plain(sentence_around(text, start))} "
    named = [s for s in facts.children if any(f" {name} " in sentence for name in _names(s, facts))]
    if len(named) == 1:
        return named[0].id
    return facts.children[0].id if len(facts.children) == 1 else None


def sentence_around(text: str, at: int) -> str:
    """The sentence that holds this position: a supervisor needs more than the words that gave it away."""
    opening = max((m.end() for m in re.finditer(r"[.!?\n]", text[:at])), default=0)
    closing = re.search(r"[.!?\n]", text[at:])
    return text[opening : at + closing.end() if closing else len(text)].strip()


def _names(subject: Subject, facts: Facts) -> set[str]:
    names = {plain(subject.name)}
    ages = sorted(s.months for s in facts.children if s.months is not None)
    if len(ages) > 1 and subject.months == ages[0]:
        names |= {"jongste", "youngest", "kleinste", "little one"}
    if len(ages) > 1 and subject.months == ages[-1]:
        names |= {"oudste", "eldest", "oldest"}
    if subject.months is not None and subject.months < 18:
        names |= {"baby", "de baby", "the baby"}
    return names


def ask(work: Work, ids: tuple[int, ...]) -> Message:
    """Ask whether findings are so: one as a sentence, several as a list to tick."""
    rows = [row for row in work.found if row.id in ids]
    yes, no, unsure = (work.text(f"button_{word}") for word in ("yes", "no", "unsure"))
    if len(rows) == 1:
        row = rows[0]
        mark = f"confirm=s{row.id}"
        return Message(
            work.text("confirm_one", signal=signal_name(work, row.signal), words=row.words),
            kind="confirm",
            key="confirm",
            buttons=(Button(yes, f"{mark}:yes"), Button(no, f"{mark}:no"), Button(unsure, f"{mark}:unsure")),
        )
    choices = (Button(yes, "yes"), Button(no, "no"), Button(unsure, "unsure"))
    return Message(
        work.text("confirm_many"),
        kind="confirm",
        key="confirm",
        items=tuple(Item(f"s{row.id}", signal_name(work, row.signal), row.words, choices) for row in rows),
        buttons=(
            Button(work.text("button_all_right"), "confirm=all:yes"),
            Button(work.text("button_none_right"), "confirm=all:no"),
            Button(unsure, "confirm=all:unsure"),
        ),
    )


def signal_name(work: Work, signal: str) -> str:
    taxonomy = work.protocol.taxonomy
    entry = taxonomy.signal(signal) if taxonomy.kind(signal) == "signal" else taxonomy.protective(signal)
    return entry.name.of(work.language)


def take_confirmation(work: Work, ids: tuple[int, ...], text: str) -> bool:
    """What the counselor says about findings. Other words are kept beside them and leave them unconfirmed.

    Returns False when the words said neither yes, no nor unsure.
    """
    rows = {f"s{row.id}": row for row in work.found if row.id in ids}
    said = _said(text, work.intent, rows) if not work.turn.button else _tapped(text, rows)
    for name, row in rows.items():
        row.confirmation = said.get(name, "left")
        row.confirmed_at = work.now
    return bool(said)


def _tapped(value: str, rows: dict[str, Found]) -> dict[str, str]:
    pairs = dict(pair.partition(":")[::2] for pair in value.partition("=")[2].split(","))
    if "all" in pairs:
        return dict.fromkeys(rows, pairs["all"])
    return {name: said for name, said in pairs.items() if name in rows and said in ("yes", "no", "unsure")}


def _said(text: str, intent: str | None, rows: dict[str, Found]) -> dict[str, str]:
    words = plain(text)
    if _HALF.search(words):
        return dict.fromkeys(rows, "unsure")
    if len(rows) > 1 and (by_place := _by_place(words, list(rows))):
        return by_place
    for said, phrases in (("unsure", _UNSURE), ("no", _NO), ("yes", _YES)):
        if words in phrases or any(words.startswith(f"{phrase} ") for phrase in phrases):
            return dict.fromkeys(rows, said)
    if intent in _BY_INTENT and len(words.split()) <= 4:
        return dict.fromkeys(rows, _BY_INTENT[intent])
    return {}


def _by_place(words: str, names: list[str]) -> dict[str, str]:
    """`De eerste klopt, de tweede niet`. Empty when no place in the list is named."""
    said: dict[str, str] = {}
    only = re.search(r"\b(?:alleen|only|just)\b", words) is not None
    places = list(re.finditer(r"\b(?:(eerste|first)|(tweede|second)|(derde|third)|(laatste|last))\b", words))
    for at, place in enumerate(places):
        after = places[at + 1] if at + 1 < len(places) else None
        number = -1 if place.lastindex == 4 else (place.lastindex or 1) - 1
        if number >= len(names):
            continue
        part = words[place.end() : after.start() if after else len(words)]
        said[names[number]] = "no" if re.search(r"\b(?:niet|not|no|isn't)\b", part) else "yes"
    # Whoever speaks of one leaves the others open, unless it is only that one.
    return {name: said.get(name, "no" if only else "unsure") for name in names} if said else {}


def ask_upgrade(work: Work, signal: str) -> Message:
    """The one literal question that tells whether a serious signal is acute."""
    upgrade = work.protocol.taxonomy.signal(signal).upgrade
    assert upgrade is not None
    key = f"{UPGRADE}/{signal}"
    buttons = tuple(Button(work.text(f"button_{word}"), f"{key}={word}") for word in ("no", "yes", "unsure"))
    text = f"{work.text('upgrade_intro', signal=signal_name(work, signal))} {upgrade.question.of(work.language)}"
    return Message(text.strip(), kind="question", key=key, buttons=buttons)


def take_upgrade(work: Work, signal: str, text: str) -> bool:
    """A yes makes the signal acute; unsure leaves it serious. False when the words said none of these."""
    value = text.partition("=")[2] if work.turn.button else _said(text, work.intent, {"x": None}).get("x")  # type: ignore[dict-item]
    if value not in ("yes", "no", "unsure"):
        return False
    work.put(f"{UPGRADE}/{signal}", value, "" if work.turn.button else text)
    if value == "yes":
        for row in work.found:
            if row.signal == signal and row.confirmation in ("yes", "unsure"):
                row.severity = "acute"
    return True
