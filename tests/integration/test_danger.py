"""Danger: told at once, in the same transaction as the answer, and held until a person has it or one goes on."""

import pytest
from sqlalchemy.exc import SQLAlchemyError

from pluis.debrief import rescue
from pluis.escalation import answering
from pluis.runtime import Runtime
from pluis.store import escalations
from pluis.store.debriefs import Turn
from pluis.store.escalations import Escalation, EscalationEvent
from pluis.store.outgoing import Delivery
from tests.support.families import account
from tests.support.talk import Talk

ACUTE = {
    "nl": "Ze zei dat ze niet meer wil leven.",
    "en": "She said she doesn't want to live any more.",
}


def acknowledge(runtime: Runtime, talk: Talk) -> None:
    """The supervisor has read it."""
    with runtime.store.transaction() as session:
        escalation = escalations.of_debrief(session, talk.id)
        assert escalation is not None
        answering.acknowledge(session, escalation, account(session, "supervisor"), talk.now)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_acute_sentence_as_third_answer_raises_an_escalation(runtime: Runtime, language: str) -> None:
    talk = Talk(runtime, language=language)
    talk.tap("no")
    talk.tap("seen")

    talk.say(ACUTE[language])

    escalation = talk.escalation()
    assert escalation is not None
    assert (escalation.level, escalation.state, escalation.confirmed) == ("L3", "open", False)
    assert ACUTE[language][:-1].endswith(escalation.words[0]["words"].removesuffix("."))
    assert talk.kinds[0] == "danger"
    assert [n["number"] for n in talk.reply.messages[0]["numbers"]][:2] == ["112", "0800-2000"]
    assert "Ilse Demo" in talk.reply.messages[0]["text"]
    assert talk.key == "confirm"


def test_answer_finding_level_escalation_and_reply_are_one_transaction(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.tap("no")
    turn = talk.receive(ACUTE["nl"])

    class Broken:
        """A finder that fails after the finding: the whole turn must be undone."""

        def find(self, text: str, lang: str) -> list[object]:
            raise SQLAlchemyError("the disk is full")

    whole, runtime.__dict__["finder"] = runtime.__dict__["finder"], Broken()
    with pytest.raises(SQLAlchemyError):
        talk.handle(turn)
    assert talk.escalation() is None
    assert [row.key for row in talk.answers()] == ["A1"]
    with runtime.store.reading() as session:
        kept = session.get_one(Turn, turn)
        assert (kept.text, kept.reply, kept.handled_at) == (ACUTE["nl"], None, None)

    runtime.__dict__["finder"] = whole
    talk.handle(turn)
    assert talk.escalation() is not None
    assert talk.confirmations() == {"caregiver_suicidal": "open"}


@pytest.mark.parametrize("answer", ["=yes", "=unknown", "ja", "weet ik niet zeker", "misschien wel"])
def test_danger_or_doubt_about_danger_is_l3_at_the_first_question(runtime: Runtime, answer: str) -> None:
    talk = Talk(runtime)

    talk.say(f"A1{answer}" if answer.startswith("=") else answer)

    assert talk.debrief().level == "L3"
    assert "R2" in talk.rules()
    assert talk.kinds[0] == "danger"
    assert talk.key == "A1a"


def test_after_danger_nothing_is_asked_until_the_counselor_goes_on(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.tap("yes")

    talk.say("Vader staat beneden te schreeuwen, ik zit in de auto.")
    assert talk.key == "danger"
    talk.say("De politie is er nu.")
    assert talk.key == "danger"
    escalation = talk.escalation()
    assert escalation is not None
    assert "De politie is er nu." in [word["words"] for word in escalation.words]
    talk.say("verder", "resume")

    assert talk.key == "A2"


def test_the_hold_ends_with_a_tap_too(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.tap("yes")
    talk.say("Ik ben net weg.")

    assert "danger=continue" in talk.values
    talk.say("danger=continue")

    assert talk.key == "A2"


def test_an_acknowledgement_ends_the_hold(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.tap("yes")
    talk.say("Ik ben net weg.")
    assert talk.key == "danger"

    acknowledge(runtime, talk)
    talk.say("Ik sta bij de buren.")

    assert talk.key == "A2"
    escalation = talk.escalation()
    assert escalation is not None
    assert "Ik sta bij de buren." in [word["words"] for word in escalation.words]


def test_who_has_read_it_is_said_at_the_end(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.tap("no")
    talk.say(ACUTE["nl"])
    acknowledge(runtime, talk)

    talk.finish()

    assert talk.debrief().level == "L3"
    assert "Ilse Demo heeft het gelezen" in talk.texts


def test_an_acute_signal_that_is_denied_stays_with_the_supervisor(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.tap("no")
    talk.say(ACUTE["nl"])

    talk.say("nee", "answer", "deny")

    escalation = talk.escalation()
    assert escalation is not None
    assert escalation.state == "open"
    assert escalation.level == "L3"
    assert talk.confirmations() == {"caregiver_suicidal": "no"}
    assert talk.debrief().level != "L3"
    with runtime.store.reading() as session:
        assert "counselor_denied" in [event.kind for event in escalations.events(session, escalation.id)]


@pytest.mark.parametrize(
    ("said", "confirmation"),
    [("ja", "yes"), ("weet ik niet zeker", "unsure"), ("we hebben er verder niet over gepraat", "left")],
)
def test_an_acute_signal_stays_l3_unless_it_is_denied(runtime: Runtime, said: str, confirmation: str) -> None:
    talk = Talk(runtime)
    talk.tap("no")
    talk.say(ACUTE["nl"])

    talk.say(said)

    assert talk.confirmations()["caregiver_suicidal"] == confirmation
    assert talk.debrief().level == "L3"
    escalation = talk.escalation()
    assert escalation is not None
    assert escalation.confirmed == (confirmation == "yes")
    assert talk.key != "confirm"


def test_calling_for_help_in_the_middle(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("C2")

    talk.say("help ik word bedreigd", "danger")

    escalation = talk.escalation()
    assert escalation is not None
    assert escalation.level == "L3"
    assert "help ik word bedreigd" in [word["words"] for word in escalation.words]
    assert talk.kinds.count("danger") == 1
    assert talk.key is not None


def test_words_that_may_be_a_call_for_help_show_the_numbers_and_one_tap_calls(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("C1")

    talk.say("oei oei spannend hoor", "danger", confidence=0.65)

    assert talk.kinds[0] == "danger"
    assert talk.escalation() is None
    assert "call=now" in talk.values
    talk.say("call=now")
    escalation = talk.escalation()
    assert escalation is not None
    assert escalation.level == "L3"


def test_an_escalation_is_written_whole(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.tap("no")
    talk.say(ACUTE["nl"])

    with runtime.store.reading() as session:
        escalation = session.query(Escalation).filter_by(debrief_id=talk.id).one()
        deliveries = session.query(Delivery).filter_by(escalation_id=escalation.id).all()
        kinds = [e.kind for e in session.query(EscalationEvent).filter_by(escalation_id=escalation.id)]
        assert {(d.account.username, d.channel) for d in deliveries} >= {("supervisor", "console")}
        assert next(d.state for d in deliveries if d.channel == "console") == "sent"
        assert kinds[0] == "raised"
        assert escalation.due_at is not None
        assert escalation.acknowledge_by is not None
        assert 14 * 60 <= (escalation.acknowledge_by - talk.now).total_seconds() <= 15 * 60
        assert escalation.facts["phone"] == "06-00000001"


def test_words_kept_while_the_assistant_was_away_are_told_once(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.tap("no")
    turn = talk.receive(ACUTE["nl"])

    first = rescue.tell(runtime, turn, "nl", talk.now)
    again = rescue.tell(runtime, turn, "nl", talk.now)

    assert [message.kind for message in first] == ["danger"]
    assert [message.kind for message in again] == ["danger"]
    escalation = talk.escalation()
    assert escalation is not None
    with runtime.store.reading() as session:
        assert session.get_one(Turn, turn).reply is None
        assert session.query(Escalation).filter_by(debrief_id=talk.id).count() == 1
    talk.handle(turn)
    assert talk.key == "confirm"
    assert talk.confirmations() == {"caregiver_suicidal": "open"}
    assert [one.id for one in [talk.escalation()] if one] == [escalation.id]


def test_ordinary_words_kept_while_the_assistant_was_away_tell_nobody(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("C1")
    turn = talk.receive("Hij was vrolijk.")

    assert rescue.tell(runtime, turn, "nl", talk.now) == []
    assert talk.escalation() is None
