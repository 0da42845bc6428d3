"""Browsers of the staff that are called, and by which way somebody was told."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0033b"
down_revision = "0031b"
branch_labels = None
depends_on = None

Words = sqlmodel.sql.sqltypes.AutoString
Moment = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "called_browser",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("officer_id", sa.Integer(), sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("endpoint", Words(), nullable=False, unique=True),
        sa.Column("p256dh", Words(), nullable=False),
        sa.Column("auth", Words(), nullable=False),
        sa.Column("agent", Words(), nullable=False),
        sa.Column("session", Words(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("gone_at", Moment()),
    )
    op.create_index("ix_called_browser_officer_id", "called_browser", ["officer_id"])
    op.create_index("ix_called_browser_session", "called_browser", ["session"])
    with op.batch_alter_table("telling") as batch_op:
        batch_op.add_column(sa.Column("way", sa.String(), nullable=False, server_default="message"))
        batch_op.add_column(sa.Column("browser_id", sa.Integer()))


def downgrade() -> None:
    with op.batch_alter_table("telling") as batch_op:
        batch_op.drop_column("browser_id")
        batch_op.drop_column("way")
    op.drop_table("called_browser")
