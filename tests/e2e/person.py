"""Somebody with a browser: does what a person does, and waits for what a person waits for."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.support.quiet import quiet_answer

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
MOST_ANSWERS = 90
# What the browser itself says about an answer that is not 200; the page shows it in words.
EXPECTED = re.compile(r"Failed to load resource|net::ERR_INTERNET_DISCONNECTED|ERR_CONNECTION")
SIGN_IN = {"nl": "Aanmelden", "en": "Sign in"}
SEND = {"nl": "Versturen", "en": "Send"}
DONE = {"nl": "Klaar", "en": "Done"}
MODES = {
    "nl": {"visit": r"Nabespreken|Nieuw gesprek", "short": "Kort"},
    "en": {"visit": r"Debrief|New debrief", "short": "Short"},
}


class Person:
    """`complaints` are errors of scripts and refusals of the content-security policy."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        language: str,
        *,
        phone: bool,
        dark: bool,
        scripts: bool = True,
        worker: bool = False,
    ) -> None:
        self.url, self.language = url, language
        self.complaints: list[str] = []
        self.context = browser.new_context(
            **(PHONE if phone else DESK),  # type: ignore[arg-type]
            base_url=url,
            locale="en-GB" if language == "en" else "nl-NL",
            java_script_enabled=scripts,
            # A worker stands between a page and what a test puts in the place of the server.
            service_workers="allow" if worker else "block",
            color_scheme="dark" if dark else "light",
        )
        self.page = self.tab()

    def tab(self) -> Page:
        """Another tab of the same browser."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.complaints.append(message.text)

    def sign_in(self, username: str, password: str | None = None) -> None:
        """Sign in, and make the account speak this person's language."""
        self.page.goto("/sign-in")
        self.page.locator("#username").fill(username)
        self.page.locator("#password").fill(password or f"demo-{username}")
        self.page.get_by_role("button", name=SIGN_IN[self.language]).click()
        if password is None:
            expect(self.page).not_to_have_url(re.compile("sign-in"))
            self.speak(self.language)

    def speak(self, language: str) -> None:
        """Switch the language of the account, when it is another one."""
        if self.page.locator("html").get_attribute("lang") != language:
            self.page.locator("summary", has_text="Demo").click()
            self.page.get_by_role("button", name="English" if language == "en" else "Nederlands").click()
        expect(self.page.locator("html")).to_have_attribute("lang", language)

    def begin(self, family: str = "Eik", mode: str = "visit") -> str:
        """A new debrief from the card of a family; returns its path."""
        self.page.goto("/")
        card = self.page.locator("article", has_text=family)
        card.get_by_role("button", name=re.compile(MODES[self.language][mode])).click()
        self.page.wait_for_url(re.compile("/debriefs/"))
        return self.page.url.removeprefix(self.url).partition("#")[0]

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def danger(self) -> Locator:
        return self.page.locator(".bubble.danger")

    def key(self) -> str:
        """The key of the question that is open."""
        return self.page.locator("[data-key]").last.get_attribute("data-key") or ""

    def type(self, words: str) -> None:
        """Type words and send them, without waiting for an answer."""
        self.page.locator("#text").fill(words)
        self.page.get_by_role("button", name=SEND[self.language]).click()

    def say(self, words: str) -> None:
        self.type(words)
        self.answered()

    def tap(self, title: str) -> None:
        self.page.get_by_role("button", name=title, exact=True).click()
        self.answered()

    def answered(self) -> None:
        """Until nothing is on its way any more."""
        expect(self.page.locator("[data-typing]")).to_be_hidden(timeout=15_000)
        expect(self.page.locator("[data-fate]")).to_be_hidden()

    @property
    def done(self) -> bool:
        return self.page.locator("[data-after]").is_visible()

    def answer_quietly(self) -> None:
        """Answer the open question as on an ordinary visit: a button where there is one, else words."""
        key = self.key()
        buttons = [
            {"value": one.get_attribute("value") or ""}
            for one in self.page.locator('[data-choices] button[name="text"]').all()
        ]
        said = quiet_answer({"key": key, "buttons": buttons}, self.language)
        button = self.page.locator(f'[data-choices] button[value="{said}"]')
        if button.count():
            button.first.click()
        elif self.page.locator(f'[data-choices] input[name="pick"][value="{said.partition("=")[2]}"]').count():
            self.page.locator(f'[data-choices] label:has(input[value="{said.partition("=")[2]}"])').click()
            self.page.get_by_role("button", name=DONE[self.language], exact=True).click()
        elif self.page.locator("[data-choices] fieldset").count():
            self.page.get_by_role("button", name=DONE[self.language], exact=True).click()
        else:
            assert "=" not in said, f"{key} has no button {said}"
            self.page.locator("#text").fill(said)
            self.page.get_by_role("button", name=SEND[self.language]).click()
        self.answered()

    def finish(self) -> int:
        """Answer quietly until the debrief is done; returns the number of answers it took."""
        for number in range(MOST_ANSWERS):
            if self.done:
                return number
            self.answer_quietly()
        raise AssertionError(f"Not done after {MOST_ANSWERS} answers; open is {self.key()}.")
