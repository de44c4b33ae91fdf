"""Answering in the chat: which alerts are open, and "ik neem 3 op"."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from pluis.access.rights import may_escalation
from pluis.escalation import answering, raising, view
from pluis.escalation.recipients import ANSWERING
from pluis.protocol.read import Protocol
from pluis.store.escalations import RUNNING, Escalation
from pluis.store.people import Account

# "ik neem 3 op", "neem melding 3", "3 is voor mij", "I'll take alert 3", "I have 3".
_TAKING = re.compile(
    r"^\W*(?:(?:ik\s+)?(?:neem|pak|heb)|i(?:['’]ll|\s+will)?\s+(?:take|have)|take)\s+"
    r"(?:de\s+|the\s+)?(?:melding|nummer|nr\.?|alert|number|no\.?)?\s*#?(\d{1,9})(?:\s+(?:op|aan|on))?\W*$"
    r"|^\W*#?(\d{1,9})\s+(?:is|neem|pak)\s+(?:van\s+mij|voor\s+mij|mine|ik(?:\s+op)?)\W*$",
    re.IGNORECASE,
)


def number_in(text: str) -> int | None:
    """The number of the alert that somebody says to take; None when the words say something else."""
    found = _TAKING.match(text.strip())
    return int(found[1] or found[2]) if found else None


def take(session: Session, protocol: Protocol, account: Account, number: int, now: datetime) -> str:
    """Take an alert, or say why not."""

    def say(name: str, /, **values: object) -> str:
        return protocol.say(name, account.language, number=number, **values)

    escalation = session.get(Escalation, number) if number < 2**31 else None
    if escalation is None or not may_escalation(account, "answer_escalation", escalation):
        return say("alert_unknown")
    answering.acknowledge(session, escalation, account, now)
    if escalation.state not in RUNNING:
        return say("alert_over")
    by, at = escalation.due_at or now, escalation.acknowledged_at or now
    if escalation.acknowledged_by is not account and escalation.acknowledged_by is not None:
        moment = raising.moment(protocol, at, now)
        return say("alert_taken_already", name=escalation.acknowledged_by.name, time=moment)
    counselor = escalation.raised_by
    return say("alert_taken", name=counselor.name, phone=counselor.phone, by=raising.moment(protocol, by, now))


def open_alerts(session: Session, protocol: Protocol, account: Account) -> str:
    """The alerts that run: of a counselor the own ones, of others those in the inbox; with who has and has not answered."""
    found = view.inbox(session, account, RUNNING)
    lines = [line(protocol, account.language, one) for one in found]
    return protocol.say("open_alerts" if lines else "open_alerts_none", account.language, list="\n".join(lines))


def line(protocol: Protocol, language: str, escalation: Escalation) -> str:
    """One alert in one line."""
    who = escalation.acknowledged_by.name if escalation.acknowledged_by else ""
    states = [protocol.say(f"alert_{escalation.state}", language, who=who)]
    if escalation.state == "open":
        told = view.people(escalation)
        for name, wanted in (("alert_asked", ("yes", "trying")), ("alert_not_reached", ("no",))):
            names = [one["name"] for one in told if one["reached"] in wanted]
            if names:
                states.append(protocol.say(name, language, who=", ".join(names)))
    case = escalation.case.number if escalation.case else "–"
    return protocol.say(
        "alert_line", language, number=escalation.id, case=case, level=escalation.level, state="; ".join(states)
    )


def answers(account: Account) -> bool:
    """Whether this person answers alerts at all."""
    return account.role in ANSWERING
