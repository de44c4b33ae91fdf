"""The organisation's own vignettes: checked like the files, and used only when a second person approved them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from pluis.runtime import Runtime
from pluis.settings import ROOT
from pluis.store.training_group import OwnVignette
from pluis.training import own
from pluis.web.texts import say
from tests.support.practice import Client, sign_in
from tests.support.quiet import answer
from tests.support.talk import Talk

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
TEXT = re.sub(r"(?m)^id:.*$", "", (ROOT / "data" / "vignettes" / "13_candles.yml").read_text())
TEXT = TEXT.replace("Kaarsjes", "Onze kaarsjes")


@pytest.fixture
def client(runtime: Runtime) -> Client:
    return Client(runtime)


def begin(client: Client, me: dict[str, str], **given: str) -> str:
    made = client.post("/vignettes", headers=me, data=given)
    assert made.status_code == 303, made.text
    return made.headers["location"]


def listed(client: Client, who: dict[str, str]) -> bool:
    return "Onze kaarsjes" in client.get("/api/training/vignettes", headers=who).text


def test_a_second_person_approves_before_anybody_practises(runtime: Runtime, client: Client) -> None:
    trainer, supervisor, trainee = (sign_in(client, who) for who in ("trainer", "supervisor", "trainee"))
    path = begin(client, trainer)
    assert "‹haar antwoord›" in client.get(path, headers=trainer).text
    wrong = client.post("/vignettes/check", headers=trainer, data={"text": TEXT.replace("level: L1", "level: L3")}).text
    assert "de regels komen met deze signalen op L1, niet op L3" in wrong
    assert say("vignette_in_order", "nl") in client.post("/vignettes/check", headers=trainer, data={"text": TEXT}).text

    assert client.post(path, headers=trainer, data={"text": TEXT, "do": "offer"}).status_code == 409
    assert client.get(path, headers=supervisor).status_code == 404
    assert client.post(path, headers=trainer, data={"text": TEXT, "do": "offer", "read": "yes"}).status_code == 303
    assert client.post(f"{path}/approve", headers=trainer).status_code == 409
    assert client.post(f"{path}/approve", headers=trainee).status_code == 403
    assert not listed(client, trainee)
    assert client.post(f"{path}/approve", headers=supervisor).status_code == 303
    assert listed(client, trainee)
    begun = client.post(f"/api/training/vignettes/{path.rpartition('/')[2]}", headers=trainee)
    assert begun.json()["title"] == "Onze kaarsjes"
    # A change takes it back, and the approval with it.
    client.post(path, headers=trainer, data={"text": TEXT, "do": "save"})
    assert not listed(client, trainee)


def test_a_trainer_begins_from_an_example_and_sees_the_line(client: Client) -> None:
    trainer = sign_in(client, "trainer")
    path = begin(client, trainer, like="candles")
    assert "title: Kaarsjes" in client.get(path, headers=trainer).text
    wrong = client.post("/vignettes/check", headers=trainer, data={"text": TEXT.replace("level: L1", "level: L3")}).text
    line = next(number for number, words in enumerate(TEXT.splitlines(), 1) if "level: L1" in words)
    assert f'data-line="{line}"' in wrong
    assert client.post("/vignettes", headers=trainer, data={"like": "nothing"}).status_code == 404


SAID = "Kees Jansen uit Utrecht was er ook, op 12 mei 2026. Lina huilde en zei dat Daan weinig slaapt."
OWN = "Ik sliep er zelf slecht van en was bang."


SAID_EN = (
    "Gareth Pugh from Swindon was there too, on 12 May 2026. Lina cried and said that Daan hardly sleeps. Ilse knows."
)
OWN_EN = "I slept badly over it and was afraid."


def test_a_vignette_from_an_english_visit_names_nobody(runtime: Runtime, client: Client) -> None:
    talk = debriefed(runtime, "en", {"C1": SAID_EN, "G2": OWN_EN})
    begin(client, sign_in(client, "counselor"), debrief=talk.id)
    with runtime.store.reading() as session:
        made = session.scalars(select(OwnVignette)).one().text
    assert "hardly sleeps" in made
    for name in ("Gareth", "Pugh", "Swindon", "12 May", "Lina", "Daan", "Ilse", "Eik", OWN_EN):
        assert name not in made, name


def debriefed(runtime: Runtime, language: str, given: dict[str, str]) -> Talk:
    talk = Talk(runtime, language=language)
    for _ in range(120):
        if talk.reply.state != "open":
            break
        talk.say(answer(talk.question, language, given))
    return talk


def test_a_vignette_from_a_real_visit_names_nobody(runtime: Runtime, client: Client) -> None:
    talk = debriefed(runtime, "nl", {"C1": SAID, "G2": OWN})
    counselor, supervisor = sign_in(client, "counselor"), sign_in(client, "supervisor")
    path = begin(client, counselor, debrief=talk.id)
    with runtime.store.reading() as session:
        made = session.scalars(select(OwnVignette)).one()

    assert "weinig slaapt" in made.text
    for name in ("Kees", "Jansen", "Utrecht", "12 mei", "Lina", "Daan", "Eik", OWN):
        assert name not in made.text, name
    assert own.faults(made.text, runtime.protocol)
    assert (
        client.post(path, headers=counselor, data={"text": made.text, "do": "offer", "read": "yes"}).status_code == 409
    )
    for other in (supervisor, sign_in(client, "trainer")):
        assert client.get(path, headers=other).status_code == 404
        assert client.post("/vignettes", headers=other, data={"debrief": talk.id}).status_code == 403


@pytest.mark.parametrize(
    "text", ["", "- a", "title: [", "a: &a [x]\nb: [*a, *a]", "[" * 500, "title: x\nscene: y", "title: !!python/name:os.system x"]
)  # fmt: skip
def test_no_text_breaks_the_check(runtime: Runtime, text: str) -> None:
    found = own.faults(text, runtime.protocol)
    assert found
    assert all(one.what and one.cure for one in found)
