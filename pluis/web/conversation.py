"""One message from a person: keep it, let it be answered, give the reply. Used by the API and the pages."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from pluis import quiet_log
from pluis.access.rights import ground, may
from pluis.access.trail import decided
from pluis.channel import OUTSIDE
from pluis.debrief import rescue, turns
from pluis.debrief.reply import Reply
from pluis.runtime import Runtime
from pluis.store.base import Json
from pluis.store.debriefs import Debrief, Turn, alone, next_place, reply_to, turn_by_client_id, waiting_turns
from pluis.store.people import Account
from pluis.web import metrics
from pluis.web.bot import Bot, BotDown
from pluis.web.problems import Problem

log = logging.getLogger("pluis.web")


@dataclass(frozen=True)
class Incoming:
    """One message: in this debrief, or outside one when `debrief_id` is None.

    `client_id` is what the sender calls it, so that the same message sent twice is one. `question` is the one that the
    sender had before them; without it, the one that is open.
    """

    debrief_id: str | None
    text: str
    client_id: str | None = None
    question: str | None = None


def find_debrief(session: Session, account: Account, debrief_id: str, write: bool) -> Debrief:
    """The debrief, if this person may read it; to write in it, it must be the own one. Raises Problem."""
    debrief = alone(session, debrief_id)
    if debrief is None:
        raise Problem(404, "no_such_debrief")
    own = debrief.account_id == account.id
    if debrief.mode != "training":
        right = ground(account, "debrief" if own else "read_debrief", debrief.case)
        decided("debrief", debrief.id, debrief.case_id, right)
    if not own and (write or debrief.mode == "training" or not may(account, "read_debrief", debrief.case)):
        raise Problem(403, "not_yours")
    if own and debrief.mode != "training" and not may(account, "debrief", debrief.case):
        raise Problem(403, "not_yours")
    return debrief


def check_text(text: str) -> str:
    """Refuse what cannot be a message. Raises Problem."""
    # PostgreSQL cannot keep a zero byte, and lone surrogates are no text.
    cleaned = text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    if not cleaned.strip():
        raise Problem(422, "empty")
    if len(cleaned) > turns.MOST_CHARACTERS:
        raise Problem(413, "too_long", limit=turns.MOST_CHARACTERS)
    return cleaned


def say(runtime: Runtime, bot: Bot, account: Account, message: Incoming, now: datetime) -> Reply:
    """Answer a message. Raises Problem.

    The text is committed before Rasa is asked. Older messages that were kept and never answered go first.
    """
    message = replace(message, text=check_text(message.text))
    try:
        with metrics.PARTS.timed("keep"):
            turn, waiting, language = keep(runtime, account, message, now)
    except SQLAlchemyError as error:
        log.error("a message could not be kept: %s", type(error).__name__)
        metrics.TURNS.add("not_kept")
        raise Problem(503, "not_kept", extra=_numbers(runtime, account.language)) from None
    for one in waiting:
        if one.number <= turn.number:
            _ask(runtime, bot, account, one, language, turn, now)
    return _reply(runtime, turn, account, language, now)


def keep(runtime: Runtime, account: Account, message: Incoming, now: datetime) -> tuple[Turn, list[Turn], str]:
    """The stored message, all of its conversation that is not answered yet, and the language. Raises Problem."""

    def once() -> tuple[Turn, list[Turn], str]:
        with runtime.store.transaction() as session:
            debrief = find_debrief(session, account, message.debrief_id, write=True) if message.debrief_id else None
            conversation = debrief.id if debrief else f"{OUTSIDE}{account.id}"
            # After the end only what was said before it may come in once more.
            if (
                debrief is not None
                and debrief.state == "done"
                and (message.client_id is None or turn_by_client_id(session, conversation, message.client_id) is None)
            ):
                raise Problem(409, "finished")
            number, others = next_place(session, conversation)
            turn = turns.receive(
                session,
                conversation=conversation,
                debrief=debrief,
                account_id=account.id,
                text=message.text,
                client_id=message.client_id,
                question=message.question,
                number=number,
                now=now,
            )
            quiet_log.note(turn=turn.id)
            language = debrief.language if debrief else account.language
            if turn.reply is not None:
                return turn, [], language
            return turn, waiting_turns(session, conversation) if others else [turn], language

    try:
        return once()
    except IntegrityError:
        # The same message came in twice at once, and the other one was first.
        return once()


def _ask(runtime: Runtime, bot: Bot, account: Account, one: Turn, language: str, turn: Turn, now: datetime) -> None:
    try:
        with metrics.PARTS.timed("assistant"):
            bot.turn(one, account, language)
    except BotDown as error:
        log.error("turn %s was kept but not answered: %s", one.id, error)
        raise _unanswered(runtime, turn, language, now) from None


def _reply(runtime: Runtime, turn: Turn, account: Account, language: str, now: datetime) -> Reply:
    """The reply as the database knows it: a 'done' that it does not know is no reply."""
    with metrics.PARTS.timed("reply"), runtime.store.reading() as session:
        reply = reply_to(session, turn.id)
    if reply is not None:
        metrics.TURNS.add("answered")
        return Reply.from_json(reply)
    log.error("turn %s came back without a reply in the database", turn.id)
    raise _unanswered(runtime, turn, language, now)


def _unanswered(runtime: Runtime, turn: Turn, language: str, now: datetime) -> Problem:
    """The assistant is away; if the words are alarming people are told all the same, and the numbers are shown."""
    metrics.TURNS.add("waiting")
    try:
        messages = [message.as_json() for message in rescue.tell(runtime, turn.id, language, now)]
    except Exception as error:
        log.error("rescue of turn %s failed: %s", turn.id, type(error).__name__)
        messages = []
    return Problem(503, "kept_not_handled", extra={"kept": True, "messages": messages})


def _numbers(runtime: Runtime, language: str) -> Json:
    return {
        "kept": False,
        "numbers": [
            {"number": n.number, "name": n.name["en" if language == "en" else "nl"], "link": n.link}
            for n in runtime.protocol.phone_numbers
        ],
    }
