"""Everything from one database into another, empty one: as it stood at one moment, row for row."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, ForeignKeyConstraint, MetaData, Table, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import AddConstraint, DropConstraint
from sqlmodel import SQLModel

from models.record.chain import canonical
from models.record.database import empty, migrate, plain_engine, wipe

AT_ONCE = 1000  # rows held in memory
COUNTERS = """
    SELECT format('SELECT setval(%L, (SELECT coalesce(max(%I), 0) + 1 FROM %I), false)', sequence, attname, relname)
    FROM (
        SELECT relname, attname, pg_get_serial_sequence(quote_ident(relname), attname) AS sequence
        FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
    ) AS columns WHERE sequence IS NOT NULL
"""


class NotMoved(Exception):
    """Nothing was moved; the message says why."""


def move(source: str, target: str) -> tuple[int, int]:
    """(tables, rows) that now stand in `target`, a PostgreSQL, as they stand in `source`, whose schema is up to date.

    All or nothing: one transaction, and each table compared before it ends. Raises NotMoved.
    """
    if not empty(target):
        raise NotMoved("it holds tables already: name a database in which nothing is stored yet")
    migrate(target)
    here, there = plain_engine(source), plain_engine(target)
    try:
        with here.connect() as reading, there.begin() as writing:
            keys = _foreign_keys(writing)
            for key in keys:  # rows name rows of their own table, and tables each other: no order would do
                writing.execute(DropConstraint(key))
            rows = sum(_copy(table, reading, writing) for table in _tables())
            for key in keys:
                writing.execute(AddConstraint(key))
            for count in writing.scalars(text(COUNTERS)).all():
                writing.execute(text(count))
            return len(_tables()), rows
    except DBAPIError as error:
        wipe(target)
        said = getattr(
            getattr(error.orig, "diag", None), "message_primary", None
        )  # never its detail, which quotes a row
        raise NotMoved(f"PostgreSQL refuses what stands here: {said or type(error.orig).__name__}") from error
    except BaseException:
        wipe(target)  # it was empty when we came
        raise
    finally:
        here.dispose()
        there.dispose()


def _tables() -> list[Table]:
    return list(SQLModel.metadata.tables.values())


def _foreign_keys(connection: Connection) -> list[ForeignKeyConstraint]:
    """As the database itself knows them, with their names."""
    found = MetaData()
    found.reflect(connection)
    return [one for table in found.tables.values() for one in table.foreign_key_constraints]


def _copy(table: Table, reading: Connection, writing: Connection) -> int:
    writing.execute(table.delete())  # the head row that every database is born with
    read = 0
    for rows in _rows(table, reading):
        writing.execute(insert(table), [dict(row) for row in rows])
        read += len(rows)
    if _sum(table, reading) != _sum(table, writing):
        raise NotMoved(f"what arrived in {table.name} is not what was sent")
    return read


def _rows(table: Table, connection: Connection) -> Iterator[list[Any]]:
    found = connection.execute(select(table).execution_options(yield_per=AT_ONCE))
    for part in found.mappings().partitions():
        yield list(part)


def _sum(table: Table, connection: Connection) -> int:
    """The same for the same rows, in whatever order a database gives them."""
    digests = (
        hashlib.sha256(canonical(list(row.values()))).digest() for part in _rows(table, connection) for row in part
    )
    return sum(int.from_bytes(digest) for digest in digests)
