"""The level of a debrief: propose it, let the counselor raise it at once, tell people when it asks for that."""

from pluis.debrief.work import Work
from pluis.escalation import raising
from pluis.protocol.because import Because
from pluis.protocol.facts import Facts, rank
from pluis.protocol.words import plain
from pluis.risk.rules import Assessment, assess
from pluis.store.base import Json


def answered_by(work: Work) -> dict[str, list[str]]:
    return {factor.id: list(factor.answers) for factor in work.protocol.taxonomy.protective_factors}


def judge(work: Work, closing: bool = False) -> tuple[Assessment, Facts]:
    """Assess as things stand, keep a changed proposal, and raise or update the escalation that it asks for.

    A level that a person raised stays at least as high as that.
    """
    facts = work.facts(closing)
    assessment = assess(facts, work.protocol.rules, answered_by(work))
    debrief = work.debrief
    rules = reasons(work, facts, assessment)
    if debrief.proposed != assessment.level:
        debrief.proposed, debrief.rules = assessment.level, rules
        work.change_level("proposed", assessment.level)
    if debrief.rules != rules:
        debrief.rules = rules
    # What was raised is never above the level that it led to, so it is read only where the rules say less than that.
    raised = _raised(work) if rank(assessment.level) < rank(debrief.level) else None
    debrief.level = max(assessment.level, raised or "L0", key=rank)
    if debrief.mode != "training":
        at_once = rank(debrief.level) >= rank("L2") or closing
        if at_once and debrief.level in work.protocol.ladders.ladders:
            work.escalation = raising.raise_or_update(
                work.session, work.protocol, work.escalation, debrief, facts, debrief.level, rules, work.now
            )
        elif work.escalation is not None:
            raising.update(work.session, work.escalation, debrief, facts, debrief.level, rules, work.now)
    return assessment, facts


def _raised(work: Work) -> str | None:
    """The level that people set: the highest that was raised since a supervisor lowered."""
    level = None
    for change in work.changes:
        if change.kind == "lowered" or (change.kind == "raised" and rank(change.level) > rank(level)):
            level = change.level
    return level


def raise_level(work: Work, level: str, reason: str, say: bool = True) -> None:
    """The counselor raises: one tap, at once, nobody has to agree."""
    if rank(level) <= rank(work.debrief.level):
        if say:
            work.say("already_highest")
        return
    work.change_level("raised", level, reason, work.turn.account_id)
    work.debrief.level = level
    if say:
        work.say("raised", level=level_name(work, level))


def request_lower(work: Work, reason: str) -> None:
    """Only a supervisor lowers: the wish is put before the supervisor, with its reason."""
    if work.escalation is not None:
        raising.ask_to_lower(work.session, work.escalation, work.turn.account_id, reason, work.now)
    work.say("lower_requested")


def level_name(work: Work, level: str) -> str:
    return f"{level} {work.protocol.rules.levels[level][work.language]}"


def reasons(work: Work, facts: Facts, assessment: Assessment) -> list[Json]:
    """The rules that fired, each with the counselor's own words behind it, in both languages."""
    return [
        {
            "rule": fired.rule.id,
            "level": fired.rule.level,
            "nl": fired.rule.reason.nl,
            "en": fired.rule.reason.en,
            "words": words_behind(work, facts, fired.because),
        }
        for fired in sorted(assessment.fired, key=lambda one: -rank(one.rule.level))
    ]


def words_behind(work: Work, facts: Facts, because: Because) -> list[Json]:
    """Words with the signal they carry and whether a person confirmed them."""
    said: list[Json] = [
        {
            "signal": f.signal,
            "words": f.words,
            "sentence": f.sentence,
            "confirmation": f.confirmation,
            "severity": f.severity,
        }
        for f in facts.findings
        if f.id in because.findings
    ]
    for key in sorted(because.answers):
        question = work.protocol.question(key.partition("/")[0])
        value = facts.answers.get(key)
        choice = question.choice(value) if question and isinstance(value, str) else None
        shown = facts.texts.get(key, "")
        if choice and question and len(shown.split()) <= 3:
            # "Nee" alone tells a supervisor nothing.
            label = question.label[work.language] if question.label else ""
            title = choice.title[work.language]
            more = f" ({shown})" if shown and plain(shown) != plain(title) else ""
            shown = f"{label}: {title}{more}" if label else f"{title}{more}"
        said.append(
            {
                "question": key,
                "words": shown,
                "confirmation": "yes",
                "private": bool(question and question.private),
            }
        )
    return said


def shown(work: Work) -> Json | None:
    """The level as the counselor sees it, or None while nothing is worth one."""
    debrief = work.debrief
    if debrief.level is None or (debrief.level == "L0" and debrief.state != "done"):
        return None
    return level_json(debrief.level, debrief.rules or [], work.language, level_name(work, debrief.level))


def level_json(level: str, rules: list[Json], language: str, name: str) -> Json:
    return {
        "value": level,
        "name": name,
        "reasons": [
            {
                "rule": r["rule"],
                "level": r["level"],
                "text": r[language],
                "words": [w["words"] for w in r["words"] if w["words"]],
            }
            for r in rules
        ],
    }
