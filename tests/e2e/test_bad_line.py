"""One bar of signal: little to load, nothing loaded twice, and an honest page when there is no line at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

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


def test_a_slow_line_with_a_long_way_sends_a_message_once(counselor: Person) -> None:
    counselor.begin("Eik", "short")
    line = counselor.context.new_cdp_session(counselor.page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 800, "downloadThroughput": 25_000, "uploadThroughput": 25_000}
    line.send("Network.emulateNetworkConditions", slow)

    counselor.say("nee, niemand")

    expect(counselor.log.locator(".bubble.you")).to_have_count(1)
    assert counselor.key() != "A1"


def test_without_a_line_a_page_says_so_and_whom_to_phone(visitor: Callable[..., Person]) -> None:
    counselor = visitor(worker=True)
    counselor.sign_in("counselor")
    page = counselor.page
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    counselor.context.set_offline(True)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Geen verbinding")
    expect(page.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    expect(page.get_by_text("Noor")).to_have_count(0)
    counselor.context.set_offline(False)
    page.get_by_role("link", name="Probeer opnieuw").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Geen verbinding")


def _without_place(cookies: list[Any]) -> list[Any]:
    return [{"name": one["name"], "value": one["value"]} for one in cookies]
