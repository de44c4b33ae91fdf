"""Column types for what is said about people: sealed in the database, plain in Python.

AES-256-GCM: who has the database and not the keys reads nothing and changes nothing unnoticed. A sealed value is
`version (1 byte) | id of the key (4) | nonce (12) | cipher text with its tag`. The name of its column is bound to it, so
that nothing can be moved from one column to another. Empty text stays empty and nothing (None) stays nothing: SQL may
ask for either.
"""

import hashlib
import hmac
import json
import os
import re
import unicodedata
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import ColumnElement, LargeBinary, String, bindparam, or_
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from pluis.store.keys import ID_LENGTH, Key, Keys

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


class SearchWords(TypeDecorator[str]):
    """The words of a sealed text as keyed hashes, so that SQL finds a whole word and can read none.

    It is given the text itself, reads back as the hashes, and is asked by `search_key`. `source` is the column of the
    same table that holds the text, from which a new key makes the hashes anew.
    """

    impl = String
    cache_ok = True

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else hashed_words(keys_of(dialect).newest(), value)


class _Word(TypeDecorator[str]):
    """A word to look for, as a pattern; `nth` is the key it is hashed with (0 is the newest)."""

    impl = String
    cache_ok = True

    def __init__(self, nth: int) -> None:
        super().__init__()
        self.nth = nth

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        keys = keys_of(dialect).all()
        return None if value is None else f"%{hashed_words(keys[min(self.nth, len(keys) - 1)], value)}%"


def search_key(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a column of SearchWords holds every word of a text: whole words, whatever their case and accents.

    While a key is being rotated the words stand under the newest key or under the one before it, so both are asked.
    Text without a word finds nothing.
    """
    asked: ColumnElement[bool] = column.is_not(None)
    words = words_of(text)
    for word in words:
        asked &= or_(*(column.like(bindparam(None, word, type_=_Word(nth))) for nth in (0, 1)))
    return asked if words else column.is_(None) & column.is_not(None)


def words_of(text: str) -> list[str]:
    """The words of a name, each once: small letters, no accents (Ö is o, ij stays ij)."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return list(dict.fromkeys(re.findall(r"\w+", plain)))


def hashed_words(key: Key, text: str) -> str:
    """Hashes of the words, each between spaces."""
    hashes = (hmac.new(key.words, word.encode(), hashlib.sha256).hexdigest()[:16] for word in words_of(text))
    return f" {' '.join(hashes)} "


def keys_of(dialect: Dialect) -> Keys:
    """The keys of the database that a value goes to: `Store` hands them to its engine."""
    keys: Keys = dialect.keys  # type: ignore[attr-defined]
    return keys
