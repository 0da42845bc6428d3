"""How many of those sent are there already."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arrived", sa.Integer(), nullable=False, server_default="0"))
    there = "dispatch.incident_id = incident.id AND arrived_at IS NOT NULL AND cleared_at IS NULL"
    op.execute(
        f"UPDATE incident SET arrived = (SELECT SUM(personnel) FROM dispatch WHERE {there})"
        f" WHERE EXISTS (SELECT 1 FROM dispatch WHERE {there})"
    )


def downgrade() -> None:
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_column("arrived")
