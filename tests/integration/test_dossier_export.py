"""The dossier: complete, corrected with history, without what belongs to the counselor, and only for whoever may have it."""

from __future__ import annotations

import io
import json
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import event, select

from pluis.access import signing_in
from pluis.dossier import whole
from pluis.runtime import Runtime
from pluis.store.cases import Case
from pluis.web.app import create_app
from tests.support.databases import NOW
from tests.support.families import account, add_family, add_visit
from tests.support.talk import Talk

with warnings.catch_warnings():
    # It asks for another version of its HTTP library, and works with this one.
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

SECRET = "Ik was bang voor de buurman en durfde niets te vragen."
WISH = "morgen graag, ik slaap er slecht van"
MAY = {"counselor": True, "supervisor": True, "quality": True}


def client(runtime: Runtime, username: str) -> TestClient:
    """A client of the API, signed in."""
    with runtime.store.transaction() as session:
        token = signing_in.start(session, account(session, username), datetime.now(UTC))
    made = TestClient(create_app(runtime), raise_server_exceptions=False, client=("127.0.0.1", 50000))
    made.headers["Authorization"] = f"Bearer {token}"
    return made


@pytest.fixture
def told(runtime: Runtime) -> Talk:
    """A visit with a correction, a raised level, private words, and a signal that somebody told."""
    talk = Talk(runtime, "P-1002")
    talk.go_to("C1")
    talk.say("Ze speelde met de blokken.")
    talk.say("terug", "back")
    talk.say("Zoë had een blauwe plek op haar wang.")
    talk.say("raise=L2")
    talk.finish({"G2": SECRET, "G3": WISH, "F5": "Hoe het op school gaat", "H1": "Ik kom donderdag terug"})
    return talk


def case_id(runtime: Runtime, number: str = "P-1002") -> int:
    with runtime.store.reading() as session:
        return session.scalars(select(Case.id).where(Case.number == number)).one()


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize(
    "who", ["counselor", "counselor2", "supervisor", "supervisor2", "manager", "trainee", "trainer", "quality", "admin"]
)
def test_only_whoever_may_have_it_gets_it(runtime: Runtime, who: str) -> None:
    number = case_id(runtime)
    with client(runtime, who) as http:
        for path in ("dossier.json", "dossier.pdf", "dossier.json?person=p1", "dossier.pdf?person=p1"):
            got = http.get(f"/api/cases/{number}/{path}")
            assert (got.status_code in (200, 404)) == MAY.get(who, False), path
            if who not in MAY:
                assert got.status_code == 403
                assert got.headers["content-type"] == "application/problem+json"


def test_nobody_gets_it_without_signing_in(runtime: Runtime) -> None:
    with TestClient(create_app(runtime)) as http:
        assert http.get(f"/api/cases/{case_id(runtime)}/dossier.json").status_code == 401


def test_it_holds_what_an_auditor_asks_for(runtime: Runtime, told: Talk) -> None:
    with client(runtime, "quality") as http:
        whole = http.get(f"/api/cases/{case_id(runtime)}/dossier.json").json()

    visit = next(one for one in whole["visits"] if one["id"] == told.id)
    assert [one["on"] for one in whole["visits"]] == sorted(one["on"] for one in whole["visits"])
    assert {one["name"] for one in visit["seen"]} >= {"Zoë", "Samira", "Erik"}
    injury = next(one for one in visit["signals"] if one["id"] == "child_unexplained_injury")
    assert "blauwe plek" in injury["sentence"]
    assert {"words", "source", "status", "confirmation", "about"} <= injury.keys()
    assert any("blauwe plek" in line["said"] for line in visit["facts"])
    assert [line["question"] for line in visit["impressions"]] == ["G1"]
    assert all(line["question"] != "G1" for line in visit["facts"])
    assert visit["level"]["value"] in ("L2", "L2+")
    assert visit["rules"][0]["rule"]
    raised = [one for one in visit["changes"] if one["kind"] == "raised"]
    assert [one["by"]["role"] for one in raised] == ["counselor"]
    fixed = next(one for one in visit["corrections"] if one["question"] == "C1")
    assert "blokken" in fixed["said"]
    assert "blauwe plek" in fixed["became"]
    assert fixed["replaced_at"]
    assert visit["unknowns"] == ["Hoe het op school gaat"]
    assert "Ik kom donderdag terug" in [one["text"] for one in whole["agreements"]]
    alert = whole["escalations"][0]
    assert alert["deliveries"][0]["to"] == "Ilse Demo"
    assert {"log", "acknowledge_by", "decision", "reasons"} <= alert.keys()
    zoe = next(one for one in whole["people"] if one["name"] == "Zoë")
    assert zoe["last_seen"] == "2026-03-10"


@pytest.mark.parametrize("who", ["counselor", "supervisor", "quality"])
def test_what_the_counselor_said_about_herself_is_never_in_it(runtime: Runtime, told: Talk, who: str) -> None:
    with client(runtime, who) as http:
        number = case_id(runtime)
        people = [one["id"] for one in http.get(f"/api/cases/{number}/dossier.json").json()["people"]]
        for person in ("", *(f"?person={id}" for id in people)):
            data = http.get(f"/api/cases/{number}/dossier.json{person}").text
            paper = pdf_text(http.get(f"/api/cases/{number}/dossier.pdf{person}").content).replace("\n", " ")
            for place in (data, paper):
                assert "buurman" not in place
                assert "durfde" not in place
                assert "slaap er slecht" not in place
            asked = {answer["question"] for visit in json.loads(data)["visits"] for answer in visit["answers"]}
            assert not asked & {"G2", "G3", "A2a"}


def test_practice_is_not_in_it(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-1002", mode="training")
    talk.finish()
    with client(runtime, "quality") as http:
        whole = http.get(f"/api/cases/{case_id(runtime)}/dossier.json").json()
    assert talk.id not in [one["id"] for one in whole["visits"]]


def test_a_part_is_about_one_person(runtime: Runtime, told: Talk) -> None:
    with client(runtime, "counselor") as http:
        number = case_id(runtime)
        whole = http.get(f"/api/cases/{number}/dossier.json").json()
        zoe = next(one for one in whole["people"] if one["name"] == "Zoë")
        got = http.get(f"/api/cases/{number}/dossier.json?person={zoe['id']}")
        part = got.json()
        paper = pdf_text(http.get(f"/api/cases/{number}/dossier.pdf?person={zoe['id']}").content)

    assert part["person"]["name"] == "Zoë"
    assert [one["name"] for one in part["people"]] == ["Zoë"]
    for other in ("Samira", "Erik", "Yara", "Milan", "Finn", "Liv"):
        assert other not in got.text
        assert other not in paper
    for visit in part["visits"]:
        assert {row["about_id"] for kind in ("facts", "signals", "answers") for row in visit[kind]} <= {zoe["id"]}
        assert visit["note"] is None
    assert "Zoë" in paper


def test_a_person_of_another_family_has_no_part(runtime: Runtime) -> None:
    with client(runtime, "counselor") as http:
        assert http.get(f"/api/cases/{case_id(runtime)}/dossier.json?person=p999999").status_code == 404


@pytest.mark.parametrize("who", ["supervisor", "counselor2"])
def test_the_paper_can_be_read_and_walked_through(runtime: Runtime, who: str) -> None:
    number = "P-1002" if who == "supervisor" else "P-2002"
    Talk(runtime, number, counselor="counselor" if who == "supervisor" else who).finish()
    with client(runtime, who) as http:
        got = http.get(f"/api/cases/{case_id(runtime, number)}/dossier.pdf")
    assert got.headers["content-type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(got.content))
    pages = len(reader.pages)
    text = pdf_text(got.content)
    language = "en" if who == "counselor2" else "nl"
    assert (f"Bladzijde {pages} van {pages}" if language == "nl" else f"Page {pages} of {pages}") in text
    titles = _titles(reader.outline)
    wanted = ["Wie is wanneer gezien", "Meldingen", "Bezoeken"] if language == "nl" else ["Alerts", "Visits"]
    assert set(wanted) <= set(titles)
    if who == "supervisor":
        assert "Zoë" in text


def test_a_hundred_visits_fit_and_take_no_more_queries(runtime: Runtime) -> None:
    with runtime.store.transaction() as session:
        few, many = add_family(session, NOW, 2), add_family(session, NOW, 2)
        few.counselor_id = many.counselor_id = account(session, "counselor").id
        for case, count in ((few, 2), (many, 100)):
            for day in range(count):
                add_visit(session, case, NOW - timedelta(days=day), "L1", signals=[("worker_gut_feeling", "concern")])
        ids = few.id, many.id
    counted: list[int] = []
    queries = 0

    def count(*_arguments: Any) -> None:
        nonlocal queries
        queries += 1

    event.listen(runtime.store.engine, "before_cursor_execute", count)
    for id in ids:
        with runtime.store.reading() as session:
            case = session.get_one(Case, id)
            queries = 0
            whole.dossier(session, runtime.protocol, case, "nl", NOW)
            counted.append(queries)
    event.remove(runtime.store.engine, "before_cursor_execute", count)
    assert counted[0] == counted[1]
    with client(runtime, "counselor") as http:
        paper = http.get(f"/api/cases/{ids[1]}/dossier.pdf")
    assert len(PdfReader(io.BytesIO(paper.content)).pages) > 10


def _titles(outline: Any) -> list[str]:
    found: list[str] = []
    for entry in outline:
        found += _titles(entry) if isinstance(entry, list) else [str(entry.title)]
    return found
