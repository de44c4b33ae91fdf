"""When the assistant is away: danger in a kept message still reaches people, without Rasa and without the action server."""

from datetime import datetime

from pluis.debrief import danger, worth
from pluis.debrief.found import look
from pluis.debrief.level import judge
from pluis.debrief.outside import alarming, call_for_help
from pluis.debrief.reply import Message
from pluis.debrief.work import Work
from pluis.runtime import Runtime
from pluis.store.debriefs import Debrief, Turn
from pluis.store.people import Account


def tell(runtime: Runtime, turn_id: str, language: str, now: datetime) -> list[Message]:
    """Look for acute signals in a turn that nobody has handled; tell people and give the numbers if there are any.

    The turn stays unhandled, so that it is answered in full once the assistant is back.
    """
    with runtime.store.transaction() as session:
        # Locked: the assistant may come back and answer this very turn meanwhile.
        turn = session.get(Turn, turn_id, with_for_update=True)
        if turn is None or turn.button or turn.reply is not None:
            return []
        if turn.debrief_id is None:
            account = session.get(Account, turn.account_id)
            if account is None or account.role != "counselor" or not alarming(runtime.finder, account, turn.text):
                return []
            return [call_for_help(session, runtime.protocol, account, turn, now)]
        acute = any(worth.alarming(f) for f in runtime.finder.find(turn.text, "en" if language == "en" else "nl"))
        debrief = session.get(Debrief, turn.debrief_id)
        if not acute or debrief is None:
            return []
        work = Work(session, runtime.protocol, runtime.finder, debrief, turn, now)
        look(work, turn.text, debrief.open_question or "", None)
        judge(work)
        return [danger.message(work, work.escalation)]
