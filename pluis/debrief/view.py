"""A debrief as it is shown: the conversation so far, and what was recorded."""

from datetime import datetime

from sqlalchemy.orm import Session

from pluis.debrief.asking import message_for
from pluis.debrief.level import level_json, level_name
from pluis.debrief.work import Work
from pluis.protocol.order import in_order, next_step, progress
from pluis.protocol.read import Protocol
from pluis.store import debriefs, escalations
from pluis.store.base import Json
from pluis.store.debriefs import Debrief, Turn


def whole(session: Session, protocol: Protocol, debrief: Debrief, now: datetime, private: bool) -> Json:
    """Everything about a debrief. `private`: also what belongs to the counselor alone."""
    facts = Work(session, protocol, None, debrief, Turn(id=""), now).facts()
    answered, expected = progress(facts, list(in_order(protocol.blocks, facts)))
    changes = debriefs.level_changes(session, debrief.id)
    escalation = escalations.of_debrief(session, debrief.id)
    secret = {question.id for block in protocol.blocks for question in block.questions if question.private}
    return {
        "id": debrief.id,
        "case_id": debrief.case_id,
        "mode": debrief.mode,
        "language": debrief.language,
        "state": debrief.state,
        "opened_at": debrief.opened_at.isoformat(),
        "closed_at": debrief.closed_at.isoformat() if debrief.closed_at else None,
        "progress": {"answered": answered, "expected": expected},
        "open_question": debrief.open_question,
        "answers": [
            {"key": row.key, "question": row.question, "subject": row.subject, "value": row.value, "text": row.text,
             "at": row.at.isoformat(), "replaced_at": row.replaced_at.isoformat() if row.replaced_at else None}
            for row in debriefs.answers(session, debrief.id, with_history=True)
            if private or row.question not in secret
        ],
        "signals": [
            {"id": row.signal, "name": _name(protocol, row.signal, debrief.language), "kind": row.kind,
             "severity": row.severity, "status": row.status, "confirmation": row.confirmation, "source": row.source,
             "about": row.subject, "score": row.score,
             "evidence": {"start": row.start, "end": row.end, "text": row.words}}
            for row in debriefs.findings(session, debrief.id)
        ],
        "level": level_of(debrief, protocol),
        "proposed": debrief.proposed,
        "rules": debrief.rules or [],
        "changes": [
            {"kind": c.kind, "level": c.level, "reason": c.reason, "by": c.by_id, "at": c.at.isoformat()} for c in changes
        ],
        "note": debrief.note,
        "unknowns": [row.text for row in debriefs.open_unknowns(session, debrief.case_id) if row.debrief_id == debrief.id],
        "escalation": escalation.id if escalation else None,
    }  # fmt: skip


def level_of(debrief: Debrief, protocol: Protocol) -> Json | None:
    if debrief.level is None or (debrief.level == "L0" and debrief.state != "done"):
        return None
    name = f"{debrief.level} {protocol.rules.levels[debrief.level][debrief.language]}"
    return level_json(debrief.level, debrief.rules or [], debrief.language, name)


def conversation(session: Session, protocol: Protocol, debrief: Debrief, now: datetime) -> Json:
    """What the chat page shows after a reload: every message in order, unhandled ones marked as waiting."""
    shown: list[Json] = [{"from": "pluis", **message} for message in debrief.greeting]
    for turn in debriefs.turns(session, debrief.id):
        shown.append(
            {
                "from": "you",
                "text": spoken(turn, shown),
                "client_id": turn.client_id,
                "waiting": turn.reply is None,
            }
        )
        if turn.reply is not None:
            shown.extend({"from": "pluis", **message} for message in turn.reply["messages"])
    facts = Work(session, protocol, None, debrief, Turn(id=""), now).facts()
    answered, expected = progress(facts, list(in_order(protocol.blocks, facts)))
    return {
        "messages": shown,
        "state": debrief.state,
        "progress": {"answered": answered, "expected": expected},
        "level": level_of(debrief, protocol),
    }


def spoken(turn: Turn, shown: list[Json]) -> str:
    """A tapped button reads as its title, not as its value."""
    if not turn.button:
        return turn.text
    for message in reversed(shown):
        for button in message.get("buttons", ()):
            if button["value"] == turn.text:
                return str(button["title"])
    picked = dict(pair.partition(":")[::2] for pair in turn.text.partition("=")[2].split(",") if ":" in pair)
    for message in reversed(shown):
        items = {item["id"]: item for item in message.get("items", ())}
        if picked and picked.keys() <= items.keys():
            return "\n".join(
                f"{items[id]['label']}: {next((c['title'] for c in items[id]['choices'] if c['value'] == value), value)}"
                for id, value in picked.items()
            )
    titles = {b["value"].partition("=")[2]: b["title"] for m in shown for b in m.get("buttons", ())}
    return ", ".join(titles.get(value, value) for value in turn.text.partition("=")[2].split(","))


def open_message(session: Session, protocol: Protocol, debrief: Debrief, turn: Turn, now: datetime) -> Json | None:
    """The question that is open, asked once more; None when the debrief is done."""
    facts = Work(session, protocol, None, debrief, Turn(id=""), now).facts()
    step = next_step(protocol.blocks, facts)
    if step.key is None:
        return None
    work = Work(session, protocol, None, debrief, turn, now)
    return message_for(work, step, facts).as_json()


def _name(protocol: Protocol, signal: str, language: str) -> str:
    taxonomy = protocol.taxonomy
    entry = taxonomy.signal(signal) if taxonomy.kind(signal) == "signal" else taxonomy.protective(signal)
    return entry.name.of("en" if language == "en" else "nl")


__all__ = ["conversation", "level_name", "open_message", "whole"]
