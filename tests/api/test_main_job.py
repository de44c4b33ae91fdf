"""The main job over the API, with the real Rasa: from sign-in to a supervisor who knows."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pytest

from tests.support.api import Client

ACUTE = {
    "nl": "Ze zei dat ze niet meer wil leven en dat ze de kinderen niet achterlaat.",
    "en": "She said she doesn't want to live any more and she won't leave the kids behind.",
}


@pytest.fixture(params=["nl", "en"])
def pair(request: pytest.FixtureRequest) -> tuple[Client, Client]:
    """A counselor and her supervisor, in each language."""
    names = ("counselor", "supervisor") if request.param == "nl" else ("counselor2", "supervisor2")
    counselor, supervisor = (request.getfixturevalue(name) for name in names)
    assert counselor.language == request.param
    return counselor, supervisor


def inbox(supervisor: Client, debrief: str) -> list[dict[str, Any]]:
    """The open escalations of one debrief as the supervisor sees them."""
    return [e for e in supervisor.get("/api/escalations?state=open") if e["debrief_id"] == debrief]


def test_a_quiet_visit_ends_at_l0_within_25_turns(pair: tuple[Client, Client]) -> None:
    counselor, supervisor = pair
    visit = counselor.begin()

    visit.finish()

    assert visit.turns <= 25
    assert visit.reply["state"] == "done"
    assert visit.reply["level"]["value"] == "L0"
    assert visit.reply["progress"]["answered"] == visit.reply["progress"]["expected"]
    assert "note" in visit.kinds
    assert inbox(supervisor, visit.id) == []


def test_an_acute_sentence_as_third_answer_reaches_the_supervisor_within_a_second(pair: tuple[Client, Client]) -> None:
    counselor, supervisor = pair
    visit = counselor.begin()
    visit.say(f"{visit.key}=no")
    visit.go_to("B2")

    visit.say(ACUTE[counselor.language])
    answered = time.monotonic()
    waiting = inbox(supervisor, visit.id)

    assert time.monotonic() - answered < 1
    assert [e["level"] for e in waiting] == ["L3"]
    assert waiting[0]["confirmed"] is False
    assert any("niet meer wil leven" in w["words"] or "want to live" in w["words"] for w in waiting[0]["words"])
    assert {d["channel"] for d in waiting[0]["deliveries"]} >= {"console"}
    assert visit.kinds[0] == "danger"
    assert visit.reply["messages"][0]["numbers"][0]["number"] == "112"
    assert visit.key == "confirm"


def test_the_counselor_sees_who_has_it_and_the_decision_is_kept(counselor: Client, supervisor: Client) -> None:
    visit = counselor.begin()
    visit.say(f"{visit.key}=no")
    visit.say(ACUTE["nl"])
    escalation = inbox(supervisor, visit.id)[0]["id"]

    acknowledged = supervisor.http.post(f"/api/escalations/{escalation}/acknowledge", json={})

    assert acknowledged.status_code == 200
    assert acknowledged.json()["state"] == "acknowledged"
    seen = counselor.get(f"/api/debriefs/{visit.id}/conversation")["escalation"]
    assert (seen["state"], seen["acknowledged_by"]) == ("acknowledged", "Ilse Demo")
    body = {
        "level": "L3", "reason": "Samen gebeld, opa is er vannacht", "action": "safety_plan",
        "tell_family": "ik, morgen", "check_on": datetime.now().astimezone().date().isoformat(),
    }  # fmt: skip
    decided = supervisor.http.post(f"/api/escalations/{escalation}/decision", json=body)
    assert decided.status_code == 200, decided.text
    assert decided.json()["state"] == "decided"
    assert decided.json()["decision"]["reason"] == body["reason"]
    again = supervisor.http.post(f"/api/escalations/{escalation}/decision", json=body)
    assert again.status_code == 200  # the same decision sent twice, after an answer that got lost
    other = supervisor.http.post(f"/api/escalations/{escalation}/decision", json={**body, "reason": "Toch anders."})
    assert other.status_code == 409


def test_the_short_form_is_six_questions(pair: tuple[Client, Client]) -> None:
    counselor, _ = pair
    visit = counselor.begin(mode="short")
    asked = [visit.key.partition("/")[0]]

    while visit.reply["state"] == "open":
        visit.finish_one()
        if visit.reply["state"] == "open":
            asked.append(visit.key.partition("/")[0])

    assert asked == ["A1", "B1", "S1", "G1", "G3", "H1"]
    assert visit.turns == 6


def test_remarks_in_typed_words_are_understood_on_the_way(pair: tuple[Client, Client]) -> None:
    counselor, _ = pair
    words = {
        "nl": {"why": "waarom vraag je dat?", "skip": "sla deze maar over", "back": "terug naar de vorige vraag",
               "pause": "even pauze", "resume": "ga verder"},
        "en": {"why": "why do you ask that?", "skip": "skip this one", "back": "go back to the previous question",
               "pause": "let's pause", "resume": "carry on"},
    }[counselor.language]  # fmt: skip
    visit = counselor.begin()
    visit.go_to("C1")
    key = visit.key

    visit.say(words["why"])
    assert visit.key == key
    assert len(visit.reply["messages"]) == 2
    visit.say(words["skip"])
    assert visit.key != key
    visit.say(words["back"])
    assert visit.key == key
    visit.say(words["pause"])
    assert visit.reply["state"] == "paused"
    visit.say(words["resume"])
    assert (visit.reply["state"], visit.key) == ("open", key)
    answers = {a["key"]: a for a in visit.whole()["answers"] if a["replaced_at"] is None}
    assert key not in answers


def test_a_debrief_goes_on_where_it_was_on_another_device(counselor: Client) -> None:
    visit = counselor.begin()
    visit.go_to("C1")
    visit.say("Vrolijk, liet zijn nieuwe step zien.")

    with Client(counselor.system, "counselor") as other:
        shown = other.get(f"/api/debriefs/{visit.id}/conversation")

    assert shown["messages"][-1]["key"] == visit.key
    assert "Vrolijk, liet zijn nieuwe step zien." in [m["text"] for m in shown["messages"]]
    assert shown["progress"] == visit.reply["progress"]


def test_the_whole_visit_is_there_to_read_afterwards(counselor: Client, supervisor: Client) -> None:
    visit = counselor.begin()
    visit.finish({"G2": "Ik was eigenlijk boos op de moeder"})

    mine, hers = visit.whole(), supervisor.get(f"/api/debriefs/{visit.id}")

    assert mine["state"] == "done"
    assert mine["note"].startswith("# Contactverslag")
    assert [r["rule"] for r in mine["rules"]] == ["R8"]
    assert "Ik was eigenlijk boos op de moeder" in [a["text"] for a in mine["answers"]] or "G2" in {
        a["key"] for a in mine["answers"]
    }
    assert {"G2", "G3"} & {a["question"] for a in hers["answers"]} == set()
    assert "boos op de moeder" not in str(hers)
    assert "boos op de moeder" not in mine["note"]
