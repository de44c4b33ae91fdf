"""Words survive a reload, a lost connection, a second tab and an expired sign-in."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from tests.e2e.person import Person


def test_a_reload_shows_the_whole_conversation(counselor: Person) -> None:
    counselor.begin("Eik")
    counselor.tap("Nee, niemand")
    counselor.say("Daan was bij oma, die haalt hem altijd op woensdag")
    shown, key = counselor.page.locator(".bubble .words").all_inner_texts(), counselor.key()
    counselor.page.reload()
    assert counselor.page.locator(".bubble .words").all_inner_texts() == shown
    assert counselor.key() == key


def test_a_draft_survives_a_reload_and_goes_when_sent(counselor: Person) -> None:
    counselor.begin("Eik")
    counselor.tap("Nee, niemand")
    counselor.page.locator("#text").fill("half een zin over Daan")
    counselor.page.reload()
    expect(counselor.page.locator("#text")).to_have_value("half een zin over Daan")
    counselor.say("half een zin over Daan, en nu heel")
    counselor.page.reload()
    expect(counselor.page.locator("#text")).to_have_value("")


def test_without_a_connection_words_wait_and_are_sent_once(counselor: Person) -> None:
    counselor.begin("Eik")
    counselor.context.set_offline(True)
    counselor.type("nee, niemand in gevaar")
    expect(counselor.page.locator("[data-fate]")).to_contain_text("Bewaard op dit toestel")
    expect(counselor.page.locator(".bubble.you.waiting")).to_have_count(1)
    counselor.context.set_offline(False)
    expect(counselor.page.locator("[data-fate]")).to_be_hidden(timeout=10_000)
    counselor.page.reload()
    expect(counselor.page.locator(".bubble.you", has_text="nee, niemand in gevaar")).to_have_count(1)
    expect(counselor.page.locator(".bubble.you.waiting")).to_have_count(0)


def test_words_without_a_connection_survive_a_reload(counselor: Person) -> None:
    counselor.begin("Eik")
    counselor.page.route("**/say", lambda route: route.abort())
    counselor.type("nee, niemand")
    expect(counselor.page.locator("[data-fate]")).to_be_visible()
    counselor.page.unroute("**/say")
    counselor.page.reload()
    counselor.answered()
    expect(counselor.page.locator(".bubble.you", has_text="nee, niemand")).to_have_count(1)
    assert counselor.key() != "A1"


def test_an_answer_that_got_lost_on_its_way_back_is_one_turn(counselor: Person) -> None:
    counselor.begin("Eik")
    lost: list[bool] = []

    def lose_first(route: Route) -> None:
        response = route.fetch()
        if lost:
            route.fulfill(response=response)
        else:
            lost.append(True)
            route.abort()

    counselor.page.route("**/say", lose_first)
    counselor.type("nee, niemand")
    expect(counselor.page.locator("[data-fate]")).to_be_visible()
    expect(counselor.page.locator("[data-fate]")).to_be_hidden(timeout=10_000)
    counselor.page.reload()
    expect(counselor.page.locator(".bubble.you")).to_have_count(1)


def test_two_tabs_do_not_answer_each_others_question(counselor: Person) -> None:
    path = counselor.begin("Eik")
    other = counselor.tab()
    other.goto(path)
    counselor.tap("Nee, niemand")
    key = counselor.key()
    expect(other.locator("[data-key]").last).to_have_attribute("data-key", key)
    expect(other.locator(".bubble.you")).to_have_count(1)


def test_an_expired_sign_in_keeps_the_words_and_comes_back(counselor: Person) -> None:
    path = counselor.begin("Eik")
    counselor.context.clear_cookies()
    counselor.type("nee, niemand")
    fate = counselor.page.locator("[data-fate]")
    expect(fate).to_contain_text("niet meer aangemeld")
    fate.get_by_role("link", name="Aanmelden").click()
    counselor.page.locator("#username").fill("counselor")
    counselor.page.locator("#password").fill("demo-counselor")
    counselor.page.get_by_role("button", name="Aanmelden").click()
    counselor.page.wait_for_url(re.compile(path))
    counselor.answered()
    expect(counselor.page.locator(".bubble.you", has_text="nee, niemand")).to_have_count(1)
    assert counselor.key() != "A1"


def test_while_the_assistant_is_away_words_are_kept_and_can_be_sent_again(counselor: Person) -> None:
    problem = {"status": 503, "detail": "Dat is bewaard.", "kept": True}
    counselor.begin("Eik")
    counselor.page.route("**/say", lambda route: route.fulfill(status=503, json=problem))
    counselor.type("nee, niemand")
    fate = counselor.page.locator("[data-fate]")
    expect(fate).to_contain_text("Bewaard. Het antwoord komt")
    counselor.page.unroute("**/say")
    fate.get_by_role("button", name="Nu proberen").click()
    counselor.answered()
    expect(counselor.page.locator(".bubble.you")).to_have_count(1)


def test_what_is_too_long_comes_back_into_the_field(counselor: Person) -> None:
    counselor.begin("Eik")
    words = "x" * 10_001
    counselor.type(words)
    expect(counselor.page.locator("[data-fate]")).to_contain_text("te lang")
    expect(counselor.page.locator("#text")).to_have_value(words)
    expect(counselor.page.get_by_role("button", name="Nee, niemand")).to_be_visible()
