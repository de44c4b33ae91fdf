"""The only way into the engine: signed turns from the web process.

Rasa's own REST channel asks nobody who they are, reads text that starts with "/" as a command, and answers
200 with an empty list when an action failed. This one does none of the three.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import outcome
from bot.examples import intent_of
from bot.narrative import is_story
from bot.signature import Refused, key_from_environment, verify

logger = logging.getLogger(__name__)

LONGEST_TEXT = 10_000
LONGEST_BODY = 200_000  # the longest text, when each sign is written as an escape


def _error(status: int, code: str) -> HTTPResponse:
    return response.json({"error": code}, status=status)


def _is_unicode(text: str) -> bool:
    """False for half a surrogate pair, which JSON can carry and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def understood(text: str, intent: str) -> dict[str, Any]:
    """What the engine is told it understood, where its own understanding need not or must not be asked."""
    return {"text": text, "intent": {"name": intent, "confidence": 1.0}, "intent_ranking": [], "entities": []}


def understanding(kind: str, text: str) -> dict[str, Any] | None:
    """Ready-made parse data for a pressed button, a story, an example word for word, and what Rasa takes for a command.

    Rasa's RegexMessageHandler turns "/restart" or "/deny{...}" into that intent before any classifier sees
    it. Such text never reaches it. Everything else is None: the pipeline decides.
    """
    if kind == "button" or text.lstrip().startswith("/") or is_story(text):
        return understood(text, "inform")
    intent = intent_of(text)
    return understood(text, intent) if intent else None


def plain(message: dict[str, Any]) -> dict[str, Any]:
    """A collected message as the action server sent it, without Rasa's envelope."""
    if isinstance(message.get("custom"), dict):
        return dict(message["custom"])
    return {name: value for name, value in message.items() if name != "recipient_id"}


class SignedChannel(InputChannel):
    """POST /webhooks/pluis/turn with {"token", "text"}; answers {"messages": [...]} or {"error": code}.

    401 signature; 400 malformed; 413 too_long; 503 unavailable (the action server gave no usable reply, or
    the engine failed). The token goes to the actions unchanged, in the metadata of the message.
    """

    def __init__(self, key: str) -> None:
        """Keep the key that the web process signs with."""
        self._key = key

    @classmethod
    def name(cls) -> str:
        """The path below /webhooks/."""
        return "pluis"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Build the channel; the key comes from the environment, never from a file in the repository."""
        return cls(key_from_environment())

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of this channel."""
        routes = Blueprint("pluis_channel", __name__)

        @routes.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            return await self._turn(request, on_new_message)

        return routes

    async def _turn(self, request: Request, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> HTTPResponse:
        if len(request.body) > LONGEST_BODY:
            return _error(413, "too_long")
        try:
            body = request.json
        except InvalidUsage:
            return _error(400, "malformed")
        text = body.get("text") if isinstance(body, dict) else None
        if not isinstance(text, str) or not text.strip() or not _is_unicode(text):
            return _error(400, "malformed")
        try:
            signed = verify(body.get("token"), text, self._key)
        except Refused:
            return _error(401, "signature")
        if len(text) > LONGEST_TEXT:
            return _error(413, "too_long")
        message = UserMessage(
            text,
            CollectingOutputChannel(),
            signed.conversation,
            parse_data=understanding(signed.kind, text),
            input_channel=self.name(),
            metadata={"token": body["token"], "text": text},
        )
        begun = time.perf_counter()
        messages = await self._answer(message, on_new_message)
        if messages is None:
            # Of a turn that is answered the processes before and behind this one say enough.
            took = round((time.perf_counter() - begun) * 1000, 1)
            logger.warning("turn", extra={"turn": signed.turn, "outcome": "unavailable", "ms": took})
            return _error(503, "unavailable")
        return response.json({"messages": messages})

    async def _answer(
        self, message: UserMessage, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> list[dict[str, Any]] | None:
        seen = outcome.watch()
        try:
            await on_new_message(message)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            logger.error("a turn failed in the engine", exc_info=error)
            return None
        if not seen.complete:
            return None
        return [plain(each) for each in message.output_channel.messages]
