"""What was found is put before the counselor, who says yes, no, unsure or something else."""

import pytest

from pluis.runtime import Runtime
from tests.support.talk import Talk

INJURY = "Er zat een blauwe plek op zijn wang."
TWO = "Er zat een blauwe plek op zijn wang en hij is vaak alleen thuis."


def at_confirmation(runtime: Runtime, words: str = INJURY, case: str = "P-1001") -> Talk:
    """A debrief in which these words were said of the first child, when it is asked whether that is so."""
    talk = Talk(runtime, case)
    talk.go_to("C1")
    talk.say(words)
    talk.go_to("confirm", {"C1a": "Op de wang, twee dagen oud."})
    return talk


@pytest.mark.parametrize(
    ("said", "confirmation"),
    [("ja", "yes"), ("klopt", "yes"), ("ja dat klopt helaas", "yes"), ("nee", "no"), ("klopt niet", "no"),
     ("twijfel", "unsure"), ("weet ik niet zeker", "unsure"), ("het was schemerig in de kamer", "left")],
)  # fmt: skip
def test_a_single_finding_answered_in_words(runtime: Runtime, said: str, confirmation: str) -> None:
    talk = at_confirmation(runtime)

    talk.say(said)

    assert talk.confirmations()["child_unexplained_injury"] == confirmation
    assert talk.key != "confirm"


@pytest.mark.parametrize("choice", ["yes", "no", "unsure"])
def test_a_single_finding_answered_by_a_tap(runtime: Runtime, choice: str) -> None:
    talk = at_confirmation(runtime)

    talk.say(next(value for value in talk.values if value.endswith(f":{choice}")))

    assert talk.confirmations()["child_unexplained_injury"] == choice


def test_several_findings_are_ticked_one_by_one(runtime: Runtime) -> None:
    talk = at_confirmation(runtime, TWO)
    items = talk.question["items"]
    injury = next(item["label"] for item in items if item["words"] == "blauwe plek")
    assert {item["label"] for item in items} > {injury}

    ticks = [f"{item['id']}:{'yes' if item['label'] == injury else 'no'}" for item in items]
    talk.say(f"confirm={','.join(ticks)}")

    said = talk.confirmations()
    assert said.pop("child_unexplained_injury") == "yes"
    assert set(said.values()) == {"no"}


def test_several_findings_are_answered_with_one_tap(runtime: Runtime) -> None:
    talk = at_confirmation(runtime, TWO)

    talk.say("confirm=all:unsure")

    assert set(talk.confirmations().values()) == {"unsure"}


def test_an_unconfirmed_serious_finding_has_no_weight(runtime: Runtime) -> None:
    talk = at_confirmation(runtime)
    assert talk.debrief().level in (None, "L0")

    talk.say("het was schemerig in de kamer")

    assert talk.debrief().level == "L0"
    assert talk.escalation() is None


def test_a_confirmed_serious_finding_is_told_today(runtime: Runtime) -> None:
    talk = at_confirmation(runtime)

    talk.say("ja")

    assert talk.debrief().level == "L2"
    assert talk.rules()[0] == "R3b"
    escalation = talk.escalation()
    assert escalation is not None
    assert escalation.words[0]["words"] == "blauwe plek"
    assert escalation.words[0]["confirmation"] == "yes"


@pytest.mark.parametrize(
    ("said", "level"), [("=yes", "L3"), ("=no", "L2"), ("=unsure", "L2"), ("ja", "L3"), ("nee", "L2")]
)
def test_one_literal_question_tells_whether_it_is_acute(runtime: Runtime, said: str, level: str) -> None:
    talk = at_confirmation(runtime)
    talk.say("ja")
    assert talk.key == "upgrade/child_unexplained_injury"

    talk.say(f"{talk.key}{said}" if said.startswith("=") else said)

    assert talk.debrief().level == level
    assert talk.key != "upgrade/child_unexplained_injury"


def test_a_story_at_the_literal_question_is_kept_and_it_stays_serious(runtime: Runtime) -> None:
    talk = at_confirmation(runtime)
    talk.say("ja")

    talk.say("dat moet ik bij de huisarts navragen")

    assert talk.debrief().level == "L2"
    assert talk.values_of("upgrade") == {"upgrade/child_unexplained_injury": "told"}
    assert "dat moet ik bij de huisarts navragen" in [row.text for row in talk.answers()]


def test_what_was_confirmed_is_not_asked_again(runtime: Runtime) -> None:
    talk = at_confirmation(runtime)
    talk.say("ja")
    talk.go_to("D2", {"upgrade": "=no"})

    talk.say("Die blauwe plek op zijn wang was er vorige keer niet.")

    asked = [f for f in talk.found() if f.signal == "child_unexplained_injury"]
    assert {f.confirmation for f in asked} == {"yes"}


def test_a_certain_negation_is_on_record_and_asks_nothing(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("C1")

    talk.say("Geen blauwe plekken gezien.")
    talk.finish()

    assert {f.confirmation for f in talk.found() if f.kind == "signal"} <= {"no"}
    assert talk.debrief().level == "L0"


def test_the_finding_is_about_the_child_that_was_asked_about(runtime: Runtime) -> None:
    talk = at_confirmation(runtime, case="P-1004")
    found = next(f for f in talk.found() if f.signal == "child_unexplained_injury")

    assert found.subject == next(row.subject for row in talk.answers() if row.question == "C1")
