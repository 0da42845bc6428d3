"""When no console listened, and who was told of it."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0026d"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "silence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", moment(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", moment(), nullable=False),
        sa.Column("ended_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("telling") as batch:
        batch.add_column(sa.Column("silence_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_telling_silence", "silence", ["silence_id"], ["id"])
        batch.create_index("ix_telling_silence_id", ["silence_id"])


def downgrade() -> None:
    with op.batch_alter_table("telling") as batch:
        batch.drop_index("ix_telling_silence_id")
        batch.drop_constraint("fk_telling_silence", type_="foreignkey")
        batch.drop_column("silence_id")
    op.drop_table("silence")
