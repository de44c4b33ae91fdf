"""The summary that the counselor checks, and the contact note that goes into the dossier system."""

from pluis.debrief.known import local_day
from pluis.debrief.work import Work
from pluis.protocol.facts import Facts, Finding
from pluis.protocol.naming import TOLD
from pluis.protocol.order import in_order, marked

_IMPRESSION = {"G1", "G1a"}


def text(work: Work, facts: Facts) -> str:
    """What was recorded, what was not seen, and the proposed level with the words behind it."""
    lines = []
    signals = facts.counted
    if not any(f.severity == "acute" for f in signals) and work.debrief.level != "L3":
        lines.append(work.text("summary_none_named"))
    if unseen := not_seen(work, facts):
        lines.append(work.text("summary_not_seen", list=", ".join(unseen)))
    level = work.debrief.level or "L0"
    lines.append(work.text("summary_level", level=f"{level}, {work.protocol.rules.levels[level][work.language]}"))
    last = work.behind.last_level
    if last is not None and last != level:
        lines.append(work.text("summary_trend", level=f"{last}, {work.protocol.rules.levels[last][work.language]}"))
    if work.debrief.rules:
        lines.append(work.text("summary_reasons"))
    for rule in work.debrief.rules or []:
        words = "; ".join(f"“{word['words']}”" for word in rule["words"] if word["words"])
        lines.append(f"– {rule[work.language]}" + (f" {words}" if words else ""))
    return "\n".join(lines)


def not_seen(work: Work, facts: Facts) -> list[str]:
    """Who was not seen or spoken to, by name."""
    seen = marked(work.protocol.blocks, facts, "seen") | marked(work.protocol.blocks, facts, "spoken")
    return [s.name for s in facts.subjects if s.kind in ("child", "adult") and s.id not in seen]


def note(work: Work, facts: Facts) -> str:
    """The contact note as Markdown: facts, what others told, impressions apart; ready to paste."""
    debrief, say = work.debrief, work.text
    day = local_day(debrief.opened_at, work.protocol)
    parts = [
        f"# {say('note_title', case=debrief.case.number, date=day.strftime('%d-%m-%Y'), who=debrief.account.name)}"
    ]
    seen = [f"{s.name} ({_how(work, facts, s.id)})" for s in facts.subjects if s.kind in ("child", "adult")]
    parts.append(_section(say("note_seen"), seen))
    parts.append(_section(say("note_facts"), _answered(work, facts, impressions=False)))
    sources = {found.id: found.source or "" for found in work.found}
    private = {q.id for block in work.protocol.blocks for q in block.questions if q.private}
    counted = [f for f in facts.counted if f.key.partition("/")[0] not in private]
    told = [f for f in counted if sources[f.id].startswith("told_by")]
    parts.append(_section(say("note_told"), [_signal_line(work, f) for f in told]))
    parts.append(_section(say("note_worries"), [_signal_line(work, f) for f in counted if f not in told]))
    parts.append(_section(say("note_impressions"), _answered(work, facts, impressions=True)))
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


def _answered(work: Work, facts: Facts, impressions: bool) -> list[str]:
    """Answers in words; of choices those that say more than a tap. Private answers never."""
    lines = []
    for asked in in_order(work.protocol.blocks, facts):
        question = asked.question
        if question.private or question.shows or question.records or (question.id in _IMPRESSION) != impressions:
            continue
        value, words = facts.answers.get(asked.key), facts.texts.get(asked.key, "")
        if value in (None, "skipped", "each") and not words:
            continue
        choice = question.choice(value) if isinstance(value, str) and value != TOLD else None
        if choice is not None and choice.marks and not words:
            continue
        said = words.replace("\n", " ") or (choice.title[work.language] if choice else "")
        label = question.label[work.language] if question.label else ""
        who = asked.subject.name if asked.subject else ""
        head = ", ".join(part for part in (label, who) if part)
        if said:
            lines.append(f"{head}: {said}" if head else said)
    return lines


def _texts_of(work: Work, facts: Facts, records: str) -> list[str]:
    return [
        line
        for block in work.protocol.blocks
        for question in block.questions
        if question.records == records and facts.answers.get(question.id) == TOLD
        for line in facts.texts.get(question.id, "").splitlines()
    ]
