"""What stands on Rasa: tracker store, story rule, action call, channel helpers."""

import asyncio
import json
import unittest
from unittest.mock import patch

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from bot import action_call, channel
from bot.lock_store import WakingLockStore
from bot.narrative import Narrative
from bot.tracker_store import DisposableTrackerStore

DOMAIN = Domain.load("domain.yml")


def tracker_of(conversation: str) -> DialogueStateTracker:
    tracker = asyncio.run(DisposableTrackerStore(DOMAIN).retrieve(conversation))
    assert tracker is not None
    return tracker


class Store(unittest.TestCase):
    def test_a_debrief_stands_in_the_form_and_listens(self) -> None:
        tracker = tracker_of("d-1")
        assert tracker.active_loop_name == "debrief_form"
        assert tracker.get_slot("requested_slot") == "answer"
        assert tracker.get_slot("answer") is None
        assert tracker.latest_action_name == "action_listen"

    def test_outside_a_debrief_no_form_is_open(self) -> None:
        tracker = tracker_of("user-4")
        assert tracker.active_loop_name is None
        assert tracker.latest_action_name == "action_listen"

    def test_nothing_is_kept(self) -> None:
        store = DisposableTrackerStore(DOMAIN)
        tracker = tracker_of("d-1")
        length = len(tracker.events)
        tracker.update(UserUttered("ja", {"name": "affirm"}), DOMAIN)
        asyncio.run(store.save(tracker))
        again = asyncio.run(store.retrieve("d-1"))
        assert again is not None
        assert len(again.events) == length
        assert list(asyncio.run(store.keys())) == []


class Story(unittest.TestCase):
    def intent_of(self, text: str) -> str:
        message = Message(data={"text": text, "intent": {"name": "why", "confidence": 0.9}})
        Narrative().process([message])
        return str(message.get("intent")["name"])

    def test_nine_words_may_be_a_request(self) -> None:
        assert self.intent_of("een twee drie vier vijf zes zeven acht negen") == "why"

    def test_ten_words_are_a_story(self) -> None:
        assert self.intent_of("een twee drie vier vijf zes zeven acht negen tien") == "inform"

    def test_no_request_looks_like_this(self) -> None:
        for text in ("a" * 101, "<b>why</b>", '{"why": 1}', "12", "?!", "\U0001f622", "..."):
            with self.subTest(text=text):
                assert self.intent_of(text) == "inform"

    def test_a_number_to_call_is_a_request(self) -> None:
        assert self.intent_of("112") == "why"


class ActionCall(unittest.TestCase):
    def tracker(self) -> DialogueStateTracker:
        tracker = tracker_of("d-1")
        intent = {"name": "affirm", "confidence": 0.8}
        tracker.update(UserUttered("ja mevrouw", intent, metadata={"token": "t"}), DOMAIN)
        return tracker

    def test_the_body_says_who_and_what_was_understood_and_nothing_else(self) -> None:
        body = action_call.body_of("action_why", self.tracker())
        assert body["next_action"] == "action_why"
        assert body["sender_id"] == "d-1"
        assert body["domain"] == {}
        assert body["tracker"]["latest_message"]["intent"]["name"] == "affirm"
        assert body["tracker"]["latest_message"]["metadata"]["token"] == "t"
        assert body["tracker"]["active_loop"] == {"name": "debrief_form"}
        assert "mevrouw" not in json.dumps(body)

    def test_an_empty_validation_is_not_sent(self) -> None:
        tracker = self.tracker()
        tracker.update(ActionExecuted("debrief_form"), DOMAIN)
        assert action_call.validates_nothing("validate_debrief_form", tracker)
        assert not action_call.validates_nothing("action_why", tracker)
        tracker.update(SlotSet("answer", "ja"), DOMAIN)
        assert not action_call.validates_nothing("validate_debrief_form", tracker)

    def test_the_compiled_check_agrees_with_the_interpreted_one(self) -> None:
        from jsonschema import ValidationError, validate

        slot = {"event": "slot", "timestamp": None, "name": "answer", "value": None}
        replies: list[object] = [
            {"events": [slot], "responses": [{"text": "x"}]}, {"events": [], "responses": []}, {},
            {"events": [{"event": "slot", "name": 1}]}, {"events": [{"event": "none such"}]}, {"events": {}},
            {"responses": ["x"]}, {"responses": {}}, [], None, "x",
            {"events": [{"event": "user", "timestamp": 1, "text": "x", "parse_data": {}}]},
            {"events": [{"event": "followup", "timestamp": None, "name": "action_listen"}]},
        ]  # fmt: skip
        schema = RemoteAction.action_response_format_spec()
        for reply in replies:
            try:
                validate(reply, schema)
                interpreted = True
            except ValidationError:
                interpreted = False
            try:
                action_call.check_reply(reply)
                compiled = True
            except ValueError:
                compiled = False
            with self.subTest(reply=reply):
                assert compiled == interpreted


class Channel(unittest.TestCase):
    def test_buttons_and_slashes_are_understood_beforehand(self) -> None:
        for kind, text in [("button", "A1=no"), ("text", "/restart"), ("text", " /deny")]:
            ready = channel.understanding(kind, text)
            assert ready is not None
            assert ready["intent"] == {"name": "inform", "confidence": 1.0}
        assert channel.understanding("text", "ja/nee") is None

    def test_an_example_word_for_word_is_not_worked_out_again(self) -> None:
        for text, intent in [("Terug.", "back"), ("JA", "affirm"), ("weet ik niet", "dont_know")]:
            ready = channel.understanding("text", text)
            assert ready is not None
            assert (ready["text"], ready["intent"]["name"]) == (text, intent)
        assert channel.understanding("text", "ja maar gisteren niet") is None

    def test_messages_come_out_plain(self) -> None:
        assert channel.plain({"recipient_id": "d", "custom": {"text": "x"}}) == {"text": "x"}
        assert channel.plain({"recipient_id": "d", "text": "x"}) == {"text": "x"}


class Locks(unittest.TestCase):
    def test_a_conversation_takes_its_turns_one_by_one_in_order_and_another_goes_on(self) -> None:
        happened: list[str] = []

        async def turn(store: WakingLockStore, conversation: str, name: str, go: asyncio.Event) -> None:
            async with store.lock(conversation):
                happened.append(f"{name} begins")
                await go.wait()
                happened.append(f"{name} ends")

        async def all_turns() -> None:
            store, go, now = WakingLockStore(), asyncio.Event(), asyncio.Event()
            now.set()
            waiting = [asyncio.create_task(turn(store, "d-1", name, go)) for name in ("first", "second", "third")]
            await turn(store, "d-2", "other", now)
            go.set()
            await asyncio.gather(*waiting)

        with patch("asyncio.sleep", side_effect=AssertionError("The next turn is woken, it does not look again.")):
            asyncio.run(all_turns())
        one_by_one = [f"{name} {what}" for name in ("first", "second", "third") for what in ("begins", "ends")]
        assert [one for one in happened if not one.startswith("other")] == one_by_one
        assert happened.index("other ends") < happened.index("first ends")
