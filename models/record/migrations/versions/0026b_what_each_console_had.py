"""What each console had of each alarm: received, sounded or why not, looked at."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0026b"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", moment(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("received_at", moment(), nullable=False),
        sa.Column("sounded_at", moment(), nullable=True),
        sa.Column("silent", sa.String(), nullable=False),
        sa.Column("behind", sa.Boolean(), nullable=False),
        sa.Column("looked_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"]),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("incident_id", "opened_at", "seat"),
    )
    op.create_index("ix_alarm_received_at", "alarm", ["received_at"])


def downgrade() -> None:
    op.drop_table("alarm")
