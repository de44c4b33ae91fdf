"""A family with a word planted wherever a file can hold text, and where that word still stands."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, DateTime, Table, insert, select
from sqlalchemy.orm import Session

from pluis.store import Base, Store
from pluis.store.base import Moment
from pluis.store.cases import Case
from pluis.store.debriefs import SupportWish, Turn
from pluis.store.escalations import Escalation
from tests.support.databases import NOW
from tests.support.families import account, add_family

# Tables that no file hangs on: people who work here, and what belongs to the organisation.
LEFT = {"destroyed", "access_log", "access_log_cut", "legal_hold"}


def hanging() -> list[Table]:
    """Every table whose rows can belong to a file, directly or by way of others."""
    found = {Case.__table__}
    for table in Base.metadata.sorted_tables:
        if any(key.column.table in found for key in table.foreign_keys):
            found.add(table)
    return [table for table in Base.metadata.sorted_tables if table in found and table.name not in LEFT]


def plant(session: Session, word: str, closed_on: date | None = None) -> int:
    """A family with a row in every table that a file can hang on to, and this word wherever text fits."""
    case = add_family(session, NOW, 2, mother=word)
    case.family, case.closed_on = f"Familie {word}", closed_on
    session.flush()
    made: dict[Table, Any] = {Case.__table__: case.id}  # type: ignore[dict-item]
    me = account(session, "counselor").id
    for table in hanging()[1:]:
        values: dict[str, Any] = {}
        for column in table.columns:
            key = next(iter(column.foreign_keys), None)
            if key is not None and key.column.table is not table:
                values[column.name] = made.get(key.column.table, me)
            elif key is None and not (column.primary_key and column.type.python_type is int):
                values[column.name] = filling(column, word)
        done = session.execute(
            insert(table).values({name: value for name, value in values.items() if value is not None})
        )
        made[table] = done.inserted_primary_key[0]  # type: ignore[attr-defined]
    turn = made[Turn.__table__]  # type: ignore[index]
    session.add(SupportWish(account_id=me, turn_id=turn, kind="words", words=word, at=NOW))
    for running in session.scalars(select(Escalation).where(Escalation.case_id == case.id)):
        running.state = "closed"
    return case.id


def filling(column: Any, word: str) -> Any:
    """A value for a column, with the word in it if it holds any."""
    kind = column.type
    if isinstance(kind, (Moment, DateTime)):
        return NOW - timedelta(days=1)
    if isinstance(kind, Date):
        return NOW.date()
    try:
        python = kind.python_type
    except NotImplementedError:
        python = list
    if python in (bool, int, float):
        return python(0)
    if python in (dict, list) or "Json" in type(kind).__name__:
        return [{"text": word}]
    length = getattr(kind, "length", None) or 40
    return f"{word}{abs(hash((column.table.name, column.name))) % 10**6}"[:length]


def mentions(store: Store, word: str) -> dict[str, int]:
    """Per table: rows in which the word stands, opened where they are sealed."""
    found = {}
    with store.reading() as session:
        for table in Base.metadata.sorted_tables:
            rows = [row for row in session.execute(select(table)) if word in repr(tuple(row))]
            if rows:
                found[table.name] = len(rows)
    return found
