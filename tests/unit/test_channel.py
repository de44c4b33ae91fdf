"""Tokens of the channel: who says what in which conversation, for a minute."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from pluis.channel import BadToken, Claims, digest, sign, verify

KEY = "a key of forty characters, more or less."
CLAIMS = Claims("d-1", "t-1", 7, "counselor", "en", "button")


def test_what_is_signed_can_be_read() -> None:
    assert verify(sign(CLAIMS, "ja", KEY, datetime.now(UTC)), KEY) == CLAIMS


def test_a_token_carries_the_digest_of_its_text() -> None:
    told = jwt.decode(sign(CLAIMS, "ja", KEY, datetime.now(UTC)), KEY, algorithms=["HS256"])

    assert told["digest"] == digest("ja") != digest("nee")
    assert told["exp"] - told["iat"] == 60


@pytest.mark.parametrize("ago", [61, 3600])
def test_an_old_token_is_refused(ago: int) -> None:
    with pytest.raises(BadToken):
        verify(sign(CLAIMS, "ja", KEY, datetime.now(UTC) - timedelta(seconds=ago)), KEY)


def test_a_token_of_another_key_is_refused() -> None:
    with pytest.raises(BadToken):
        verify(sign(CLAIMS, "ja", KEY[::-1], datetime.now(UTC)), KEY)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
def test_nonsense_is_refused(token: str) -> None:
    with pytest.raises(BadToken):
        verify(token, KEY)


def test_a_token_without_signature_is_refused() -> None:
    unsigned = jwt.encode({"sub": "d-1", "turn": "t", "exp": 2**33}, "", algorithm="none")

    with pytest.raises(BadToken):
        verify(unsigned, KEY)


@pytest.mark.parametrize("missing", ["sub", "turn", "exp", "user", "role", "lang", "kind"])
def test_a_token_with_a_part_missing_is_refused(missing: str) -> None:
    told = jwt.decode(sign(CLAIMS, "ja", KEY, datetime.now(UTC)), KEY, algorithms=["HS256"])
    del told[missing]

    with pytest.raises(BadToken):
        verify(jwt.encode(told, KEY, algorithm="HS256"), KEY)
