"""The call to the action server, without what makes Rasa's own call slow.

Of the 55 ms of a stock form turn, 40 go to checking the reply against a JSON schema with an interpreter that
reads the schema anew each time; the same schema, compiled once, takes a fraction of a millisecond. The rest
is a new connection for each call, and a body with the whole domain and the whole history. Here the connection
stays open and the body holds what the actions read.

Two more differences: an empty validation is not sent (a form asks for one before each digression, which would
make a digression two calls), and a failure is noted in bot.outcome, because Rasa goes on as if nothing happened.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import aiohttp
import fastjsonschema
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot import outcome

logger = logging.getLogger(__name__)

VALIDATION = "validate_"
TIMEOUT_SECONDS = 15.0
IDLE_SECONDS = 4.0  # shorter than the keep-alive of any server we start, so that we close first

check_reply: Callable[[Any], Any] = fastjsonschema.compile(
    RemoteAction.action_response_format_spec(), use_default=False
)


class ActionCallFailed(RasaException):
    """The action server gave no usable reply. Says which action and what kind of failure, never what was said."""


class Connection:
    """One HTTP session for the life of the process, opened in the loop that uses it first."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes) -> Any:
        """The JSON of a 200; raises ActionCallFailed, aiohttp.ClientError, asyncio.TimeoutError or ValueError."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS, limit=100),
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
                headers={"Content-Type": "application/json"},
            )
        try:
            return await self._once(self._session, url, body)
        except aiohttp.ServerDisconnectedError:
            # The server closed an idle connection while we took it up. A turn is stored once however often
            # it arrives, so asking again is safe.
            return await self._once(self._session, url, body)

    @staticmethod
    async def _once(session: aiohttp.ClientSession, url: str, body: bytes) -> Any:
        async with session.post(url, data=body) as reply:
            if reply.status != 200:
                raise ActionCallFailed(f"status {reply.status}")
            return json.loads(await reply.read())

    async def close(self) -> None:
        """Let go of the connection when the engine stops."""
        if self._session is not None:
            await self._session.close()


connection = Connection()


def body_of(name: str, tracker: DialogueStateTracker) -> dict[str, Any]:
    """What the action server is sent: who, where, and what was understood.

    No slots go along: the actions have the turn id in the signed token. The words, though they are in the database
    too, are in its metadata, so that the finder can begin to read before the database answers. The domain is empty
    but present; rasa-sdk asks for it again when it is missing.
    """
    message = tracker.latest_message
    understood = message.parse_data if message else {}
    return {
        "next_action": name,
        "sender_id": tracker.sender_id,
        "tracker": {
            "sender_id": tracker.sender_id,
            "slots": {},
            "latest_message": {
                "intent": understood.get("intent", {}),
                "intent_ranking": understood.get("intent_ranking", [])[:3],
                "metadata": message.metadata if message else {},
            },
            "latest_action_name": tracker.latest_action_name,
            "active_loop": {"name": tracker.active_loop_name} if tracker.active_loop_name else {},
            "paused": False,
            "events": [],
        },
        "domain": {},
        "version": rasa.__version__,
    }


def validates_nothing(name: str, tracker: DialogueStateTracker) -> bool:
    """True for the validation of a form that extracted nothing.

    FormAction puts its own name and then the candidates at the end of the tracker it hands to the validation;
    no candidate means that its name is the last event.
    """
    return name.startswith(VALIDATION) and bool(tracker.events) and isinstance(tracker.events[-1], ActionExecuted)


async def call(
    self: RemoteAction,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Event]:
    """Run a custom action on the action server; takes the place of RemoteAction.run."""
    name = self.name()
    if validates_nothing(name, tracker):
        return []
    try:
        if self.action_endpoint is None:
            raise ActionCallFailed("no endpoint")
        body = json.dumps(body_of(name, tracker)).encode()
        reply = await connection.post(self.action_endpoint.url, body)
        check_reply(reply)
        said = await self._utter_responses(reply.get("responses", []), output_channel, nlg, tracker)
        events = deserialise_events(reply.get("events", []))
    except asyncio.CancelledError:
        outcome.failed()
        raise
    except Exception as error:
        outcome.failed()
        reason = str(error) if isinstance(error, ActionCallFailed) else type(error).__name__
        logger.error("no answer from the action server: %s", reason)
        raise ActionCallFailed(f"The action server did not answer {name}: {reason}.") from None
    outcome.answered()
    return [*said, *events]


def install() -> None:
    """Put the call in the place of Rasa's. Called once, before the engine starts."""
    RemoteAction.run = call  # type: ignore[method-assign]
