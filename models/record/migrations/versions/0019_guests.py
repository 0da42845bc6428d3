"""Guests: a session may be a grant to one complaint, and where a complaint without a number came from is a hash for a day."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("complaint_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_sign_in_complaint", ["complaint_id"], unique=False)
        batch_op.create_foreign_key("fk_sign_in_complaint", "complaint", ["complaint_id"], ["id"])
    op.add_column("complaint", sa.Column("origin", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_complaint_origin", "complaint", ["origin"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index("ix_complaint_origin")
        batch_op.drop_column("origin")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_constraint("fk_sign_in_complaint", type_="foreignkey")
        batch_op.drop_index("ix_sign_in_complaint")
        batch_op.drop_column("complaint_id")
