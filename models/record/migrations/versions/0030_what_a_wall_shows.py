"""A wall has a name of its own, a view, and may hang without its map."""

import unicodedata

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0030"
down_revision = "0031"
branch_labels = None
depends_on = None

LONGEST = 40


def upgrade() -> None:
    with op.batch_alter_table("wall", schema=None) as batch_op:
        batch_op.add_column(sa.Column("view", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("mapless", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("hangs_as", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.create_unique_constraint("uq_wall_hangs_as", ["hangs_as"])
    _name()


def _name() -> None:
    """Of two that are called the same the older keeps its name."""
    wall = sa.table("wall", sa.column("id", sa.Integer), *(sa.column(n, sa.String) for n in ("name", "hangs_as")),
                    sa.column("paired_at", sa.String))  # fmt: skip
    database, taken = op.get_bind(), set[str]()
    rows = database.execute(sa.select(wall.c.id, wall.c.name).where(wall.c.paired_at.is_not(None)).order_by(wall.c.id))
    for id, given in rows.all():
        name, n = given, 1
        while _read_as(name) in taken:
            n += 1
            name = f"{given[: LONGEST - 1 - len(str(n))]} {n}"
        taken.add(_read_as(name))
        database.execute(sa.update(wall).where(wall.c.id == id).values(name=name, hangs_as=_read_as(name)))


def _read_as(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def downgrade() -> None:
    with op.batch_alter_table("wall", schema=None) as batch_op:
        batch_op.drop_constraint("uq_wall_hangs_as", type_="unique")
        batch_op.drop_column("hangs_as")
        batch_op.drop_column("mapless")
        batch_op.drop_column("view")
