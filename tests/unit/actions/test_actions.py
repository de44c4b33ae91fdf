"""Each action hands its verb to the service, and only for a token that is in order."""

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from actions import turn
from pluis import channel, quiet_log
from pluis.debrief.reply import Reply

KEY = "k" * 40
MESSAGE = {"text": "Wie was er?", "kind": "question", "buttons": [{"title": "Ja", "value": "A1=yes"}]}


class Service:
    """Stands in for the debrief service: remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str | None, float | None]] = []
        self.words: tuple[str, str] | None = None
        self.state = "open"
        self.error: Exception | None = None

    def handle(
        self,
        turn_id: str,
        verb: str,
        intent: str | None = None,
        confidence: float | None = None,
        words: tuple[str, str] | None = None,
    ) -> Reply:
        self.words = words
        self.asked.append((turn_id, verb, intent, confidence))
        if self.error:
            raise self.error
        return Reply.from_json({"messages": [MESSAGE], "state": self.state})


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    stand_in = Service()
    monkeypatch.setattr(turn.turns, "handle", stand_in.handle)
    monkeypatch.setenv("PLUIS_CHANNEL_KEY", KEY)
    return stand_in


@pytest.fixture(scope="module")
def executor() -> ActionExecutor:
    """rasa-sdk with the package registered, as the server has it."""
    made = ActionExecutor()
    made.register_package("actions")
    return made


def token(*, conversation: str = "d-1", key: str = KEY, ago: float = 0, kind: str = "text") -> str:
    claims = channel.Claims(conversation, "t-5", 3, "counselor", "nl", kind)
    return channel.sign(claims, "ja", key, datetime.now(UTC) - timedelta(seconds=ago))


def call(executor: ActionExecutor, action: str, signed: object, sender: str = "d-1", text: str | None = None) -> Any:
    latest = {"intent": {"name": "affirm", "confidence": 0.9}, "metadata": {"token": signed, "text": text}}
    tracker = {"sender_id": sender, "slots": {}, "latest_message": latest, "events": []}
    # In a thread of its own: the browser tests leave an event loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(
            lambda: asyncio.run(executor.run({"next_action": action, "tracker": tracker, "domain": {}}))
        ).result()


def test_every_action_of_the_domain_is_there_and_no_other(executor: ActionExecutor) -> None:
    with open("domain.yml") as file:
        domain = yaml.safe_load(file)
    assert {action.name for action in executor.list_actions()} == set(domain["actions"])


def test_each_action_hands_on_its_own_verb(executor: ActionExecutor, service: Service) -> None:
    for action in executor.list_actions():
        service.asked.clear()
        result = call(executor, action.name, token())
        verb = "answer" if action.name.startswith("validate_") else action.name.removeprefix("action_")
        assert service.asked == [("t-5", verb, "affirm", 0.9)]
        assert [response["custom"] for response in result.responses] == [MESSAGE]


@pytest.mark.parametrize(("state", "value"), [("open", None), ("paused", None), ("done", "done")])
def test_the_slot_is_filled_when_the_debrief_is_done(
    executor: ActionExecutor, service: Service, state: str, value: str | None
) -> None:
    service.state = state
    (event,) = call(executor, "validate_debrief_form", token()).events
    assert (event["event"], event["name"], event["value"]) == ("slot", "answer", value)


@pytest.mark.parametrize(
    "signed",
    [None, "", "x", 5, token(key="x" * 40), token(ago=120), token(conversation="d-2")],
    ids=["none", "empty", "nonsense", "number", "forged", "expired", "other conversation"],
)
@pytest.mark.parametrize("action", ["validate_debrief_form", "action_danger"])
def test_a_wrong_token_is_refused(executor: ActionExecutor, service: Service, action: str, signed: object) -> None:
    with pytest.raises(ActionExecutionRejection):
        call(executor, action, signed)
    assert service.asked == []


def test_words_go_to_the_service_only_with_the_token_that_they_were_signed_with(
    executor: ActionExecutor, service: Service
) -> None:
    call(executor, "validate_debrief_form", token(), text="ja")
    assert service.words == ("ja", "nl")
    with pytest.raises(ActionExecutionRejection):
        call(executor, "validate_debrief_form", token(), text="nee")
    call(executor, "validate_debrief_form", token(kind="button"), text="ja")
    assert service.words is None
    call(executor, "validate_debrief_form", token(conversation="user-3"), sender="user-3", text="ja")
    assert service.words is None


def test_an_error_of_the_service_is_a_failed_action_and_its_words_stay_out_of_the_log(
    executor: ActionExecutor, service: Service, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.error = RuntimeError("could not store 'de jongste had een plek'")
    form, lines = quiet_log.OneLine("actions"), list[str]()
    monkeypatch.setattr(turn.logger, "handle", lambda record: lines.append(form.format(record)))
    with caplog.at_level(logging.DEBUG), pytest.raises(turn.TurnFailed) as caught:
        call(executor, "action_why", token())
    assert "plek" not in str(caught.value)
    assert caught.value.__suppress_context__
    failed = json.loads(lines[0])
    assert (failed["event"], failed["turn"], failed["verb"], failed["error"]) == (
        "turn failed", "t-5", "why", "RuntimeError",
    )  # fmt: skip
    assert "plek" not in "".join([*lines, *(form.format(record) for record in caplog.records)])
