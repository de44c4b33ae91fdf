"""The access log as people read it: who had to do with a file, and what was logged about oneself."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from pluis.store import access, access_log, people, retention
from pluis.store.access_log import AccessLine
from pluis.store.base import Json
from pluis.store.cases import Case
from pluis.store.people import Account

MOST = 500


def of_case(session: Session, case: Case, since: datetime, until: datetime, most: int = MOST) -> list[Json]:
    """Who looked into this file or changed something, when and on what ground, newest first."""
    # A database may give the number of a destroyed file to a new one: what was before belongs to the other.
    earlier = retention.destroyed_at(session, case.id)
    rows = access_log.of_case(session, case.id, max(since, earlier) if earlier else since, until, most)
    reasons = [
        (one.account_id, one.at, one.ends_at, one.reason) for one in access.emergencies_of_case(session, case.id, MOST)
    ]
    shown = _shown(session, rows)
    for row, line in zip(rows, shown, strict=True):
        if row.ground == "emergency":
            fits = (why for who, at, end, why in reasons if who == row.account_id and at <= row.at <= end)
            line["reason"] = next(fits, None)
    return shown


def of_account(session: Session, account: Account, since: datetime, until: datetime, most: int = MOST) -> list[Json]:
    """What was logged about this person, newest first."""
    rows = access_log.of_account(session, account.id, since, until, most)
    return _shown(session, rows)


def without_case(session: Session, since: datetime, until: datetime, most: int = MOST) -> list[Json]:
    """What was done by anybody that is about no file: accounts, commands, searches, refusals; newest first."""
    return _shown(session, access_log.without_case(session, since, until, most))


def _shown(session: Session, rows: Iterable[AccessLine]) -> list[Json]:
    rows = list(rows)
    ids = {id for row in rows for id in (row.account_id, row.on_behalf_of_id, row.to_id) if id is not None}
    known = people.by_ids(session, ids)

    def name(id: int | None) -> str | None:
        return known[id].name if id in known else None

    return [
        {
            "number": row.number,
            "at": row.at.isoformat(),
            "actor": row.actor,
            "who": row.who or name(row.account_id),
            "role": row.role or (known[row.account_id].role if row.account_id in known else None),
            "on_behalf_of": name(row.on_behalf_of_id),
            "to": name(row.to_id),
            "action": row.action,
            "object": row.object,
            "object_id": row.object_id,
            "case_id": row.case_id,
            "ground": row.ground,
            "reason": None,
            "outcome": row.outcome,
            "route": row.route,
            "address": row.address,
            "device": row.device,
        }
        for row in rows
    ]
