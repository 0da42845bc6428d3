"""Since when what a reporter wrote on a closed case waits to be read."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0035"
down_revision = "0032c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incident", sa.Column("unheard_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.create_index("ix_incident_unheard_at", "incident", ["unheard_at"])


def downgrade() -> None:
    op.drop_index("ix_incident_unheard_at", "incident")
    op.drop_column("incident", "unheard_at")
