"""Take an answer to the open question."""

from typing import Any

from pluis.debrief import found, record
from pluis.debrief.danger import note_it
from pluis.debrief.work import Work
from pluis.protocol.facts import Facts, Subject
from pluis.protocol.naming import TOLD
from pluis.protocol.order import CONFIRM, DANGER, UPGRADE, Asked, in_order
from pluis.protocol.reading import Read, read_button, read_text
from pluis.protocol.told_before import AS_TOLD, told_before
from pluis.protocol.words import plain
from pluis.store import debriefs

FEW = 3  # words: up to here a choice's own wording says more

_GO_ON = {
    "verder",
    "ga verder",
    "doorgaan",
    "we gaan verder",
    "continue",
    "go on",
    "carry on",
    "keep going",
    "ok verder",
}

_SAID_IT = {
    "dat was het", "dat was alles", "dat is alles", "zei ik al", "dat zei ik al", "heb ik al gezegd", "had ik al gezegd",
    "heb ik al verteld", "had ik al verteld", "zoals gezegd", "that was it", "that's it", "that was all", "that's all",
    "i said that", "i already said that", "already said", "already told you", "as i said", "like i said",
}  # fmt: skip


def take(work: Work) -> None:
    """The text of this turn as the answer to the question that is open."""
    key, text = work.debrief.open_question, work.turn.text
    if key is None:
        work.say("finished")
        return
    if work.turn.button and not text.startswith(f"{key}="):
        # A button of a question that is not open any more: two tabs, or an old message.
        work.say("other_question")
        return
    facts = work.facts()
    if key == CONFIRM:
        _confirm(work, facts, text)
    elif key == DANGER:
        _danger(work, text)
    elif key.startswith(f"{UPGRADE}/"):
        _upgrade(work, key, text)
    else:
        _question(work, facts, key, text)


def _confirm(work: Work, facts: Facts, text: str) -> None:
    asking = [f for f in facts.findings if f.asks]
    acute = tuple(f.id for f in asking if f.severity == "acute")
    understood = found.take_confirmation(work, acute or tuple(f.id for f in asking), text)
    if not understood:
        work.say("danger_noted" if acute else "confirm_noted")
        found.look(work, text, CONFIRM, None)


def _danger(work: Work, text: str) -> None:
    go_on = work.turn.button or plain(text) in _GO_ON or (work.intent == "resume" and len(text.split()) <= 6)
    if go_on:
        work.put(DANGER, "continue")
        return
    found.look(work, text, DANGER, None)
    note_it(work, text)
    work.say("danger_noted")


def _upgrade(work: Work, key: str, text: str) -> None:
    if not found.take_upgrade(work, key.partition("/")[2], text):
        # No yes and no no: it stays serious, the words are kept, and it is not asked twice.
        work.put(key, TOLD, text)
        found.look(work, text, key, None)


def _question(work: Work, facts: Facts, key: str, text: str) -> None:
    asked = next((one for one in in_order(work.protocol.blocks, facts) if one.key == key), None)
    if asked is None:
        # The answer to an earlier question made this one needless meanwhile, or an upgrade took it away.
        if not work.turn.button:
            work.put(key, TOLD, text)
            found.look(work, text, key, None)
        return
    if _as_told(work, asked, facts, text):
        # The words stand at the answer in which they were told, and need not stand twice in the note.
        store(work, facts, asked, Read({key: TOLD}), "")
        return
    if work.turn.button:
        read = read_button(asked, text)
        if read is None:
            work.say("other_question")
            return
        words = unclear_words(work, key)
    else:
        read = read_text(asked, text, work.language, work.intent)
        found.look(work, text, key, asked, only_acute=asked.question.private)
        before = unclear_words(work, key)
        words = f"{before}\n{text}".strip()
        if not read.understood and not before:
            work.verb = "unclear"
            work.unclear = key
            return
        if not read.understood:
            read = _left_in_words(asked)
    store(work, facts, asked, read, words)


def _as_told(work: Work, asked: Asked, facts: Facts, text: str) -> bool:
    """Whether somebody says that this was all told before, where it was."""
    said = text == f"{asked.key}={AS_TOLD}" if work.turn.button else plain(text) in _SAID_IT
    return said and asked.question.text and bool(told_before(asked, facts))


def correct_with(work: Work, key: str, text: str) -> bool:
    """Answer an answered question anew with these words. False, and nothing changed, where they fit no choice.

    Of several people only those change whom the words name.
    """
    facts = work.facts()
    asked = next((one for one in in_order(work.protocol.blocks, facts) if one.key == key), None)
    if not text or asked is None:
        return False
    read = read_text(asked, text, work.language)
    if not read.understood or (TOLD in read.values.values() and not asked.question.text):
        return False
    store(work, facts, asked, read, text)
    return True


def unclear_words(work: Work, key: str) -> str:
    """What was typed before at this question and fitted no choice."""
    return "\n".join(debriefs.unclear_words(work.session, work.debrief.id, key, work.turn.id))


def _left_in_words(asked: Asked) -> Read:
    if not asked.all:
        return Read({asked.key: TOLD})
    return Read({asked.key: "each", **{f"{asked.question.id}/{s.id}": TOLD for s in asked.all}})


def store(work: Work, facts: Facts, asked: Asked, read: Read, words: str) -> None:
    """Keep the values, and what choices say besides: signals, last-seen dates, agreements kept, wishes."""
    private = asked.question.private
    for key, value in read.values.items():
        own = key == asked.key or len(read.values) == 1
        work.put(key, value, "" if private or not own else words)
    subjects = {subject.id: subject for subject in facts.subjects}
    for key, value in read.values.items():
        subject = subjects.get(key.partition("/")[2])
        for choice in value if isinstance(value, list) else [value]:
            _choose(work, asked, key, choice, subject, words, facts)
    record.keep(work, asked, read, words)


def _choose(work: Work, asked: Asked, key: str, value: Any, subject: Subject | None, words: str, facts: Facts) -> None:
    choice = asked.question.choice(value) if isinstance(value, str) else None
    if choice is None or (key.endswith("/all") and asked.all):
        return
    if choice.signal and (choice.when is None or choice.when.holds(facts, subject)):
        person = subject.id if subject and subject.kind in ("child", "adult") else None
        name = f"{subject.name}: " if subject else ""
        # "Nee" alone tells a supervisor nothing.
        label = f"{asked.question.label[work.language]}: " if asked.question.label and not name else ""
        title = choice.title[work.language]
        more = f" ({words})" if words and plain(words) != plain(title) else ""
        said = words if len(words.split()) > FEW else f"{name}{label}{title}{more}"
        found.record(work, choice.signal, said, key, person)
    if subject is not None:
        record.sighting(work, subject, choice.marks)
