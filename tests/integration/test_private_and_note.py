"""What goes into the note, what nobody else may read, and the other two forms of a debrief."""

import pytest
from sqlalchemy import select

from pluis.debrief import view
from pluis.runtime import Runtime
from pluis.store.debriefs import Debrief, SupportWish
from tests.support.databases import NOW
from tests.support.families import add_family
from tests.support.talk import Talk

SECRET = "Ik was bang voor de buurman en durfde niets te vragen."


def test_private_answers_stay_with_the_counselor(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.say("raise=L2")

    talk.finish({"G2": SECRET, "G3": "morgen graag, ik slaap er slecht van"})

    debrief = talk.debrief()
    escalation = talk.escalation()
    assert escalation is not None
    with runtime.store.reading() as session:
        row = session.get_one(Debrief, talk.id)
        others = view.whole(session, runtime.protocol, row, talk.now, private=False)
        wishes = session.scalars(select(SupportWish).where(SupportWish.account_id == talk.account_id)).all()
    spread = [str(debrief.note), str(debrief.rules), str(others), str(escalation.words), str(escalation.reasons),
              str(escalation.facts)]  # fmt: skip
    for place in spread:
        assert SECRET not in place
        assert "slaap er slecht" not in place
    assert {"G2", "G3"} & {answer["question"] for answer in others["answers"]} == set()
    assert {wish.kind: wish.words for wish in wishes} == {
        "words": SECRET, "contact": "morgen graag, ik slaap er slecht van"
    }  # fmt: skip
    assert [f for f in talk.found() if f.key in ("G2", "G3")] == []
    assert SECRET not in str([row.text for row in talk.answers(with_history=True)])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_contact_note_is_ready_to_paste(runtime: Runtime, language: str) -> None:
    with runtime.store.transaction() as session:
        number = add_family(session, NOW, 2).number
    talk = Talk(runtime, number, language=language)
    given = {
        "nl": {"C1": "Speelde met de blokken.", "H1": "Ik kom donderdag terug", "F5": "Hoe het op school gaat"},
        "en": {"C1": "Played with the blocks.", "H1": "I am back on Thursday", "F5": "How school is going"},
    }[language]

    talk.finish(given)

    note = talk.debrief().note or ""
    assert talk.reply.messages[-1]["text"] != ""
    assert note in [message["text"] for message in talk.reply.messages if message["kind"] == "note"]
    assert note.startswith("# Contact")
    assert "Noor Demo" in note.splitlines()[0]
    for said in given.values():
        assert said in note
    assert "Sem" in note
    assert "L1" in note
    assert "{" not in note
    assert "veilig" not in note.lower().replace("veiligheid", "")


def test_the_short_form_is_six_questions(runtime: Runtime) -> None:
    for number in ("P-1001", "P-1002", "P-2002"):
        talk = Talk(runtime, number, counselor="counselor2" if number == "P-2002" else "counselor", mode="short")
        asked = [talk.key]
        while talk.reply.state == "open":
            talk.say(
                f"{talk.key}="
                + {"A1": "no", "B1": "seen", "S1": "nothing", "G1": "yes", "G3": "no", "H1": "none"}[
                    str(talk.key).partition("/")[0]
                ]
            )
            asked.append(talk.key)
        assert [str(key).partition("/")[0] for key in asked[:-1]] == ["A1", "B1", "S1", "G1", "G3", "H1"]


def test_training_tells_nobody(runtime: Runtime) -> None:
    talk = Talk(runtime, mode="training")
    talk.tap("yes")

    assert talk.kinds[0] == "danger"
    assert talk.debrief().level == "L3"
    assert talk.escalation() is None


def test_the_note_keeps_what_others_told_apart_and_says_nothing_twice(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-1002")

    talk.finish({"C1": "Yara speelde met de poppen. Milan vertelde dat hij slecht slaapt. De juf zei dat Finn vrolijk is.",
                 "F3": "De huisarts let op."})  # fmt: skip

    note = talk.debrief().note or ""
    facts, _, rest = note.partition("## Door anderen verteld")
    told = rest.partition("## ")[0]
    assert "Yara speelde met de poppen." in facts
    assert "Milan vertelde dat hij slecht slaapt. De juf zei dat Finn vrolijk is." in told
    assert "De huisarts let op." in told
    assert facts.count("Krijgt wat nodig is") == 1
