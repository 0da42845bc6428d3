"""How long a partner sees what was referred to it, and what of their thread is unseen. What lasts now has twelve hours more."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0031"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    with op.batch_alter_table("referral") as batch:
        batch.add_column(sa.Column("until", moment, nullable=True))
        batch.add_column(sa.Column("to_partner", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("to_police", sa.Integer(), nullable=False, server_default="0"))
        batch.create_index("ix_referral_state", ["state"])
    row = sa.table("referral", sa.column("until", moment), sa.column("state"), sa.column("finished_at", moment))
    at = datetime.now(UTC)
    op.execute(row.update().where(row.c.state.in_(("asked", "accepted"))).values(until=at + timedelta(hours=12)))
    # Who owes a last note has had no end told so far: the day they have for it begins now.
    op.execute(row.update().where(row.c.state == "closed").values(finished_at=at))


def downgrade() -> None:
    with op.batch_alter_table("referral") as batch:
        batch.drop_index("ix_referral_state")
        batch.drop_column("to_police")
        batch.drop_column("to_partner")
        batch.drop_column("until")
