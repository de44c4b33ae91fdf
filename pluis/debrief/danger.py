"""When somebody may be in danger: numbers first, then who is being told, then whether to go on."""

from datetime import datetime

from pluis.debrief.reply import Message
from pluis.debrief.work import Work
from pluis.escalation import raising
from pluis.protocol.read import Protocol
from pluis.store.base import Json
from pluis.store.escalations import Escalation


def numbers(protocol: Protocol, language: str) -> tuple[Json, ...]:
    return tuple({"number": n.number, "name": n.name[language], "link": n.link} for n in protocol.phone_numbers)


def message(work: Work, escalation: Escalation | None) -> Message:
    """What is shown at once. It does not wait for anything, and the numbers do not depend on anything."""
    lines = [work.text("danger_call")]
    if escalation is not None:
        lines.append(told_line(work, escalation))
        if escalation.state == "open" and any(f.alarming for f in work.facts().findings):
            lines.append(work.text("danger_unconfirmed"))
    elif work.debrief.mode == "training":
        lines.append(work.text("danger_training"))
    return Message("\n".join(lines), kind="danger", numbers=numbers(work.protocol, work.language))


def told_line(work: Work, escalation: Escalation) -> str:
    """Who is being told, or that somebody has answered."""
    if escalation.acknowledged_by is not None:
        return work.text(
            "acknowledged_by",
            who=escalation.acknowledged_by.name,
            when=_clock(work, escalation.acknowledged_at),
        )
    names = raising.told(escalation)
    if not names:
        return work.text("nobody_on_call")
    return work.text("danger_told", who=", ".join(names), when=_clock(work, escalation.acknowledge_by))


def note_it(work: Work, text: str) -> None:
    """Words typed while danger is open go to the people who were told."""
    if work.escalation is not None:
        raising.add_words(work.session, work.escalation, work.turn.account_id, text, work.now)


def _clock(work: Work, moment: datetime | None) -> str:
    return raising.clock(work.protocol, moment) if moment else ""
