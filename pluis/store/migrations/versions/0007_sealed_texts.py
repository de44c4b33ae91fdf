"""Texts sealed in the database."""

from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

from pluis.store.sealed import SealedJson, SealedText

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BATCH = 500


class Moved(NamedTuple):
    """A column that becomes sealed: its type before, and whether it may hold nothing before and after."""

    table: str
    column: str
    before: Any
    nullable: bool = False
    nullable_after: bool = False


MOVED = (
    Moved("cases", "family", sa.String(80)),
    Moved("cases", "one_parent_reason", sa.String(200)),
    Moved("person", "name", sa.String(80)),
    Moved("agreement", "text", sa.Text()),
    Moved("debrief", "greeting", sa.JSON()),
    Moved("debrief", "rules", sa.JSON(), True, True),
    Moved("debrief", "note", sa.Text(), True, True),
    Moved("turn", "text", sa.Text()),
    Moved("turn", "reply", sa.JSON(), True, True),
    Moved("answer", "value", sa.JSON(), False, True),
    Moved("answer", "text", sa.Text()),
    Moved("found", "words", sa.Text()),
    Moved("found", "sentence", sa.Text()),
    Moved("level_change", "reason", sa.Text()),
    Moved("level_change", "rules", sa.JSON()),
    Moved("unknown", "text", sa.Text()),
    Moved("support_wish", "by_when", sa.String(60)),
    Moved("support_wish", "words", sa.Text()),
    Moved("escalation", "reasons", sa.JSON()),
    Moved("escalation", "words", sa.JSON()),
    Moved("escalation", "facts", sa.JSON()),
    Moved("escalation", "decision", sa.JSON(), True, True),
    Moved("practice", "talk", sa.JSON()),
)


def upgrade() -> None:
    for table in dict.fromkeys(one.table for one in MOVED):
        moved = [one for one in MOVED if one.table == table]
        for one in moved:
            _add(table, sa.Column(f"new_{one.column}", sa.LargeBinary(), nullable=one.nullable_after), "")
        _copy(
            table,
            {one.column: one.before for one in moved},
            {f"new_{one.column}": _sealed(one) for one in moved},
        )
        _replace(table, [one.column for one in moved])


def downgrade() -> None:
    for table in dict.fromkeys(one.table for one in MOVED):
        moved = [one for one in MOVED if one.table == table]
        for one in moved:
            empty = "null" if isinstance(one.before, sa.JSON) else ""
            _add(table, sa.Column(f"new_{one.column}", one.before, nullable=one.nullable), empty)
        _copy(
            table,
            {one.column: _sealed(one) for one in moved},
            {f"new_{one.column}": one.before for one in moved},
        )
        _replace(table, [one.column for one in moved])


def _sealed(one: Moved) -> SealedText | SealedJson:
    kind = SealedJson if isinstance(one.before, sa.JSON) else SealedText
    return kind(f"{one.table}.{one.column}")


def _add(table: str, column: sa.Column[Any], empty: str) -> None:
    """Add a column. Not by copying the table, as SQLite else needs: other tables point at its rows."""
    if not column.nullable:
        column.server_default = sa.DefaultClause(empty)
    op.add_column(table, column)


def _copy(table: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Fill the new columns from the old ones, in that order, some rows at a time."""
    connection = op.get_bind()
    rows = sa.table(table, sa.column("id"), *(sa.column(name, kind) for name, kind in {**old, **new}.items()))
    update = (
        sa.update(rows)
        .where(rows.c.id == sa.bindparam("row"))
        .values({name: sa.bindparam(f"to_{name}", type_=kind) for name, kind in new.items()})
    )
    last = None
    while True:
        query = sa.select(rows.c.id, *(rows.c[name] for name in old)).order_by(rows.c.id).limit(BATCH)
        found = connection.execute(query if last is None else query.where(rows.c.id > last)).all()
        if not found:
            return
        names = [f"to_{name}" for name in new]
        connection.execute(update, [{"row": row[0], **dict(zip(names, row[1:], strict=True))} for row in found])
        last = found[-1][0]


def _replace(table: str, columns: list[str]) -> None:
    for column in columns:
        op.drop_column(table, column)
        op.execute(f'alter table "{table}" rename column "new_{column}" to "{column}"')
