"""A whole debrief, by thumb and by typing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person

FIRST = {"nl": "Is er op dit moment iemand in gevaar", "en": "Is anyone in danger right now"}
NOBODY = {"nl": "Nee, niemand", "en": "No, nobody"}
WHY = {"nl": "Waarom vraag je dit", "en": "Why do you ask this"}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_quiet_visit_from_the_card_to_the_note(visitor: Callable[..., Person], language: str) -> None:
    person = visitor(language)
    person.sign_in("counselor")
    person.begin("Eik")
    expect(person.log).to_contain_text(FIRST[language])
    assert person.finish() <= 40
    note = person.page.locator(".note")
    expect(note).to_contain_text("P-1001")
    expect(person.page.locator("[data-dock]")).to_be_hidden()
    person.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=person.url)
    note.get_by_role("button").click()
    assert person.page.evaluate("navigator.clipboard.readText()").startswith("# ")
    person.page.reload()
    expect(person.page.locator(".note")).to_contain_text("P-1001")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_typed_words_answer_as_buttons_do(visitor: Callable[..., Person], language: str) -> None:
    person = visitor(language)
    person.sign_in("counselor")
    person.begin("Eik")
    person.say({"nl": "nee, niemand", "en": "no, nobody"}[language])
    assert person.key() != "A1"
    person.say({"nl": "ja, gezien", "en": "yes, seen"}[language])
    assert not person.key().startswith("B1")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_menu_asks_why_and_goes_back(visitor: Callable[..., Person], language: str) -> None:
    person = visitor(language)
    person.sign_in("counselor")
    person.begin("Eik")
    person.tap(NOBODY[language])
    before = person.key()
    for title, key in ((WHY[language], before), ({"nl": "Terug", "en": "Back"}[language], "A1")):
        person.page.locator(".tools > summary").click()
        person.tap(title)
        assert person.key() == key


def test_pause_now_and_go_on_from_the_card(counselor: Person) -> None:
    path = counselor.begin("Linde")
    counselor.tap(NOBODY["nl"])
    before = counselor.key()
    counselor.page.locator(".tools > summary").click()
    counselor.tap("Pauze")
    counselor.page.goto("/")
    card = counselor.page.locator("article", has_text="Linde")
    card.get_by_role("link", name="Verder gaan").click()
    counselor.page.wait_for_url(re.compile(path))
    assert counselor.key() == before


def test_the_short_form_ends_too(counselor: Person) -> None:
    counselor.begin("Eik", "short")
    assert counselor.finish() <= 12


def test_a_list_of_children_is_ticked_one_by_one(counselor: Person) -> None:
    counselor.begin("Berk")
    counselor.tap(NOBODY["nl"])
    yara = counselor.page.get_by_role("group", name="Yara")
    expect(yara.get_by_role("radio", name="Gezien", exact=True)).to_be_checked()
    yara.get_by_role("radio", name="Sliep").check()
    counselor.tap("Klaar")
    expect(counselor.page.locator(".bubble.you").last).to_contain_text("Yara: Sliep")
    counselor.page.reload()
    expect(counselor.page.locator(".bubble.you").last).to_contain_text("Yara: Sliep")


def test_with_the_keyboard_alone(visitor: Callable[..., Person]) -> None:
    person = visitor("nl", phone=False)
    person.sign_in("counselor")
    person.begin("Eik")
    page = person.page
    page.get_by_role("button", name=NOBODY["nl"]).focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    person.answered()
    expect(page.locator("[data-choices]").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    person.answered()
    page.locator("#text").focus()
    page.keyboard.type("eerste regel")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("tweede regel")
    page.keyboard.press("Enter")
    person.answered()
    expect(page.locator(".bubble.you").last).to_contain_text("eerste regel")
    page.locator(".danger-button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="112")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".danger-button")).to_be_focused()


def test_outside_a_debrief_words_are_answered_too(visitor: Callable[..., Person]) -> None:
    person = visitor("nl")
    person.sign_in("counselor")
    person.say("hoi")
    expect(person.log).to_contain_text("Kom je van een bezoek")
    assert person.complaints == []


def test_what_is_typed_as_html_is_shown_as_text(counselor: Person) -> None:
    words = "<img src=x onerror=alert(1)><script>alert(2)</script> \u202eomgekeerd"
    counselor.begin("Eik")
    counselor.page.on("dialog", lambda dialog: counselor.complaints.append(dialog.message))
    for _ in range(2):
        counselor.type(words)
        expect(counselor.page.locator(".bubble.you").last).to_contain_text("<script>alert(2)</script>")
        counselor.answered()
        counselor.page.reload()
        expect(counselor.page.locator(".bubble.you").last).to_contain_text("<script>alert(2)</script>")
    assert counselor.page.locator("main img").count() == 0
