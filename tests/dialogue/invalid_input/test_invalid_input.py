"""Whatever is typed is at worst an answer: nothing is a command, nothing falls over."""

import json

import pytest

from tests.dialogue.engine import Engine

ANSWER = "validate_debrief_form"


@pytest.mark.parametrize(
    "text",
    [
        "/restart", "/back", "/session_start", '/intent{"a":1}', '/deny{"answer":"x"}', "/danger", " /restart ",
        "/pause@0.99", "//", "/", "\u00a0/restart",
    ],
)  # fmt: skip
def test_a_slash_is_never_a_command(engine: Engine, text: str) -> None:
    assert engine.verb(text) == ANSWER
    assert engine.actions.calls[0].intent == "inform"
    assert engine.verb(text, conversation="user-7") == "action_out_of_scope"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<b>terug</b>", "'; DROP TABLE turn; --", "{{ 7 * 7 }}", "${jndi:ldap://x}",
        "\U0001f622", "\U0001f469\u200d\U0001f467 \U0001f494",
        "\u0627\u0644\u0637\u0641\u0644 \u0641\u064a \u0627\u0644\u0628\u064a\u062a",
        "\u202enooit\u202c en toen", "a\x00b", "...", "?!", "12", "\u200b",
        "a" * 5000, "ja " * 1600, "\n\n\nja\n\n",
    ],
)  # fmt: skip
def test_odd_text_is_an_answer(engine: Engine, text: str) -> None:
    assert engine.verb(text) == ANSWER


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"1", b'"text"', b"{}", b'{"text": "ja"', b"\xff\xfe"])
def test_a_body_that_is_no_turn(engine: Engine, body: bytes) -> None:
    assert engine.post(body) == (400, {"error": "malformed"})


@pytest.mark.parametrize("text", [None, 1, [], {}, "", "   ", "\n", "\ud83d ja"])
def test_a_text_that_is_no_text(engine: Engine, text: object) -> None:
    assert engine.post(json.dumps({"token": "x", "text": text}).encode()) == (400, {"error": "malformed"})


@pytest.mark.parametrize("length", [10_001, 250_000])
def test_an_oversized_text_is_refused(engine: Engine, length: int) -> None:
    assert engine.say("x" * length) == (413, {"error": "too_long"})
    assert engine.actions.calls == []
