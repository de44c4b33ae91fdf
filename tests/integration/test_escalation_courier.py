"""The courier on real databases, with a real mail server and a real HTTP receiver."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pluis import quiet_log
from pluis.escalation import answering, auditor, outbox, raising, reach
from pluis.escalation.courier import Courier
from pluis.escalation.webhook import signature
from pluis.runtime import Runtime
from pluis.store.escalations import Escalation, EscalationEvent
from pluis.store.outgoing import Delivery
from pluis.store.people import OnCall
from tests.support.databases import NOW
from tests.support.families import account
from tests.support.hook import Hook
from tests.support.mailbox import Mailbox

Make = Callable[..., Courier]


@pytest.fixture
def clock() -> list[datetime]:
    """The time as couriers see it when a message came back, in a list of one."""
    return [NOW]


@pytest.fixture
def make(runtime: Runtime, clock: list[datetime], monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Couriers with these settings, which are closed at the end."""
    monkeypatch.setattr("pluis.escalation.mail.TIMEOUT", 0.5)
    monkeypatch.setattr("pluis.escalation.webhook.TIMEOUT", 0.5)
    # Reminders have tests of their own.
    monkeypatch.setattr("pluis.escalation.reminders.write", lambda *_: 0)
    with ExitStack() as stack:

        def made(lease: float = 20, **settings: str) -> Courier:
            with_these = replace(runtime, settings=runtime.settings.model_copy(update=settings))
            courier = Courier(with_these, lease=timedelta(seconds=lease), clock=lambda: clock[0])
            stack.callback(courier.close)
            return courier

        yield made


def raise_one(runtime: Runtime, now: datetime = NOW) -> int:
    """An acute alert of the counselor of Team Noord, told to its supervisor."""
    with runtime.store.transaction() as session:
        return raising.raise_without_debrief(session, runtime.protocol, account(session, "counselor"), "help", now).id


def run(courier: Courier, now: datetime) -> None:
    """Everything that is due at this moment."""
    while courier.sweep(now):
        courier.settle()
    courier.settle()


def states(runtime: Runtime, escalation: int) -> dict[tuple[str, str], str]:
    with runtime.store.reading() as session:
        return {
            (one.account.username, one.channel): one.state
            for one in session.scalars(select(Delivery).where(Delivery.escalation_id == escalation))
        }


def log_of(runtime: Runtime, escalation: int) -> list[str]:
    with runtime.store.reading() as session:
        found = select(EscalationEvent.kind).where(EscalationEvent.escalation_id == escalation)
        return list(session.scalars(found.order_by(EscalationEvent.id)))


def one(session: Session, id: int) -> Escalation:
    return session.get_one(Escalation, id)


def test_mail_says_little_and_keeps_its_id(runtime: Runtime, make: Make) -> None:
    with Mailbox() as mailbox:
        courier = make(mail_url=mailbox.url)
        number = raise_one(runtime)
        run(courier, NOW)
        (mail,) = mailbox.mails
    assert mail.to == "supervisor@demo.example"
    assert mail.id == f"<e{number}.1.0.{_id(runtime, 'supervisor')}.mail@example.org>"
    assert "L3" in mail.subject
    assert "06-00000001" in mail.body
    assert "http://127.0.0.1/answer/" in mail.body
    for secret in ("Noor", "Ilse", "Familie", "help"):
        assert secret not in mail.subject + mail.body
    assert states(runtime, number)["supervisor", "mail"] == "sent"
    assert states(runtime, number)["supervisor", "sms"] == "no_channel"


def test_the_log_says_which_alert_a_message_was_of(
    runtime: Runtime, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pluis.courier")
    with Mailbox() as mailbox, quiet_log.about(turn="t1") as about:
        number = raise_one(runtime)
        run(make(mail_url=mailbox.url), NOW)
    assert about == {"turn": "t1", "alert": number}
    said = [(vars(line)["delivery"], vars(line)["outcome"]) for line in caplog.records if line.message == "message"]
    assert said == [(f"e{number}.1.0.{_id(runtime, 'supervisor')}.mail", "sent")]


def test_nothing_set_up_leaves_nothing_waiting_and_keeps_to_the_ladder(runtime: Runtime, make: Make) -> None:
    number = raise_one(runtime)
    run(make(), NOW)
    assert set(states(runtime, number).values()) == {"sent", "no_channel"}
    with runtime.store.reading() as session:
        assert one(session, number).due_at == NOW + timedelta(minutes=15)


def test_a_refused_address_tells_the_next_person_at_once(runtime: Runtime, make: Make) -> None:
    with Mailbox("refuse") as mailbox:
        courier = make(mail_url=mailbox.url)
        number = raise_one(runtime)
        run(courier, NOW)
        found = states(runtime, number)
        assert found["supervisor", "mail"] == "failed"
        assert found["manager", "mail"] == "failed"
        assert "nobody_reached" in log_of(runtime, number)
        # The last step is not repeated for ever: it waits for its own time, and stays visible.
        with runtime.store.reading() as session:
            assert one(session, number).step == 2
            assert one(session, number).due_at is not None
        assert mailbox.attempts.count("supervisor@demo.example") == 2


@pytest.mark.parametrize("mood", ["drop", "slow", "drop_after"])
def test_trouble_is_retried_under_the_same_id_until_it_works(runtime: Runtime, make: Make, mood: str) -> None:
    with Mailbox(mood, slow=1.5) as mailbox:
        courier = make(mail_url=mailbox.url)
        number = raise_one(runtime)
        run(courier, NOW)
        assert states(runtime, number)["supervisor", "mail"] == "waiting"
        mailbox.mood = "accept"
        _come_back(runtime, number)
        run(courier, NOW)
        assert states(runtime, number)["supervisor", "mail"] == "sent"
        assert len({mail.id for mail in mailbox.mails}) == 1


def test_greylisting_is_no_failure(runtime: Runtime, make: Make) -> None:
    with Mailbox("greylist") as mailbox:
        courier = make(mail_url=mailbox.url)
        number = raise_one(runtime)
        run(courier, NOW)
        assert mailbox.mails == []
        _come_back(runtime, number)
        run(courier, NOW)
        assert [mail.to for mail in mailbox.mails] == ["supervisor@demo.example"]


def test_a_dead_mail_server_fails_after_the_last_pause_and_the_next_person_is_told(
    runtime: Runtime, make: Make
) -> None:
    courier = make(mail_url="mailto://127.0.0.1:9?from=pluis@example.org&to={to}")
    number = raise_one(runtime)
    for attempt in range(len(reach.PAUSES) + 1):
        assert states(runtime, number)["supervisor", "mail"] == "waiting", attempt
        _come_back(runtime, number)
        run(courier, NOW)
    found = states(runtime, number)
    assert found["supervisor", "mail"] == "failed"
    assert found["manager", "mail"] == "waiting"
    with runtime.store.reading() as session:
        failed = session.scalars(select(Delivery).where(Delivery.state == "failed")).one()
        assert failed.attempts == len(reach.PAUSES) + 1
        assert "mail server" in failed.error


def test_a_failed_message_can_be_tried_again_by_hand(runtime: Runtime, make: Make) -> None:
    with Mailbox("refuse") as mailbox:
        courier = make(mail_url=mailbox.url)
        number = raise_one(runtime)
        run(courier, NOW)
        mailbox.mood = "accept"
        with runtime.store.transaction() as session:
            row = session.scalars(
                select(Delivery).where(Delivery.escalation_id == number, Delivery.step == 0, Delivery.channel == "mail")
            ).one()
            outbox.again(session, row, account(session, "manager").id, NOW)
            key = row.key
        run(courier, NOW)
        assert [mail.id for mail in mailbox.mails] == [f"<{key}@example.org>"]


def test_a_dead_courier_is_taken_over_when_its_lease_ends(runtime: Runtime, make: Make) -> None:
    with Mailbox() as mailbox:
        number = raise_one(runtime)
        dying = make(mail_url=mailbox.url)
        with runtime.store.transaction() as session:
            # It takes the message and dies before it sends.
            _seen, parcels = outbox.take(session, dying._channels, dying._write, NOW, 8)
        assert [parcel.channel for parcel in parcels] == ["mail"]
        other = make(mail_url=mailbox.url)
        run(other, NOW + timedelta(seconds=19))
        assert mailbox.mails == []
        run(other, NOW + timedelta(seconds=21))
        assert [mail.id for mail in mailbox.mails] == [f"<{parcels[0].message.key}@example.org>"]
        assert states(runtime, number)["supervisor", "mail"] == "sent"


def test_no_mail_leaves_after_somebody_answered(runtime: Runtime, make: Make) -> None:
    with Mailbox() as mailbox:
        number = raise_one(runtime)
        with runtime.store.transaction() as session:
            answering.acknowledge(session, one(session, number), account(session, "supervisor"), NOW)
        run(make(mail_url=mailbox.url), NOW)
        assert mailbox.mails == []
        assert states(runtime, number)["supervisor", "mail"] == "unneeded"


def test_webhook_is_signed_and_passes_through_trouble(runtime: Runtime, make: Make) -> None:
    key = "w" * 32
    with Hook([500, 200]) as hook:
        courier = make(webhook_url=hook.url, webhook_key=key)
        number = raise_one(runtime)
        run(courier, NOW)
        assert states(runtime, number)["supervisor", "webhook"] == "waiting"
        _come_back(runtime, number)
        run(courier, NOW)
        assert states(runtime, number)["supervisor", "webhook"] == "sent"
        _path, headers, body = hook.calls[-1]
        sent: dict[str, Any] = json.loads(body)
        assert sent["id"] == headers["idempotency-key"] == json.loads(hook.calls[0][2])["id"]
        assert (sent["level"], sent["to"], sent["case"]) == ("L3", "supervisor", None)
        seconds = int(headers["x-pluis-signature"].split(",")[0].removeprefix("t="))
        assert headers["x-pluis-signature"] == signature(body, key, datetime.fromtimestamp(seconds).astimezone())


@pytest.mark.parametrize(
    ("answers", "slow", "state"), [([302], 0.0, "failed"), ([410], 0.0, "failed"), ([200], 1.0, "waiting")]
)
def test_webhook_follows_no_redirect_and_waits_not_for_ever(
    runtime: Runtime, make: Make, answers: list[int], slow: float, state: str
) -> None:
    with Hook(answers, slow) as hook:
        number = raise_one(runtime)
        run(make(webhook_url=hook.url, webhook_key="w" * 32), NOW)
        assert states(runtime, number)["supervisor", "webhook"] == state
        assert {path for path, _headers, _body in hook.calls} == {"/alerts"}


def test_sms_goes_by_the_gateway_and_follows_no_redirect(runtime: Runtime, make: Make) -> None:
    with Hook([302, 200]) as hook:
        courier = make(sms_url=f"json://127.0.0.1:{hook.port}/sms/{{to}}")
        number = raise_one(runtime)
        run(courier, NOW)
        assert states(runtime, number)["supervisor", "sms"] == "waiting"
        _come_back(runtime, number)
        run(courier, NOW)
        assert states(runtime, number)["supervisor", "sms"] == "sent"
        assert {path for path, _headers, _body in hook.calls} == {"/sms/0600000003"}
        assert "/answer/" in json.loads(hook.calls[-1][2])["message"]


def test_auditor_sees_a_courier_that_does_nothing(runtime: Runtime, make: Make) -> None:
    raise_one(runtime)
    with runtime.store.reading() as session:
        assert auditor.overdue(session, NOW + timedelta(seconds=1)) == 0
        assert auditor.overdue(session, NOW + timedelta(seconds=3)) == 4
    run(make(), NOW + timedelta(seconds=3))
    with runtime.store.reading() as session:
        assert auditor.overdue(session, NOW + timedelta(seconds=6)) == 0


def test_who_left_is_never_the_only_address(runtime: Runtime, make: Make) -> None:
    with Mailbox() as mailbox:
        with runtime.store.transaction() as session:
            account(session, "supervisor").active = False
            session.query(OnCall).delete()
        number = raise_one(runtime)
        run(make(mail_url=mailbox.url), NOW)
        assert [mail.to for mail in mailbox.mails] == ["manager@demo.example"]
        assert ("supervisor", "mail") not in states(runtime, number)


def test_nobody_present_at_all_goes_to_the_end_of_the_ladder_and_stays_open(runtime: Runtime, make: Make) -> None:
    with runtime.store.transaction() as session:
        for name in ("supervisor", "supervisor2", "manager"):
            account(session, name).active = False
    number = raise_one(runtime)
    run(make(), NOW)
    assert log_of(runtime, number).count("nobody_reachable") == 3
    with runtime.store.transaction() as session:
        assert one(session, number).state == "open"
        account(session, "manager").active = True
    run(make(), NOW + timedelta(minutes=16))
    assert ("manager", "console") in states(runtime, number)


def _come_back(runtime: Runtime, number: int) -> None:
    """The pause is over."""
    with runtime.store.transaction() as session:
        rows = select(Delivery).where(
            Delivery.escalation_id == number, Delivery.state == "waiting", Delivery.attempts > 0
        )
        for row in session.scalars(rows):
            row.next_at = NOW


def _id(runtime: Runtime, username: str) -> int:
    with runtime.store.reading() as session:
        return account(session, username).id
