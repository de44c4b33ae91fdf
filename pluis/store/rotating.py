"""Sealing everything anew with the newest key: some rows at a time, while Pluis runs, and again where it was cut off.

Nothing is remembered between two runs: a value itself says which key it is under, so what is left is simply what is not
under the newest one.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Table, bindparam, func, or_, select, tuple_, type_coerce, update
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from pluis.store.base import Base
from pluis.store.engine import Store
from pluis.store.sealed import ID_END, VERSION, Sealed

BATCH = 200


def sealed_columns(table: Table) -> list[str]:
    """Names of the sealed columns of a table."""
    return [column.name for column in table.columns if isinstance(column.type, Sealed)]


def sealed_tables() -> list[Table]:
    """Every table with a sealed column, by name."""
    return sorted((table for table in Base.metadata.tables.values() if sealed_columns(table)), key=lambda t: t.name)


def in_use(store: Store) -> Counter[bytes]:
    """Id of a key → how many values are under it."""
    counted: Counter[bytes] = Counter()
    with store.reading() as session:
        for table in sealed_tables():
            for name in sealed_columns(table):
                lead = _lead(table.c[name])
                rows = session.execute(select(lead, func.count()).where(_filled(table.c[name])).group_by(lead))
                for start, count in rows:
                    counted[bytes(start)[len(VERSION) :]] += count
    return counted


def seal_anew(store: Store, told: Callable[[int], None] = lambda rows: None) -> int:
    """Put everything under the newest key. Returns how many rows that took; `told` hears the number after each batch.

    Each batch is a transaction of its own. A process that had begun to write before it knew the newest key may leave
    something under the old one meanwhile, so the tables are looked through until one whole round finds nothing.
    """
    rows = 0
    while True:
        before = rows
        for table in sealed_tables():
            last: Row[Any] | None = None
            while True:
                with store.transaction() as session:
                    last, done = _batch(session, table, store.keys.newest().id, last)
                rows += done
                if done:
                    told(rows)
                if last is None:
                    break
        if rows == before:
            return rows


def _batch(session: Session, table: Table, newest: bytes, after: Row[Any] | None) -> tuple[Row[Any] | None, int]:
    """Seal the next rows of a table anew: the primary key of the last of them (None at the end), and how many."""
    key, names = list(table.primary_key.columns), sealed_columns(table)
    query = select(*key, *(table.c[name] for name in names)).order_by(*key).limit(BATCH).with_for_update()
    query = query.where(or_(*(_filled(table.c[name]) & (_lead(table.c[name]) != VERSION + newest) for name in names)))
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    found = session.execute(query).all()
    if not found:
        return None, 0
    change = (
        update(table)
        .where(*(column == bindparam(f"is_{column.name}") for column in key))
        .values({name: bindparam(f"to_{name}", type_=table.c[name].type) for name in names})
    )
    session.connection().execute(
        change,
        [
            {f"is_{column.name}": value for column, value in zip(key, row, strict=False)}
            | {f"to_{name}": value for name, value in zip(names, row[len(key) :], strict=True)}
            for row in found
        ],
    )
    return found[-1][: len(key)], len(found)  # type: ignore[return-value]


def _lead(column: Any) -> ColumnElement[bytes]:
    """The bytes that say under which key a value is."""
    return func.substr(type_coerce(column, LargeBinary), 1, ID_END, type_=LargeBinary)


def _filled(column: Any) -> ColumnElement[bool]:
    return func.length(column) > 0
