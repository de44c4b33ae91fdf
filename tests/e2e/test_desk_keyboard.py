"""The desk without a mouse: what is focused can be seen, the order is that of the page, and nothing holds the focus."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.person import Person

PATHS = ("/inbox", "/team", "/search", "/reflection", "/cases/2", "/cases/2/assessment", "/audit")
STOPS = "a[href], button, input, select, textarea, summary, [tabindex]"
WHERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const shown = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const before = window.last && window.last !== one
    ? !!(window.last.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING) : false;
  window.last = one;
  return {name: one.outerHTML.slice(0, 90), marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
          shown, back: before, first: one.matches(".skip")};
}"""


def walk(page: Page) -> int:
    """Tab through a page until its end: everything is marked, in sight, and in the order of the page."""
    most = page.locator(STOPS).count() + 1  # other tests leave alerts here, so no number is known beforehand
    for number in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(WHERE)
        if found is None or (number and found["first"]):  # out of the page, or round it
            return number
        assert found["marked"], found["name"]
        assert found["shown"], found["name"]
        assert not found["back"], found["name"]
    raise AssertionError(f"No end after {most} stops: {found}")


@pytest.mark.parametrize(("who", "paths"), [("supervisor", PATHS[:-1]), ("quality", PATHS[-1:])])
def test_every_stop_of_a_page_of_the_desk_is_seen_and_none_is_a_trap(
    visitor: Callable[..., Person], who: str, paths: tuple[str, ...]
) -> None:
    person = visitor(phone=False)
    person.sign_in(who)
    for path in paths:
        person.page.goto(path)
        assert walk(person.page) >= 5, path


def test_the_first_stop_leads_past_the_header(visitor: Callable[..., Person]) -> None:
    person = visitor(phone=False)
    person.sign_in("supervisor")
    person.page.goto("/team")
    person.page.keyboard.press("Tab")
    expect(person.page.locator(".skip")).to_be_focused()
    person.page.keyboard.press("Enter")
    expect(person.page.locator("main")).to_be_focused()
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_supervisor_opens_and_closes_what_a_case_holds(visitor: Callable[..., Person]) -> None:
    person = visitor(phone=False)
    person.sign_in("supervisor")
    page = person.page
    page.goto("/cases/2")
    someone = page.locator(".who-list summary").first
    someone.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".who-list details").first).to_have_attribute("open", "")
    page.keyboard.press("Space")
    expect(page.locator(".who-list details").first).not_to_have_attribute("open", re.compile(".*"))
    menu = page.locator(".menu > summary")
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".menu-box a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()


def test_a_family_is_found_from_the_keyboard_alone(visitor: Callable[..., Person]) -> None:
    person = visitor(phone=False)
    person.sign_in("supervisor")
    page = person.page
    page.goto("/search")
    page.locator("main input[type=search], main input[name=text]").first.focus()
    page.keyboard.type("zoe")
    page.keyboard.press("Enter")
    found = page.get_by_role("link", name=re.compile("Berk"))
    expect(found).to_be_visible()
    found.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Berk")
