"""Own progress, consent that can be taken back, what a trainer may see of a group, and hours on paper."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from markupsafe import escape
from pypdf import PdfReader

from pluis.runtime import Runtime
from pluis.store.people import by_username
from pluis.web.texts import say
from tests.support.databases import NOW
from tests.support.practice import Client, Trainee, sign_in

# SQL that is the same on both databases; the migrations are tested on both.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
GROUP = ("trainee", "counselor", "supervisor")


@pytest.fixture
def client(runtime: Runtime) -> Client:
    return Client(runtime)


def text(name: str, language: str = "nl", **values: object) -> str:
    return str(escape(say(name, language, **values)))


def number_of(runtime: Runtime, username: str) -> int:
    with runtime.store.reading() as session:
        found = by_username(session, username)
        assert found is not None
        return found.id


def test_the_own_progress_and_the_hours(runtime: Runtime, client: Client) -> None:
    me = sign_in(client, "trainee")
    assert text("progress_none_yet") in client.get("/training/progress", headers=me).text
    Trainee(runtime, "fresh_flowers", now=NOW - timedelta(days=30)).debriefs()
    shown = client.get("/training/progress", headers=me).text

    assert text("progress_begun") in shown
    assert 'role="img"' in shown
    assert text("next_back", strand="doorvragen") in shown
    assert text("next_back", strand="doorvragen") in client.get("/training", headers=me).text
    paper = client.get("/training/certificate.pdf?from=2000-01-01&to=2100-01-01", headers=me)
    assert paper.headers["content-type"] == "application/pdf"
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    for words in ("Tijn Demo", "Verse bloemen", "niets over hoe goed"):
        assert words in " ".join(printed.split())
    assert client.get("/training/certificate.pdf?from=2026-02-02&to=2026-02-01", headers=me).status_code == 422


def test_a_trainer_sees_nobody_without_consent(runtime: Runtime, client: Client) -> None:
    Trainee(runtime, "fresh_flowers").debriefs()
    me, trainer = sign_in(client, "trainee"), sign_in(client, "trainer")
    page = f"/trainer/people/{number_of(runtime, 'trainee')}"
    statuses = [client.get(page, headers=trainer).status_code]
    for answer in ("yes", "yes", "no"):
        assert client.post("/training/progress/consent", headers=me, data={"consent": answer}).status_code == 303
        statuses.append(client.get(page, headers=trainer).status_code)

    assert statuses == [403, 200, 200, 403]
    for path in ("/trainer", "/trainer/calibration", page):
        assert client.get(path, headers=me).status_code == 403, path


def test_a_group_is_shown_from_three_people_on(runtime: Runtime, client: Client) -> None:
    for who in GROUP:
        Trainee(runtime, "fresh_flowers", who=who).debriefs()
    trainer = sign_in(client, "trainer")
    team = f"?team={number_of_team(runtime)}"
    for count, who in enumerate(GROUP, 1):
        client.post("/training/progress/consent", headers=sign_in(client, who), data={"consent": "yes"})
        spots = client.get(f"/trainer{team}", headers=trainer).text
        assert (text("trainer_missed", missed=3, of=3) in spots) == (count == 3)
    agreed = client.get(f"/trainer/calibration{team}", headers=trainer).text

    assert text("agreed_same") in agreed
    assert text("agreed_experts_yes") in agreed
    for shown in (spots, agreed):
        assert text("trainer_not_appraisal") in shown
    client.post("/training/progress/consent", headers=sign_in(client, "counselor"), data={"consent": "no"})
    assert text("trainer_too_few", fewest=3) in client.get(f"/trainer{team}", headers=trainer).text
    assert text("agreed_too_few", fewest=3) in client.get(f"/trainer/calibration{team}", headers=trainer).text


def test_a_trainer_asks_and_takes_back(runtime: Runtime, client: Client) -> None:
    me, trainer = sign_in(client, "trainee"), sign_in(client, "trainer")
    asked = {"team": str(number_of_team(runtime)), "vignette": "candles", "people": str(number_of(runtime, "trainee"))}

    def asks() -> bool:
        return text("next_assigned", who="Roos Demo") in client.get("/training", headers=me).text

    assert client.post("/trainer/assignments", headers=me, data=asked).status_code == 403
    assert client.post("/trainer/assignments", headers=trainer, data={**asked, "people": "999"}).status_code == 422
    assert not asks()
    for _twice in range(2):
        assert client.post("/trainer/assignments", headers=trainer, data=asked).status_code == 303
    assert asks()
    Trainee(runtime, "candles", now=NOW + timedelta(days=3650)).debriefs()
    assert not asks()
    # Done or not: without consent the trainer does not learn it.
    done = f'<span class="tag">{text("trainer_done")}</span>'
    assert done not in client.get(f"/trainer?team={asked['team']}", headers=trainer).text
    client.post("/trainer/assignments", headers=trainer, data={**asked, "withdraw": "yes"})
    assert text("trainer_asked_nothing") in client.get(f"/trainer?team={asked['team']}", headers=trainer).text


def number_of_team(runtime: Runtime) -> int:
    with runtime.store.reading() as session:
        found = by_username(session, "trainee")
        assert found is not None
        assert found.team_id is not None
        return found.team_id
