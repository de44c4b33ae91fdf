"""A process is killed with -9 in the middle of a debrief: it goes on at the same question, nothing asked twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.api import Client, Visit
from tests.support.system import System


@pytest.fixture
def visit(system: System, pluis_url: str) -> Iterator[Visit]:
    """A debrief of a family with three children that has come as far as the second child."""
    with Client(system, "counselor") as client:
        visit = client.begin(children=3)
        visit.go_to("C1")
        visit.say("Vrolijk, liet een tekening zien.")
        yield visit


def asked(visit: Visit) -> list[str]:
    """Every question that was put, in order."""
    return [m["key"] for m in visit.conversation() if m["from"] == "pluis" and m["key"]]


@pytest.mark.parametrize("parts", [["bot", "actions"], ["web"]], ids="+".join)
def test_a_debrief_survives_the_death_of(visit: Visit, parts: list[str]) -> None:
    system = visit.client.system
    before, question = visit.conversation(), visit.key

    dead = {part: system.kill(part) for part in parts}
    system.wait_until_ready()

    assert all(system.pid(part) not in (None, pid) for part, pid in dead.items())
    assert visit.conversation() == before
    visit.say("Bouwde een toren en lachte veel.")
    kept = [a for a in visit.whole()["answers"] if a["key"] == question]
    assert [a["text"] for a in kept] == ["Bouwde een toren en lachte veel."]
    visit.finish()
    assert visit.reply["state"] == "done"
    assert visit.reply["level"]["value"] == "L0"
    keys = asked(visit)
    assert len(keys) == len(set(keys))
    assert len(visit.said()) == len(keys)


def test_a_message_that_was_being_answered_when_actions_died_is_answered_once(visit: Visit) -> None:
    system = visit.client.system
    question = visit.key
    system.kill("actions")
    assert visit.post("Bouwde een toren.", client_id="in-between").status_code == 503
    assert visit.post("Bouwde een toren.", client_id="in-between").status_code in (200, 503)
    system.wait_until_ready()

    visit.say("Bouwde een toren.", client_id="in-between")

    assert visit.said().count("Bouwde een toren.") == 1
    assert [a["text"] for a in visit.whole()["answers"] if a["key"] == question] == ["Bouwde een toren."]
