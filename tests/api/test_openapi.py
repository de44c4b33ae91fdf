"""The description of the API lists every call that the contract names, and what comes out has the agreed shape."""

from __future__ import annotations

import httpx
import pytest

from tests.support.api import Client
from tests.support.system import System

CONTRACT = [
    ("post", "/api/session"), ("get", "/api/session"), ("delete", "/api/session"),
    ("get", "/api/cases"), ("get", "/api/cases/{case_id}"),
    ("post", "/api/debriefs"), ("post", "/api/debriefs/{debrief_id}/messages"), ("get", "/api/debriefs/{debrief_id}"),
    ("get", "/api/escalations"), ("get", "/api/escalations/{escalation_id}"),
    ("post", "/api/escalations/{escalation_id}/acknowledge"), ("post", "/api/escalations/{escalation_id}/decision"),
    ("post", "/api/chat"), ("get", "/healthz"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), CONTRACT)
def test_the_description_lists_the_call(system: System, pluis_url: str, method: str, path: str) -> None:
    described = httpx.get(f"{system.url}/api/openapi.json", trust_env=False).json()

    assert described["openapi"].startswith("3.")
    assert described["paths"][path][method]["summary"]


def test_a_session_from_beginning_to_end(system: System, pluis_url: str) -> None:
    with Client(system, "counselor2") as client:
        assert client.get("/api/session") == {"name": "Sam Demo", "role": "counselor", "language": "en"}
        assert client.http.delete("/api/session").status_code == 204
        assert client.http.get("/api/session").status_code == 401


def test_the_parts_of_a_reply(counselor: Client) -> None:
    visit = counselor.begin()
    begun = visit.reply

    assert begun.keys() >= {"id", "messages", "state", "progress", "level"}
    assert begun["state"] == "open"
    assert begun["level"] is None
    assert begun["progress"].keys() == {"answered", "expected"}
    for message in begun["messages"]:
        assert message.keys() >= {"text", "buttons", "kind"}
        assert message["kind"] in ("question", "confirm", "danger", "notice", "summary", "note", "error")
        assert all(button.keys() >= {"title", "value"} for button in message["buttons"])


def test_the_cases_of_a_person_and_no_others(counselor: Client, counselor2: Client, supervisor: Client) -> None:
    mine = {case["number"] for case in counselor.get("/api/cases")}
    theirs = {case["number"] for case in counselor2.get("/api/cases")}

    assert {"P-1001", "P-1002", "P-1003", "P-1004", "P-1005"} <= mine
    assert {"P-2001", "P-2002", "P-2003"} <= theirs
    assert not mine & theirs
    assert mine <= {case["number"] for case in supervisor.get("/api/cases")}


def test_the_overview_of_a_case(counselor: Client) -> None:
    case = next(c for c in counselor.get("/api/cases") if c["number"] == "P-1004")

    overview = counselor.get(f"/api/cases/{case['id']}")

    assert overview["level"] == "L2"
    assert overview["trend"] == "up"
    assert {person["name"] for person in overview["people"]} == {"Anouk", "Bas", "Dex", "Noa", "Tim"}
    tim = next(person for person in overview["people"] if person["name"] == "Tim")
    assert tim["days_unseen"] == 42
    assert [a["text"] for a in overview["agreements"] if a["state"] == "open"] == [
        "Overdracht van de kinderen gaat via opa"
    ]
    assert overview["unknowns"]
    assert {s["id"] for s in overview["signals"]["repeated"]} == {"escalating_separation_conflict"}
