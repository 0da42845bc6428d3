"""A city is peopled once in each process and copied from then on: thousands of tests begin in one, and copying is a quarter of the work.

people = settled(url, "people", first)      # first() writes them into the empty database of this URL, and names them
"""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from models.record import database
from tests.support.postgres_server import TABLES

IS_EMPTY = "SELECT NOT EXISTS (SELECT 1 FROM station) AND NOT EXISTS (SELECT 1 FROM event)"
COUNTERS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
_on_sqlite: dict[str, Any] = {}  # what: how it is put there, and what first() said of it
_on_postgres: dict[str, Any] = {}


def settled(url: str, what: str, first: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What first() said of what is there now; {} when something was there already: nothing is copied over it."""
    return _sqlite(url, what, first) if url.startswith("sqlite") else _postgres(url, what, first)


def _sqlite(url: str, what: str, first: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    with closing(database.sqlite.connect(str(make_url(url).database))) as file:  # type: ignore[attr-defined]
        if not file.execute(IS_EMPTY).fetchone()[0]:
            return {}
        if what not in _on_sqlite:
            said, copy = first(), database.sqlite.connect(":memory:", check_same_thread=False)  # type: ignore[attr-defined]
            file.backup(copy)
            _on_sqlite[what] = copy, said
        else:
            _on_sqlite[what][0].backup(file)
    return dict(_on_sqlite[what][1])


def _postgres(url: str, what: str, first: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        if not connection.execute(IS_EMPTY).fetchone()[0]:  # type: ignore[index]
            return {}
        if not connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [what]).fetchone():
            said = first()
            _on_postgres[what] = _keep(connection, sql.Identifier(what)), said
        else:
            connection.execute(_on_postgres[what][0])
    return dict(_on_postgres[what][1])


def _keep(connection: psycopg.Connection, aside: sql.Identifier) -> sql.Composed:
    """Lay a copy of every row aside; what is returned puts them back in one message."""
    tables = [sql.Identifier(name) for (name,) in connection.execute(TABLES).fetchall()]
    held = [name for name in tables if connection.execute(sql.SQL("TABLE {} LIMIT 1").format(name)).fetchone()]
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(aside))
    for name in held:
        connection.execute(sql.SQL("CREATE TABLE {1}.{0} AS TABLE public.{0}").format(name, aside))
    return sql.SQL("; ").join([
        sql.SQL("SET session_replication_role = replica"),  # no foreign key asks in which order
        *(sql.SQL("DELETE FROM public.{0}; INSERT INTO public.{0} TABLE {1}.{0}").format(name, aside) for name in held),
        *(sql.SQL("SELECT setval({}, {})").format(name, last) for name, last in connection.execute(COUNTERS).fetchall()),
    ])  # fmt: skip
