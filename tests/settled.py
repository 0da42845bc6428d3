"""A city is peopled once in each process and copied from then on: thousands of tests begin in one, and copying is a quarter of the work.

people = settled(url, first)      # first() writes them into the empty database of this URL, and names them
"""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from models.database import sqlite
from tests.postgres_server import TABLES

IS_EMPTY = "SELECT NOT EXISTS (SELECT 1 FROM station) AND NOT EXISTS (SELECT 1 FROM event)"
COUNTERS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
_kept: dict[str, Any] = {}  # by kind of database: what is copied, and who they are


def settled(url: str, first: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Who lives there now; {} when somebody was there already: nothing is copied over them."""
    return _sqlite(url, first) if url.startswith("sqlite") else _postgres(url, first)


def _sqlite(url: str, first: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    with closing(sqlite.connect(str(make_url(url).database))) as file:
        if not file.execute(IS_EMPTY).fetchone()[0]:
            return {}
        if "sqlite" not in _kept:
            people, copy = first(), sqlite.connect(":memory:", check_same_thread=False)
            file.backup(copy)
            _kept["sqlite"] = copy, people
        else:
            _kept["sqlite"][0].backup(file)
    return dict(_kept["sqlite"][1])


def _postgres(url: str, first: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        if not connection.execute(IS_EMPTY).fetchone()[0]:  # type: ignore[index]
            return {}
        if not connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'city'").fetchone():
            people = first()
            _kept["postgres"] = _keep(connection), people
        else:
            connection.execute(_kept["postgres"][0])
    return dict(_kept["postgres"][1])


def _keep(connection: psycopg.Connection) -> sql.Composed:
    """Lay a copy of every row aside; what is returned puts them back in one message."""
    tables = [sql.Identifier(name) for (name,) in connection.execute(TABLES).fetchall()]
    held = [name for name in tables if connection.execute(sql.SQL("TABLE {} LIMIT 1").format(name)).fetchone()]
    connection.execute("CREATE SCHEMA city")
    for name in held:
        connection.execute(sql.SQL("CREATE TABLE city.{0} AS TABLE public.{0}").format(name))
    return sql.SQL("; ").join([
        sql.SQL("SET session_replication_role = replica"),  # no foreign key asks in which order
        *(sql.SQL("DELETE FROM public.{0}; INSERT INTO public.{0} TABLE city.{0}").format(name) for name in held),
        *(sql.SQL("SELECT setval({}, {})").format(name, last) for name, last in connection.execute(COUNTERS).fetchall()),
    ])  # fmt: skip
