"""A file that is sealed as a whole: in pieces, so that it never has to be in memory, and so that a cut is noticed.

`PLUISBK1 | id of the key (4) | salt (16) | pieces`; a piece is `length (4) | AES-256-GCM of it`. The key of the file is
derived from the key of the database and the salt. The number of a piece is its nonce, and whether it is the last one is
bound to it: pieces can be neither changed, nor moved, nor left out.
"""

import os
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pluis.store.keys import ID_LENGTH, Keys

MAGIC = b"PLUISBK1"
SALT_LENGTH = 16
PIECE = 1 << 20


class BackupError(Exception):
    """A backup cannot be made or put back; the message is a plain sentence."""


def write(file: BinaryIO, keys: Keys, content: Iterable[bytes]) -> None:
    """Compress and seal content into a file. Raises KeysError when there is no key."""
    key, salt = keys.newest(), os.urandom(SALT_LENGTH)
    cipher = AESGCM(key.derived(f"backup {salt.hex()}"))
    file.write(MAGIC + key.id + salt)
    number, kept = 0, b""
    for part in _compressed(content):
        kept += part
        while len(kept) > PIECE:
            _write_piece(file, cipher, number, kept[:PIECE], last=False)
            number, kept = number + 1, kept[PIECE:]
    _write_piece(file, cipher, number, kept, last=True)


def read(file: BinaryIO, keys: Keys) -> Iterator[bytes]:
    """The content of a file, piece by piece, each of them proven before it is handed over.

    Raises:
        BackupError: the file is no backup, was changed, or is not whole.
        KeysError: its key is not there.
    """
    if file.read(len(MAGIC)) != MAGIC:
        raise BackupError("This file is no backup of Pluis.")
    key, salt = keys.by_id(file.read(ID_LENGTH)), file.read(SALT_LENGTH)
    cipher, unpack = AESGCM(key.derived(f"backup {salt.hex()}")), zlib.decompressobj()
    number, piece = 0, _read_piece(file)
    while piece:
        following = _read_piece(file)
        try:
            plain = cipher.decrypt(_nonce(number), piece, _place(last=not following))
        except InvalidTag:
            raise BackupError("This backup was changed or is not whole. Use another one.") from None
        yield unpack.decompress(plain)
        number, piece = number + 1, following
    if not unpack.eof:
        raise BackupError("This backup is not whole. Use another one.")


def _compressed(content: Iterable[bytes]) -> Iterator[bytes]:
    pack = zlib.compressobj(6)
    for part in content:
        yield pack.compress(part)
    yield pack.flush()


def _write_piece(file: BinaryIO, cipher: AESGCM, number: int, plain: bytes, last: bool) -> None:
    piece = cipher.encrypt(_nonce(number), plain, _place(last))
    file.write(len(piece).to_bytes(4, "big") + piece)


def _read_piece(file: BinaryIO) -> bytes:
    """The next piece; nothing at the end of the file. A piece that is cut fails when it is opened."""
    return file.read(min(int.from_bytes(file.read(4), "big"), PIECE + 1024))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _place(last: bool) -> bytes:
    return b"last" if last else b"more"
