"""Hand a stored turn to Rasa over the signed channel."""

from datetime import UTC, datetime

import httpx

from pluis.channel import Claims, sign
from pluis.settings import Settings
from pluis.store.debriefs import Turn
from pluis.store.people import Account

TIMEOUT = httpx.Timeout(20.0, connect=2.0)  # more than the 15 s that Rasa gives an action


class BotDown(Exception):
    """Rasa, or the action server behind it, gave no usable answer."""


class Bot:
    """One connection pool to Rasa for the life of the process."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.channel_key
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{settings.bot_port}",
            timeout=TIMEOUT,
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=50, keepalive_expiry=30),
            trust_env=False,
        )

    def turn(self, turn: Turn, account: Account, language: str) -> None:
        """Let Rasa and the actions handle a turn; the reply is then in the database. Raises BotDown."""
        kind = "button" if turn.button else "text"
        claims = Claims(turn.conversation, turn.id, account.id, account.role, language, kind)
        token = sign(claims, turn.text, self._key, datetime.now(UTC))
        try:
            answer = self._client.post("/webhooks/pluis/turn", json={"token": token, "text": turn.text})
        except httpx.HTTPError as error:
            raise BotDown(type(error).__name__) from None
        if answer.status_code != 200:
            raise BotDown(f"status {answer.status_code}")

    def answers(self) -> bool:
        """Whether Rasa's server is there at all."""
        try:
            return self._client.get("/", timeout=2.0).status_code == 200
        except httpx.HTTPError:
            return False

    def close(self) -> None:
        self._client.close()
