"""An upgrade in the middle of the work: what was begun on an older version is finished on the newest one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pluis.escalation import answering
from pluis.escalation.moving import move_due
from pluis.runtime import Runtime
from pluis.store.escalations import Escalation
from pluis.store.keys import Keys
from pluis.store.migrate import downgrade, upgrade
from tests.support.content import changed, copy_of_content
from tests.support.databases import KEYS, NOW
from tests.support.families import account
from tests.support.talk import Talk

ALARMING = "Vader bedreigde moeder met een mes terwijl de kinderen erbij stonden."
TOLD = "Een hond die de kinderen bewaakt."
DECISION = {
    "level": "L3", "reason": "gesproken, moeder en kinderen zijn bij oma", "action": "report", "tell_family": "Noor",
    "check_on": NOW.date() + timedelta(days=2),
}  # fmt: skip
GONE = """
  - id: F6
    text: true
    ask: {nl: "Zijn er huisdieren?", en: "Are there any pets?"}
    why: {nl: "Onze eigen keuze.", en: "Our own choice."}
    choices:
      - id: none
        title: {nl: "Geen", en: "None"}

  # The one open question of the short form."""


@pytest.fixture
def older(runtime: Runtime, tmp_path: Path) -> Runtime:
    """Pluis with the content of an older version: a question that is gone now, another wording, another ladder."""
    data = copy_of_content(tmp_path)
    for file, new, old in (
        ("questions/f_contact.yml", "\n  # The one open question of the short form.", GONE),
        ("questions/a_now.yml", "Is er op dit moment iemand in gevaar", "Loopt er nu iemand gevaar"),
        ("escalation.yml", "acknowledge_within: 15\n", "acknowledge_within: 5\n"),
    ):
        runtime = changed(runtime, data, file, new, old)
    return runtime


# Before the second factor, before texts were sealed, and one version ago.
@pytest.mark.parametrize(("revision", "stands_at"), [("0004", "F6"), ("0006", "C1"), ("0010", "F6")])
def test_a_debrief_and_its_alert_go_on(older: Runtime, runtime: Runtime, revision: str, stands_at: str) -> None:
    talk = Talk(older)
    talk.say(ALARMING)
    talk.go_to(stands_at)
    before, said = talk.escalation(), [row.text for row in talk.answers()]
    assert before is not None
    asked = talk.receive(TOLD)

    url = runtime.store.engine.url.render_as_string(hide_password=False)
    runtime.store.engine.dispose()
    downgrade(url, Keys(KEYS), revision)
    upgrade(url, Keys(KEYS))
    talk.runtime = runtime

    # What was typed before the upgrade and not answered yet, is answered after it.
    talk.handle(asked)
    assert [row.text for row in talk.answers()][: len(said)] == said
    talk.finish()
    assert talk.debrief().state == "done"
    assert TOLD in [row.text for row in talk.answers()]
    after = talk.escalation()
    assert after is not None
    assert (after.id, after.words[0]["words"], after.acknowledge_by) == (
        before.id, before.words[0]["words"], before.acknowledge_by,
    )  # fmt: skip
    _climb_and_decide(runtime, after.id)


def _climb_and_decide(runtime: Runtime, alert: int) -> None:
    """Nobody answers, so the ladder of the older version climbs; then somebody answers and decides."""
    with runtime.store.reading() as session:
        due = session.get_one(Escalation, alert).due_at
    assert due is not None
    move_due(runtime, due + timedelta(seconds=1))
    with runtime.store.transaction() as session:
        row, supervisor = session.get_one(Escalation, alert), account(session, "supervisor")
        assert row.step == 1
        answering.acknowledge(session, row, supervisor, due + timedelta(minutes=1))
        answering.decide(session, row, supervisor, DECISION, due + timedelta(minutes=2))
        assert row.state == "decided"


def test_words_at_a_question_that_is_gone_are_searched(older: Runtime, runtime: Runtime) -> None:
    talk = Talk(older)
    talk.go_to("F6")
    talk.runtime = runtime

    talk.say(ALARMING)

    assert talk.escalation() is not None
    assert ALARMING in [row.text for row in talk.answers()]
