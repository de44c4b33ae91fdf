"""Practice in a browser: three kinds of trainees look back, nothing leaves practice, and a story remembers.

Long stretches of answers go through the API; what a person sees and touches goes through the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pluis.dossier import audit
from pluis.dossier.audit import Period
from pluis.protocol.read import Protocol
from pluis.store.debriefs import SupportWish
from pluis.store.escalations import Escalation
from pluis.store.outgoing import Delivery
from pluis.web.texts import say
from tests.e2e.person import Person
from tests.support.api import Client, Visit
from tests.support.system import System

TITLE = {"nl": "Verse bloemen", "en": "Clean windows"}
FAMILY = {"nl": "Familie Els", "en": "The Alder family"}
ASKED = {"nl": "Denk je weleens aan doodgaan?", "en": "Do you ever think of dying?"}
SAID = {"nl": "pillen van mijn moeder", "en": "my mother's pills"}
MORE = {
    "nl": [("mother", "Wie is er dit weekend bij je?"), ("daughter", "Hoe is het met mama?")],
    "en": [("mother", "Who is around you this weekend?"), ("daughter", "How is mum?")],
}
ACUTE = {
    "nl": "Ze zei: zonder mij redden ze het toch niet, ik laat ze hier niet achter.",
    "en": "She said they'd never manage without her, and that she is not leaving them behind.",
}
FIGHT = {
    "nl": "Er is strijd over de omgang, over twee weken is de zitting en ze zegt dat Hugo ze niet krijgt.",
    "en": "There is a custody fight, the hearing is in two weeks.",
}
WORN = {"nl": "Moeder kan het niet meer aan, ze is op.", "en": "Mum can't cope any more, she is at the end."}
QUARREL = {"nl": "De strijd over geld en omgang loopt op.", "en": "The fight over money and contact is heating up."}
ANXIOUS = {"confirm": "yes", "G1": "=no", "F1": "=yes_but_nothing", "H2": "=raise", "H2a": "=l3"}
PERIOD = Period(date(2020, 1, 1), date(2040, 1, 1), ZoneInfo("Europe/Amsterdam"))


def practise(
    trainee: Client, vignette: str, asks: Sequence[tuple[str, str]] = (), given: Mapping[str, str] | None = None
) -> str:
    """A whole visit over the API; returns its id."""
    made = trainee.http.post(f"/api/training/vignettes/{vignette}").json()
    ask(trainee, made["id"], asks)
    begun = trainee.http.post("/api/debriefs", json={"mode": "training", "vignette_id": vignette})
    Visit(trainee, 0, made["language"], begun.json()).finish(given)
    return str(made["id"])


def ask(trainee: Client, visit: str, asks: Sequence[tuple[str, str]]) -> None:
    for who, words in asks:
        got = trainee.http.post(f"/api/training/visits/{visit}/ask", json={"who": who, "text": words})
        assert got.status_code == 200


def look_back(page: Page, visit: str) -> dict[str, str]:
    """The feedback as it is read: kind of part → its words, in the order of the page."""
    page.goto(f"/training/visits/{visit}/feedback")
    expect(page.locator(".practice-banner")).to_be_visible()
    parts = page.locator("section.feedback").all()
    return {(one.get_attribute("class") or "").rpartition("feedback-")[2]: one.inner_text() for one in parts}


def outside(system: System, protocol: Protocol) -> dict[str, Any]:
    """What people outside practice could notice; what time alone changes is left out."""
    with system.store() as store, store.reading() as session:
        report = audit.report(session, protocol, PERIOD, 1, 50, datetime.now(UTC))
        raised = set(session.scalars(select(Escalation.id)))
        assert set(session.scalars(select(Delivery.escalation_id))) <= raised
        return {
            "raised": raised,
            "wishes": set(session.scalars(select(SupportWish.id))),
            "audit": {name: part for name, part in report.items() if name not in ("made_at", "escalations")},
        }


@pytest.fixture
def trainee(visitor: Callable[..., Person], language: str) -> Person:
    """A trainee on a phone, in this language."""
    person = visitor(language)
    person.sign_in("trainee")
    return person


@pytest.mark.parametrize("language", ["nl", "en"])
def test_three_trainees_and_nothing_outside(trainee: Person, system: System, protocol: Protocol, language: str) -> None:
    before, page = outside(system, protocol), trainee.page
    with Client(system, "trainee") as api:
        perfect = _perfect(trainee, api, language)
        hasty = practise(api, "fresh_flowers")
        anxious = practise(api, "ordinary_wednesday", given={**ANXIOUS, "D1": WORN[language]})
    told = {
        kind: look_back(page, visit) for kind, visit in (("perfect", perfect), ("anxious", anxious), ("hasty", hasty))
    }

    for parts in told.values():
        assert [kind for kind in ORDER if kind in parts] == list(parts)
    assert say("feedback_all_asked", language) in told["perfect"]["not_asked"]
    assert ACUTE[language] in told["perfect"]["noticed"]
    assert not told["perfect"].keys() & {"missed", "over", "seen"}
    assert say("feedback_next_keep", language) in told["perfect"]["next"]
    assert ASKS_OF_HASTY[language] in told["hasty"]["not_asked"]
    assert WORDS_MISSED[language] in told["hasty"]["missed"]
    assert "over" not in told["hasty"]
    assert say("feedback_next_danger_first", language) in told["hasty"]["next"]
    assert WORN[language] in told["anxious"]["over"]
    assert "missed" not in told["anxious"]
    assert TOO_EARLY[language] in told["anxious"]["level"]
    assert say("feedback_next_own_words", language) in told["anxious"]["next"]
    _again(page, language)
    page.goto("/training/progress")
    expect(page.locator(".progress-picture svg").first).to_be_visible()
    expect(page.locator(".progress-picture .strand").first).to_have_text(say("strand_asking", language))
    assert outside(system, protocol) == before


ORDER = ("noticed", "not_asked", "missed", "over", "seen", "level", "todo", "learn", "next")
ASKS_OF_HASTY = {
    "nl": "Judith: of ze aan doodgaan denkt",
    "en": "Judith: whether she thinks of dying",
}
TOO_EARLY = {"nl": "Liever een keer te vroeg gebeld", "en": "Better to ring too early"}
WORDS_MISSED = {"nl": "Ik laat ze hier niet achter.", "en": "I'm not leaving them behind here."}


def _perfect(person: Person, api: Client, language: str) -> str:
    """Sees the scene, asks, types the acute words and is told whom to ring, all in the browser; returns the visit."""
    page = person.page
    page.goto("/training")
    page.locator("article", has_text=TITLE[language]).locator("form button").first.click()
    expect(page.locator("h1")).to_have_text(FAMILY[language])
    expect(page.locator(".practice-banner")).to_be_visible()
    visit = page.url.rpartition("/")[2].partition("#")[0]
    page.locator("#question").fill(ASKED[language])
    page.get_by_role("button", name=say("training_ask", language), exact=True).click()
    expect(page.locator(".talk")).to_contain_text(SAID[language])
    ask(api, visit, MORE[language])
    page.get_by_role("button", name=say("training_debrief", language)).click()
    expect(page.locator(".practice-banner")).to_contain_text(say("training_banner", language))
    id = page.url.rpartition("/")[2].partition("#")[0]
    debrief = Visit(api, 0, language, {"id": id, "state": "open", "messages": [{"key": "A1", "kind": "question"}]})
    debrief.say("A1=no")
    debrief.go_to("B3")
    shown = {one["label"]: one["id"] for one in debrief.question["items"]}
    debrief.say(f"B3/all={shown['Judith']}:spoken,{shown['Hugo']}:not_spoken")
    debrief.go_to("D1")
    page.reload()
    expect(page.locator(".practice-tag")).to_be_in_viewport()
    person.say(ACUTE[language])
    expect(person.danger.first).to_be_visible()
    expect(page.locator(".practice-tag")).to_be_in_viewport()
    debrief.reply = {"state": "open", "messages": debrief.conversation()}
    debrief.finish({"D1a": "=yes_children", "D3": FIGHT[language], "D3b": "=unknown", "confirm": "yes"})
    page.reload()
    # In the conversation itself, and on a page of its own with every point to try again from.
    expect(page.locator("[data-lookback] h2").first).to_have_text(say("feedback_noticed", language))
    page.get_by_role("link", name=say("training_to_feedback", language)).click()
    page.wait_for_url("**/feedback")
    expect(page.locator("h2").first).to_have_text(say("feedback_noticed", language))
    return visit


def _again(page: Page, language: str) -> None:
    """From the feedback back to one question; from any other too."""
    page.locator(".points summary").click()
    assert page.locator(".points button").count() > 15
    page.locator(".feedback-not_asked").get_by_role("button").first.click()
    expect(page.locator(".log")).to_contain_text(AGAIN[language])
    expect(page.locator(".practice-tag")).to_be_in_viewport()


AGAIN = {"nl": "opnieuw vanaf dit punt", "en": "again from this point"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_second_visit_of_a_story_remembers_the_first(trainee: Person, system: System, language: str) -> None:
    with Client(system, "trainee") as api:
        practise(api, "the_long_summer", given={"D3": QUARREL[language], "confirm": "yes", "D3b": "=unknown"})
        second = api.http.post("/api/training/vignettes/the_long_summer.2").json()["id"]
        trainee.page.goto(f"/training/visits/{second}")
        expect(trainee.page.get_by_role("heading", name=say("training_before", language))).to_be_visible()
        expect(trainee.page.locator("main")).to_contain_text(QUARREL[language])
        begun = api.http.post("/api/debriefs", json={"mode": "training", "vignette_id": "the_long_summer.2"}).json()
        debrief = Visit(api, 0, language, begun)
        debrief.go_to("H2")
        trainee.page.goto(f"/debriefs/{debrief.id}")
        expect(trainee.page.locator(".log")).to_contain_text(LAST_TIME[language])


LAST_TIME = {"nl": "Vorige keer was dat: L1", "en": "Last time it was: L1"}


def test_practice_shows_in_no_list_of_a_counselor(counselor: Person) -> None:
    page = counselor.page
    page.goto("/training")
    page.locator("article", has_text=TITLE["nl"]).get_by_role("button").first.click()
    page.get_by_role("button", name=say("training_debrief", "nl")).click()
    counselor.say("Ja, vader zei dat hij haar doodslaat, nu.")
    expect(counselor.danger.first).to_be_visible()
    page.goto("/")
    expect(page.locator("main")).not_to_contain_text("Familie Els")
    expect(page.locator("[data-alerts]")).not_to_contain_text("Els")


def test_a_trainer_who_writes_jumps_to_what_is_wrong(visitor: Callable[..., Person]) -> None:
    trainer = visitor("en", phone=False)
    trainer.sign_in("trainer")
    page = trainer.page
    page.goto("/vignettes")
    page.locator("#like").select_option("candles")
    page.get_by_role("button", name=say("vignettes_begin", "en"), exact=True).click()
    text = page.locator("#text")
    expect(page.locator(".in-order")).to_be_visible()
    text.fill(text.input_value().replace("level: L1", "level: L3"))
    page.locator("[data-line]").click()
    chosen = text.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert chosen.strip() == "level: L3"
    expect(page.locator("[data-lines] .wrong")).to_contain_text("level: L3")
