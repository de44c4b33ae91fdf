"""From a tracker to the service and back: the one thing all actions do."""

from __future__ import annotations

import asyncio
import logging
import os
import time

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from pluis import channel, quiet_log
from pluis.counting import Histogram
from pluis.debrief import turns

logger = logging.getLogger(__name__)

KEY_VARIABLE = "PLUIS_CHANNEL_KEY"
SERVICE = Histogram("pluis_service_seconds", "Time of the service to answer a turn, by what was asked of it.", "verb")


class TurnFailed(Exception):
    """The service raised. The action server answers 500, so the engine says 503 and not an empty reply."""


def signed(action: str, tracker: Tracker) -> tuple[str, tuple[str, str] | None]:
    """The turn that the signed token names, and what was typed in a debrief, with its language, if that came along.

    Raises ActionExecutionRejection (a 400) for any other token, and for other words than it was signed for.
    """
    metadata = (tracker.latest_message or {}).get("metadata") or {}
    text = metadata.get("text")
    try:
        claims = channel.verify(metadata["token"], os.environ[KEY_VARIABLE], text)
    except Exception:
        raise ActionExecutionRejection(action, "The token was refused.") from None
    if claims.conversation != tracker.sender_id:
        raise ActionExecutionRejection(action, "The token is of another conversation.")
    if not isinstance(text, str) or claims.kind != "text" or claims.conversation.startswith(channel.OUTSIDE):
        return claims.turn, None
    return claims.turn, (text, claims.language)


async def perform(action: str, verb: str, tracker: Tracker, dispatcher: CollectingDispatcher) -> str:
    """Have the service handle the turn, dispatch what it says, return the state that the debrief is in then.

    The service blocks, so it runs in a thread. Its exceptions are logged without their messages, which may
    hold what was typed.
    """
    turn, words = signed(action, tracker)
    intent = (tracker.latest_message or {}).get("intent") or {}
    begun, outcome = time.perf_counter(), "failed"
    with quiet_log.about(turn=turn, verb=verb), SERVICE.timed(verb):
        try:
            reply = await asyncio.to_thread(
                turns.handle,
                turn,
                verb,
                intent=intent.get("name"),
                confidence=intent.get("confidence"),
                words=words,
            )
            outcome = str(reply.state)
        except Exception as error:
            logger.error("turn failed", exc_info=error)
            raise TurnFailed(f"{verb} failed") from None
        finally:
            logger.info("turn", extra={"outcome": outcome, "ms": round((time.perf_counter() - begun) * 1000, 1)})
    for message in reply.messages:
        dispatcher.utter_message(json_message=message)
    return str(reply.state)
