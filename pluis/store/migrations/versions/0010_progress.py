"""Progress in practice: consent, what a trainer asks for, vignettes of the organisation's own."""

import sqlalchemy as sa
from alembic import op

import pluis.store.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Moment = pluis.store.base.Moment


def upgrade() -> None:
    op.create_table(
        "practice_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("given_at", Moment(timezone=True), nullable=False),
        sa.Column("withdrawn_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_practice_consent_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_consent")),
    )
    op.create_index(op.f("ix_practice_consent_account_id"), "practice_consent", ["account_id"])
    op.create_table(
        "practice_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("vignette", sa.String(length=50), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_practice_assignment_account_id_account")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_practice_assignment_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_assignment")),
        sa.UniqueConstraint("account_id", "vignette", name=op.f("uq_practice_assignment_account_id_vignette")),
    )
    op.create_table(
        "own_vignette",
        sa.Column("id", sa.String(length=50), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", Moment(timezone=True), nullable=False),
        sa.Column("offered_at", Moment(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_own_vignette_author_id_account")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_own_vignette_approved_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_vignette")),
    )
    op.create_index(op.f("ix_own_vignette_author_id"), "own_vignette", ["author_id"])


def downgrade() -> None:
    op.drop_table("own_vignette")
    op.drop_table("practice_assignment")
    op.drop_table("practice_consent")
