"""No place yet is a place: what nobody knows has no point, and no centre of the city stands for it.

Rows that stand keep their point. Which of them was invented only their events could say, and those are sealed: columns
that were changed beside them would no longer be what folding gives. They say "only the area", as they were told.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

POINTS = {"incident": ("lat", "lon", "centre_lat", "centre_lon"), "complaint": ("lat", "lon")}


def upgrade() -> None:
    _allow_none(True)


def downgrade() -> None:
    """Refused by the database while anything has no place: no point is invented for it."""
    _allow_none(False)


def _allow_none(nullable: bool) -> None:
    for table, names in POINTS.items():
        with op.batch_alter_table(table) as batch:
            for name in names:
                batch.alter_column(name, existing_type=sa.Float(), nullable=nullable)
