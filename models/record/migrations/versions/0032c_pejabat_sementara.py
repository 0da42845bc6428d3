"""Pejabat sementara: until when, from whom and why an officer has a supervisor's power."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0032c"
down_revision = "0033c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lent_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("lent_by", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("lent_why", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="")
        )
        batch_op.create_foreign_key("officer_lent_by_fkey", "officer", ["lent_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.drop_constraint("officer_lent_by_fkey", type_="foreignkey")
        batch_op.drop_column("lent_why")
        batch_op.drop_column("lent_by")
        batch_op.drop_column("lent_until")
