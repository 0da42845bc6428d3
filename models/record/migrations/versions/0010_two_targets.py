"""Two targets: an incident is to be claimed and reached in time. The third, a decision, was never due."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.drop_column("decide_s")


def downgrade() -> None:
    op.add_column("target", sa.Column("decide_s", sa.Integer(), nullable=True))
