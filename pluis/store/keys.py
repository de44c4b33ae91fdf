"""The keys that seal texts in the database: where they come from, and which one is the newest.

One key a line, the newest first, in the environment (PLUIS_KEYS, with commas for lines) or in a file (PLUIS_KEY_FILE).
A key is 32 random bytes in base64url; what does the work is derived from it, so that one key never does two jobs.
"""

import base64
import binascii
import os
import secrets
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

LENGTH = 32
ID_LENGTH = 4


class KeysError(Exception):
    """There is no usable key; the message is a plain sentence with the cure."""


@dataclass(frozen=True)
class Key:
    """One key. `since` is the day on which it was made, where the file says so."""

    secret: bytes
    since: str = ""

    @cached_property
    def id(self) -> bytes:
        """Four bytes that lead a sealed text, so that the key which opens it can be found."""
        return self.derived("id")[:ID_LENGTH]

    @cached_property
    def cipher(self) -> AESGCM:
        return AESGCM(self.derived("seal"))

    def derived(self, job: str) -> bytes:
        """A key for one job alone: nobody gets from it to this key or to that of another job."""
        return HKDFExpand(SHA256(), LENGTH, f"pluis {job}".encode()).derive(self.secret)


class Keys:
    """The keys of one database.

    Those of a file are read again when the file changes, so that a new key works in every process at once, without a
    restart. Nothing is read before a key is needed.
    """

    def __init__(self, given: str = "", file: Path | None = None) -> None:
        """
        Args:
            given: the keys themselves, the newest first; they go before the file.
            file: where they stand otherwise.
        """
        self.file = None if given else file
        self._keys = parse(given.replace(",", "\n").splitlines()) if given else []
        self._by_id = {key.id: key for key in self._keys}
        self._stamp: tuple[int, int] | None = None

    def all(self) -> list[Key]:
        """Every key, the newest first. Raises KeysError when there is none."""
        self._look()
        if not self._keys:
            where = f"in {self.file}" if self.file else "in PLUIS_KEYS or PLUIS_KEY_FILE"
            raise KeysError(
                f"There is no key {where}, and texts about families are never kept without one. Make one with "
                "`pluis keys add`, and keep a copy of it apart from the database and its backups."
            )
        return self._keys

    def newest(self) -> Key:
        """The key that seals. Raises KeysError when there is none."""
        return self.all()[0]

    def by_id(self, id: bytes) -> Key:
        """The key that opens what this id leads. Raises KeysError when it is not there."""
        found = self._by_id.get(id)
        if found is None:
            self.all()
            found = self._by_id.get(id)
        if found is None:
            raise KeysError(
                f"The key {id.hex()} is needed to open a text and is not among the keys. Put it back in "
                f"{self.file or 'PLUIS_KEYS'}, below the newest one."
            )
        return found

    def _look(self) -> None:
        """Read the file if it changed."""
        if self.file is None:
            return
        try:
            about = os.stat(self.file)
        except FileNotFoundError:
            return
        stamp = about.st_mtime_ns, about.st_ino
        if stamp != self._stamp:
            self._keys = read(self.file)
            self._by_id = {key.id: key for key in self._keys}
            self._stamp = stamp


def parse(lines: Iterable[str]) -> list[Key]:
    """Keys from lines `<key> [<day on which it was made>]`. Raises KeysError at a line that holds none."""
    keys: list[Key] = []
    for line in lines:
        text, _, since = line.strip().partition(" ")
        if not text or text.startswith("#"):
            continue
        try:
            secret = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            secret = b""
        if len(secret) != LENGTH:
            raise KeysError(f"Key number {len(keys) + 1} is not 32 bytes in base64url. Was a part of it lost?")
        keys.append(Key(secret, since.strip()))
    return keys


def read(file: Path) -> list[Key]:
    """The keys in a file, the newest first; none without a file. Raises KeysError when others can read the file."""
    if not file.is_file():
        return []
    if file.stat().st_mode & 0o077:
        raise KeysError(f"Others on this machine can read {file}. Close it first: chmod 600 {file}")
    return parse(file.read_text().splitlines())


def write(file: Path, keys: Iterable[Key]) -> None:
    """Put keys in a file that its owner alone can read. It is whole at every moment."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = ["# Keys of Pluis, the newest first. Who loses them loses every text in the database.\n"]
    lines += [f"{text_of(key)} {key.since}\n" for key in keys]
    with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=file.name, delete=False) as new:
        new.writelines(lines)
        new.flush()
        os.fsync(new.fileno())
    os.replace(new.name, file)


def text_of(key: Key) -> str:
    """A key as it stands in the file or in PLUIS_KEYS. Show it to nobody."""
    return base64.urlsafe_b64encode(key.secret).decode().rstrip("=")


def make(today: date) -> Key:
    """A new key."""
    return Key(secrets.token_bytes(LENGTH), today.isoformat())


def make_first(file: Path) -> None:
    """Make the file with one key, if there is no file yet."""
    if not file.exists():
        write(file, [make(datetime.now(UTC).date())])
