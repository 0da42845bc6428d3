"""When an alarm would last have sounded at each officer's console."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0026e"
down_revision = "0026d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("presence") as batch:
        batch.add_column(sa.Column("heard_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("presence") as batch:
        batch.drop_column("heard_at")
