"""The signed channel between the web process, Rasa and the action server: who says what in which conversation."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

LIFETIME = timedelta(seconds=60)
OUTSIDE = "user-"
"""Begins the conversations outside a debrief; the id of the account follows. bot/tracker_store.py knows it too."""


class BadToken(Exception):
    """The token is missing, forged, expired, or belongs to another text."""


@dataclass(frozen=True)
class Claims:
    """`conversation` is a debrief id, or `user-<account id>` outside a debrief. `kind`: text | button."""

    conversation: str
    turn: str
    user: int
    role: str
    language: str
    kind: str


def sign(claims: Claims, text: str, key: str, now: datetime) -> str:
    """A token for one message, good for a minute."""
    return jwt.encode(
        {
            "sub": claims.conversation,
            "turn": claims.turn,
            "user": claims.user,
            "role": claims.role,
            "lang": claims.language,
            "kind": claims.kind,
            "digest": digest(text),
            "iat": now.astimezone(UTC),
            "exp": now.astimezone(UTC) + LIFETIME,
        },
        key,
        algorithm="HS256",
    )


def verify(token: str, key: str, text: str | None = None) -> Claims:
    """What was signed; a text, where there is one, must be the one that it was signed for. Raises BadToken."""
    try:
        told: dict[str, Any] = jwt.decode(token, key, algorithms=["HS256"], options={"require": ["exp", "sub", "turn"]})
        if text is not None and told["digest"] != digest(text):
            raise BadToken
        return Claims(told["sub"], told["turn"], told["user"], told["role"], told["lang"], told["kind"])
    except (jwt.InvalidTokenError, KeyError, TypeError):
        raise BadToken from None


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
