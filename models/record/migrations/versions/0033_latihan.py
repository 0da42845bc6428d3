"""Exercises: who started one, why and until when."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0033"
down_revision = "0029"
branch_labels = None
depends_on = None

Words = sqlmodel.sql.sqltypes.AutoString
Moment = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "exercise",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("officer_id", sa.Integer(), sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment()),
        sa.Column("ended_by_id", sa.Integer(), sa.ForeignKey("officer.id")),
        sa.Column("by_itself", sa.Boolean(), nullable=False),
        sa.Column("stood_down", sa.Integer(), nullable=False),
    )
    op.create_index("ix_exercise_ended_at", "exercise", ["ended_at"])


def downgrade() -> None:
    op.drop_table("exercise")
