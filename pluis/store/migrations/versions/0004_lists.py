"""Indexes for lists, boards and audits over many debriefs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Each new index begins with the column of an old one, which it replaces.
REPLACED = (
    ("debrief", "ix_debrief_case_id", ["case_id"], "ix_debrief_case_id_state_opened_at", ["case_id", "state", "opened_at"]),
    ("debrief", "ix_debrief_account_id", ["account_id"], "ix_debrief_account_id_opened_at", ["account_id", "opened_at"]),
    ("sighting", "ix_sighting_person_id", ["person_id"], "ix_sighting_last",
     ["person_id", "seen", "seen_on", "spoken", "alone"]),
    ("escalation", "ix_escalation_team_id", ["team_id"], "ix_escalation_team_id_state", ["team_id", "state"]),
)


def upgrade() -> None:
    for table, old, _old_columns, new, columns in REPLACED:
        op.create_index(new, table, columns)
        op.drop_index(op.f(old), table)
    op.create_index("ix_escalation_raised_by_id_state", "escalation", ["raised_by_id", "state"])
    op.create_index(op.f("ix_debrief_opened_at"), "debrief", ["opened_at"])
    op.create_index(op.f("ix_delivery_account_id"), "delivery", ["account_id"])
    unhandled = sa.text("handled_at is null")
    op.create_index("ix_turn_unhandled", "turn", ["received_at"], sqlite_where=unhandled, postgresql_where=unhandled)


def downgrade() -> None:
    op.drop_index("ix_turn_unhandled", "turn")
    op.drop_index(op.f("ix_delivery_account_id"), "delivery")
    op.drop_index(op.f("ix_debrief_opened_at"), "debrief")
    op.drop_index("ix_escalation_raised_by_id_state", "escalation")
    for table, old, old_columns, new, _columns in REPLACED:
        op.create_index(op.f(old), table, old_columns)
        op.drop_index(new, table)
