"""What needs no Rasa: signature, outcome, fingerprint."""
# ruff: noqa: PT027 - there is no pytest in the environment of the engine

import hashlib
import os
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import jwt

from bot import outcome, signature, train

KEY = "k" * 40


def signed(text: str, **changes: object) -> str:
    now = int(time.time())
    claims: dict[str, object] = {
        "sub": "d-1", "turn": "t-3", "user": 7, "role": "counselor", "lang": "nl", "kind": "button",
        "digest": hashlib.sha256(text.encode()).hexdigest(), "iat": now, "exp": now + 60,
    }  # fmt: skip
    return jwt.encode({**claims, **changes}, KEY, "HS256")


class Signature(unittest.TestCase):
    def test_names_the_conversation_and_the_kind(self) -> None:
        assert signature.verify(signed("é"), "é", KEY) == signature.Signed("d-1", "t-3", "button")

    def test_refuses_what_is_wrong(self) -> None:
        past = int(time.time()) - 100
        for token, text, key in [
            (signed("ja"), "nee", KEY),
            (signed("ja"), "ja", "x" * 40),
            (signed("ja", exp=past), "ja", KEY),
            (signed("ja", kind="voice"), "ja", KEY),
            (signed("ja", sub=""), "ja", KEY),
            (signed("ja", digest=5), "ja", KEY),
            (None, "ja", KEY),
            (b"x", "ja", KEY),
        ]:
            with self.subTest(token=token), self.assertRaises(signature.Refused):
                signature.verify(token, text, key)

    def test_wants_a_real_key(self) -> None:
        for key in ("", "short"):
            with mock.patch.dict(os.environ, {"PLUIS_CHANNEL_KEY": key}), self.assertRaises(RuntimeError):
                signature.key_from_environment()


class Outcome(unittest.TestCase):
    def test_a_turn_without_a_call_is_not_complete(self) -> None:
        assert not outcome.watch().complete

    def test_one_failure_spoils_the_turn(self) -> None:
        seen = outcome.watch()
        outcome.answered()
        assert seen.complete
        outcome.failed()
        assert not seen.complete

    def test_turns_do_not_mix(self) -> None:
        first, second = outcome.watch(), outcome.watch()
        outcome.answered()
        assert not first.complete
        assert second.complete


class Fingerprint(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name in train.MADE_OF:
            path = self.root / name
            if path.suffix:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(name)
            else:
                path.mkdir(parents=True)
                (path / "one.yml").write_text(name)
        self.before = train.fingerprint(self.root)

    def test_stays_when_nothing_changes(self) -> None:
        (self.root / "data" / "protocol.yml").write_text("no part of the model")
        assert train.fingerprint(self.root) == self.before

    def test_changes_with_content_names_and_number_of_files(self) -> None:
        one = self.root / "data" / "nlu" / "one.yml"
        one.rename(one.with_name("two.yml"))
        renamed = train.fingerprint(self.root)
        one.write_text("more")
        assert len({self.before, renamed, train.fingerprint(self.root)}) == 3

    def test_a_model_is_current_only_with_its_mark(self) -> None:
        assert not train.is_current(self.root, self.root)
        (self.root / "assistant.tar.gz").write_text("model")
        assert not train.is_current(self.root, self.root)
        (self.root / "assistant.sha256").write_text(self.before)
        assert train.is_current(self.root, self.root)
