"""What was decided is listed by the day of its check: decided alerts grow for years, and only the first ones are shown."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_escalation_state_check_on", "escalation", ["state", "check_on"])


def downgrade() -> None:
    op.drop_index("ix_escalation_state_check_on", "escalation")
