"""What is said outside a debrief: a greeting, a question about cases, or danger."""

from datetime import datetime

from sqlalchemy.orm import Session

from pluis.debrief import worth
from pluis.debrief.danger import numbers
from pluis.debrief.reply import Message, Reply
from pluis.escalation import raising, taking
from pluis.protocol.read import Protocol
from pluis.protocol.words import denies
from pluis.signals.finder import Finder
from pluis.store import cases, escalations
from pluis.store.debriefs import SupportWish, Turn
from pluis.store.people import Account

_PLAIN = {
    "greet": "greet_again",
    "help": "help",
    "thanks": "thanks",
    "goodbye": "goodbye",
    "are_you_a_bot": "are_you_a_bot",
    "start_debrief": "start_where",
    "start_training": "training_where",
    "switch_language": "language_now",
}


def handle_outside(session: Session, protocol: Protocol, finder: Finder, turn: Turn, verb: str, now: datetime) -> Reply:
    """The reply to words outside a debrief. Danger is looked for in every one of them."""
    account = session.get(Account, turn.account_id)
    assert account is not None

    def say(name: str, /, **values: object) -> str:
        return protocol.say(name, account.language, **values)

    if ((verb == "danger" and not denies(turn.text)) or alarming(finder, account, turn.text)) and (
        account.role == "counselor"
    ):
        message = call_for_help(session, protocol, account, turn, now)
    elif taking.answers(account) and (number := taking.number_in(turn.text)) is not None:
        message = Message(taking.take(session, protocol, account, number, now))
    elif verb == "my_cases":
        listed = "\n".join(f"– {c.number} {c.family}" for c in cases.open_cases_of_counselor(session, account.id))
        message = Message(say("my_cases", list=listed) if listed else say("my_cases_none"))
    elif verb == "open_alerts":
        message = Message(taking.open_alerts(session, protocol, account))
    elif verb == "want_contact":
        session.add(SupportWish(account_id=account.id, turn_id=turn.id, kind="contact", by_when="today", at=now))
        message = Message(say("contact_noted_outside"))
    else:
        if verb == "switch_language":
            account.language = "en" if account.language == "nl" else "nl"
        message = Message(say(_PLAIN.get(verb, "out_of_scope"), name=account.name.split()[0]))
    return Reply([message.as_json()], "open")


def alarming(finder: Finder, account: Account, text: str) -> bool:
    """Whether words tell of danger now."""
    found = finder.find(text, "en" if account.language == "en" else "nl")
    return any(worth.alarming(f) for f in found)


def call_for_help(session: Session, protocol: Protocol, account: Account, turn: Turn, now: datetime) -> Message:
    """Tell the team, and show the numbers. A turn that was rescued while the assistant was away tells nobody twice."""
    running = [
        one
        for one in escalations.raised_by(session, account.id, ("open", "acknowledged"))
        if one.debrief_id is None and one.raised_at >= turn.received_at and one.words[0]["words"] == turn.text
    ]
    escalation = running[0] if running else raising.raise_without_debrief(session, protocol, account, turn.text, now)
    names, by = raising.told(escalation), escalation.acknowledge_by

    def say(name: str, /, **values: object) -> str:
        return protocol.say(name, account.language, **values)

    told = (
        say("danger_told", who=", ".join(names), when=raising.clock(protocol, by))
        if names and by
        else say("nobody_on_call")
    )
    text = "\n".join([say("danger_call"), told, say("danger_which_family")])
    return Message(text, kind="danger", numbers=numbers(protocol, account.language))
