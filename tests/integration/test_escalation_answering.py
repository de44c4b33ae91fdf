"""A person answers, or nobody does: on real databases, with the clock moved by the test."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from pluis.debrief import turns
from pluis.debrief.known import background, facts_from
from pluis.escalation import answering, links, raising, reminders
from pluis.escalation.answering import CannotDecide
from pluis.escalation.channels import Channels
from pluis.escalation.moving import move_due
from pluis.runtime import Runtime
from pluis.store import escalations
from pluis.store.debriefs import Debrief, SupportWish
from pluis.store.escalations import Escalation, EscalationEvent
from pluis.store.outgoing import Delivery, Reminder
from pluis.store.people import Absence
from pluis.web.app import create_app
from tests.support.databases import NOW
from tests.support.families import account, add_family

with warnings.catch_warnings():
    # It asks for another version of its HTTP library, and works with this one.
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

HERE = ZoneInfo("Europe/Amsterdam")
DECISION = {
    "level": "L3",
    "reason": "gesproken, moeder en kinderen zijn bij oma",
    "action": "report",
    "tell_family": "Noor",
    "check_on": NOW.date() + timedelta(days=2),
}
Act = Callable[..., Any]


def raise_one(runtime: Runtime, level: str = "L3", now: datetime = NOW) -> int:
    """An escalation of a new family of Team Noord."""
    with runtime.store.transaction() as session:
        case = add_family(session, now)
        debrief = Debrief(
            id=f"d{case.id}", case_id=case.id, account_id=case.counselor_id, mode="visit", language="nl",
            greeting=[], opened_at=now, touched_at=now,
        )  # fmt: skip
        session.add(debrief)
        session.flush()
        session.refresh(debrief)
        behind = background(session, runtime.protocol, debrief, now)
        facts = facts_from(behind, runtime.protocol, debrief, [], [], closing=False, acknowledged=False)
        rules = [{"rule": "R1", "level": level, "nl": "r", "en": "r", "words": []}]
        return raising.raise_or_update(session, runtime.protocol, None, debrief, facts, level, rules, now).id


@pytest.fixture
def act(runtime: Runtime) -> Act:
    """Do something with an escalation as a demo account, in a transaction of its own."""

    def acted(what: Callable[..., Any], number: int, username: str, *given: Any, now: datetime = NOW) -> None:
        with runtime.store.transaction() as session:
            what(session, session.get_one(Escalation, number), account(session, username), *given, now)

    return acted


def look(runtime: Runtime, number: int) -> Escalation:
    with runtime.store.reading() as session:
        return session.get_one(Escalation, number)


def kinds(runtime: Runtime, number: int) -> list[str]:
    with runtime.store.reading() as session:
        query = select(EscalationEvent.kind).where(EscalationEvent.escalation_id == number)
        return list(session.scalars(query.order_by(EscalationEvent.id)))


def told_between(runtime: Runtime, number: int, start: datetime, end: datetime) -> list[str]:
    """Move the clock minute by minute, and say who was told when."""
    now = start
    while now <= end:
        while move_due(runtime, now):
            pass
        now += timedelta(minutes=5)
    with runtime.store.reading() as session:
        rows = session.scalars(
            select(Delivery)
            .where(Delivery.escalation_id == number, Delivery.channel == "console")
            .order_by(Delivery.id)
        )
        return [f"{row.created_at.astimezone(HERE).strftime('%a %H:%M')} {row.account.username}" for row in rows]


NOBODY_ANSWERS = [
    ("L3", datetime(2026, 3, 13, 22, 40, tzinfo=UTC), 1, [
        "Fri 23:40 supervisor", "Fri 23:40 supervisor2", "Fri 23:55 manager",
        "Sat 00:10 manager", "Sat 00:10 supervisor2", "Sat 00:10 supervisor",
        "Sat 00:25 manager", "Sat 00:25 supervisor2", "Sat 00:25 supervisor",
        "Sat 00:40 manager", "Sat 00:40 supervisor2", "Sat 00:40 supervisor",
    ]),
    ("L2+", datetime(2026, 3, 10, 14, 0, tzinfo=UTC), 5, [
        "Tue 15:00 supervisor", "Tue 17:00 supervisor", "Tue 17:00 manager",
        "Tue 19:00 manager", "Tue 19:00 supervisor2", "Tue 20:00 manager", "Tue 20:00 supervisor2",
    ]),
    ("L2", datetime(2026, 3, 13, 16, 30, tzinfo=UTC), 66, [
        "Fri 17:30 supervisor2", "Mon 09:00 supervisor", "Mon 09:00 manager",
    ]),
    ("L1", datetime(2026, 3, 10, 14, 0, tzinfo=UTC), 24 * 8, ["Tue 15:00 supervisor", "Tue 15:00 supervisor"]),
]  # fmt: skip


@pytest.mark.parametrize(("level", "at", "hours", "expected"), NOBODY_ANSWERS)
def test_nobody_answers(runtime: Runtime, level: str, at: datetime, hours: int, expected: list[str]) -> None:
    number = raise_one(runtime, level, at)
    assert told_between(runtime, number, at, at + timedelta(hours=hours)) == expected
    assert look(runtime, number).state == "open"


def test_an_answer_stops_the_ladder_and_no_decision_opens_it_again(runtime: Runtime, act: Act) -> None:
    number = raise_one(runtime)
    act(answering.acknowledge, number, "supervisor", now=NOW + timedelta(minutes=4))
    act(answering.acknowledge, number, "manager", now=NOW + timedelta(minutes=5))
    assert move_due(runtime, NOW + timedelta(minutes=63)) == 0
    kept = look(runtime, number)
    assert kept.acknowledged_by is not None
    assert (kept.state, kept.acknowledged_by.username) == ("acknowledged", "supervisor")
    assert move_due(runtime, NOW + timedelta(minutes=64)) == 1
    opened = look(runtime, number)
    assert (opened.state, opened.step, opened.round, opened.acknowledged_by) == ("open", 0, 2, None)
    assert kinds(runtime, number) == ["raised", "acknowledged", "reopened", "raised"]


def test_it_is_open_until_the_check_was_done(runtime: Runtime, act: Act) -> None:
    number = raise_one(runtime)
    with pytest.raises(CannotDecide, match="not_decided_yet"):
        act(answering.check, number, "supervisor", "gebeld")
    act(answering.decide, number, "supervisor", DECISION)
    decided = look(runtime, number)
    assert (decided.state, decided.due_at, decided.check_on) == ("decided", None, DECISION["check_on"])
    assert move_due(runtime, NOW + timedelta(days=30)) == 0
    with pytest.raises(CannotDecide, match="check_note"):
        act(answering.check, number, "supervisor", " ")
    act(answering.check, number, "supervisor", "gebeld, kinderen zijn bij oma")
    assert look(runtime, number).state == "closed"
    with pytest.raises(CannotDecide, match="checked_already"):
        act(answering.check, number, "supervisor", "nog eens")
    with pytest.raises(CannotDecide, match="decided_already"):
        act(answering.decide, number, "supervisor", DECISION)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"check_on": None}, "decision_check_on"),
        ({"check_on": "soon"}, "decision_check_on"),
        ({"check_on": date(2026, 3, 9)}, "decision_check_on_past"),
        ({"reason": " "}, "decision_reason"),
        ({"action": " "}, "decision_action"),
        ({"level": "L2+"}, "decision_children"),
        ({"level": "L2", "children_known": True}, "decision_one_step"),
        ({"level": "L4"}, "decision_level"),
    ],
)
def test_a_decision_that_misses_something_is_refused(
    runtime: Runtime, act: Act, change: dict[str, Any], why: str
) -> None:
    number = raise_one(runtime)
    with pytest.raises(CannotDecide, match=f"^{why}$"):
        act(answering.decide, number, "supervisor", DECISION | change)
    assert look(runtime, number).state == "open"


def test_lowering_with_the_children_known_is_speaking_too(runtime: Runtime, act: Act) -> None:
    number = raise_one(runtime)
    act(answering.decide, number, "supervisor", DECISION | {"level": "L2+", "children_known": True})
    lowered = look(runtime, number)
    assert (lowered.level, lowered.spoke_at) == ("L2+", NOW)


def test_handing_over_is_open_until_the_other_has_it(runtime: Runtime, act: Act) -> None:
    number = raise_one(runtime)
    act(answering.acknowledge, number, "supervisor")
    with runtime.store.reading() as session:
        other = account(session, "supervisor2")
    act(answering.hand_over, number, "supervisor", other)
    given = look(runtime, number)
    assert (given.state, given.step, given.round) == ("open", 0, 2)
    assert raising.told(given) == ["Bram Demo"]
    # Nobody takes it: the ladder goes on.
    assert move_due(runtime, NOW + timedelta(minutes=15)) == 1
    assert raising.told(look(runtime, number)) == ["Bram Demo", "Mira Demo"]
    with runtime.store.reading() as session:
        counselor = account(session, "counselor")
    with pytest.raises(CannotDecide, match="cannot_hand_over"):
        act(answering.hand_over, number, "supervisor", counselor)


def test_a_substitute_is_told_and_the_substitute_of_a_substitute(runtime: Runtime) -> None:
    with runtime.store.transaction() as session:
        ilse, bram, mira = (account(session, name).id for name in ("supervisor", "supervisor2", "manager"))
        day = timedelta(days=1)
        for who, instead in ((ilse, bram), (bram, mira), (mira, ilse)):
            if who != mira:
                session.add(Absence(account_id=who, substitute_id=instead, starts_at=NOW - day, ends_at=NOW + day))
    assert raising.told(look(runtime, raise_one(runtime))) == ["Mira Demo"]


def test_everybody_away_stands_in_for_nobody(runtime: Runtime) -> None:
    with runtime.store.transaction() as session:
        ids = [account(session, name).id for name in ("supervisor", "supervisor2", "manager")]
        for who, instead in zip(ids, ids[1:] + ids[:1], strict=True):
            session.add(Absence(account_id=who, substitute_id=instead, starts_at=NOW, ends_at=NOW + timedelta(hours=1)))
    number = raise_one(runtime)
    while move_due(runtime, NOW):
        pass
    assert look(runtime, number).state == "open"
    assert "nobody_reachable" in kinds(runtime, number)
    # They come back within the hour, and hear of it at the next repeat.
    assert move_due(runtime, NOW + timedelta(minutes=61)) == 1
    assert "Ilse Demo" in raising.told(look(runtime, number))


def test_somebody_who_leaves_while_it_runs_is_not_asked_at_the_next_step(runtime: Runtime) -> None:
    number = raise_one(runtime)
    with runtime.store.transaction() as session:
        account(session, "manager").active = False
    assert move_due(runtime, NOW + timedelta(minutes=15)) == 1
    step = look(runtime, number).ladder["steps"][1]
    assert [person["name"] for person in step["people"]] == ["Ilse Demo"]


def test_after_a_decision_only_news_raises_again(runtime: Runtime, act: Act) -> None:
    number = raise_one(runtime)
    act(answering.decide, number, "supervisor", DECISION | {"level": "L2+", "children_known": True})
    with runtime.store.transaction() as session:
        decided = session.get_one(Escalation, number)
        debrief = session.get_one(Debrief, decided.debrief_id)
        behind = background(session, runtime.protocol, debrief, NOW)
        facts = facts_from(behind, runtime.protocol, debrief, [], [], closing=False, acknowledged=False)

        def again(rule: str, signal: str | None = None) -> Escalation:
            words = [{"signal": signal, "words": "w"}] if signal else []
            rules = [{"rule": rule, "level": "L3", "nl": "r", "en": "r", "words": words}]
            return raising.raise_or_update(session, runtime.protocol, decided, debrief, facts, "L3", rules, NOW)

        assert again("R1") is decided
        assert again("R1", "lethal_violence_marker").id != number
        assert again("R2").id != number


@pytest.fixture
def web(runtime: Runtime) -> Iterator[TestClient]:
    with TestClient(create_app(runtime), base_url="http://127.0.0.1") as client:
        yield client


def link_of(runtime: Runtime, number: int, username: str) -> str:
    with runtime.store.reading() as session:
        escalation = session.get_one(Escalation, number)
        made = links.make(runtime.settings, escalation, account(session, username).id, datetime.now(UTC))
    return made.removeprefix(runtime.settings.public_url)


def test_opening_the_link_acknowledges_nothing_and_the_button_does(runtime: Runtime, web: TestClient) -> None:
    number = raise_one(runtime)
    link = link_of(runtime, number, "supervisor")
    for _ in range(3):
        shown = web.get(link)
        web.head(link)
        assert shown.status_code == 200
    assert look(runtime, number).state == "open"
    assert "<form" in shown.text
    for secret in ("Noor", "Ilse", "Familie"):
        assert secret not in shown.text
    done = web.post(link)
    assert done.status_code == 200
    assert "06-00000001" in done.text
    assert "<form" not in done.text.split("<main")[1]
    kept = look(runtime, number)
    assert kept.acknowledged_by is not None
    assert kept.acknowledged_by.username == "supervisor"
    # The link of a colleague shows how things stand, and changes nothing any more.
    other = link_of(runtime, number, "manager")
    assert "<form" not in web.get(other).text.split("<main")[1]
    web.post(other)
    assert kinds(runtime, number).count("acknowledged") == 1


def test_an_old_link_does_not_answer_what_opened_again(runtime: Runtime, web: TestClient, act: Act) -> None:
    number = raise_one(runtime)
    old = link_of(runtime, number, "supervisor")
    act(answering.acknowledge, number, "manager")
    assert move_due(runtime, NOW + timedelta(hours=2)) == 1
    web.post(old)
    assert look(runtime, number).state == "open"
    web.post(link_of(runtime, number, "supervisor"))
    assert look(runtime, number).state == "acknowledged"


def test_a_link_that_is_wrong_or_of_somebody_who_left_opens_nothing(runtime: Runtime, web: TestClient) -> None:
    number = raise_one(runtime)
    link = link_of(runtime, number, "supervisor")
    assert web.get(link[:-3] + "abc").status_code == 404
    assert web.post("/answer/nonsense").status_code == 404
    assert web.post(link_of(runtime, number, "counselor2")).status_code == 404
    with runtime.store.transaction() as session:
        account(session, "supervisor").active = False
    assert web.post(link).status_code == 404
    assert look(runtime, number).state == "open"


def test_the_api_answers_checks_and_hands_over(runtime: Runtime, web: TestClient) -> None:
    number = raise_one(runtime)
    token = web.post("/api/session", json={"username": "manager", "password": "demo-manager"}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}

    def call(path: str, **body: Any) -> Any:
        return web.post(f"/api/escalations/{number}{path}", json=body, headers=headers)

    shown = web.get(f"/api/escalations/{number}", headers=headers).json()
    assert [(one["name"], one["reached"], one["answered"]) for one in shown["people"]] == [
        ("Ilse Demo", "trying", False)
    ]
    given = call("/hand-over", to="supervisor2")
    assert given.json()["people"][0]["name"] == "Bram Demo"
    assert call("/hand-over", to="counselor").status_code == 422
    assert call("/hand-over", to="nobody").status_code == 422
    assert call("/spoke").json()["spoke_at"] is not None
    assert call("/check", note="x").status_code == 409
    later = (datetime.now(UTC).date() + timedelta(days=3)).isoformat()
    decided = call("/decision", level="L3", reason="gesproken", action="report", check_on=later)
    assert decided.json()["state"] == "decided"
    assert call("/check", note="gebeld").json()["state"] == "closed"
    waiting = [one["id"] for one in shown["deliveries"] if one["state"] == "waiting"]
    assert call(f"/deliveries/{waiting[0]}/retry").status_code == 409
    assert call("/deliveries/999999/retry").status_code == 404
    assert [e["id"] for e in web.get("/api/escalations?state=closed", headers=headers).json()] == [number]


def say(runtime: Runtime, username: str, text: str, verb: str = "out_of_scope") -> str:
    """What the assistant answers outside a debrief."""
    with runtime.store.transaction() as session:
        who = account(session, username)
        turn = turns.receive(
            session, conversation=f"user-{who.id}", debrief=None, account_id=who.id, text=text, client_id=None, now=NOW
        )
    return str(turns.handle(turn.id, verb, runtime=runtime, now=NOW).messages[0]["text"])


def test_an_alert_is_taken_in_the_chat(runtime: Runtime) -> None:
    number = raise_one(runtime)
    asked = say(runtime, "supervisor", "welke meldingen staan open?", "open_alerts")
    assert f"{number}. T-" in asked
    assert "nog geen antwoord van Ilse Demo" in asked
    assert "nog geen antwoord van Ilse Demo" in say(runtime, "counselor", "welke meldingen staan open?", "open_alerts")
    assert "is van jou" not in say(runtime, "counselor", f"ik neem {number} op")
    assert look(runtime, number).state == "open"
    taken = say(runtime, "supervisor", f"ik neem {number} op")
    assert "06-00000001" in taken
    assert look(runtime, number).state == "acknowledged"
    assert "is van jou" in say(runtime, "supervisor", f"ik neem {number} op")
    assert "Ilse Demo heeft" in say(runtime, "manager", f"neem {number}")
    assert "niet aan jou" in say(runtime, "manager", "ik neem 99999 op")


def written(runtime: Runtime, now: datetime, username: str) -> list[set[str]]:
    """The kinds of things in the reminders that this person gets at this moment."""
    channels = Channels(runtime.settings.model_copy(update={"mail_url": "mailto://127.0.0.1?from=a@b.nl&to={to}"}))
    with runtime.store.transaction() as session:
        reminders.write(session, runtime.protocol, channels, now)
        mine = account(session, username).id
        rows = session.scalars(select(Reminder).where(Reminder.account_id == mine, Reminder.created_at == now))
        return [{item["kind"] for item in row.items} for row in rows]


def test_reminders_are_bundled_and_ever_rarer(runtime: Runtime, act: Act) -> None:
    number = raise_one(runtime)
    act(answering.decide, number, "supervisor", DECISION)
    with runtime.store.transaction() as session:
        session.add(SupportWish(account_id=account(session, "counselor").id, kind="contact", by_when="today", at=NOW))
    assert "wish" in written(runtime, NOW, "supervisor")[0]
    assert written(runtime, NOW + timedelta(hours=1), "supervisor") == []
    # Two days later the check date has come, and the debrief is more than a day old.
    two_days = NOW + timedelta(days=2)
    assert written(runtime, two_days, "supervisor")[0] >= {"check", "wish"}
    assert "debrief" in written(runtime, two_days, "counselor")[0]
    days = [day for day in range(1, 17) if any("debrief" in kinds for kinds in written(
        runtime, two_days + timedelta(days=day), "counselor"))]  # fmt: skip
    assert days == [1, 4, 8, 15]


def test_no_reminder_outside_working_hours(runtime: Runtime) -> None:
    raise_one(runtime, now=NOW)
    sunday, night = NOW + timedelta(days=5), NOW + timedelta(days=2, hours=9)
    assert written(runtime, sunday, "counselor") == written(runtime, night, "counselor") == []


def test_the_same_words_handled_twice_at_once_raise_one_alert(runtime: Runtime) -> None:
    """The web rescues a message while the action server, believed dead, is still at it."""
    with runtime.store.transaction() as session:
        case = add_family(session, NOW)
        session.add(
            Debrief(
                id="twice", case_id=case.id, account_id=case.counselor_id, mode="visit", language="nl", greeting=[],
                opened_at=NOW, touched_at=NOW,
            )
        )  # fmt: skip
    looked = threading.Barrier(2, timeout=5)

    def handle() -> None:
        if runtime.store.sqlite:
            # One transaction at a time: both cannot look before one has written.
            looked.wait()
        with runtime.store.transaction() as session:
            debrief = session.get_one(Debrief, "twice")
            behind = background(session, runtime.protocol, debrief, NOW)
            facts = facts_from(behind, runtime.protocol, debrief, [], [], closing=False, acknowledged=False)
            running = escalations.of_debrief(session, "twice")
            if not runtime.store.sqlite:
                looked.wait()
            raising.raise_or_update(session, runtime.protocol, running, debrief, facts, "L3", [], NOW)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(handle), pool.submit(handle)]:
            done.result()
    with runtime.store.reading() as session:
        assert len(list(session.scalars(select(Escalation).where(Escalation.debrief_id == "twice")))) == 1
