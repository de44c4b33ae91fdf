"""A signed webhook, for a system of the organisation's own that must hear of alerts."""

import hashlib
import hmac
import json
from datetime import datetime

import httpx

from pluis.escalation.refusals import NotNow, Refused
from pluis.store.base import Json

TIMEOUT = 8.0
PASSES = (408, 425, 429)


def send_webhook(url: str, key: str, id: str, data: Json, now: datetime) -> None:
    """Post `data` as JSON. Raises NotNow or Refused. Redirects are not followed: the alert goes where it was sent.

    Header `Idempotency-Key` is the same at every attempt. `X-Pluis-Signature: t=<seconds>,v1=<hex>` is the HMAC-SHA256
    of "<seconds>.<body>" with PLUIS_WEBHOOK_KEY.
    """
    if not key:
        raise Refused("settings", "PLUIS_WEBHOOK_KEY is not set")
    body = json.dumps({"id": id, **data}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": id,
        "X-Pluis-Signature": signature(body, key, now),
    }
    try:
        answer = httpx.post(url, content=body, headers=headers, timeout=TIMEOUT, follow_redirects=False)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise Refused("settings", "the address of the webhook cannot be used") from None
    except httpx.HTTPError as error:
        kind = "slow" if isinstance(error, httpx.TimeoutException) else "away"
        raise NotNow(kind, f"the webhook could not be reached ({type(error).__name__})") from None
    if answer.is_success:
        return
    said = f"the webhook answered {answer.status_code}"
    if answer.status_code >= 500:
        raise NotNow("theirs", said)
    if answer.status_code in PASSES:
        raise NotNow("later", said)
    raise Refused("moved" if answer.is_redirect else "message", said)


def signature(body: bytes, key: str, now: datetime) -> str:
    """What the receiver has to find as well."""
    seconds = int(now.timestamp())
    digest = hmac.new(key.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"
