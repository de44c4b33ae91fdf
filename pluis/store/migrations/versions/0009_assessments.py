"""Assessments and statements."""

import sqlalchemy as sa
from alembic import op

import pluis.store.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Moment = pluis.store.base.Moment


def upgrade() -> None:
    op.add_column("cases", sa.Column("assess_by", sa.Date(), nullable=True))
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("safety", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("grave", sa.JSON(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_assessment_case_id_cases")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["account.id"], name=op.f("fk_assessment_signed_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index("ix_assessment_case_id_made_on", "assessment", ["case_id", "made_on"])
    op.create_table(
        "statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("debrief_id", sa.String(length=32), nullable=True),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_statement_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_statement_person_id_person")),
        sa.ForeignKeyConstraint(["debrief_id"], ["debrief.id"], name=op.f("fk_statement_debrief_id_debrief")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_statement_assessment_id_assessment")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_statement_recorded_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_index(op.f("ix_statement_case_id"), "statement", ["case_id"])


def downgrade() -> None:
    op.drop_table("statement")
    op.drop_table("assessment")
    op.drop_column("cases", "assess_by")
