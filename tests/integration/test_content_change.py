"""An organisation changes questions, follow-ups, rules and ladders by editing YAML: behaviour changes, code does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pluis.runtime import Runtime
from tests.support.content import changed, copy_of_content
from tests.support.talk import Talk


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the content."""
    return copy_of_content(tmp_path)


def test_another_wording(runtime: Runtime, data: Path) -> None:
    after = changed(
        runtime, data, "questions/a_now.yml", "Is er op dit moment iemand in gevaar", "Loopt er nu iemand gevaar"
    )

    assert Talk(after).question["text"].startswith("Loopt er nu iemand gevaar")


def test_a_new_question(runtime: Runtime, data: Path) -> None:
    question = """
  - id: F6
    text: true
    ask: {nl: "Zijn er huisdieren?", en: "Are there any pets?"}
    why: {nl: "Onze eigen keuze.", en: "Our own choice."}
    choices:
      - id: none
        title: {nl: "Geen", en: "None"}

  # The one open question of the short form."""
    after = changed(
        runtime, data, "questions/f_contact.yml", "\n  # The one open question of the short form.", question
    )
    talk = Talk(after)

    talk.go_to("F6")
    talk.say("Een hond die de kinderen bewaakt")
    talk.finish()

    assert talk.debrief().state == "done"
    assert "Een hond die de kinderen bewaakt" in (talk.debrief().note or "")


def test_a_follow_up_on_an_answer(runtime: Runtime, data: Path) -> None:
    follow_up = """
  - id: F1a
    relevant: {answer: F1, is: [cancelled]}
    text: true
    ask: {nl: "Hoe vaak is er afgezegd?", en: "How often was it cancelled?"}
    why: {nl: "Onze eigen keuze.", en: "Our own choice."}

  - id: F2
"""
    after = changed(runtime, data, "questions/f_contact.yml", "\n  - id: F2\n", follow_up)
    cancelled, good = Talk(after), Talk(after, "P-1002")
    cancelled.go_to("F1")
    cancelled.tap("cancelled")
    good.go_to("F1")
    good.tap("good")

    assert cancelled.go_to("F1a")["text"] == "Hoe vaak is er afgezegd?"
    good.finish()
    assert good.values_of("F1a") == {}


def test_a_new_rule(runtime: Runtime, data: Path) -> None:
    rule = """rules:
  - id: OUR1
    level: "L2+"
    when: {all: [{answer: G1, is: [doubt]}, {family: several_children}]}
    reason: {nl: "Twijfel bij een groot gezin.", en: "Doubt in a large family."}
    source: "own choice"
"""
    after = changed(runtime, data, "levels.yml", "\nrules:\n", f"\n{rule}")
    talk = Talk(after, "P-1002")

    talk.finish({"G1": "=doubt"})

    assert talk.rules()[0] == "OUR1"
    assert talk.debrief().level == "L2+"
    escalation = talk.escalation()
    assert escalation is not None
    assert "Twijfel bij een groot gezin." in [reason["nl"] for reason in escalation.reasons]


def test_a_choice_that_carries_a_signal(runtime: Runtime, data: Path) -> None:
    after = changed(
        runtime, data, "questions/c_children.yml", '        title: {nl: "Deels", en: "Partly"}\n',
        '        title: {nl: "Deels", en: "Partly"}\n        signal: child_basic_needs_unmet\n',
    )  # fmt: skip
    talk = Talk(after)

    talk.finish({"C2": "=partly"})

    assert talk.confirmations()["child_basic_needs_unmet"] == "yes"
    assert talk.debrief().level == "L1"


def test_a_question_in_the_short_form(runtime: Runtime, data: Path) -> None:
    after = changed(runtime, data, "questions/f_contact.yml", "  - id: F1\n", "  - id: F1\n    short: true\n")
    talk = Talk(after, mode="short")

    assert talk.go_to("F1")["key"] == "F1"


def test_another_time_to_answer(runtime: Runtime, data: Path) -> None:
    after = changed(runtime, data, "escalation.yml", "acknowledge_within: 15\n", "acknowledge_within: 5\n")
    talk = Talk(after)

    talk.say("gevaar", "danger")

    escalation = talk.escalation()
    assert escalation is not None
    assert escalation.acknowledge_by is not None
    assert (escalation.acknowledge_by - escalation.raised_at).total_seconds() == 300


def test_a_number_of_the_region(runtime: Runtime, data: Path) -> None:
    number = """  - number: "0800-1234"
    name: {nl: "Crisisdienst", en: "Crisis service"}
    link: "tel:08001234"

texts:
"""
    after = changed(runtime, data, "texts.yml", "\ntexts:\n", f"\n{number}")
    talk = Talk(after)

    talk.tap("yes")

    assert "0800-1234" in [n["number"] for n in talk.reply.messages[0]["numbers"]]


def test_a_running_escalation_keeps_its_ladder(runtime: Runtime, data: Path) -> None:
    talk = Talk(runtime)
    talk.tap("yes")
    before = talk.escalation()
    talk.runtime = changed(runtime, data, "escalation.yml", "acknowledge_within: 15\n", "acknowledge_within: 5\n")

    talk.say("Ik ben bij de buren")

    after = talk.escalation()
    assert before is not None
    assert after is not None
    assert after.acknowledge_by == before.acknowledge_by
