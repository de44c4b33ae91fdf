"""One attempt: read the scene, ask the family, debrief."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from pluis.debrief import opened, opening
from pluis.debrief.reply import Reply
from pluis.debrief.work import Work
from pluis.protocol.read import Protocol
from pluis.store.debriefs import Debrief, Turn
from pluis.store.people import Account
from pluis.store.training import Practice
from pluis.training import asking as talking
from pluis.training.family import make_case
from pluis.training.vignette import Vignette

MOST_CHARACTERS = 500
MOST_QUESTIONS = 60


def begin(session: Session, vignette: Vignette, visit: int, account: Account, language: str, now: datetime) -> Practice:
    """Go on a visit. Nothing is asked and nothing debriefed yet."""
    practice = Practice(
        id=secrets.token_hex(8),
        account_id=account.id,
        vignette=vignette.id,
        visit=visit,
        language=language,
        talk=[],
        people={},
        begun_at=now,
    )
    session.add(practice)
    session.flush()
    return practice


def ask(practice: Practice, vignette: Vignette, who: str, question: str) -> str | None:
    """Ask somebody there; returns what is said, or None when there is no such person or place."""
    talk = vignette.visits[practice.visit].talker(who)
    words = " ".join(question.split())[:MOST_CHARACTERS]
    if talk is None or not words or len(practice.talk) >= MOST_QUESTIONS:
        return None
    found = talking.replies(talk, words, practice.language)
    practice.talk = [
        *practice.talk,
        *({"who": who, "asked": asked, "answer": answer, "says": says} for asked, answer, says in found),
    ]
    return "\n".join(says for _asked, _answer, says in found)


def debrief(
    session: Session, protocol: Protocol, vignette: Vignette, practice: Practice, account: Account, now: datetime
) -> tuple[Debrief, Reply]:
    """The debrief of this visit: begins once, later calls return the one that runs."""
    if practice.debrief_id is not None:
        running = session.get_one(Debrief, practice.debrief_id)
        return running, _reply(session, protocol, running, now)
    case, people = make_case(session, protocol, vignette, practice.visit, account, practice.language, now)
    made, reply = opening.open_debrief(
        session, protocol, case=case, account=account, mode="training", language=practice.language, now=now
    )
    practice.debrief_id, practice.people = made.id, people
    session.flush()
    return made, reply


def _reply(session: Session, protocol: Protocol, running: Debrief, now: datetime) -> Reply:
    return opened.reply(Work(session, protocol, None, running, Turn(id=""), now), running.greeting)
