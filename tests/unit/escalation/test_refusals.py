"""Why a message did not leave: the kind that real servers lead to, and a sentence for each kind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pluis.escalation import mail, webhook
from pluis.escalation.refusals import KINDS, NotNow, NotTaken, Refused, parts
from pluis.web.texts import say
from tests.support.hook import Hook
from tests.support.mailbox import Mailbox
from tests.support.system import free_ports

NOW = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)


def by_mail(url: str) -> NotTaken:
    with pytest.raises(NotTaken) as refused:
        mail.send_mail(url.replace("{to}", "ilse@example.org"), "e1.1.0.1.mail", "Pluis", "een melding")
    return refused.value


def by_hook(url: str, key: str = "w" * 32) -> NotTaken:
    with pytest.raises(NotTaken) as refused:
        webhook.send_webhook(url, key, "e1.1.0.1.webhook", {}, NOW)
    return refused.value


@pytest.mark.parametrize(
    ("mood", "kind", "final"),
    [("refuse", "address", True), ("greylist", "later", False), ("drop", "away", False), ("slow", "slow", False)],
)
def test_mail_servers(monkeypatch: pytest.MonkeyPatch, mood: str, kind: str, final: bool) -> None:
    monkeypatch.setattr(mail, "TIMEOUT", 0.5)
    with Mailbox(mood, slow=2) as mailbox:
        refused = by_mail(mailbox.url)
    assert (refused.kind, isinstance(refused, Refused)) == (kind, final)


def test_no_mail_server_at_all() -> None:
    refused = by_mail(f"mailto://127.0.0.1:{free_ports(1)[0]}?from=pluis@example.org&to={{to}}")
    assert (refused.kind, type(refused)) == ("away", NotNow)


@pytest.mark.parametrize(
    ("status", "kind", "final"),
    [(500, "theirs", False), (429, "later", False), (302, "moved", True), (403, "message", True)],
)
def test_webhooks(status: int, kind: str, final: bool) -> None:
    with Hook([status]) as hook:
        refused = by_hook(hook.url)
    assert (refused.kind, isinstance(refused, Refused)) == (kind, final)
    assert str(status) in refused.said


def test_webhooks_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "TIMEOUT", 0.3)
    with Hook(slow=1) as hook:
        assert by_hook(hook.url).kind == "slow"
    assert by_hook(f"http://127.0.0.1:{free_ports(1)[0]}/").kind == "away"
    assert by_hook("ftp://example.org").kind == by_hook("http://example.org", key="").kind == "settings"


def test_what_is_kept_with_a_message_tells_the_kind_and_what_was_said() -> None:
    assert parts(str(NotNow("theirs", "the webhook answered 500"))) == ("theirs", "the webhook answered 500")
    # Kept by an older version.
    assert parts("the mail server is away: timed out") == ("other", "the mail server is away: timed out")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_kind_has_a_sentence(language: str) -> None:
    sentences = [say(f"failure_{kind}", language) for kind in KINDS]
    assert len(set(sentences)) == len(KINDS)
    assert all(one.endswith(".") for one in sentences)
