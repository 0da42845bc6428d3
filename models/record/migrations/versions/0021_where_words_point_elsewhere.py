"""What the reporter's words name, where that is another place than the point: a question until somebody has answered it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("incident") as batch:
        batch.add_column(sa.Column("doubt", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("incident") as batch:
        batch.drop_column("doubt")
