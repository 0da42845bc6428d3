"""Atensi of a shift, and who has read each."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0032b"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "brief",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", moment(), nullable=True),
        sa.Column("until", moment(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("added_at", moment(), nullable=False),
        sa.Column("ended_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_brief_until", "brief", ["until"])
    op.create_table(
        "brief_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brief_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["brief.id"]),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("brief_id", "officer_id"),
    )


def downgrade() -> None:
    op.drop_table("brief_read")
    op.drop_index("ix_brief_until", "brief")
    op.drop_table("brief")
