"""A turn that no action answered is an error, never an empty reply; and the engine recovers by itself."""

import pytest

from tests.dialogue.engine import Engine

UNAVAILABLE = (503, {"error": "unavailable"})
SAID = ["ja", "waarom", "terug"]


@pytest.mark.parametrize("text", SAID)
def test_the_action_server_is_down_and_comes_back(engine: Engine, text: str) -> None:
    assert engine.say(text)[0] == 200
    engine.actions.stop()
    try:
        assert engine.say(text) == UNAVAILABLE
    finally:
        engine.actions.start()
    assert engine.say(text)[0] == 200


@pytest.mark.parametrize("status", [400, 401, 404, 449, 500, 503])
@pytest.mark.parametrize("text", SAID)
def test_the_action_server_refuses(engine: Engine, status: int, text: str) -> None:
    engine.actions.status = status
    assert engine.say(text) == UNAVAILABLE
    assert len(engine.actions.calls) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"null", b"[]", b"{", b"<html>", b'{"events": {}}', b'{"events": [{"event": "no such"}]}',
        b'{"events": [{"event": "slot", "name": 1}]}', b'{"responses": ["x"]}',
    ],
)  # fmt: skip
def test_the_action_server_talks_nonsense(engine: Engine, raw: bytes) -> None:
    engine.actions.raw = raw
    assert engine.say("ja") == UNAVAILABLE


def test_the_log_holds_no_words(engine: Engine) -> None:
    secret = "de jongste heet zwaluwstaart"
    engine.say(secret)
    engine.actions.status = 500
    assert engine.say(secret) == UNAVAILABLE
    assert engine.say("/" + secret) == UNAVAILABLE
    log = engine.log.read_text(errors="replace")
    assert "status 500" in log
    assert "zwaluwstaart" not in log
