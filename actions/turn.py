"""From a tracker to the service and back: the one thing all actions do."""

from __future__ import annotations

import asyncio
import logging
import os
import traceback
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from pluis import channel
from pluis.debrief import turns

logger = logging.getLogger(__name__)

KEY_VARIABLE = "PLUIS_CHANNEL_KEY"


class TurnFailed(Exception):
    """The service raised. The action server answers 500, so the engine says 503 and not an empty reply."""


def turn_id(action: str, tracker: Tracker) -> Any:
    """The turn that the signed token names; raises ActionExecutionRejection (a 400) for any other token."""
    metadata = (tracker.latest_message or {}).get("metadata") or {}
    try:
        claims = channel.verify(metadata["token"], os.environ[KEY_VARIABLE])
    except Exception:
        raise ActionExecutionRejection(action, "The token was refused.") from None
    if claims.conversation != tracker.sender_id:
        raise ActionExecutionRejection(action, "The token is of another conversation.")
    return claims.turn


async def perform(action: str, verb: str, tracker: Tracker, dispatcher: CollectingDispatcher) -> str:
    """Have the service handle the turn, dispatch what it says, return the state that the debrief is in then.

    The service blocks, so it runs in a thread. Its exceptions are logged without their messages, which may
    hold what was typed.
    """
    turn = turn_id(action, tracker)
    intent = (tracker.latest_message or {}).get("intent") or {}
    try:
        reply = await asyncio.to_thread(
            turns.handle, turn, verb, intent=intent.get("name"), confidence=intent.get("confidence")
        )
    except Exception as error:
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Turn %s failed in %s: %s\n%s", turn, verb, type(error).__name__, where)
        raise TurnFailed(f"{verb} failed") from None
    for message in reply.messages:
        dispatcher.utter_message(json_message=message)
    return str(reply.state)
