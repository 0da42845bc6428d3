"""Who serves in the command, which regu is on duty, how its apel found each of them, what they drive, and who counted it."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0025"
down_revision = "0026"
branch_labels = None
depends_on = None

Words = sqlmodel.sql.sqltypes.AutoString
Moment = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    with op.batch_alter_table("station", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stated_why", Words(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("stated_until", Moment(), nullable=True))
        batch_op.add_column(sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("least", sa.Integer(), nullable=True))
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nrp", Words(), nullable=False),
        sa.Column("rank", Words(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("regu", Words(), nullable=False),
        sa.Column("at_desk", sa.Boolean(), nullable=False),
        sa.Column("phone", Words(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"]),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("nrp"),
        sa.UniqueConstraint("officer_id"),
    )
    op.create_index("ix_member_regu", "member", ["regu"], unique=False)
    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("regu", Words(), nullable=False),
        sa.Column("pattern", sa.String(), nullable=False),
        sa.Column("starts", Moment(), nullable=False),
        sa.Column("ends", Moment(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("opened_by", Words(), nullable=False),
        sa.Column("began_at", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("closed_by", Words(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_shift_closed_at", "shift", ["closed_at"], unique=False)
    op.create_index("ix_shift_regu", "shift", ["regu"], unique=False)
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("at_desk", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("note", Words(), nullable=False),
        sa.Column("since", Moment(), nullable=True),
        sa.Column("said_by", Words(), nullable=False),
        sa.Column("came_at", Moment(), nullable=True),
        sa.Column("left_at", Moment(), nullable=True),
        sa.Column("relieved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"]),
        sa.ForeignKeyConstraint(["relieved_by_id"], ["duty.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("shift_id", "member_id"),
    )
    op.create_index("ix_duty_member", "duty", ["member_id", "left_at"], unique=False)
    op.create_index("ix_duty_left_at", "duty", ["left_at"], unique=False)
    op.create_index("ix_duty_relieved_by_id", "duty", ["relieved_by_id"], unique=False)
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("callsign", Words(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", Words(), nullable=False),
        sa.Column("dispatch_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"]),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatch.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_unit_dispatch_id", "unit", ["dispatch_id"], unique=False)


def downgrade() -> None:
    op.drop_table("unit")
    op.drop_table("duty")
    op.drop_table("shift")
    op.drop_table("member")
    with op.batch_alter_table("station", schema=None) as batch_op:
        for name in ("least", "counted", "stated_until", "stated_why"):
            batch_op.drop_column(name)
