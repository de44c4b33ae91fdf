"""Hand a stored turn to Rasa over the signed channel."""

from datetime import UTC, datetime

import urllib3

from pluis.channel import Claims, sign
from pluis.settings import Settings
from pluis.store.debriefs import Turn
from pluis.store.people import Account

TIMEOUT = urllib3.Timeout(connect=2.0, read=20.0)  # more than the 15 s that Rasa gives an action


class BotDown(Exception):
    """Rasa, or the action server behind it, gave no usable answer."""


class Bot:
    """One connection pool to Rasa for the life of the process."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.channel_key
        self._pool = urllib3.HTTPConnectionPool(
            "127.0.0.1", settings.bot_port, maxsize=50, timeout=TIMEOUT, retries=False
        )

    def turn(self, turn: Turn, account: Account, language: str) -> None:
        """Let Rasa and the actions handle a turn; the reply is then in the database. Raises BotDown."""
        kind = "button" if turn.button else "text"
        claims = Claims(turn.conversation, turn.id, account.id, account.role, language, kind)
        token = sign(claims, turn.text, self._key, datetime.now(UTC))
        try:
            answer = self._pool.request("POST", "/webhooks/pluis/turn", json={"token": token, "text": turn.text})
        except urllib3.exceptions.HTTPError as error:
            raise BotDown(type(error).__name__) from None
        if answer.status != 200:
            raise BotDown(f"status {answer.status}")

    def answers(self) -> bool:
        """Whether Rasa's server is there at all."""
        try:
            return self._pool.request("GET", "/", timeout=2.0).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def close(self) -> None:
        self._pool.close()
