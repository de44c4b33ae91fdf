"""Turns that were seen on the way and sent again, and direct calls to the inner processes."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped, unused-ignore]
from sqlalchemy import select

from pluis.channel import Claims, sign
from pluis.store.debriefs import Turn
from tests.attack.conftest import Tried
from tests.support.api import Client

TEXT = "Hij was rustig en vrolijk."


def knock(client: Client, token: str, text: str = TEXT) -> int:
    """A message at the bot."""
    address = f"http://127.0.0.1:{client.system.bot_port}/webhooks/pluis/turn"
    return httpx.post(address, json={"token": token, "text": text}, timeout=30, trust_env=False).status_code


def call_action(client: Client, conversation: str, token: object) -> int:
    """What Rasa would send to the action server."""
    message = {"text": TEXT, "metadata": {"token": token}, "intent": {"name": "inform", "confidence": 1.0}}
    tracker = {"sender_id": conversation, "slots": {}, "latest_message": message, "events": []}
    call = {"next_action": "validate_debrief_form", "sender_id": conversation, "tracker": tracker, "domain": {}}
    address = f"http://127.0.0.1:{client.system.actions_port}/webhook"
    return httpx.post(address, json=call, timeout=30, trust_env=False).status_code


def test_replayed(counselor: Client, tried: Tried) -> None:
    """A turn that was answered, sent again to the bot and to the actions with its own good signature"""
    visit = counselor.begin()
    visit.go_to("C1")
    visit.say(TEXT)
    with counselor.system.store() as store, store.reading() as session:
        turn = session.scalars(select(Turn).where(Turn.conversation == visit.id).order_by(Turn.number.desc())).first()
        assert turn is not None
    claims = Claims(visit.id, turn.id, turn.account_id, "counselor", "nl", "text")
    token = sign(claims, TEXT, counselor.system.secret("PLUIS_CHANNEL_KEY"), datetime.now(UTC))
    before, answers = visit.conversation(), visit.whole()["answers"]

    for _ in range(3):
        knock(counselor, token)
        call_action(counselor, visit.id, token)

    assert visit.conversation() == before
    assert visit.whole()["answers"] == answers
    visit.finish_one()
    tried(6)


def test_forged(counselor: Client, stranger: Client, tried: Tried) -> None:
    """Signatures that are forged, expired, of another text, of the future, of another conversation, or absent"""
    visit, key = counselor.begin(), counselor.system.secret("PLUIS_CHANNEL_KEY")
    now, before = datetime.now(UTC), visit.conversation()

    def token(**changes: Any) -> str:
        claims = Claims(changes.get("to", visit.id), "no-such-turn", 1, "admin", "nl", "text")
        return sign(claims, changes.get("text", TEXT), changes.get("key", key), now + changes.get("at", timedelta(0)))

    wrong = [
        token(key="x" * 40), token(text="iets anders"), token(at=timedelta(minutes=-2)), token(at=timedelta(hours=2)),
        token() + "x", token()[:-4], token().rsplit(".", 1)[0] + ".", "", "a.b.c", "null", token() + "\x00",
    ]  # fmt: skip
    for one in wrong:
        assert knock(counselor, one) == 401, one
        assert call_action(counselor, visit.id, one) != 200 or one == wrong[1], one
    # A good signature for a conversation or a turn that is not there does nothing.
    for one in (token(), token(to="user-1"), token(to="no-such-debrief"), token(to="' OR 1=1")):
        assert knock(counselor, one) == 503
    assert visit.conversation() == before
    tried(len(wrong) * 2 + 4)


def test_from_elsewhere(counselor: Client, tried: Tried) -> None:
    """Web, bot and actions called at every other address of this machine"""
    others = [
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family == socket.AF_INET and not address.address.startswith("127.")
    ]
    ports = (counselor.system.port, counselor.system.bot_port, counselor.system.actions_port)
    for address in others:
        for port in ports:
            with socket.socket() as probe:
                probe.settimeout(1)
                assert probe.connect_ex((address, port)) != 0, (address, port)
    tried(len(others) * len(ports))


def test_a_web_page_that_finds_the_inner_ports(counselor: Client, tried: Tried) -> None:
    """The inner ports asked by a page in the browser of this machine: no permission for other sites"""
    for port in (counselor.system.bot_port, counselor.system.actions_port, counselor.system.port):
        got = httpx.options(
            f"http://127.0.0.1:{port}/webhooks/pluis/turn",
            headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}, trust_env=False,
        )  # fmt: skip
        assert "access-control-allow-origin" not in got.headers
    tried(3)
