"""Begin a debrief."""

import secrets
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from pluis.access.trail import Touched, touch
from pluis.debrief import asking, opened
from pluis.debrief.reply import Message, Reply
from pluis.debrief.work import Work
from pluis.protocol.read import Protocol
from pluis.store.cases import Case
from pluis.store.debriefs import Debrief, Turn
from pluis.store.people import Account

Mode = Literal["visit", "short", "training"]


def open_debrief(
    session: Session,
    protocol: Protocol,
    *,
    case: Case,
    account: Account,
    mode: Mode,
    language: str,
    now: datetime,
) -> tuple[Debrief, Reply]:
    """A new debrief with its greeting and first question. Nothing has to be understood yet, so Rasa is not asked."""
    debrief = Debrief(
        id=secrets.token_hex(8),
        case=case,
        account=account,
        mode=mode,
        language=language,
        greeting=[],
        opened_at=now,
        touched_at=now,
    )
    session.add(debrief)
    session.flush()
    if mode != "training":
        touch(Touched("debrief", debrief.id, case.id))
    turn = Turn(id="", conversation=debrief.id, account_id=account.id, client_id="", text="", received_at=now)
    work = Work(session, protocol, None, debrief, turn, now)
    greeting = {"visit": "greeting", "short": "greeting_short", "training": "greeting_training"}[mode]
    work.messages.append(Message(work.text(greeting, name=account.name.split()[0], family=case.family)))
    asking.put_next(work)
    debrief.greeting = [message.as_json() for message in work.messages]
    return debrief, opened.reply(work, debrief.greeting)
