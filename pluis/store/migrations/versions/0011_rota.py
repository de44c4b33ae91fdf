"""The rota and the absences are found by when they end: they grow for years, and only the coming ones count."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_on_call_team_id", "on_call")
    op.create_index("ix_on_call_team_id_ends_at", "on_call", ["team_id", "ends_at"])
    op.drop_index("ix_absence_account_id", "absence")
    op.create_index("ix_absence_account_id_ends_at", "absence", ["account_id", "ends_at"])


def downgrade() -> None:
    op.drop_index("ix_absence_account_id_ends_at", "absence")
    op.create_index("ix_absence_account_id", "absence", ["account_id"])
    op.drop_index("ix_on_call_team_id_ends_at", "on_call")
    op.create_index("ix_on_call_team_id", "on_call", ["team_id"])
