"""What a family is about does not stay behind in the browser after signing out."""

from __future__ import annotations

import re
import secrets

from playwright.sync_api import expect

from tests.e2e.person import Person

EVERYTHING_KEPT = """async () => JSON.stringify([
    Object.entries(localStorage), Object.entries(sessionStorage), document.cookie, location.href, history.state,
    window.name, await indexedDB.databases(),
    await Promise.all((await caches.keys()).map(async (name) =>
        (await (await caches.open(name)).keys()).map((request) => request.url))),
])"""


def test_the_canary_is_not_kept_by_the_browser_after_signing_out(counselor: Person) -> None:
    page, word = counselor.page, f"kanarie{secrets.token_hex(4)}"
    path = counselor.begin()
    counselor.tap("Nee, niemand")
    counselor.say(f"Daan speelde met {word}")
    page.locator("#text").fill(f"en een half woord over {word}")
    assert word in page.evaluate(EVERYTHING_KEPT), "a draft is kept while somebody is signed in"
    page.goto("/")
    page.locator("summary", has_text="Noor").click()
    page.get_by_role("button", name="Afmelden").click()
    expect(page).to_have_url(re.compile("/sign-in"))

    assert word not in page.evaluate(EVERYTHING_KEPT)
    assert word not in str(counselor.context.storage_state(indexed_db=True))
    for back in (page.go_back, page.go_back, lambda: page.goto(path)):
        back()
        assert word not in page.content()
    expect(page).to_have_url(re.compile("/sign-in"))
