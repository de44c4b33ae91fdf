"""The contact note that goes into the dossier system: facts, what others told, and impressions kept apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pluis.debrief.known import local_day
from pluis.debrief.summary import not_seen
from pluis.debrief.work import Work
from pluis.protocol.facts import Facts, Finding
from pluis.protocol.naming import TOLD
from pluis.protocol.order import Asked, in_order

_IMPRESSION = {"G1", "G1a"}


@dataclass(frozen=True)
class Line:
    """One answer, or one sentence of it. `kind`: fact, told or impression."""

    kind: str
    text: str


def note(work: Work, facts: Facts) -> str:
    """The contact note as Markdown: facts, what others told, impressions apart; ready to paste."""
    debrief, say = work.debrief, work.text
    day = local_day(debrief.opened_at, work.protocol)
    parts = [
        f"# {say('note_title', case=debrief.case.number, date=day.strftime('%d-%m-%Y'), who=debrief.account.name)}"
    ]
    seen = [f"{s.name} ({_how(work, facts, s.id)})" for s in facts.subjects if s.kind in ("child", "adult")]
    parts.append(_section(say("note_seen"), seen))
    lines = list(_answered(work, facts))
    parts.append(_section(say("note_facts"), [line.text for line in lines if line.kind == "fact"]))
    sources = {found.id: found.source or "" for found in work.found}
    private = {q.id for block in work.protocol.blocks for q in block.questions if q.private}
    counted = [f for f in facts.counted if f.key.partition("/")[0] not in private]
    told = [f for f in counted if sources[f.id].startswith("told_by")]
    heard = [line.text for line in lines if line.kind == "told"]
    parts.append(_section(say("note_told"), [*heard, *(_signal_line(work, f) for f in told)]))
    parts.append(_section(say("note_worries"), [_signal_line(work, f) for f in counted if f not in told]))
    parts.append(_section(say("note_impressions"), [line.text for line in lines if line.kind == "impression"]))
    strengths = [f"“{f.words}”" for f in facts.findings if f.protective and f.confirmation != "no"]
    parts.append(_section(say("note_strengths"), strengths))
    parts.append(_section(say("note_agreements"), _texts_of(work, facts, "agreements")))
    parts.append(_section(say("note_unknown"), [*_texts_of(work, facts, "unknowns"), *not_seen(work, facts)]))
    level = debrief.level or "L0"
    rules = [f"{rule[work.language]} ({rule['rule']})" for rule in debrief.rules or []]
    name = work.protocol.rules.levels[level][work.language]
    parts.append(_section(f"{say('note_level')}: {level}, {name}", rules))
    return "\n\n".join(part for part in parts if part)


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([f"## {title}", *(f"- {line}" for line in lines)]) if lines else ""


def _signal_line(work: Work, finding: Finding) -> str:
    name = work.protocol.taxonomy.signal(finding.signal).name.of(work.language)
    doubt = "" if finding.confirmation == "yes" else f" ({work.text('note_unconfirmed')})"
    return f"{name}: “{finding.words}”{doubt}"


def _how(work: Work, facts: Facts, subject: str) -> str:
    titles = []
    for block in work.protocol.blocks:
        for question in block.questions:
            value = facts.value(question.id, subject)
            choice = question.choice(value) if isinstance(value, str) else None
            if choice and choice.marks:
                titles.append(choice.title[work.language].lower())
    return ", ".join(titles) or work.text("note_not_asked")


def _answered(work: Work, facts: Facts) -> Iterator[Line]:
    """Answers in words; of choices those that say more than a tap. Private answers never."""
    of_all: dict[str, object] = {}
    for asked in in_order(work.protocol.blocks, facts):
        question = asked.question
        if question.private or question.shows or question.records:
            continue
        value, words = facts.answers.get(asked.key), facts.texts.get(asked.key, "")
        if asked.all:
            of_all[question.id] = value
        elif not words and value == of_all.get(question.id):
            continue  # said of all of them already
        if value in (None, "skipped", "each") and not words:
            continue
        choice = question.choice(value) if isinstance(value, str) and value != TOLD else None
        if choice is not None and choice.marks and not words:
            continue
        if words:
            yield from _in_words(work, facts, asked, words)
        elif choice:
            yield Line(
                "impression" if question.id in _IMPRESSION else "fact",
                _headed(work, asked, choice.title[work.language]),
            )


def _in_words(work: Work, facts: Facts, asked: Asked, words: str) -> Iterator[Line]:
    """Typed words: what others told apart from what was seen and heard."""
    if asked.question.id in _IMPRESSION:
        yield Line("impression", _headed(work, asked, words.replace("\n", " ")))
        return
    sentences = [part for part in re.split(r"(?<=[.!?])\s+|\n", words) if part.strip()]
    heard = [asked.question.told or _told(work, facts, sentence) for sentence in sentences]
    for kind, told in (("fact", False), ("told", True)):
        said = " ".join(sentence for sentence, is_told in zip(sentences, heard, strict=True) if is_told == told)
        if said:
            yield Line(kind, _headed(work, asked, said))


_STANDS_FOR = {"child": {"nl": "dochter", "en": "daughter"}, "adult": {"nl": "moeder", "en": "mum"}}


def _told(work: Work, facts: Facts, sentence: str) -> bool:
    """Whether somebody is named who says so; the cues know kinship, not the names of this family."""
    for subject in facts.subjects:
        if subject.kind in _STANDS_FOR:
            sentence = re.sub(rf"\b{re.escape(subject.name)}\b", _STANDS_FOR[subject.kind][work.language], sentence)
    return work.finder is not None and (work.finder.source(sentence, work.language) or "").startswith("told_by")


def _headed(work: Work, asked: Asked, said: str) -> str:
    label = asked.question.label[work.language] if asked.question.label else ""
    who = asked.subject.name if asked.subject else ""
    head = ", ".join(part for part in (label, who) if part)
    return f"{head}: {said}" if head else said


def _texts_of(work: Work, facts: Facts, records: str) -> list[str]:
    return [
        line
        for block in work.protocol.blocks
        for question in block.questions
        if question.records == records and facts.answers.get(question.id) == TOLD
        for line in facts.texts.get(question.id, "").splitlines()
    ]
