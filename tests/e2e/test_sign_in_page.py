"""Who comes in, and what somebody reads who does not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person

TRIES = 5
HEADINGS = {"nl": "Wie heb je bezocht?", "en": "Whom did you visit?"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_counselor_sees_her_families_in_her_language(visitor: Callable[..., Person], language: str) -> None:
    person = visitor(language)
    person.sign_in("counselor")
    expect(person.page.get_by_role("heading", name=HEADINGS[language])).to_be_visible()
    expect(person.page.locator("html")).to_have_attribute("lang", language)
    assert person.page.locator("article.case-card").count() >= 4


def test_the_language_can_be_chosen_before_signing_in(visitor: Callable[..., Person]) -> None:
    page = visitor("nl").page
    page.goto("/sign-in")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_what_is_missing_is_said_above_the_form_and_tied_to_the_field(visitor: Callable[..., Person]) -> None:
    page = visitor("nl").page
    page.goto("/sign-in")
    page.get_by_role("button", name="Aanmelden").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Vul je wachtwoord in").click()
    expect(page.locator("#password")).to_be_focused()
    expect(page.locator("#password")).to_have_accessible_description("Vul je wachtwoord in")


def test_the_session_cookie_is_out_of_reach_of_scripts(counselor: Person) -> None:
    cookie = next(c for c in counselor.context.cookies() if c.get("name") == "pluis_session")
    assert cookie.get("httpOnly")
    assert cookie.get("sameSite") == "Lax"


def test_too_many_tries_are_answered_in_plain_words(visitor: Callable[..., Person]) -> None:
    person = visitor("en")
    for _ in range(TRIES):
        person.sign_in("trainee", "not the password")
    summary = person.page.get_by_role("alert")
    expect(summary).to_contain_text(re.compile(r"closed until \d\d:\d\d"))
    person.sign_in("trainee", "demo-trainee")
    expect(person.page.get_by_role("alert")).to_contain_text("Too many tries")


def test_signing_out_forgets_what_was_typed_on_this_device(counselor: Person) -> None:
    page = counselor.page
    counselor.begin()
    page.locator("#text").fill("dit is van mij")
    page.goto("/")
    page.locator("summary", has_text="Noor").click()
    page.get_by_role("button", name="Afmelden").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('pluis.'))") == []
    page.goto("/")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_an_unknown_page_says_so_and_leads_back(counselor: Person) -> None:
    page = counselor.page
    page.goto("/cases/999999")
    expect(page.get_by_role("heading", level=1)).to_have_text("Niet gevonden")
    page.get_by_role("link", name="Naar het begin").click()
    expect(page.get_by_role("heading", name=HEADINGS["nl"])).to_be_visible()
