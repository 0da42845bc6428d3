"""Who is in Mode senyap, and which cases are theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("citizen", "incident"):
        op.add_column(table, sa.Column("quiet", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for table in ("citizen", "incident"):
        op.drop_column(table, "quiet")
