"""How phones and numbers end, by an index: looking for the end of one walked through all of 90 days."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ends = "substr({}, -3)" if op.get_bind().dialect.name == "sqlite" else "right({}, 3)"
    op.create_index("ix_incident_ending", "incident", [sa.text(ends.format("number")), "filed_at"])
    op.create_index("ix_complaint_ending", "complaint", [sa.text(ends.format("caller_phone")), "filed_at"])
    op.create_index("ix_citizen_ending", "citizen", [sa.text(ends.format("phone"))])


def downgrade() -> None:
    op.drop_index("ix_citizen_ending", "citizen")
    op.drop_index("ix_complaint_ending", "complaint")
    op.drop_index("ix_incident_ending", "incident")
