"""What people do in the web is in the access log: who, which file, on what ground, with what outcome."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from pluis.access import signing_in
from pluis.access.verify import verify
from pluis.debrief import opening
from pluis.runtime import Runtime
from pluis.store import Store, access_log
from pluis.store.access_log import AccessLine
from pluis.store.cases import Case
from pluis.store.escalations import Escalation
from pluis.web.app import create_app
from tests.support.databases import NOW
from tests.support.families import account

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
# One kind of database is enough: what differs in SQL is tested with the log itself.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
Sign = Callable[[str], dict[str, str]]


@pytest.fixture
def http(runtime: Runtime) -> Iterator[TestClient]:
    """The web application, without Rasa."""
    with TestClient(create_app(runtime), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def sign(runtime: Runtime) -> Sign:
    """Headers of somebody who signed in on a phone."""

    def signed(name: str) -> dict[str, str]:
        with runtime.store.transaction() as session:
            token = signing_in.start(session, account(session, name), datetime.now(UTC))
        return {"Authorization": f"Bearer {token}", "User-Agent": PHONE}

    return signed


def case_of(store: Store, name: str) -> int:
    with store.reading() as session:
        return session.scalars(select(Case.id).where(Case.counselor_id == account(session, name).id)).first() or 0


def logged(store: Store) -> list[AccessLine]:
    with store.reading() as session:
        return list(access_log.in_order(session))


def test_reading_a_file_is_one_line(runtime: Runtime, http: TestClient, sign: Sign) -> None:
    case = case_of(runtime.store, "counselor")

    assert http.get(f"/api/cases/{case}", headers=sign("supervisor")).status_code == 200

    (line,) = logged(runtime.store)
    assert (line.action, line.object, line.object_id, line.case_id) == ("read", "case", str(case), case)
    assert (line.actor, line.role, line.ground, line.outcome) == ("person", "supervisor", "own", "ok")
    assert (line.route, line.device) == ("/api/cases/{case_id}", "phone, Firefox")
    assert verify(runtime.access_log, runtime.store).faults == []


def test_a_refusal_is_a_line_too(runtime: Runtime, http: TestClient, sign: Sign) -> None:
    case = case_of(runtime.store, "counselor")

    assert http.get(f"/api/cases/{case}", headers=sign("counselor2")).status_code == 403

    (line,) = logged(runtime.store)
    assert (line.case_id, line.ground, line.outcome, line.role) == (case, "none", "refused", "counselor")


def test_taking_a_dossier_along_is_an_export(runtime: Runtime, http: TestClient, sign: Sign) -> None:
    case = case_of(runtime.store, "counselor")
    person = http.get(f"/api/cases/{case}/dossier.json", headers=sign("quality")).json()["people"][0]["id"]
    http.get(f"/api/cases/{case}/dossier.json?person={person}", headers=sign("quality"))

    assert [(line.action, line.object, line.object_id, line.case_id) for line in logged(runtime.store)] == [
        ("export", "case", str(case), case),
        ("export", "person", person, case),
    ]


def test_a_debrief_is_one_line_and_the_assistant_is_another(runtime: Runtime, http: TestClient, sign: Sign) -> None:
    case, who = case_of(runtime.store, "counselor"), sign("counselor")

    begun = http.post("/api/debriefs", json={"case_id": case}, headers=who).json()
    for _ in range(3):
        assert http.get(f"/api/debriefs/{begun['id']}/conversation", headers=who).status_code == 200

    person, assistant = logged(runtime.store)
    assert (person.action, person.object, person.object_id, person.ground) == ("change", "debrief", begun["id"], "own")
    assert (assistant.actor, assistant.on_behalf_of_id, assistant.account_id, assistant.case_id) == (
        "assistant", person.account_id, None, case,
    )  # fmt: skip


def test_the_inbox_is_a_line_for_each_alert_that_was_not_seen_before(
    runtime: Runtime, http: TestClient, sign: Sign
) -> None:
    store, who = runtime.store, sign("supervisor")
    with store.transaction() as session:
        for number in (1, 2):
            case = session.scalars(select(Case).where(Case.counselor_id == account(session, "counselor").id)).all()[
                number
            ]
            session.add(
                Escalation(
                    case_id=case.id, raised_by_id=case.counselor_id, team_id=case.team_id, level="L2", reasons=[], words=[],
                    facts={}, state="open", ladder={}, raised_at=NOW,
                )
            )  # fmt: skip
    shown = http.get("/api/escalations", headers=who).json()
    http.get("/api/escalations", headers=who)

    assert [(line.object, line.object_id, line.action) for line in logged(store)] == [
        ("escalation", str(one["id"]), "list") for one in shown
    ]
    assert len(shown) == 2
    http.get("/api/escalations", headers=sign("supervisor"))
    assert len(logged(store)) == 4, "another sign-in is another look"


def test_an_administrator_is_logged_as_well(runtime: Runtime, http: TestClient, sign: Sign) -> None:
    http.get("/audit", headers={**sign("admin"), "accept": "text/html"})

    (line,) = logged(runtime.store)
    assert (line.role, line.object, line.route, line.outcome, line.case_id) == (
        "admin", "page", "/audit", "refused", None,
    )  # fmt: skip


def test_who_looked_is_shown_with_the_reason_of_an_emergency(runtime: Runtime, http: TestClient, sign: Sign) -> None:
    case, reason = case_of(runtime.store, "counselor"), "Buren bellen over geschreeuw"
    late = sign("supervisor2")
    assert http.post(f"/cases/{case}/emergency", data={"reason": reason}, headers=late).status_code == 200
    http.get(f"/api/cases/{case}", headers=sign("counselor2"))

    shown = http.get(f"/api/cases/{case}/access-log.json", headers=sign("quality")).json()["lines"]
    page = http.get(f"/cases/{case}/access-log", headers=sign("supervisor")).text

    assert (shown[0]["outcome"], shown[0]["role"]) == ("refused", "counselor")
    looks = [line for line in shown if line["ground"] == "emergency"]
    assert looks
    assert {line["reason"] for line in looks} == {reason}
    for words in (reason, "noodtoegang", "geweigerd", "gezinsbegeleider"):
        assert words in page
    assert http.get(f"/cases/{case}/access-log", headers=sign("counselor")).status_code == 403
    again = http.get(f"/api/cases/{case}/access-log.json", headers=sign("quality")).json()["lines"]
    assert again[1]["route"] == "/cases/{case_id}/access-log", "looking into the log is logged too"


def test_everybody_sees_what_is_logged_about_them(runtime: Runtime, http: TestClient, sign: Sign) -> None:
    who = sign("counselor2")
    http.get(f"/api/cases/{case_of(runtime.store, 'counselor2')}", headers=who)

    page = http.get("/access-log", headers=who).text

    assert "/api/cases/{case_id}" in page
    assert "Phone, Firefox" in page
    assert "about no file" not in page
    assert "Wat niet over een dossier gaat" in http.get("/access-log", headers=sign("admin")).text
    assert http.get("/access-log?from=2026-03-02&to=2026-03-01", headers=who).status_code == 422


def test_no_words_of_a_case_stand_in_the_log(runtime: Runtime, http: TestClient, sign: Sign) -> None:
    """Names of families and what was typed are nowhere in it."""
    store, who = runtime.store, sign("counselor")
    case = case_of(store, "counselor")
    with store.transaction() as session:
        row = session.get_one(Case, case)
        row.family = "Familie Kanariepiet"
        opening.open_debrief(
            session, runtime.protocol, case=row, account=account(session, "counselor"), mode="visit", language="nl",
            now=datetime.now(UTC),
        )  # fmt: skip
    for path in (f"/api/cases/{case}", "/api/cases", f"/cases/{case}?q=Kanariepiet", "/Kanariepiet"):
        http.get(path, headers=who)

    text = repr([vars(line) for line in logged(store)])
    assert "/cases/{case_id}" in text
    assert "Kanariepiet" not in text
