"""Handovers: one shift gives the city to the next, case by case, and two people sign for it."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0028"
down_revision = "0026e"
branch_labels = None
depends_on = None

Words = sqlmodel.sql.sqltypes.AutoString
Moment = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), sa.ForeignKey("shift.id"), nullable=False, unique=True),
        sa.Column("to_id", sa.Integer(), sa.ForeignKey("shift.id")),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("frozen_at", Moment()),
        sa.Column("frozen_seq", sa.Integer()),
        sa.Column("carried", sa.JSON(), nullable=False),
        sa.Column("out_at", Moment()),
        sa.Column("out_id", sa.Integer(), sa.ForeignKey("officer.id")),
        sa.Column("out_name", Words(), nullable=False),
        sa.Column("in_at", Moment()),
        sa.Column("in_id", sa.Integer(), sa.ForeignKey("officer.id")),
        sa.Column("in_name", Words(), nullable=False),
        sa.Column("done_seq", sa.Integer()),
    )
    op.create_table(
        "handed_case",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), sa.ForeignKey("handover.id"), nullable=False),
        sa.Column("incident_id", sa.Integer(), sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("happened", Words(), nullable=False),
        sa.Column("may_happen", Words(), nullable=False),
        sa.Column("goes_on", Words(), nullable=False),
        sa.Column("seq", sa.Integer()),
        sa.Column("number", Words(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("category_code", Words(), nullable=False),
        sa.Column("place", Words(), nullable=False),
        sa.Column("opened_at", Moment()),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("holder", Words(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", Moment()),
        sa.Column("answered_by", Words(), nullable=False),
        sa.Column("question", Words(), nullable=False),
        sa.Column("reply", Words(), nullable=False),
        sa.Column("replied_at", Moment()),
        sa.Column("replied_by", Words(), nullable=False),
        sa.UniqueConstraint("handover_id", "incident_id"),
    )
    op.create_index("ix_handed_case_incident", "handed_case", ["incident_id"])


def downgrade() -> None:
    op.drop_table("handed_case")
    op.drop_table("handover")
