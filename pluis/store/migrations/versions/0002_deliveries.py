"""Messages that are claimed and retried, addresses of people, absences, reminders, the end of an escalation."""

import sqlalchemy as sa
from alembic import op

import pluis.store.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Moment = pluis.store.base.Moment


def upgrade() -> None:
    op.add_column("account", sa.Column("mail", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("account", sa.Column("chat", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("account", sa.Column("channels", sa.JSON(), nullable=True))
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", Moment(timezone=True), nullable=False),
        sa.Column("ends_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_absence_account_id_account")),
        sa.ForeignKeyConstraint(["substitute_id"], ["account.id"], name=op.f("fk_absence_substitute_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_account_id"), "absence", ["account_id"])

    op.add_column("delivery", sa.Column("next_at", Moment(timezone=True), nullable=True))
    op.execute("update delivery set next_at = created_at where state = 'waiting'")
    op.drop_index(op.f("ix_delivery_state"), "delivery")
    op.create_index("ix_delivery_state_next_at", "delivery", ["state", "next_at"])

    op.add_column("escalation", sa.Column("spoke_at", Moment(timezone=True), nullable=True))
    op.add_column("escalation", sa.Column("checked_at", Moment(timezone=True), nullable=True))
    op.drop_index(op.f("ix_escalation_state"), "escalation")
    op.drop_index(op.f("ix_escalation_due_at"), "escalation")
    op.create_index("ix_escalation_state_due_at", "escalation", ["state", "due_at"])

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment(timezone=True), nullable=True),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("sent_at", Moment(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reminder_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_account_id"), "reminder", ["account_id"])
    op.create_index("ix_reminder_state_next_at", "reminder", ["state", "next_at"])


def downgrade() -> None:
    op.drop_table("reminder")
    op.drop_index("ix_escalation_state_due_at", "escalation")
    op.create_index(op.f("ix_escalation_due_at"), "escalation", ["due_at"])
    op.create_index(op.f("ix_escalation_state"), "escalation", ["state"])
    op.drop_column("escalation", "checked_at")
    op.drop_column("escalation", "spoke_at")
    op.drop_index("ix_delivery_state_next_at", "delivery")
    op.create_index(op.f("ix_delivery_state"), "delivery", ["state"])
    op.drop_column("delivery", "next_at")
    op.drop_table("absence")
    for column in ("channels", "chat", "mail"):
        op.drop_column("account", column)
