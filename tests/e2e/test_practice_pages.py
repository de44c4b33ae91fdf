"""Practice in a browser: from the list to looking back, and back to one question."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from pluis.web.texts import say
from tests.e2e.person import Person

TITLE = {"nl": "Verse bloemen", "en": "Clean windows"}
ASKED = {"nl": "Denk je weleens aan doodgaan?", "en": "Do you ever think of dying?"}
SAID = {"nl": "pillen van mijn moeder", "en": "my mother's pills"}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_whole_practice_visit(visitor: Callable[..., Person], language: str) -> None:
    person = visitor(language)
    person.sign_in("trainee")
    page = person.page
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name=say("training_link", language)).click()
    card = page.locator("article", has_text=TITLE[language])
    card.get_by_role("button").first.click()
    expect(page.locator(".practice-banner")).to_be_visible()
    page.locator("#question").fill(ASKED[language])
    page.get_by_role("button", name=say("training_ask", language), exact=True).click()
    expect(page.locator(".talk")).to_contain_text(SAID[language])
    page.get_by_role("button", name=say("training_debrief", language)).click()
    expect(page.locator(".practice-banner")).to_contain_text(say("training_banner", language))
    assert person.finish() <= 60
    page.reload()
    page.get_by_role("link", name=say("training_to_feedback", language)).click()
    expect(page.locator("h2").first).to_have_text(say("feedback_noticed", language))
    expect(page.locator("h2").nth(1)).to_have_text(say("feedback_not_asked", language))
    expect(page.locator(".feedback-level")).to_contain_text("L3")
    page.locator(".feedback-not_asked").get_by_role("button").first.click()
    expect(page.locator(".practice-banner")).to_be_visible()
    assert person.key().startswith("C1")


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
