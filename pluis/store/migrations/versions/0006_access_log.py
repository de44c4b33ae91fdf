"""Access log: lines that the database itself refuses to change or to take away."""

import sqlalchemy as sa
from alembic import op

from pluis.store.base import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REFUSAL = "the access log is only added to"
# Lines up to a cut have had their time. A cut is sealed as well, so that making one by hand is found.
OVER = "old.number <= coalesce((select max(number) from access_log_cut), -2147483648)"
SQLITE = (
    f"create trigger access_log_no_update before update on access_log begin select raise(abort, '{REFUSAL}'); end",
    f"create trigger access_log_no_delete before delete on access_log when not ({OVER}) "
    f"begin select raise(abort, '{REFUSAL}'); end",
)
POSTGRESQL = (
    f"create function access_log_refuse() returns trigger language plpgsql as "
    f"$$ begin raise exception '{REFUSAL}'; end $$",
    f"create function access_log_keep() returns trigger language plpgsql as "
    f"$$ begin if {OVER} then return old; end if; raise exception '{REFUSAL}'; end $$",
    "create trigger access_log_no_update before update on access_log for each row execute function access_log_refuse()",
    "create trigger access_log_no_delete before delete on access_log for each row execute function access_log_keep()",
    "create trigger access_log_no_truncate before truncate on access_log execute function access_log_refuse()",
)


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(10), nullable=False),
        sa.Column("account_id", sa.Integer()),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("on_behalf_of_id", sa.Integer()),
        sa.Column("to_id", sa.Integer()),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("object", sa.String(16), nullable=False),
        sa.Column("object_id", sa.String(40), nullable=False),
        sa.Column("case_id", sa.Integer()),
        sa.Column("ground", sa.String(20), nullable=False),
        sa.Column("route", sa.String(120), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("device", sa.String(40), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_access_log")),
    )
    op.create_index("ix_access_log_case_id_number", "access_log", ["case_id", "number"])
    op.create_index("ix_access_log_account_id_number", "access_log", ["account_id", "number"])
    op.create_table(
        "access_log_cut",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line_seal", sa.String(64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log_cut")),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    # The triggers go with their table.
    op.drop_table("access_log")
    op.drop_table("access_log_cut")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function access_log_refuse()")
        op.execute("drop function access_log_keep()")
