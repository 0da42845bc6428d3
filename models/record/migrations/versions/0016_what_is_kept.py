"""How long each kind of thing is kept, which files are to go, and which incidents stay whatever the period."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "period",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("category_code", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("set_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "category_code"),
    )
    op.create_table("leftover", sa.Column("sha256", sa.String(), nullable=False), sa.PrimaryKeyConstraint("sha256"))
    op.add_column("incident", sa.Column("preserved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("incident", "preserved_at")
    op.drop_table("leftover")
    op.drop_table("period")
