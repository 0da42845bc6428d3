"""Nothing is invented: a strength that nobody stated is none; which targets and numbers are still the seed's proposals.

And passwords that somebody else made: their owner changes them first. Accounts that stand are left alone.
"""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PROPOSALS = (("category", "change_category", "code", "category"), ("target", "change_target", "priority", "priority"))


def upgrade() -> None:
    with op.batch_alter_table("station", schema=None) as batch_op:
        batch_op.alter_column("strength", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("stated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("stated_by", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    for table, *_ in PROPOSALS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("proposed", sa.Boolean(), nullable=False, server_default=sa.true()))
    _keep_what_was_stated()


def downgrade() -> None:
    op.execute("UPDATE station SET strength = 0 WHERE strength IS NULL")
    for table, *_ in PROPOSALS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("proposed")
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_column("version")
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.drop_column("must_change")
    with op.batch_alter_table("station", schema=None) as batch_op:
        batch_op.drop_column("stated_by")
        batch_op.drop_column("stated_at")
        batch_op.alter_column("strength", existing_type=sa.Integer(), nullable=False)


def _keep_what_was_stated() -> None:
    """The log knows what somebody said; everything else was planted."""
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE station SET strength = NULL"))
    for body, at, name in _events(connection, "open_station", "strength"):
        given = {"id": body["station"], "strength": body["strength"], "at": at, "by": name}
        connection.execute(
            sa.text("UPDATE station SET strength = :strength, stated_at = :at, stated_by = :by WHERE id = :id"), given
        )
    for table, step, key, named in PROPOSALS:
        for body, *_ in _events(connection, step):
            changed = sa.text(f"UPDATE {table} SET proposed = :no WHERE {key} = :key")
            connection.execute(changed, {"no": False, "key": body[named]})


def _events(connection: sa.Connection, *steps: str) -> list[tuple[dict[str, Any], datetime, str]]:
    """(body, at, by whom), oldest first."""
    rows = connection.execute(
        sa.text(
            "SELECT event.body, event.at, officer.rank, officer.name FROM event"
            " LEFT JOIN officer ON officer.id = event.by_id"
            " WHERE event.step IN :steps AND event.by_role IN ('admin', 'supervisor') ORDER BY event.seq"
        ).bindparams(sa.bindparam("steps", expanding=True)),
        {"steps": list(steps)},
    )
    return [
        (json.loads(body) if isinstance(body, str) else body, at, f"{rank or ''} {name or ''}".strip())
        for body, at, rank, name in rows
    ]
