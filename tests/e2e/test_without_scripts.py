"""Where no script runs (an old phone, a strict browser) everything still works, by plain forms."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.person import Person


def test_a_debrief_and_an_acknowledgement(visitor: Callable[..., Person]) -> None:
    counselor, supervisor = visitor("nl", scripts=False), visitor("nl", scripts=False)
    counselor.sign_in("counselor")
    counselor.begin("Berk")
    counselor.page.get_by_role("button", name="Nee, niemand").click()
    yara = counselor.page.get_by_role("group", name="Yara")
    yara.get_by_role("radio", name="Niet gezien").check()
    counselor.page.get_by_role("button", name="Klaar").click()
    expect(counselor.page.locator(".bubble.you").last).to_contain_text("Yara: Niet gezien")
    counselor.type("Moeder zegt dat ze niet meer wil leven.")
    expect(counselor.danger.get_by_role("link", name="112")).to_be_visible()

    supervisor.sign_in("supervisor")
    waiting = supervisor.page.get_by_role("button", name="Ik heb het")
    before = waiting.count()
    waiting.first.click()
    expect(waiting).to_have_count(before - 1)


def test_the_assistant_on_the_home_page(visitor: Callable[..., Person]) -> None:
    counselor = visitor("nl", scripts=False)
    counselor.sign_in("counselor")
    counselor.page.get_by_role("button", name="Welke meldingen staan open?").click()
    expect(counselor.log.locator(".bubble.pluis")).to_have_count(1)
