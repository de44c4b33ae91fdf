"""The signed link in a message, with which one person can say once: I have it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from pluis.settings import Settings
from pluis.store.escalations import Escalation

LIFETIME = timedelta(days=8)
AUDIENCE = "acknowledge"


class BadLink(Exception):
    """The link is forged, damaged or too old."""


@dataclass(frozen=True)
class Link:
    """Whose link it is, for which escalation, as it began in which round."""

    account: int
    escalation: int
    begun: int

    def opens(self, escalation: Escalation) -> bool:
        """Whether it is about the escalation as it stands: one that opened again, or rose, has links of its own."""
        return escalation.id == self.escalation and _begun(escalation) == self.begun


def make(settings: Settings, escalation: Escalation, account_id: int, now: datetime) -> str:
    """The address that goes into the message; the same at every attempt to send it."""
    claims = {
        "aud": AUDIENCE,
        "sub": str(account_id),
        "escalation": escalation.id,
        "begun": _begun(escalation),
        "exp": now + LIFETIME,
    }
    return f"{settings.public_url}/answer/{jwt.encode(claims, settings.secret, algorithm='HS256')}"


def read(settings: Settings, token: str, now: datetime) -> Link:
    """Raises BadLink."""
    try:
        told: dict[str, Any] = jwt.decode(
            token,
            settings.secret,
            algorithms=["HS256"],
            audience=AUDIENCE,
            options={"require": ["exp", "sub"], "verify_exp": False},
        )
        if told["exp"] < now.timestamp():
            raise BadLink
        return Link(int(told["sub"]), int(told["escalation"]), int(told["begun"]))
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError):
        raise BadLink from None


def _begun(escalation: Escalation) -> int:
    return int(escalation.ladder.get("begun", 1))
