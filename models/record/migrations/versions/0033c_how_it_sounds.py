"""How alarms sound for one person."""

import sqlalchemy as sa
from alembic import op

revision = "0033c"
down_revision = "0031d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("officer") as batch_op:
        batch_op.add_column(sa.Column("volume", sa.String(), nullable=False, server_default="full"))
        batch_op.add_column(sa.Column("minor", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("officer") as batch_op:
        batch_op.drop_column("minor")
        batch_op.drop_column("volume")
