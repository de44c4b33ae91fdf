"""The inbox as a supervisor uses it without scripts: take it, talk, hand over, try a message again, decide, check."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from pluis.escalation import answering
from pluis.runtime import Runtime
from pluis.store.escalations import Escalation
from pluis.store.outgoing import Delivery
from pluis.web.app import create_app
from tests.integration.test_escalation_answering import look, raise_one
from tests.support.families import account

with warnings.catch_warnings():
    # It asks for another version of its HTTP library, and works with this one.
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def inbox(runtime: Runtime) -> Iterator[TestClient]:
    """A supervisor who has signed in."""
    with TestClient(create_app(runtime), base_url="http://127.0.0.1", headers={"accept": "text/html"}) as client:
        client.post("/sign-in", data={"username": "supervisor", "password": "demo-supervisor"})
        yield client


def card(html: str, number: int) -> str:
    """The words of one card."""
    found = re.search(rf'<article[^>]*id="alert-{number}".*?</article>', html, re.S)
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


def test_from_taking_it_to_the_check(runtime: Runtime, inbox: TestClient) -> None:
    number = raise_one(runtime, now=datetime.now(UTC))
    shown = card(inbox.get("/inbox").text, number)
    assert "Ik heb het" in shown
    assert "Ik heb Noor gesproken" not in shown
    assert "Nog niet gevraagd: Sem." in shown

    assert "Ik heb Noor gesproken" in card(inbox.post(f"/inbox/{number}/acknowledge").text, number)
    spoken = card(inbox.post(f"/inbox/{number}/spoke").text, number)
    assert "is gesproken om" in spoken
    today = datetime.now(UTC).date()
    plan = {"level": "L3", "reason": "gesproken", "action": "safety_plan", "check_on": today + timedelta(days=31)}
    refused = inbox.post(f"/inbox/{number}/decision", data=plan)
    assert refused.status_code == 422
    assert "binnen 30 dagen" in card(refused.text, number)
    plan["check_on"] = today
    for _twice in range(2):
        assert inbox.post(f"/inbox/{number}/decision", data=plan).status_code == 200

    page = inbox.get("/inbox").text
    assert "Vandaag nagaan (1)" in page
    assert "Zeg of het gedaan is" in card(inbox.post(f"/inbox/{number}/check", data={"note": "gebeld"}).text, number)
    later = {"done": "no", "note": "moeder was er niet", "check_on": today + timedelta(days=2)}
    page = inbox.post(f"/inbox/{number}/check", data=later).text
    assert "Vandaag nagaan" not in page
    assert "moeder was er niet" in card(page, number)
    assert look(runtime, number).state == "decided"
    assert look(runtime, number).check_on == today + timedelta(days=2)
    assert (
        f'id="alert-{number}"'
        not in inbox.post(f"/inbox/{number}/check", data={"done": "yes", "note": "kinderen zijn bij oma"}).text
    )
    assert look(runtime, number).state == "closed"


def test_handing_over_to_a_colleague_who_is_there(runtime: Runtime, inbox: TestClient) -> None:
    number = raise_one(runtime, now=datetime.now(UTC))
    choices = re.findall(
        r'<option value="(\w+)"', inbox.get("/inbox").text.partition("hand-over")[2].partition("</select>")[0]
    )
    assert set(choices) == {"supervisor2", "manager"}
    refused = inbox.post(f"/inbox/{number}/hand-over", data={"to": ""})
    assert refused.status_code == 422
    assert "Kies aan wie" in card(refused.text, number)
    assert inbox.post(f"/inbox/{number}/hand-over", data={"to": "counselor"}).status_code == 422
    # Sent twice by a thumb on a bad line: one hand-over.
    for _twice in range(2):
        inbox.post(f"/inbox/{number}/hand-over", data={"to": "supervisor2"})
    given = look(runtime, number)
    assert (given.state, given.round) == ("open", 2)
    assert [person["name"] for person in given.ladder["steps"][0]["people"]] == ["Bram Demo"]


def test_a_message_that_failed_is_tried_again_by_hand(runtime: Runtime, inbox: TestClient) -> None:
    number = raise_one(runtime, now=datetime.now(UTC))
    with runtime.store.transaction() as session:
        row = session.scalars(
            select(Delivery).where(Delivery.escalation_id == number, Delivery.channel == "mail")
        ).first()
        assert row is not None
        row.state, row.next_at, row.error = "failed", None, "slow: the mail server could not be used (TimeoutError)"
        path = f"/inbox/{number}/deliveries/{row.id}/retry"
        id = row.id
        for waiting in session.scalars(select(Delivery).where(Delivery.state == "waiting")):
            waiting.next_at = datetime.now(UTC) - timedelta(seconds=5)
    shown = inbox.get("/inbox").text
    assert "Berichten over meldingen gaan nu niet weg" in shown
    assert "1 niet aangekomen" in card(shown, number)
    assert "De verzendende dienst antwoordde niet op tijd. Voor de beheerder" in card(shown, number)
    assert f'action="{path}"' in shown
    assert "mail: onderweg" in card(inbox.post(path).text, number)
    assert inbox.post(path).status_code == 409
    # A message of an earlier round has been followed by others.
    with runtime.store.transaction() as session:
        session.get_one(Delivery, id).state = "failed"
        answering.hand_over(
            session, session.get_one(Escalation, number), account(session, "manager"), account(session, "supervisor2"),
            datetime.now(UTC),
        )  # fmt: skip
    assert f'action="{path}"' not in inbox.get("/inbox").text
    assert inbox.post(path).status_code == 409


def test_a_sentence_that_holds_two_signals_is_read_once(runtime: Runtime, inbox: TestClient) -> None:
    number = raise_one(runtime, now=datetime.now(UTC))
    with runtime.store.transaction() as session:
        row = session.get_one(Escalation, number)
        first = {
            "sentence": "dan heeft niemand ze",
            "confirmation": "yes",
            "words": "dan heeft niemand ze",
            "added": False,
        }
        row.words = [
            {**first, "signal": "caregiver_threatens_child"},
            {**first, "signal": "caregiver_extended_suicide_hint", "confirmation": None},
        ]
    shown = card(inbox.get("/inbox").text, number)
    assert shown.count("dan heeft niemand ze") == 1
    for signal in ("caregiver_threatens_child", "caregiver_extended_suicide_hint"):
        assert runtime.protocol.taxonomy.signal(signal).name.of("nl") in shown
    assert shown.count("niet bevestigd") == 1
