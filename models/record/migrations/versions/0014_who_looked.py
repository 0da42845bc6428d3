"""Who looked at an incident is found without reading every look there ever was."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_look_incident", "look", ["incident_id", "seq"])


def downgrade() -> None:
    op.drop_index("ix_look_incident", "look")
