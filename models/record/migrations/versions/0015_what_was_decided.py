"""Since which version all that a decision rests on stands as it is: a photo that came meanwhile refuses no claim."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incident", sa.Column("decided", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE incident SET decided = version")
    with op.batch_alter_table("incident") as batch:
        batch.alter_column("decided", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("incident") as batch:
        batch.drop_column("decided")
