"""What evidence shows may be closed: it is ticked no more, and keeps its name in what was sent for it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("modifier", sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("modifier", schema=None) as batch_op:
        batch_op.drop_column("active")
