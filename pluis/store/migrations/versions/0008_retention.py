"""Retention: files that are held, and what is left of files that were destroyed."""

import sqlalchemy as sa
from alembic import op

from pluis.store.base import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(20), nullable=False),
        sa.Column("reference", sa.String(40), nullable=False),
        sa.Column("held_by", sa.String(80), nullable=False),
        sa.Column("held_at", Moment(), nullable=False),
        sa.Column("released_by", sa.String(80), nullable=False),
        sa.Column("released_at", Moment()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_legal_hold_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_case_id"), "legal_hold", ["case_id"])
    op.create_table(
        "destroyed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.String(20), nullable=False),
        sa.Column("because", sa.String(20), nullable=False),
        sa.Column("reference", sa.String(40), nullable=False),
        sa.Column("destroyed_by", sa.String(80), nullable=False),
        sa.Column("destroyed_at", Moment(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("row_counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destroyed")),
    )
    op.create_index(op.f("ix_destroyed_case_id"), "destroyed", ["case_id"])


def downgrade() -> None:
    op.drop_table("destroyed")
    op.drop_table("legal_hold")
