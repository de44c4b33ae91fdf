"""Something alarming: the numbers at once, a supervisor who sees it, a counselor who sees that."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person

ALARM = {"nl": "Moeder zegt dat ze niet meer wil leven.", "en": "Mum says she does not want to live any more."}
SOON = 2_000  # milliseconds


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_alarming_sentence_reaches_the_supervisor_and_comes_back(
    visitor: Callable[..., Person], language: str
) -> None:
    supervisor = visitor("nl", phone=False)
    supervisor.sign_in("supervisor")
    known = set(_alerts(supervisor))
    counselor = visitor(language)
    counselor.sign_in("counselor")
    counselor.begin("Iep")
    counselor.say(ALARM[language])

    expect(counselor.danger.get_by_role("link").first).to_have_attribute("href", "tel:112")
    assert counselor.danger.get_by_role("link").count() >= 2
    supervisor.page.wait_for_function(
        "known => [...document.querySelectorAll('[data-alert]')].some((card) => !known.includes(card.dataset.alert))",
        arg=list(known),
        timeout=SOON,
    )
    new = next(alert for alert in _alerts(supervisor) if alert not in known)
    card = supervisor.page.locator(f"#alert-{new}")
    expect(card).to_contain_text("acuut")
    expect(card).to_contain_text("niet bevestigd")
    expect(card.get_by_role("link", name=re.compile("Bel Noor"))).to_have_attribute("href", "tel:0600000001")
    expect(supervisor.page).to_have_title(re.compile(r"^\(\d+\)"))
    expect(supervisor.page.get_by_role("status")).to_contain_text("Nieuwe melding")

    card.get_by_role("button", name="Ik heb het").click()
    seen = {"nl": r"Ilse Demo heeft het gezien, \d\d:\d\d", "en": r"Ilse Demo has seen it, \d\d:\d\d"}[language]
    expect(counselor.page.locator(".seen-line")).to_have_text(re.compile(seen), timeout=SOON)
    counselor.page.reload()
    expect(counselor.page.locator(".seen-line")).to_have_text(re.compile(seen))

    _decide(supervisor, new)


def _decide(supervisor: Person, alert: str) -> None:
    card = supervisor.page.locator(f"#alert-{alert}")
    card.get_by_text("Besluit vastleggen").click()
    card.get_by_role("button", name="Vastleggen").click()
    expect(supervisor.page.get_by_role("alert")).to_contain_text("waarom")
    card.get_by_label("Waarom, in één zin").fill("Moeder is bij de huisarts, oma is bij de kinderen.")
    card.get_by_label("Wat gebeurt er nu").select_option("safety_plan")
    card.get_by_label("Wie vertelt het").fill("Noor")
    card.get_by_role("button", name="Vastleggen").click()
    supervisor.page.get_by_text("Besloten (").click()
    done = supervisor.page.locator(f"#alert-{alert}")
    expect(done).to_contain_text("oma is bij de kinderen")
    expect(done).to_contain_text("Veiligheidsplan")


def test_the_danger_button_shows_the_numbers_without_a_network(counselor: Person) -> None:
    counselor.begin("Eik")
    counselor.context.set_offline(True)
    counselor.page.locator(".danger-button").click()
    expect(counselor.page.get_by_role("link", name="112")).to_be_visible()
    counselor.page.get_by_role("button", name="Ja, laat het ze weten").click()
    expect(counselor.page.locator("[data-fate]")).to_contain_text("Bewaard op dit toestel")
    counselor.context.set_offline(False)
    expect(counselor.danger).to_contain_text("bericht naar", timeout=10_000)


def test_danger_on_the_home_page(counselor: Person) -> None:
    counselor.say("er is nu gevaar")
    expect(counselor.danger.get_by_role("link", name="112")).to_be_visible()


def test_the_home_page_tells_that_somebody_has_seen_it(visitor: Callable[..., Person]) -> None:
    counselor, supervisor = visitor("nl"), visitor("nl")
    counselor.sign_in("counselor")
    counselor.begin("Eik")
    counselor.say(ALARM["nl"])
    counselor.page.goto("/")
    line = counselor.page.locator(".alert-line").first
    expect(line).to_contain_text("Nog niemand")
    supervisor.sign_in("supervisor")
    newest = max(_alerts(supervisor), key=int)
    supervisor.page.locator(f"#alert-{newest}").get_by_role("button", name="Ik heb het").click()
    expect(line).to_contain_text("Ilse Demo heeft het gezien", timeout=SOON)


def test_a_decision_that_is_being_written_survives_a_new_alert(visitor: Callable[..., Person]) -> None:
    supervisor, counselor = visitor("nl", phone=False), visitor("nl")
    counselor.sign_in("counselor")
    counselor.begin("Wilg")
    counselor.say(ALARM["nl"])
    supervisor.sign_in("supervisor")
    first = _alerts(supervisor)
    card = supervisor.page.locator("[data-alert]").first
    card.get_by_text("Besluit vastleggen").click()
    reason = card.get_by_label("Waarom, in één zin")
    reason.press_sequentially("half een zin")
    counselor.begin("Linde")
    counselor.say(ALARM["nl"])
    expect(supervisor.page.locator("[data-alert]")).to_have_count(len(first) + 1)
    expect(reason).to_have_value("half een zin")
    expect(reason).to_be_focused()


def _alerts(supervisor: Person) -> list[str]:
    return [one.get_attribute("data-alert") or "" for one in supervisor.page.locator("[data-alert]").all()]
