"""A visit at which nothing was wrong: few turns, no level, a note ready to paste."""

import pytest

from pluis.runtime import Runtime
from tests.support.databases import NOW
from tests.support.families import add_family
from tests.support.talk import Talk


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("children", [1, 3])
def test_a_quiet_visit_ends_at_l0_within_25_turns(runtime: Runtime, children: int, language: str) -> None:
    with runtime.store.transaction() as session:
        number = add_family(session, NOW, children, agreements=[("Oma past op", True)]).number
    talk = Talk(runtime, number, language=language)

    talk.finish()

    debrief = talk.debrief()
    assert (debrief.state, debrief.level, debrief.proposed) == ("done", "L0", "L0")
    assert talk.turns <= 25
    assert talk.escalation() is None
    assert talk.rules() == ["R8"]
    assert talk.reply.level is not None
    assert talk.reply.level["value"] == "L0"


@pytest.mark.parametrize("family", ["P-1002", "P-1004"])
def test_large_families_are_asked_about_together_where_that_can_be(runtime: Runtime, family: str) -> None:
    talk = Talk(runtime, family)

    talk.finish()

    assert talk.debrief().state == "done"
    assert talk.turns <= 25


def test_children_who_are_not_named_are_asked_about_one_by_one(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-1002")
    talk.go_to("C1")
    assert talk.question["items"] == ()

    talk.say("Yara was stil en Milan bouwde een toren. Zoë en Finn deden mee.")

    assert talk.question["key"].startswith("C1/p")
    assert "Liv" in talk.question["text"]


def test_everybody_is_seen_in_a_large_family(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-1002")
    talk.finish()
    assert set(talk.values_of("B1").values()) == {"seen"}
    assert len(talk.values_of("B1")) == 6
