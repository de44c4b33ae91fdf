"""Practice on made-up families, which are marked so that they count nowhere."""

import sqlalchemy as sa
from alembic import op

import pluis.store.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Moment = pluis.store.base.Moment


def upgrade() -> None:
    op.add_column("cases", sa.Column("vignette", sa.String(length=50), nullable=True))
    op.create_table(
        "practice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("vignette", sa.String(length=50), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("talk", sa.JSON(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("debrief_id", sa.String(length=32), nullable=True),
        sa.Column("again_of", sa.String(length=32), nullable=True),
        sa.Column("begun_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_practice_account_id_account")),
        sa.ForeignKeyConstraint(["debrief_id"], ["debrief.id"], name=op.f("fk_practice_debrief_id_debrief")),
        sa.ForeignKeyConstraint(["again_of"], ["practice.id"], name=op.f("fk_practice_again_of_practice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
        sa.UniqueConstraint("debrief_id", name=op.f("uq_practice_debrief_id")),
    )
    op.create_index(op.f("ix_practice_account_id"), "practice", ["account_id"])
    op.create_index(op.f("ix_practice_vignette"), "practice", ["vignette"])


def downgrade() -> None:
    op.drop_table("practice")
    op.drop_column("cases", "vignette")
