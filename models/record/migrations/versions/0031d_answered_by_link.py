"""A referral that is answered by a link, where nobody of its partner signs in."""

import sqlalchemy as sa
from alembic import op

revision = "0031d"
down_revision = "0032b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agency") as batch:
        batch.add_column(sa.Column("line", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("line_shown", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("referral") as batch:
        batch.add_column(sa.Column("link", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_referral_link", "referral", ["link"])


def downgrade() -> None:
    op.drop_index("ix_referral_link", "referral")
    with op.batch_alter_table("referral") as batch:
        batch.drop_column("link")
    with op.batch_alter_table("agency") as batch:
        batch.drop_column("line_shown")
        batch.drop_column("line")
