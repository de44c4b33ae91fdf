"""Second factors, failed tries by address, and access to a case beyond one's role."""

import sqlalchemy as sa
from alembic import op

import pluis.store.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Moment = pluis.store.base.Moment


def upgrade() -> None:
    op.add_column("cases", sa.Column("named_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sign_in", sa.Column("device", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("sign_in", sa.Column("address", sa.String(length=45), nullable=False, server_default=""))
    op.add_column("sign_in", sa.Column("complete", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(timezone=True), nullable=False),
        sa.Column("confirmed_at", Moment(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_second_factor_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"])
    op.create_table(
        "failed_address",
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_failed_address")),
    )
    op.create_table(
        "named",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_named_case_id_cases")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_named_account_id_account")),
        sa.ForeignKeyConstraint(["named_by_id"], ["account.id"], name=op.f("fk_named_named_by_id_account")),
        sa.PrimaryKeyConstraint("case_id", "account_id", name=op.f("pk_named")),
    )
    op.create_index(op.f("ix_named_account_id"), "named", ["account_id"])
    op.create_table(
        "emergency_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("ends_at", Moment(timezone=True), nullable=False),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_emergency_access_case_id_cases")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_emergency_access_account_id_account")),
        sa.ForeignKeyConstraint(["seen_by_id"], ["account.id"], name=op.f("fk_emergency_access_seen_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
    )
    op.create_index(op.f("ix_emergency_access_case_id"), "emergency_access", ["case_id"])
    op.create_index(op.f("ix_emergency_access_account_id"), "emergency_access", ["account_id"])


def downgrade() -> None:
    for table in ("emergency_access", "named", "failed_address", "recovery_code", "second_factor"):
        op.drop_table(table)
    for column in ("complete", "address", "device"):
        op.drop_column("sign_in", column)
    op.drop_column("cases", "named_only")
