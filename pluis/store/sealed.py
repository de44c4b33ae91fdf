"""Column types for what is said about people: sealed in the database, plain in Python.

AES-256-GCM: who has the database and not the keys reads nothing and changes nothing unnoticed. A sealed value is
`version (1 byte) | id of the key (4) | nonce (12) | cipher text with its tag`. The name of its column is bound to it, so
that nothing can be moved from one column to another. Empty text stays empty and nothing (None) stays nothing: SQL may
ask for either.
"""

import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from pluis.store.keys import ID_LENGTH, Keys

VERSION = b"\x01"
NONCE_LENGTH = 12
ID_END = 1 + ID_LENGTH
_NONCE_END = ID_END + NONCE_LENGTH


class SealError(Exception):
    """A text was not sealed by Pluis for this column, or was changed since."""


def seal(keys: Keys, place: str, text: bytes) -> bytes:
    """Seal bytes for one place with the newest key. Raises KeysError when there is none."""
    key = keys.newest()
    nonce = os.urandom(NONCE_LENGTH)
    return b"".join((VERSION, key.id, nonce, key.cipher.encrypt(nonce, text, place.encode())))


def unseal(keys: Keys, place: str, sealed: bytes) -> bytes:
    """Open what was sealed for this place.

    Raises:
        KeysError: its key is not there.
        SealError: it was changed, or belongs elsewhere.
    """
    if sealed[:1] != VERSION:
        raise SealError(f"What stands in {place} was not sealed by this version of Pluis.")
    try:
        key = keys.by_id(sealed[1:ID_END])
        return key.cipher.decrypt(sealed[ID_END:_NONCE_END], sealed[_NONCE_END:], place.encode())
    except InvalidTag:
        raise SealError(f"A text in {place} was changed in the database, or moved there from elsewhere.") from None


class Sealed(TypeDecorator[Any]):
    """What the sealed types share. `place` is `table.column`, for good: it opens the values."""

    impl = LargeBinary

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place


class SealedText(Sealed):
    """Text. SQL can see whether it is empty, and nothing more."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        if not value:
            return value if value is None else b""
        return seal(keys_of(dialect), self.place, value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        if not value:
            return value if value is None else ""
        return unseal(keys_of(dialect), self.place, value).decode()


class SealedJson(Sealed):
    """Anything that JSON holds; None is no value."""

    cache_ok = True
    hashable = False

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return seal(keys_of(dialect), self.place, json.dumps(value, ensure_ascii=False).encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if not value else json.loads(unseal(keys_of(dialect), self.place, value))


def keys_of(dialect: Dialect) -> Keys:
    """The keys of the database that a value goes to: `Store` hands them to its engine."""
    keys: Keys = dialect.keys  # type: ignore[attr-defined]
    return keys
