"""The head row knows the key that seals it, and carries a seal of its own."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("head", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_print", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("sealed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("seal", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("head", schema=None) as batch_op:
        for name in ("key_print", "sealed_at", "seal"):
            batch_op.drop_column(name)
