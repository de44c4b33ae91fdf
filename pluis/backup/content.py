"""One number for all that a database holds, to prove that two of them hold the same."""

import hashlib
import json
from typing import Any, NamedTuple

from sqlalchemy import Column, LargeBinary, MetaData, select
from sqlalchemy.orm import Session

from pluis.store import Base
from pluis.store.sealed import Sealed, SealError, keys_of, unseal

AT_ONCE = 1000


class Content(NamedTuple):
    """`unreadable`: texts that were changed in the database and no longer open. They count as the bytes that they are."""

    hash: str
    rows: int
    unreadable: int


def content_of(session: Session) -> Content:
    """All rows of all tables as one number of 64 hexadecimal digits.

    Texts count as what they say, not as how they are sealed, so that a rotated key changes nothing; nor does the order
    of rows. Tables are taken as they stand in the database, so that a copy from an older version can be counted too.

    Raises KeysError when a key is missing.
    """
    keys = keys_of(session.get_bind().dialect)
    tables = MetaData()
    tables.reflect(session.connection())
    whole, rows, unreadable = hashlib.sha256(), 0, 0
    for name in sorted(tables.tables):
        columns = list(tables.tables[name].columns)
        sealed = [_is_sealed(name, one) for one in columns]
        total = 0
        for row in session.execute(select(*columns).execution_options(yield_per=AT_ONCE)):
            values = list(row)
            for place in (number for number, is_sealed in enumerate(sealed) if is_sealed and values[number]):
                try:
                    values[place] = unseal(keys, f"{name}.{columns[place].name}", bytes(values[place]))
                except SealError:
                    unreadable += 1
            line = json.dumps(values, sort_keys=True, ensure_ascii=False, default=_plain).encode()
            # A sum, for it does not depend on the order, which databases see differently.
            total += int.from_bytes(hashlib.sha256(line).digest(), "big")
            rows += 1
        whole.update(f"{name} {[one.name for one in columns]} {total % 2**256:064x}\n".encode())
    return Content(whole.hexdigest(), rows, unreadable)


def _is_sealed(table: str, column: Column[Any]) -> bool:
    """In a database from before texts were sealed the column is still one of text."""
    return isinstance(_known(table, column.name), Sealed) and isinstance(column.type, LargeBinary)


def _known(table: str, column: str) -> Any:
    """The type that the model gives a column; None where no model knows it."""
    model = Base.metadata.tables.get(table)
    return model.columns[column].type if model is not None and column in model.columns else None


def _plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
