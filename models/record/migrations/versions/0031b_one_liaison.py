"""A partner that is a person: a community leader, with one liaison at most."""

import sqlalchemy as sa
from alembic import op

revision = "0031b"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agency") as batch:
        batch.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="institution"))


def downgrade() -> None:
    with op.batch_alter_table("agency") as batch:
        batch.drop_column("kind")
