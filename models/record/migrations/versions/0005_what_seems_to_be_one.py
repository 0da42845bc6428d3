"""Which open incident a new one seems to tell of too."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("like_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_incident_like_id_incident"), "incident", ["like_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_incident_like_id"), ["like_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_like_id"))
        batch_op.drop_constraint(batch_op.f("fk_incident_like_id_incident"), type_="foreignkey")
        batch_op.drop_column("like_id")
