"""Nobody but the web process talks to the engine."""

import base64
import json
import time
import urllib.error
import urllib.request

import pytest

from tests.dialogue.engine import Engine, token

REFUSED = (401, {"error": "signature"})


def unsigned(text: str) -> str:
    """A token with algorithm `none`, otherwise in order."""
    parts = token("d-1", text).split(".")
    parts[0] = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return f"{parts[0]}.{parts[1]}."


def refused(engine: Engine, signed: object) -> None:
    assert engine.post(json.dumps({"token": signed, "text": "ja"}).encode()) == REFUSED
    assert engine.actions.calls == []


@pytest.mark.parametrize("signed", [None, 1, "", "x", "a.b.c", [], {}])
def test_no_token(engine: Engine, signed: object) -> None:
    refused(engine, signed)


def test_a_body_without_a_token(engine: Engine) -> None:
    assert engine.post(b'{"text": "ja"}') == REFUSED


def test_another_key(engine: Engine) -> None:
    refused(engine, token("d-1", "ja", key="somebody else's key of forty bytes or so"))


def test_no_signature(engine: Engine) -> None:
    refused(engine, unsigned("ja"))


def test_a_changed_claim(engine: Engine) -> None:
    head, _, signature = token("d-1", "ja").split(".")
    _, claims, _ = token("d-2", "ja").split(".")
    refused(engine, f"{head}.{claims}.{signature}")


def test_an_expired_token(engine: Engine) -> None:
    now = int(time.time())
    refused(engine, token("d-1", "ja", iat=now - 120, exp=now - 60))


def test_a_token_of_another_text(engine: Engine) -> None:
    refused(engine, token("d-1", "nee"))


@pytest.mark.parametrize("claim", ["sub", "turn", "user", "role", "lang", "kind", "digest", "iat", "exp"])
def test_a_missing_claim(engine: Engine, claim: str) -> None:
    refused(engine, token("d-1", "ja", **{claim: None}))


def test_an_unknown_kind(engine: Engine) -> None:
    refused(engine, token("d-1", "ja", kind="voice"))


@pytest.mark.parametrize(
    "path", ["/webhooks/rest/webhook", "/model/parse", "/conversations/d-1/tracker", "/status", "/domain"]
)
def test_there_is_no_other_door(engine: Engine, path: str) -> None:
    for method in ("GET", "POST"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(urllib.request.Request(engine.url + path, method=method), timeout=5)
        assert caught.value.code == 404
        caught.value.close()


def test_the_light_is_on(engine: Engine) -> None:
    with urllib.request.urlopen(engine.url + "/", timeout=5) as reply:
        assert reply.status == 200
