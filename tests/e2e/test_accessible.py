"""axe finds nothing, on any page, in light and in dark, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.person import Person

LOOKS = [("nl", True), ("en", False)]  # language, dark
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


def faults(page: Page) -> list[str]:
    page.wait_for_load_state()  # a click may have left for another page
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


@pytest.mark.slow
@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_pages_of_a_counselor(visitor: Callable[..., Person], language: str, dark: bool) -> None:
    person = visitor(language, dark=dark)
    page = person.page
    page.goto("/sign-in")
    assert faults(page) == []
    page.locator("form[action='/sign-in'] button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []
    person.sign_in("counselor")
    for details in page.locator("article details").all():
        details.locator("summary").click()
    assert faults(page) == []
    page.get_by_role("link", name=re.compile("Iep")).click()
    assert faults(page) == []
    page.goto("/nothing-here")
    assert faults(page) == []


@pytest.mark.slow
@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_a_conversation(visitor: Callable[..., Person], language: str, dark: bool) -> None:
    person = visitor(language, dark=dark)
    person.sign_in("counselor")
    person.begin("Berk")
    assert faults(person.page) == []
    person.page.locator(".danger-button").click()
    assert faults(person.page) == []
    person.page.keyboard.press("Escape")
    person.tap({"nl": "Nee, niemand", "en": "No, nobody"}[language])
    assert faults(person.page) == []
    person.say(
        {"nl": "Moeder zegt dat ze niet meer wil leven.", "en": "Mum says she does not want to live any more."}[
            language
        ]
    )
    expect(person.danger).to_be_visible()
    person.page.locator(".standing > summary").click()
    assert faults(person.page) == []
    person.page.locator(".tools > summary").click()
    assert faults(person.page) == []


@pytest.mark.slow
@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_pages_of_a_supervisor(visitor: Callable[..., Person], language: str, dark: bool) -> None:
    counselor = visitor("nl")
    counselor.sign_in("counselor")
    path = counselor.begin("Eik", "short")
    counselor.say("Moeder zegt dat ze niet meer wil leven.")
    person = visitor(language, dark=dark)
    person.sign_in("supervisor")
    page = person.page
    page.locator("[data-alert] summary").first.click()
    assert faults(page) == []
    page.locator("[data-decision] button.main").first.click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []
    page.goto(f"{path}/read")
    assert faults(page) == []


@pytest.mark.slow
@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_the_rota(visitor: Callable[..., Person], language: str, dark: bool) -> None:
    person = visitor(language, dark=dark)
    person.sign_in("supervisor")
    page = person.page
    page.goto("/rota")
    for summary in page.locator("main summary").all():
        summary.click()
    assert faults(page) == []
    page.locator("form[action$='/on-call'] button.main").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("who", ["quality", "trainer", "admin"])
def test_pages_of_others(visitor: Callable[..., Person], who: str) -> None:
    person = visitor("nl")
    person.sign_in(who)
    assert faults(person.page) == []


def test_the_end_of_a_debrief(counselor: Person) -> None:
    counselor.begin("Eik", "short")
    counselor.finish()
    assert faults(counselor.page) == []
