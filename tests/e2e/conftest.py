"""A real browser, phone-sized, on the running system."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.person import Person

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives the running system with a browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed (apt-get install chromium)."))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each person in them has a context of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visitor(browser: Browser, pluis_url: str) -> Iterator[Callable[..., Person]]:
    """Makes somebody with a phone (or a desk) in this language; whatever their browser complained of fails the test."""
    people: list[Person] = []

    def make(
        language: str = "nl", *, phone: bool = True, dark: bool = False, scripts: bool = True, worker: bool = False
    ) -> Person:
        people.append(Person(browser, pluis_url, language, phone=phone, dark=dark, scripts=scripts, worker=worker))
        return people[-1]

    yield make
    for person in people:
        person.context.close()
    assert [complaint for person in people for complaint in person.complaints] == []


@pytest.fixture
def counselor(visitor: Callable[..., Person]) -> Person:
    """A counselor who has just signed in on a phone, in Dutch."""
    person = visitor()
    person.sign_in("counselor")
    return person
