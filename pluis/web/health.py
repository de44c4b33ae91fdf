"""Whether the whole works: database, content, Rasa, actions. Says which part does not, and no more."""

import secrets
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from pluis.channel import OUTSIDE
from pluis.debrief import turns
from pluis.escalation import auditor
from pluis.store.debriefs import Turn
from pluis.store.people import Account, by_username
from pluis.web.bot import BotDown
from pluis.web.who import CurrentBot, CurrentRuntime, now

router = APIRouter(tags=["operations"])
PROBE = "pluis-health"


def _probe(session: Session) -> Account:
    """The account in whose name the check is made: it has no rights, and nobody can sign in with it."""
    account = Account(
        username=PROBE, name="Pluis", role="probe", password_hash="!", active=False, language="nl", phone="", failures=0
    )
    session.add(account)
    session.flush()
    return account


@router.get("/healthz", summary="Ready when it answers 200")
def healthz(runtime: CurrentRuntime, bot: CurrentBot) -> JSONResponse:
    """A real turn through Rasa and the action server, outside any debrief."""
    parts: dict[str, Any] = {"database": False, "assistant": False, "overdue": 0}
    try:
        with runtime.store.transaction() as session:
            account = by_username(session, PROBE) or _probe(session)
            parts["database"] = True
            parts["overdue"] = auditor.overdue(session, now())
            turn = turns.receive(
                session,
                conversation=f"{OUTSIDE}{account.id}",
                debrief=None,
                account_id=account.id,
                text="hallo",
                client_id=secrets.token_hex(8),
                now=now(),
            )
        bot.turn(turn, account, "nl")
        with runtime.store.transaction() as session:
            done = session.get(Turn, turn.id)
            parts["assistant"] = done is not None and done.reply is not None
            if done is not None:
                session.delete(done)
    except BotDown:
        pass
    except Exception as error:
        parts["error"] = type(error).__name__
    # An alert that nobody carries on is no small thing: the whole is not in order then.
    ready = parts["database"] and parts["assistant"] and not parts["overdue"]
    return JSONResponse({"ready": ready, **parts}, status_code=200 if ready else 503)
