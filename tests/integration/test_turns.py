"""A turn is kept before it is understood, handled once, and changes everything or nothing."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pluis.debrief import turns
from pluis.debrief.reply import Reply
from pluis.runtime import Runtime
from pluis.store import debriefs
from pluis.store.debriefs import Answer, Turn
from pluis.store.people import Account
from pluis.web.conversation import Incoming, keep
from tests.support.databases import NOW
from tests.support.families import account
from tests.support.talk import Talk


def same(reply: Reply) -> str:
    """A reply as it is sent."""
    return json.dumps(reply.as_json())


def test_a_turn_handled_twice_gives_one_reply_and_one_answer(runtime: Runtime) -> None:
    talk = Talk(runtime)
    turn = talk.receive("A1=no")

    first = talk.handle(turn)
    second = talk.handle(turn)

    assert same(first) == same(second)
    assert len(talk.answers(with_history=True)) == 1


def test_a_turn_handled_twice_at_the_same_time_gives_one_reply(runtime: Runtime) -> None:
    talk = Talk(runtime)
    turn = talk.receive("A1=no")
    together = threading.Barrier(3)

    def handle(_: int) -> str:
        together.wait(10)
        return same(turns.handle(turn, "answer", runtime=runtime, now=talk.now))

    with ThreadPoolExecutor(3) as threads:
        replies = list(threads.map(handle, range(3)))

    assert replies[0] == replies[1] == replies[2]
    assert len(talk.answers(with_history=True)) == 1


def test_two_turns_at_the_same_time_are_taken_one_after_the_other(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("D2")
    texts = ["Ze lazen een boek.", "Ze keken samen tv."]
    waiting = [talk.receive(text) for text in texts]
    together = threading.Barrier(2)

    def handle(turn: str) -> object:
        together.wait(10)
        return turns.handle(turn, "answer", runtime=runtime, now=talk.now)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(handle, waiting))

    assert len([row for row in talk.answers() if row.key == "D2"]) == 1
    with runtime.store.reading() as session:
        said = [turn.text for turn in debriefs.turns(session, talk.id)]
        replies = [turn.reply for turn in debriefs.turns(session, talk.id)]
    assert set(texts) <= set(said)
    assert None not in replies
    stale = runtime.protocol.say("stale_tab", "nl")
    assert sum(stale in str(reply) for reply in replies) == 1


def test_the_same_client_id_is_the_same_turn(runtime: Runtime) -> None:
    talk = Talk(runtime)

    first = talk.receive("nee", client_id="abc")
    again = talk.receive("nee", client_id="abc")

    assert first == again
    with runtime.store.reading() as session:
        assert len(debriefs.turns(session, talk.id)) == 1


def test_the_same_client_id_at_the_same_time_is_the_same_turn(runtime: Runtime) -> None:
    talk = Talk(runtime)
    together = threading.Barrier(4)
    with runtime.store.reading() as session:
        me = session.get_one(Account, talk.account_id)

    def receive(_: int) -> str:
        together.wait(10)
        return keep(runtime, me, Incoming(talk.id, "nee", "abc"), talk.now)[0].id

    with ThreadPoolExecutor(4) as threads:
        ids = set(threads.map(receive, range(4)))

    assert len(ids) == 1
    with runtime.store.reading() as session:
        assert len(debriefs.turns(session, talk.id)) == 1


def test_the_text_is_kept_before_anything_is_understood(runtime: Runtime) -> None:
    talk = Talk(runtime)

    turn = talk.receive("een verhaal dat niemand nog gelezen heeft")

    with runtime.store.reading() as session:
        kept = session.get_one(Turn, turn)
        assert kept.text == "een verhaal dat niemand nog gelezen heeft"
        assert (kept.reply, kept.handled_at) == (None, None)
        assert [one.id for one in debriefs.waiting_turns(session, talk.id)] == [turn]


def test_a_turn_that_nobody_stored_is_refused(runtime: Runtime) -> None:
    with pytest.raises(turns.UnknownTurn):
        turns.handle("nope", "answer", runtime=runtime)


def test_an_error_in_the_middle_undoes_the_whole_turn(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Talk(runtime)
    talk.go_to("C1")
    before = [(row.key, row.value) for row in talk.answers(with_history=True)]
    turn = talk.receive("Er zat een blauwe plek op zijn wang.")

    with monkeypatch.context() as broken:
        broken.setattr("pluis.debrief.asking.put_next", lambda work: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            talk.handle(turn)

    assert [(row.key, row.value) for row in talk.answers(with_history=True)] == before
    assert talk.found() == []
    talk.handle(turn)
    assert [f.signal for f in talk.found()] == ["child_unexplained_injury"]


def test_words_written_at_a_question_that_another_tab_has_answered_are_kept_and_searched(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("C1")
    key = talk.key
    talk.say("Hij was rustig.")

    talk.say("Er zat een blauwe plek op zijn wang.", question=key)

    assert [row.text for row in talk.answers() if row.key == key] == ["Hij was rustig."]
    assert "child_unexplained_injury" in talk.confirmations()
    assert runtime.protocol.say("stale_tab", "nl") in talk.texts


def test_words_that_fit_no_choice_are_asked_once_more_and_then_kept(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.tap("no")
    key = talk.key
    assert key is not None

    talk.say("het was een drukke boel met muziek")
    assert talk.key == key
    assert runtime.protocol.say("did_not_understand", "nl") in talk.texts
    assert key not in {row.key for row in talk.answers()}
    talk.say("iedereen liep door elkaar heen")

    assert talk.key != key
    words = "\n".join(row.text for row in talk.answers() if row.question == "B1")
    assert "het was een drukke boel met muziek" in words
    assert "iedereen liep door elkaar heen" in words


def test_words_that_fit_no_choice_come_along_with_the_tap_that_follows(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.go_to("G1")

    talk.say("eh poeh lastige vraag")
    talk.tap("doubt")

    assert [(row.value, row.text) for row in talk.answers() if row.key == "G1"] == [("doubt", "eh poeh lastige vraag")]


def test_a_debrief_of_another_person_is_another_conversation(runtime: Runtime) -> None:
    first, second = Talk(runtime), Talk(runtime, "P-1002")
    first.tap("no")

    assert second.answers() == []
    with runtime.store.reading() as session:
        both = Answer.debrief_id.in_((first.id, second.id))
        assert session.query(Answer).where(both).count() == 1
        assert account(session, "counselor").id == first.account_id


def test_outside_a_debrief_words_are_answered_too(runtime: Runtime) -> None:
    for verb, expected in (
        ("greet", "Noor"),
        ("my_cases", "P-1001"),
        ("open_alerts", "open"),
        ("out_of_scope", "nabespreken"),
    ):
        with runtime.store.transaction() as session:
            who = account(session, "counselor")
            turn = turns.receive(
                session, conversation=f"user-{who.id}", debrief=None, account_id=who.id, text=verb, client_id=None,
                now=NOW,
            ).id  # fmt: skip
        reply = turns.handle(turn, verb, verb, 0.9, runtime=runtime)
        assert expected in reply.messages[0]["text"]
        assert "{" not in reply.messages[0]["text"]
