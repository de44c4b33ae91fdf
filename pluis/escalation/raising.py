"""Raise an escalation, or bring a running one up to date, within the transaction of the answer that caused it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pluis import quiet_log
from pluis.escalation import ladder
from pluis.escalation.recipients import Roster
from pluis.escalation.telling import log, tell
from pluis.protocol.facts import Facts, rank
from pluis.protocol.read import Protocol
from pluis.store import escalations
from pluis.store.base import Json
from pluis.store.debriefs import Debrief
from pluis.store.escalations import RUNNING, Escalation
from pluis.store.people import Account

# What goes to the supervisor as the counselor typed it: what happens now and what was done, what must be known today,
# what is not known.
TOLD = ("A1a", "S1", "F5")
SEEN = "B1"  # the question which children were seen


def raise_or_update(
    session: Session,
    protocol: Protocol,
    running: Escalation | None,
    debrief: Debrief,
    facts: Facts,
    level: str,
    rules: list[Json],
    now: datetime,
) -> Escalation:
    """The escalation of this debrief at this level: a new one, or the running one with what has been added.

    A level that rises while nobody has decided begins its ladder anew, so that an acknowledgement of less is no
    acknowledgement of more. After a decision only something new raises again.
    """
    if running is None:
        running = escalations.of_debrief_alone(session, debrief.id)
    if running is not None:
        escalations.lock(session, running)
    if running is None or running.state not in RUNNING:
        if running is not None and not _news(running, level, rules):
            return running
        return _raise(session, protocol, debrief, facts, level, rules, now)
    if rank(level) > rank(running.level):
        log(session, running, now, "level_rose", None, {"from": running.level, "to": level})
        running.level = level
        begin(session, protocol, running, now)
    _describe(running, debrief, facts, rules)
    return running


def update(
    session: Session,
    running: Escalation,
    debrief: Debrief,
    facts: Facts,
    level: str,
    rules: list[Json],
    now: datetime,
) -> None:
    """Bring a running escalation up to date when the level asks for none any more. It stays: only a person closes it."""
    escalations.lock(session, running)
    if running.state not in RUNNING:
        return
    if not running.facts.get("withdrawn") and rank(level) < rank(running.level):
        log(session, running, now, "counselor_denied", debrief.account_id, {"level_now": level})
    _describe(running, debrief, facts, rules)
    running.facts = {**running.facts, "withdrawn": rank(level) < rank(running.level), "level_now": level}


def raise_without_debrief(
    session: Session, protocol: Protocol, account: Account, words: str, now: datetime
) -> Escalation:
    """Danger called outside a debrief: the family is not known yet, the team is."""
    escalation = Escalation(
        raised_by=account,
        team_id=account.team_id,
        level="L3",
        reasons=[],
        words=[{"words": words, "confirmation": "open"}],
        facts={},
        state="open",
        ladder={},
        raised_at=now,
    )
    session.add(escalation)
    begin(session, protocol, escalation, now)
    return escalation


def add_words(session: Session, running: Escalation, account_id: int, text: str, now: datetime) -> None:
    """What the counselor adds goes to the people who were told."""
    running.words = [*running.words, {"words": text, "confirmation": "yes", "added": True}]
    log(session, running, now, "words_added", account_id, {})


def ask_to_lower(session: Session, running: Escalation, account_id: int, reason: str, now: datetime) -> None:
    """The counselor's wish to lower a level, put before the supervisor."""
    running.facts = {**running.facts, "lower_wish": reason}
    log(session, running, now, "lower_wished", account_id, {})


def told(escalation: Escalation) -> list[str]:
    """Names of the people told so far."""
    steps: list[Json] = escalation.ladder.get("steps", [])
    return list(dict.fromkeys(p["name"] for step in steps[: escalation.step + 1] for p in step["people"]))


def clock(protocol: Protocol, moment: datetime) -> str:
    """The time of day as people read it."""
    return moment.astimezone(ZoneInfo(protocol.ladders.working_hours.timezone)).strftime("%H:%M")


def moment(protocol: Protocol, when: datetime, now: datetime) -> str:
    """The time of day, with the date when it is another day."""
    zone = ZoneInfo(protocol.ladders.working_hours.timezone)
    local = when.astimezone(zone)
    return local.strftime("%H:%M" if local.date() == now.astimezone(zone).date() else "%d-%m %H:%M")


def _raise(
    session: Session,
    protocol: Protocol,
    debrief: Debrief,
    facts: Facts,
    level: str,
    rules: list[Json],
    now: datetime,
) -> Escalation:
    escalation = Escalation(
        case_id=debrief.case_id,
        debrief_id=debrief.id,
        raised_by_id=debrief.account_id,
        team_id=debrief.case.team_id,
        level=level,
        reasons=[],
        words=[],
        facts={},
        state="open",
        ladder={},
        raised_at=now,
    )
    escalation.case = debrief.case
    escalation.raised_by = debrief.account
    session.add(escalation)
    _describe(escalation, debrief, facts, rules)
    begin(session, protocol, escalation, now)
    return escalation


def begin(
    session: Session, protocol: Protocol, escalation: Escalation, now: datetime, roster: Roster | None = None
) -> None:
    """Start the ladder at its first step and write the messages of that step.

    `begun` in the copy is the round in which it started: links in messages of this start stay good in later rounds.
    """
    if escalation.ladder:
        escalation.round += 1
    session.flush()
    quiet_log.note(alert=escalation.id)
    begun = {"begun": escalation.round or 1}
    people = (roster or Roster(session, now)).roles(escalation)
    escalation.ladder = ladder.copy_of(protocol.ladders, escalation.level, people, now) | begun
    escalation.state, escalation.step = "open", 0
    escalation.acknowledged_at, escalation.acknowledged_by, escalation.spoke_at = None, None, None
    escalation.due_at = ladder.due_after(escalation.ladder, 0, now)
    escalation.acknowledge_by = ladder.acknowledge_by(escalation.ladder)
    log(session, escalation, now, "raised", escalation.raised_by_id, {"level": escalation.level})
    tell(session, escalation, now)


def _news(decided: Escalation, level: str, rules: list[Json]) -> bool:
    """Whether this is more than what was decided upon: a higher level, or another reason for the same one."""
    if rank(level) != rank(decided.facts.get("decided_over", decided.level)):
        return rank(level) > rank(decided.facts.get("decided_over", decided.level))
    known = {_reason(rule) for rule in decided.reasons}
    return any(_reason(rule) not in known for rule in rules if rule["level"] == level)


def _reason(rule: Json) -> tuple[str, frozenset[str]]:
    return rule["rule"], frozenset(word["signal"] for word in rule["words"] if word.get("signal"))


def _describe(escalation: Escalation, debrief: Debrief, facts: Facts, rules: list[Json]) -> None:
    """What the supervisor reads: the rules, the counselor's words, who was seen, what is unknown."""
    escalation.reasons = [
        {**rule, "words": [word for word in rule["words"] if not word.get("private")]} for rule in rules
    ]
    added = [word for word in escalation.words if word.get("added")]
    escalation.words = [
        {
            "signal": f.signal,
            "words": f.words,
            "sentence": f.sentence,
            "confirmation": f.confirmation,
            "severity": f.severity,
        }
        for f in sorted(facts.counted, key=lambda f: ("acute", "serious", "concern").index(f.severity))
    ] + added
    escalation.confirmed = any(f.severity == "acute" and f.confirmation == "yes" for f in facts.findings)
    escalation.facts = {
        **escalation.facts,
        "phone": debrief.account.phone,
        "texts": {key: text for key, text in facts.texts.items() if key in TOLD},
        "children": [{"name": child.name, "seen": facts.value(SEEN, child.id)} for child in facts.children],
    }
