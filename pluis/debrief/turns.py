"""One turn: store what was typed, later handle it once, whatever is called twice or killed in between.

`receive` is called before anything tries to understand the words. `handle` answers them, in one transaction with
everything that follows from them, and keeps the reply with the turn: handling a turn again gives the same reply.
"""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlalchemy.orm import Session

from pluis.debrief import answering, asking, closing, danger, opened, steering
from pluis.debrief.found import look
from pluis.debrief.level import judge, raise_level
from pluis.debrief.outside import handle_outside
from pluis.debrief.remarks import UNKNOWN, settle
from pluis.debrief.reply import Reply
from pluis.debrief.work import Work
from pluis.protocol.facts import rank
from pluis.protocol.order import DANGER
from pluis.protocol.reading import is_button
from pluis.protocol.words import plain
from pluis.runtime import Runtime, current
from pluis.store.debriefs import (
    Debrief,
    Turn,
    next_place,
    turn_by_client_id,
    turn_to_handle,
)

MOST_CHARACTERS = 10_000
_READERS = ThreadPoolExecutor(4, "reader")


class UnknownTurn(Exception):
    """There is no such turn."""


def receive(
    session: Session,
    *,
    conversation: str,
    debrief: Debrief | None,
    account_id: int,
    text: str,
    client_id: str | None,
    question: str | None = None,
    number: int | None = None,
    now: datetime,
) -> Turn:
    """Store a message. The same `client_id` in the same conversation is the same turn.

    When two of the same come in at once, the second cannot be stored (IntegrityError); asked again, it is the first.
    `question` is the one that the person had before them; without it, the one that is open now. `number` is its place
    in the conversation, for whoever has asked for that already.
    """
    if client_id and (known := turn_by_client_id(session, conversation, client_id)):
        return known
    turn = Turn(
        id=secrets.token_hex(16),
        number=number or next_place(session, conversation)[0],
        conversation=conversation,
        debrief_id=debrief.id if debrief else None,
        account_id=account_id,
        client_id=client_id or secrets.token_hex(8),
        text=text,
        button=is_button(text),
        question=question or (debrief.open_question if debrief else None),
        received_at=now,
    )
    session.add(turn)
    return turn


def handle(
    turn_id: str,
    verb: str,
    intent: str | None = None,
    confidence: float | None = None,
    *,
    words: tuple[str, str] | None = None,
    runtime: Runtime | None = None,
    now: datetime | None = None,
) -> Reply:
    """Answer a stored turn in one transaction. Raises UnknownTurn.

    `verb` is `answer`, or the intent of a remark about the conversation. `intent` is what Rasa made of the words.
    `words` are those typed in a debrief and their language, from whoever has them at hand before the database does: the
    finder then reads them in a thread of its own while the database tells what is known.
    """
    runtime = runtime or current()
    reading = None
    if words is not None:
        text, language = words
        reading = _READERS.submit(runtime.finder.find, text, "en" if language == "en" else "nl")
    with runtime.store.transaction() as session:
        turn, debrief = turn_to_handle(session, turn_id)
        if turn is None:
            raise UnknownTurn(turn_id)
        if turn.reply is not None:
            return Reply.from_json(turn.reply)
        moment = now or datetime.now().astimezone()
        if debrief is None:
            turn.verb = verb
            reply = handle_outside(session, runtime.protocol, runtime.finder, turn, verb, moment)
        else:
            work = Work(session, runtime.protocol, runtime.finder, debrief, turn, moment, intent, reading=reading)
            reply = _answer(work, verb, confidence)
        turn.reply, turn.handled_at = reply.as_json(), moment
        return reply


def _answer(work: Work, verb: str, confidence: float | None) -> Reply:
    debrief, turn = work.debrief, work.turn
    if debrief.state == "done":
        turn.verb = verb
        work.say("finished")
        return opened.reply(work, [message.as_json() for message in work.messages])
    told_before = work.escalation.level if work.escalation else None
    verb = settle(verb, confidence, turn.text, debrief.open_question)
    asked = work.protocol.question((debrief.open_question or "").partition("/")[0])
    if verb == "want_contact" and asked is not None and asked.records == "contact_wish":
        # Asked whether they want to talk to somebody, they say so: that is the answer.
        verb = "answer"
    work.verb = verb
    _act(work, verb)
    _react(work, verb, told_before)
    if debrief.state == "open" and asking.put_next(work).key is None:
        closing.close(work)
    # Only now: what is changed earlier is written before each look into the database.
    debrief.touched_at, turn.verb = work.now, work.verb
    return opened.reply(work, [message.as_json() for message in work.messages])


def _act(work: Work, verb: str) -> None:
    """Do what the words ask, or take them as an answer."""
    debrief, turn = work.debrief, work.turn
    if debrief.state == "paused" and verb != "pause":
        debrief.state = "open"
        if verb == "resume":
            work.say("resumed")
            return
    if turn.button and (special := _SPECIAL.get(turn.text.partition("=")[0])):
        special(work, turn.text.partition("=")[2])
    elif verb == "perhaps_danger":
        answering.take(work)
        steering.offer_help(work)
    elif verb in steering.VERBS and not turn.button and not (verb == "resume" and debrief.open_question == DANGER):
        steering.VERBS[verb](work)
        look(work, turn.text, debrief.open_question or "", None)
    elif not turn.button and turn.question is not None and turn.question != debrief.open_question:
        # Written at a question that another tab or device has answered meanwhile: kept, searched, not taken as an answer.
        look(work, turn.text, turn.question, None)
        work.say("stale_tab")
    else:
        answering.take(work)


def _raise(work: Work, level: str) -> None:
    raise_level(work, level, "")


_SPECIAL: dict[str, Callable[[Work, str], None]] = {
    "call": lambda work, _: steering.call_for_help(work),
    "raise": _raise,
    "correct": lambda work, key: steering.reopen(work, key.replace(":", "/")),
}


def _react(work: Work, verb: str, told_before: str | None) -> None:
    """Judge anew. What is acute is answered at once, before anything else is said."""
    judge(work)
    debrief = work.debrief
    acute_now = debrief.level == "L3" and rank(told_before) < rank("L3")
    if debrief.mode == "training":
        acute_now = debrief.level == "L3" and not _warned(work)
    if acute_now and not any(message.kind == "danger" for message in work.messages):
        work.messages.insert(0, danger.message(work, work.escalation))
    _once(work, verb)


def _once(work: Work, verb: str) -> None:
    """Small kindnesses, each said once in a debrief."""
    earlier = [answer for answer in work.answers if answer.turn_id != work.turn.id]
    if (
        verb == "answer"
        and work.unclear is None
        and UNKNOWN.search(plain(work.turn.text))
        and not any(a.value == "unknown" for a in earlier)
        and not any(message.kind == "danger" for message in work.messages)
    ):
        said = {m["text"] for t in work.earlier_turns if t.reply for m in t.reply["messages"]}
        if work.text("unknown_is_fine") not in said:
            work.say("unknown_is_fine")
    confirmed_now = [
        f for f in work.found if f.confirmed_at == work.now and f.confirmation == "yes" and f.severity != "concern"
    ]
    before = [
        f for f in work.found if f.confirmation == "yes" and f.severity != "concern" and f.confirmed_at != work.now
    ]
    if confirmed_now and not before:
        work.say("heavy")


def _warned(work: Work) -> bool:
    """Whether an earlier turn of this practice debrief already showed the numbers."""
    return any(
        message["kind"] == "danger" for turn in work.earlier_turns if turn.reply for message in turn.reply["messages"]
    )
