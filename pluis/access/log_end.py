"""A note, outside the database, of where the access log ends: so that it is seen when its last lines are missing."""

import fcntl
import hashlib
import hmac
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger("pluis.access")
LENGTH = 256


@dataclass(frozen=True)
class End:
    """The number and the seal of a line that was the newest one."""

    number: int
    seal: str

    def __str__(self) -> str:
        return f"{self.number}:{self.seal[:16]}"

    def fits(self, seal: str) -> bool:
        """Whether this is the line; an end that a person wrote down is shorter."""
        return len(self.seal) >= 16 and seal.startswith(self.seal)


class Noted:
    """The note in a file of PLUIS_HOME, sealed with the key of the log. It only moves forward."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path, self._key = path, key

    def read(self) -> End | None:
        """The end that was noted; None without a file. Raises ValueError when the note is not one of ours."""
        try:
            return self._opened(self.path.read_bytes())
        except FileNotFoundError:
            return None

    def move(self, end: End, back: bool = False) -> None:
        """Note a later end; an earlier one only with `back`. A note that cannot be written keeps nobody from working."""
        try:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                known = os.read(file, 4 * LENGTH)
                if back or not known or self._number(known) < end.number:
                    # One write of a few bytes, always as many: it is there whole, or not at all.
                    note = json.dumps([end.number, end.seal, self._note(end)]).encode()
                    os.pwrite(file, note.ljust(LENGTH), 0)
                    if len(known) > LENGTH:
                        os.ftruncate(file, LENGTH)
            finally:
                os.close(file)
        except OSError as error:
            log.error("the end of the access log could not be noted: %s", type(error).__name__)

    def _number(self, known: bytes) -> int:
        try:
            return self._opened(known).number
        except (ValueError, TypeError):
            # A spoilt note stays for `pluis audit verify` to find.
            return 2**63

    def _opened(self, known: bytes) -> End:
        number, seal, note = json.loads(known)
        end = End(int(number), str(seal))
        if not hmac.compare_digest(str(note), self._note(end)):
            raise ValueError("the note does not carry our seal")
        return end

    def _note(self, end: End) -> str:
        return hmac.new(self._key, f"end {end.number} {end.seal}".encode(), hashlib.sha256).hexdigest()
