"""Commands of the police beside ours, and the number that reporters are told with what went there."""

import sqlalchemy as sa
from alembic import op

revision = "0031c"
down_revision = "0033b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agency") as batch:
        batch.add_column(sa.Column("phone", sa.String(), nullable=False, server_default=""))
    beside = "code IN ('POLRES_BELAWAN', 'POLRESTA_DELI_SERDANG')"  # as they were planted
    op.execute(f"UPDATE agency SET kind = 'command' WHERE {beside}")


def downgrade() -> None:
    op.execute("UPDATE agency SET kind = 'institution' WHERE kind = 'command'")
    with op.batch_alter_table("agency") as batch:
        batch.drop_column("phone")
