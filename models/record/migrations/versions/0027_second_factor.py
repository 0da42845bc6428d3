"""The staff's second factor: apps, passkeys, codes on paper, and who owes one."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0027"
down_revision = "0026c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "factor",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("officer_id", sa.Integer(), sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("credential", sa.String(), unique=True),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime()),
    )
    op.create_index("ix_factor_officer_id", "factor", ["officer_id"])
    op.create_table(
        "recovery_code",
        sa.Column("hash", sa.String(), primary_key=True),
        sa.Column("officer_id", sa.Integer(), sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime()),
    )
    op.create_index("ix_recovery_code_officer_id", "recovery_code", ["officer_id"])
    with op.batch_alter_table("officer") as batch_op:
        batch_op.add_column(sa.Column("factor_due", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("has_factor", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("officer") as batch_op:
        batch_op.drop_column("has_factor")
        batch_op.drop_column("factor_due")
    op.drop_table("recovery_code")
    op.drop_table("factor")
