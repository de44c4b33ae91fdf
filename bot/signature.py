"""The signature that a turn must carry before the engine looks at it."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Any

import jwt

KEY_VARIABLE = "PLUIS_CHANNEL_KEY"
SHORTEST_KEY = 32
REQUIRED = ["sub", "turn", "user", "role", "lang", "kind", "digest", "iat", "exp"]
KINDS = ("text", "button")


class Refused(Exception):
    """The token is missing, forged, expired, incomplete or belongs to another text."""


@dataclass(frozen=True)
class Signed:
    """What the web process vouches for: conversation and turn, and whether a button was pressed or words were typed."""

    conversation: str
    turn: str
    kind: str


def key_from_environment() -> str:
    """The shared key; raises RuntimeError when it is missing or too short to be one."""
    key = os.environ.get(KEY_VARIABLE, "")
    if len(key.encode()) < SHORTEST_KEY:
        raise RuntimeError(f"{KEY_VARIABLE} must be set to at least {SHORTEST_KEY} bytes.")
    return key


def digest_of(text: str) -> str:
    """Hexadecimal SHA-256 of the text, which ties a token to one message."""
    return hashlib.sha256(text.encode()).hexdigest()


def verify(token: Any | None, text: str, key: str) -> Signed:
    """Check signature, expiry, claims and digest; raises Refused without saying which of them failed."""
    if not isinstance(token, str):
        raise Refused
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], options={"require": REQUIRED})
    except (jwt.InvalidTokenError, ValueError):
        raise Refused from None
    conversation, kind = claims["sub"], claims["kind"]
    if not isinstance(conversation, str) or not conversation or kind not in KINDS:
        raise Refused
    if not hmac.compare_digest(str(claims["digest"]).encode(), digest_of(text).encode()):
        raise Refused
    return Signed(conversation, str(claims["turn"]), kind)
