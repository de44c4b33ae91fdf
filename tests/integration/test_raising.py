"""A counselor raises the level at once, can only ask to lower it, and asks for somebody to talk to."""

import pytest

from pluis.runtime import Runtime
from pluis.store import debriefs
from pluis.store.debriefs import LevelChange, SupportWish
from pluis.store.escalations import EscalationEvent
from tests.support.talk import Talk

LONG = "liefst iemand die het gezin al kent, bijvoorbeeld Kim of anders Bo, en graag voor donderdag want dan ga ik weer"


def test_raise_is_two_taps_and_takes_effect_at_once(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("C1")

    talk.say("ik wil het hoger", "raise_level")
    assert [value for value in talk.values if value.startswith("raise=")] == [
        "raise=L1", "raise=L2", "raise=L2+", "raise=L3"
    ]  # fmt: skip
    talk.say("raise=L2")

    assert talk.debrief().level == "L2"
    escalation = talk.escalation()
    assert escalation is not None
    assert escalation.level == "L2"
    talk.finish()
    assert (talk.debrief().level, talk.debrief().proposed) == ("L2", "L0")
    with runtime.store.reading() as session:
        kinds = [(change.kind, change.level) for change in debriefs.level_changes(session, talk.id)]
    assert ("raised", "L2") in kinds
    assert ("proposed", "L0") in kinds


def test_a_level_cannot_be_raised_to_one_that_is_lower(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.say("raise=L2+")

    talk.say("raise=L1")

    assert talk.debrief().level == "L2+"


def test_raise_at_the_summary_with_a_reason(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("H2")
    assert "H2=raise" in talk.values
    talk.tap("raise")
    assert talk.key == "H2a"
    talk.tap("l2plus")
    talk.finish({"H2c": "Dat past beter bij wat er speelt."})

    debrief = talk.debrief()
    assert (debrief.level, debrief.proposed) == ("L2+", "L0")
    escalation = talk.escalation()
    assert escalation is not None
    assert escalation.level == "L2+"


def test_a_counselor_cannot_lower_but_can_ask_for_it(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.say("raise=L2")
    talk.go_to("H2")
    talk.tap("lower")
    assert talk.key == "H2b"

    talk.say("Het viel achteraf mee.")
    talk.finish()

    assert talk.debrief().level == "L2"
    escalation = talk.escalation()
    assert escalation is not None
    assert escalation.facts["lower_wish"] == "Het viel achteraf mee."
    with runtime.store.reading() as session:
        kinds = [event.kind for event in session.query(EscalationEvent).filter_by(escalation_id=escalation.id)]
        assert "lower_wished" in kinds
        assert session.query(LevelChange).filter_by(debrief_id=talk.id, kind="lowered").count() == 0


@pytest.mark.parametrize(
    ("said", "by_when"),
    [("=today", "today"), ("=this_week", "this_week"),
     ("als het kan voor donderdag met Kim", "als het kan voor donderdag met Kim"),
     (LONG, LONG[:59] + "…")],
    ids=["today", "this week", "words", "many words"],
)  # fmt: skip
def test_a_wish_to_speak_to_somebody_stands_apart_from_the_level(runtime: Runtime, said: str, by_when: str) -> None:
    talk = Talk(runtime)

    talk.finish({"G3": said})

    assert talk.debrief().level == "L0"
    with runtime.store.reading() as session:
        wishes = session.query(SupportWish).filter_by(account_id=talk.account_id, kind="contact").all()
    assert [wish.by_when for wish in wishes] == [by_when]
    assert talk.escalation() is None


def test_wanting_contact_can_be_said_at_any_moment(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("D2")

    talk.say("ik wil mijn werkbegeleider spreken", "want_contact")

    assert "Ilse Demo" in talk.texts
    assert talk.key == "D2"
    with runtime.store.reading() as session:
        assert session.query(SupportWish).filter_by(kind="contact").count() == 1
