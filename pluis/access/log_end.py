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
            text = self.path.read_text("utf-8")
        except FileNotFoundError:
            return None
        number, seal, note = json.loads(text)
        end = End(int(number), str(seal))
        if not hmac.compare_digest(str(note), self._note(end)):
            raise ValueError("the note does not carry our seal")
        return end

    def move(self, end: End, back: bool = False) -> None:
        """Note a later end; an earlier one only with `back`. A note that cannot be written keeps nobody from working."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self.path.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not back and self._number() >= end.number:
                    return
                new = self.path.with_suffix(f".{os.getpid()}")
                new.write_text(json.dumps([end.number, end.seal, self._note(end)]), "utf-8")
                new.replace(self.path)
        except OSError as error:
            log.error("the end of the access log could not be noted: %s", type(error).__name__)

    def _number(self) -> int:
        try:
            end = self.read()
        except (ValueError, TypeError):
            # A spoilt note stays for `pluis audit verify` to find.
            return 2**63
        return end.number if end else -1

    def _note(self, end: End) -> str:
        return hmac.new(self._key, f"end {end.number} {end.seal}".encode(), hashlib.sha256).hexdigest()
