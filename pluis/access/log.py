"""The access log (NEN 7513): who did what to which file, when, from where, on what ground, and what came of it.

Lines are only added. Each carries a seal: an HMAC, with a key that is not in the database, over the line and the seal
before it. Whoever can write in the database, and has not the key, can therefore change, remove or move no line unseen;
that lines are missing at the end is seen from a note outside the database (`pluis.access.log_end`).
No words of a case stand in a line: what was read or changed is named by its number.
"""

import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pluis.access.log_end import End, Noted
from pluis.settings import Settings
from pluis.store import Store, access_log
from pluis.store.access_log import AccessLine
from pluis.store.people import Account

log = logging.getLogger("pluis.access")
MOST_OWED = 1000
BEGIN = "0" * 64  # stands where the first line has no line before it


class LogAway(Exception):
    """Lines cannot be written and too many wait already: nothing more may be shown until they can."""


@dataclass(frozen=True)
class Line:
    """What is to be logged. `who` and `role`: as they were at that moment, for people leave and roles change."""

    at: datetime
    action: str
    object: str
    object_id: str = ""
    actor: str = "person"
    account_id: int | None = None
    who: str = ""
    role: str = ""
    on_behalf_of_id: int | None = None
    to_id: int | None = None
    outcome: str = "ok"
    case_id: int | None = None
    ground: str = "none"
    route: str = ""
    address: str = ""
    device: str = ""


def by(account: Account | None) -> dict[str, object]:
    """The part of a line that says who."""
    return {"account_id": account.id, "who": account.name, "role": account.role} if account else {}


class AccessLog:
    """The one way to the access log for a process."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self.noted = Noted(settings.home / "access-log.end", self.key)
        self._turn = threading.Lock()
        self._owed: list[Line] = []

    @cached_property
    def key(self) -> bytes:
        """For this job alone."""
        secret = self._settings.log_key or self._settings.secret
        return hmac.digest(secret.encode(), b"pluis access log", hashlib.sha256)

    def record(self, lines: Sequence[Line]) -> None:
        """Write lines in a transaction of their own: they are on disk when this returns.

        Lines that cannot be written wait in memory, so that a full disk keeps nobody from an alert; the next call
        writes them. Raises LogAway when more than MOST_OWED wait.
        """
        with self._turn:  # threads that queue here wait shorter than threads that queue at the database
            owed = [*self._owed, *lines]
            if not owed:
                return
            try:
                with self._store.transaction() as session:
                    end = self._add(session, owed)
            except SQLAlchemyError as error:
                log.error("%d lines of the access log wait: %s", len(owed), type(error).__name__)
                self._owed = owed[: max(MOST_OWED, len(self._owed))]
                if len(owed) > MOST_OWED:
                    raise LogAway from None
                return
            self._owed = []
        self.noted.move(end)

    def add(self, session: Session, lines: Sequence[Line]) -> End:
        """Write lines in a transaction with what they are about. Do it last: other writers wait until it commits.

        Note the end that comes back once the transaction has committed: `noted.move(end)`.
        """
        session.flush()
        return self._add(session, lines)

    def _add(self, session: Session, lines: Sequence[Line]) -> End:
        access_log.alone(session)
        newest = access_log.last(session)
        if newest is None and (cut := access_log.newest_cut(session)) is not None:
            newest = cut.number, cut.line_seal
        number, seal = newest or (0, BEGIN)
        rows = []
        for line in lines:
            number += 1
            values = _fitting(line)
            seal = seal_of(self.key, seal, number, values)
            rows.append({"number": number, "seal": seal, **values})
        session.execute(AccessLine.__table__.insert(), rows)  # type: ignore[attr-defined]
        return End(number, seal)


def seal_of(key: bytes, before: str, number: int, values: dict[str, object]) -> str:
    """The seal of a line, from the seal of the line before it."""
    said = {name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
            for name, value in values.items()}  # fmt: skip
    text = json.dumps([before, number, said], sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def values_of(row: AccessLine) -> dict[str, object]:
    """What a stored line said when it was sealed."""
    return {field.name: getattr(row, field.name) for field in fields(Line)}


_LONGEST = {column.name: getattr(column.type, "length", None) for column in AccessLine.__table__.columns}


def _fitting(line: Line) -> dict[str, object]:
    """The values of a line, cut to what their columns hold."""
    values = vars(line)
    return {name: value[: _LONGEST[name]] if isinstance(value, str) else value for name, value in values.items()}
