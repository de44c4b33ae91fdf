"""What was told earlier is not asked as if nobody had listened: it is shown, and one tap is enough."""

from __future__ import annotations

import pytest

from pluis.runtime import Runtime
from tests.support.talk import Talk

ROW = {
    "nl": "Vader heeft moeder gisteren geslagen waar hij bij was.",
    "en": "Dad hit mum yesterday while he was in the room.",
}
ALREADY = {"nl": "Je schreef al", "en": "You already wrote"}


def told(runtime: Runtime, language: str = "nl") -> Talk:
    """At the question about violence, after it was told about at a child."""
    talk = Talk(runtime, language=language)
    talk.go_to("C1")
    talk.say(ROW[language])
    talk.go_to("D3", {"confirm": "yes", "upgrade": "=no"})
    return talk


@pytest.mark.parametrize("language", ["nl", "en"])
def test_one_tap_is_enough(runtime: Runtime, language: str) -> None:
    talk = told(runtime, language)

    assert talk.question["text"].startswith(ALREADY[language])
    assert talk.question["buttons"][0]["value"] == "D3=as_told"
    talk.tap("as_told")

    assert talk.key != "D3"
    assert talk.values_of("D3") == {"D3": "told"}
    talk.finish({"confirm": "yes", "upgrade": "=no"})
    assert (talk.debrief().note or "").count(ROW[language]) == 1


def test_saying_so_is_as_good_and_more_may_be_told(runtime: Runtime) -> None:
    talk = told(runtime)
    talk.say("dat was het")
    assert talk.values_of("D3") == {"D3": "told"}

    more = told(runtime)
    more.say("Ze wonen nu apart, maar hij staat elke avond voor de deur.")
    assert "hij staat elke avond voor de deur" in next(row.text for row in more.answers() if row.key == "D3")


def test_what_is_not_so_answers_nothing(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("C1")
    talk.say(ROW["nl"])
    talk.go_to("D3", {"confirm": "no", "upgrade": "=no"})

    assert ALREADY["nl"] not in talk.question["text"]
    talk.tap("as_told")
    assert talk.key == "D3"


def test_of_another_person_it_is_asked_as_ever(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-1001")
    talk.go_to("D1")
    first = talk.question["key"]
    talk.say("Ze is gestopt met haar medicijnen en ligt hele dagen in bed.")
    talk.go_to("D1", {"confirm": "yes", "upgrade": "=no"})

    assert talk.question["key"] != first
    assert ALREADY["nl"] not in talk.question["text"]
