"""Numbers of ratings: by when they were given, without those of an exercise."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.add_column(sa.Column("exercise", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(batch_op.f("ix_rating_at"), ["at"], unique=False)
    exercises = "SELECT 1 FROM incident WHERE incident.id = rating.incident_id AND incident.exercise"
    op.execute(f"UPDATE rating SET exercise = EXISTS ({exercises})")


def downgrade() -> None:
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rating_at"))
        batch_op.drop_column("exercise")
