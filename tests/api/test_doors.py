"""The inner doors: only signed turns get into Rasa and the action server, and nothing else is open there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from pluis.channel import Claims, sign
from tests.support.api import Client
from tests.support.system import System

TEXT = "nee"


def token(system: System, conversation: str, **changes: Any) -> str:
    """A token for TEXT; `key`, `text` and `ago` make it a wrong one."""
    key = changes.get("key", system.secret("PLUIS_CHANNEL_KEY"))
    claims = Claims(conversation, "no-such-turn", 1, "counselor", "nl", "text")
    signed_at = datetime.now(UTC) - timedelta(seconds=changes.get("ago", 0))
    return sign(claims, changes.get("text", TEXT), key, signed_at)


def knock(system: System, body: object) -> httpx.Response:
    """A message at the bot's channel."""
    return httpx.post(f"http://127.0.0.1:{system.bot_port}/webhooks/pluis/turn", json=body, trust_env=False)


@pytest.mark.parametrize(
    "changes", [{"key": "another key of forty characters or more."}, {"text": "iets anders"}, {"ago": 120}],
    ids=["key", "text", "old"],
)  # fmt: skip
def test_a_wrong_signature_changes_nothing(counselor: Client, changes: dict[str, Any]) -> None:
    visit = counselor.begin()
    before = visit.conversation()

    got = knock(counselor.system, {"token": token(counselor.system, visit.id, **changes), "text": TEXT})

    assert got.status_code == 401
    assert got.json() == {"error": "signature"}
    assert visit.conversation() == before


@pytest.mark.parametrize("body", [{"text": TEXT}, {"token": None, "text": TEXT}, {"token": "a.b.c", "text": TEXT}])
def test_no_signature_at_all(system: System, pluis_url: str, body: dict[str, Any]) -> None:
    assert knock(system, body).status_code == 401


def test_a_signed_turn_that_the_database_does_not_know_is_no_reply(system: System, pluis_url: str) -> None:
    got = knock(system, {"token": token(system, "nobody"), "text": TEXT})

    assert got.status_code == 503


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/webhooks/rest/webhook"), ("GET", "/conversations/x/tracker"), ("POST", "/model/parse"),
     ("GET", "/domain"), ("PUT", "/model")],
)  # fmt: skip
def test_rasas_own_doors_are_shut(system: System, pluis_url: str, method: str, path: str) -> None:
    got = httpx.request(
        method, f"http://127.0.0.1:{system.bot_port}{path}", json={"sender": "x", "message": "hi"}, trust_env=False
    )

    assert got.status_code == 404


def test_the_action_server_wants_the_signature_too(counselor: Client) -> None:
    system = counselor.system
    visit = counselor.begin()
    before = visit.conversation()
    forged = token(system, visit.id, key="another key of forty characters or more.")
    tracker = {
        "sender_id": visit.id, "slots": {}, "latest_message": {"text": TEXT, "metadata": {"token": forged}},
        "events": [], "paused": False, "active_loop": {}, "latest_action_name": None,
    }  # fmt: skip
    body = {"next_action": "validate_debrief_form", "sender_id": visit.id, "tracker": tracker, "domain": {}}

    got = httpx.post(f"http://127.0.0.1:{system.actions_port}/webhook", json=body, trust_env=False)

    assert got.status_code == 400
    assert visit.conversation() == before


def test_inner_processes_listen_on_the_loopback_address_only(system: System, pluis_url: str) -> None:
    for name in ("web", "bot", "actions"):
        pid = system.pid(name)
        assert pid is not None
        listening = [c.laddr.ip for c in psutil.Process(pid).net_connections("inet") if c.status == psutil.CONN_LISTEN]
        assert listening
        assert set(listening) == {"127.0.0.1"}
