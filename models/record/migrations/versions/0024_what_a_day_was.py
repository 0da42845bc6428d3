"""A day's figures are read from that day's events, however many there are before and after it."""

from alembic import op

revision = "0024"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_event_at", "event", ["at"])
    op.create_index("ix_incident_closed", "incident", ["closed_at"])


def downgrade() -> None:
    op.drop_index("ix_incident_closed", "incident")
    op.drop_index("ix_event_at", "event")
