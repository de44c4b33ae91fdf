"""One bar of signal: little to load, nothing loaded twice, and an honest page when there is no line at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.person import Person

MOST_BYTES = 60_000
# Address, size as it was packed, and bytes that came over the line for it.
LOADED = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map((one) => [one.name, one.encodedBodySize, one.transferSize])"""


def test_the_first_load_is_small_and_the_second_loads_no_file_again(visitor: Callable[..., Person]) -> None:
    person = visitor()
    person.sign_in("counselor")
    path = person.begin("Eik")
    fresh = visitor()
    fresh.context.add_cookies([{**one, "url": fresh.url} for one in _without_place(person.context.cookies())])

    fresh.page.goto(path)
    expect(fresh.page.locator("#text")).to_be_visible()
    assert 5_000 < sum(size for _, size, _ in fresh.page.evaluate(LOADED)) < MOST_BYTES

    fresh.page.reload()
    expect(fresh.page.locator("#text")).to_be_visible()
    again = [address for address, _, moved in fresh.page.evaluate(LOADED) if moved]
    assert [address for address in again if address.endswith((".css", ".js"))] == []


def slow(person: Person) -> None:
    """From now on 200 kbit/s, and 800 ms until anything comes."""
    line = person.context.new_cdp_session(person.page)
    line.send("Network.enable")
    limits = {"offline": False, "latency": 800, "downloadThroughput": 25_000, "uploadThroughput": 25_000}
    line.send("Network.emulateNetworkConditions", limits)


def test_a_slow_line_with_a_long_way_sends_a_message_once(counselor: Person) -> None:
    counselor.begin("Eik", "short")
    slow(counselor)

    counselor.say("nee, niemand")

    expect(counselor.log.locator(".bubble.you")).to_have_count(1)
    assert counselor.key() != "A1"


def test_on_a_line_that_drops_words_arrive_once_and_in_order(counselor: Person) -> None:
    counselor.begin("Eik")
    slow(counselor)
    tries: list[str] = []

    def drop(route: Route) -> None:
        """Of each message the first time nothing arrives, and the second time the answer gets lost."""
        message = route.request.post_data or ""
        tries.append(message)
        if tries.count(message) == 1:
            return route.abort("connectionreset")
        response = route.fetch()
        return route.abort("connectionreset") if tries.count(message) == 2 else route.fulfill(response=response)

    counselor.page.route("**/say", drop)
    said = ["nee, niemand", "Daan was bij oma", "weet ik niet"]
    for words in said:
        counselor.type(words)
    # A bubble waits no more for a moment whenever it is tried again: what counts is that the device keeps nothing.
    counselor.page.wait_for_function(
        "() => !Object.keys(localStorage).some((name) => name.startsWith('pluis.pending.'))", timeout=90_000
    )
    counselor.answered()

    assert len(tries) == 3 * len(said)
    counselor.page.reload()
    assert counselor.page.locator(".bubble.you .words").all_inner_texts() == said


def test_two_tabs_send_what_waits_once(counselor: Person) -> None:
    path = counselor.begin("Eik")
    other = counselor.tab()
    other.goto(path)
    counselor.context.set_offline(True)
    counselor.type("nee, niemand")
    expect(counselor.page.locator("[data-fate]")).to_be_visible()

    counselor.context.set_offline(False)
    other.reload()

    counselor.answered()
    expect(other.locator(".bubble.you.waiting")).to_have_count(0, timeout=15_000)
    for tab in (counselor.page, other):
        tab.reload()
        expect(tab.locator(".bubble.you")).to_have_count(1)


OFFLINE = {
    "nl": ("Geen verbinding", "Probeer opnieuw"),
    "en": ("No connection", "Try again"),
}


@pytest.mark.parametrize("language", OFFLINE)
def test_without_a_line_a_page_says_so_and_whom_to_phone(visitor: Callable[..., Person], language: str) -> None:
    title, again = OFFLINE[language]
    counselor = visitor(language, worker=True)
    counselor.sign_in("counselor" if language == "nl" else "counselor2")
    page = counselor.page
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    counselor.context.set_offline(True)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    expect(page.get_by_text("Noor")).to_have_count(0)
    counselor.context.set_offline(False)
    page.get_by_role("link", name=again).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(title)


def test_a_reload_without_a_line_loses_no_words(visitor: Callable[..., Person]) -> None:
    counselor = visitor(worker=True)
    counselor.sign_in("counselor")
    page = counselor.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    counselor.begin("Eik")
    counselor.context.set_offline(True)
    counselor.type("nee, niemand")
    expect(page.locator("[data-fate]")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Geen verbinding")

    counselor.context.set_offline(False)
    page.get_by_role("link", name="Probeer opnieuw").click()

    counselor.answered()
    expect(page.locator(".bubble.you", has_text="nee, niemand")).to_have_count(1)
    assert counselor.key() != "A1"


def test_pluis_can_be_put_on_the_home_screen(visitor: Callable[..., Person]) -> None:
    counselor = visitor(worker=True)
    counselor.sign_in("counselor")
    line = counselor.context.new_cdp_session(counselor.page)
    manifest = line.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert '"display":"standalone"' in manifest["data"].replace(" ", "")
    faults = line.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A private window can install nothing; that is all it complains of.
    assert [fault["errorId"] for fault in faults if fault["errorId"] != "in-incognito"] == []


def _without_place(cookies: list[Any]) -> list[Any]:
    return [{"name": one["name"], "value": one["value"]} for one in cookies]
