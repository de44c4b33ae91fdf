"""Rasa or the action server is away: what was typed is kept, danger still reaches people, and it goes on afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.support.api import Client, Visit, check_problem
from tests.support.system import System

HAPPY = "Hij was vrolijk vandaag."
ACUTE = "Hij dreigde de kinderen iets aan te doen, hij stond daar met een mes."
ACUTE_EN = "She said she doesn't want to live any more."


def escalations(*supervisors: Client) -> dict[int, dict[str, Any]]:
    """Everything that these supervisors may see, by id."""
    return {e["id"]: e for supervisor in supervisors for e in supervisor.get("/api/escalations")}


@dataclass
class Outage:
    """What was sent while a part was away, and what came back."""

    part: str
    dutch: Visit
    other: Visit
    english: Visit
    questions: dict[str, str]
    supervisors: tuple[Client, Client]
    health: httpx.Response
    ordinary: httpx.Response
    alarming: httpx.Response
    outside: httpx.Response
    told: list[dict[str, Any]]
    shown: dict[str, Any]


@pytest.fixture(scope="module", params=["bot", "actions"])
def outage(request: pytest.FixtureRequest, system: System) -> Iterator[Outage]:
    """One part is killed, messages are sent, the supervisor of processes has it back."""
    system.wait_until_ready()
    with ExitStack() as stack:
        people = [
            stack.enter_context(Client(system, name))
            for name in ("counselor", "counselor2", "supervisor", "supervisor2")
        ]
        counselor, counselor2, supervisor, supervisor2 = people
        visits = counselor.begin(), counselor.begin(), counselor2.begin()
        questions = {visit.id: str(visit.go_to("C1")["key"]) for visit in visits}
        before = escalations(supervisor, supervisor2)

        system.kill(request.param)
        health = httpx.get(f"{system.url}/healthz", trust_env=False, timeout=20)
        ordinary = visits[0].post(HAPPY, client_id="first")
        visits[1].post(HAPPY, client_id="first")
        alarming = visits[2].post(ACUTE_EN, client_id="alarm")
        outside = counselor.http.post("/api/chat", json={"text": ACUTE, "client_id": f"chat-{request.param}"})
        assert not system.ready(), "the part came back too soon for these tests to say anything"

        told = [e for id, e in escalations(supervisor, supervisor2).items() if id not in before]
        shown = visits[0].conversation()[-1]
        system.wait_until_ready()
        yield Outage(
            request.param, *visits, questions, (supervisor, supervisor2), health, ordinary, alarming, outside, told, shown
        )  # fmt: skip


def test_the_counselor_is_told_that_the_words_are_kept(outage: Outage) -> None:
    problem = check_problem(outage.ordinary, 503, "kept_not_handled", "nl")

    assert problem["kept"] is True
    assert problem["messages"] == []
    assert outage.shown == {"from": "you", "text": HAPPY, "client_id": "first", "waiting": True}


def test_a_kept_message_sent_once_more_is_answered_once(outage: Outage) -> None:
    visit = outage.dutch

    visit.say(HAPPY, client_id="first")

    question = outage.questions[visit.id]
    assert [a["text"] for a in visit.whole()["answers"] if a["key"] == question] == [HAPPY]
    assert visit.said().count(HAPPY) == 1
    assert visit.key != question


def test_a_kept_message_is_answered_before_the_next_one(outage: Outage) -> None:
    visit = outage.other

    visit.say("Hij krijgt wat hij nodig heeft.", client_id="next")

    answers = {a["key"]: a["text"] for a in visit.whole()["answers"]}
    assert answers[outage.questions[visit.id]] == HAPPY
    assert "Hij krijgt wat hij nodig heeft." in visit.said()
    assert not any(message["waiting"] for message in visit.conversation() if message["from"] == "you")


def test_alarming_words_show_numbers_and_reach_the_supervisor_at_once(outage: Outage) -> None:
    problem = check_problem(outage.alarming, 503, "kept_not_handled", "en")

    assert problem["kept"] is True
    assert [m["kind"] for m in problem["messages"]] == ["danger"]
    assert problem["messages"][0]["numbers"][0]["number"] == "112"
    assert [e["level"] for e in outage.told if e["debrief_id"] == outage.english.id] == ["L3"]


def test_alarming_words_are_told_once_and_confirmed_afterwards(outage: Outage) -> None:
    visit = outage.english

    visit.say(ACUTE_EN, client_id="alarm")

    assert len([e for e in escalations(*outage.supervisors).values() if e["debrief_id"] == visit.id]) == 1
    assert visit.key == "confirm"
    assert {s["confirmation"] for s in visit.whole()["signals"]} == {"open"}


def test_danger_outside_a_debrief_reaches_the_team_too(outage: Outage) -> None:
    problem = check_problem(outage.outside, 503, "kept_not_handled", "nl")
    assert [m["kind"] for m in problem["messages"]] == ["danger"]
    new = [e for e in outage.told if e["debrief_id"] is None]
    assert [(e["level"], e["words"][0]["words"]) for e in new] == [("L3", ACUTE)]

    body = {"text": ACUTE, "client_id": f"chat-{outage.part}"}
    again = outage.dutch.client.http.post("/api/chat", json=body)

    assert again.status_code == 200, again.text
    assert [m["kind"] for m in again.json()["messages"]] == ["danger"]
    later = [e for id, e in escalations(*outage.supervisors).items() if id > new[0]["id"]]
    assert [e for e in later if e["debrief_id"] is None] == []


def test_health_says_that_it_does_not_work(outage: Outage) -> None:
    assert outage.health.status_code == 503
    assert outage.health.json()["ready"] is False


def test_the_log_says_which_turn_got_no_answer(outage: Outage, system: System) -> None:
    lines = [json.loads(line) for line in system.log.splitlines() if line.startswith("{")]
    unanswered = {
        line["turn"] for line in lines if line["process"] == "web" and line.get("status") == 503 and "turn" in line
    }
    assert unanswered
    if outage.part == "actions":
        assert unanswered & {line["turn"] for line in lines if line["process"] == "bot" and line.get("turn")}
