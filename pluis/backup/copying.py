"""Make a backup of a database, and put one back: the same steps for both kinds of database."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from pluis.backup import envelope, postgresql, sqlite
from pluis.backup.content import content_of
from pluis.backup.envelope import BackupError
from pluis.store import Store

READ = 1 << 20


class About(NamedTuple):
    """What a backup says of itself. `kind`: sqlite | postgresql."""

    kind: str
    made_at: str
    content_hash: str
    rows: int
    unreadable: int


def back_up(store: Store, file: Path, now: datetime) -> About:
    """Write the whole database, sealed, to a new file, while others work.

    Raises:
        BackupError: the file is there already, or the database cannot be copied.
        KeysError: there is no key, or one that is needed is missing.
    """
    if file.exists():
        raise BackupError(f"{file} is there already. Name another file.")
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as folder:
        copy = Path(folder) / "copy"
        made = sqlite.dump(store, copy) if store.sqlite else postgresql.dump(store, copy)
        about = About(_kind(store), now.isoformat(timespec="seconds"), *made)
        with _private(Path(folder) / "sealed") as target:
            envelope.write(target, store.keys, _content(about, copy))
            target.flush()
            os.fsync(target.fileno())
        os.replace(Path(folder) / "sealed", file)
    return about


def restore(store: Store, file: Path, replace: bool) -> About:
    """Put a backup back, all of it or nothing, and prove that it is what was backed up.

    Raises:
        BackupError: the database has something in it and `replace` was not said; the backup is of the other kind, was
            changed or is not whole; or the content is not the same afterwards.
        KeysError: the key of the backup is missing.
    """
    filled = sqlite.filled(store) if store.sqlite else postgresql.filled(store)
    if filled and not replace:
        raise BackupError("This database has something in it already. To lose that and put the backup there: --replace")
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=file.parent) as folder:
        copy = Path(folder) / "copy"
        with file.open("rb") as source, _private(copy) as target:
            about = _unpack(envelope.read(source, store.keys), target)
        if about.kind != _kind(store):
            raise BackupError(f"This is a backup of {about.kind}; the database of these settings is another kind.")
        with (sqlite.load if store.sqlite else postgresql.load)(store, copy) as session:
            if content_of(session).hash != about.content_hash:
                raise BackupError("What came back is not what was backed up. The database is as it was.")
    return about


def _kind(store: Store) -> str:
    return "sqlite" if store.sqlite else "postgresql"


def _content(about: About, copy: Path) -> Iterator[bytes]:
    """A line that says what it is, then the copy itself."""
    yield json.dumps(about._asdict()).encode() + b"\n"
    with copy.open("rb") as file:
        while part := file.read(READ):
            yield part


def _unpack(content: Iterator[bytes], target: BinaryIO) -> About:
    lead = b""
    for part in content:
        lead += part
        if b"\n" in lead:
            break
    line, _, rest = lead.partition(b"\n")
    given: dict[str, Any] = json.loads(line or b"{}")
    target.write(rest)
    for part in content:
        target.write(part)
    return About(**given)


@contextmanager
def _private(path: Path) -> Iterator[BinaryIO]:
    """A new file that its owner alone can read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
