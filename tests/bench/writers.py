"""The same program with another writer: python -m tests.bench.writers pool|async

A session and a transaction for each request, as most programs have it: in a pool of threads, or as an
AsyncSession. Everything else, from the door to the law, is ours.
"""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlmodel import Session

from models.record import database
from models.record.event import Ledger
from tests.bench.environment import packages_folder

POOL = 16
PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 10000", "foreign_keys = ON")
READ_COMMITTED = r"-c default_transaction_isolation=read\ committed"

Ring = Callable[[list[dict[str, Any]]], None]


class PoolWriter:
    """A thread and a session for each request."""

    def __init__(self, engine: Engine, key: bytes, ring: Ring) -> None:
        url = engine.url.render_as_string(hide_password=False)
        engine.dispose()
        if database.is_sqlite(url):
            self._engine = database._sqlite_engine(url, "BEGIN IMMEDIATE", pool_size=POOL)
        else:
            self._engine = database._postgres_engine(url, READ_COMMITTED, pool_size=POOL)
        self._key, self._ring = key, ring
        self._pool = ThreadPoolExecutor(POOL)

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.wrap_future(self.submit(function, *arguments))

    def submit(self, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        return self._pool.submit(self._write, function, arguments)

    def waited(self) -> float:
        return 0.0

    def close(self) -> None:
        self._pool.shutdown()
        self._engine.dispose()

    def _write(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            ledger, result = written(session, self._key, function, arguments)
        told(self._ring, ledger)
        return result


class AsyncWriter:
    """An AsyncSession for each request."""

    def __init__(self, engine: Engine, key: bytes, ring: Ring) -> None:
        url = engine.url.render_as_string(hide_password=False)
        engine.dispose()
        self._key, self._ring, self._loop = key, ring, asyncio.get_running_loop()
        if database.is_sqlite(url):
            url = url.replace("sqlite://", "sqlite+aiosqlite://", 1)
            self._engine = create_async_engine(
                url, pool_size=POOL, connect_args={"isolation_level": None, "timeout": 30}
            )
            event.listen(self._engine.sync_engine, "connect", _configure)
            event.listen(self._engine.sync_engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
        else:
            self._engine = create_async_engine(
                database._with_driver(url), pool_size=POOL, pool_pre_ping=True, connect_args={"options": READ_COMMITTED}
            )

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        options: dict[str, Any] = {"expire_on_commit": False, "sync_session_class": Session}
        async with AsyncSession(self._engine, **options) as session, session.begin():
            ledger, result = await session.run_sync(written, self._key, function, arguments)
        told(self._ring, ledger)
        return result

    def submit(self, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        return asyncio.run_coroutine_threadsafe(self.run(function, *arguments), self._loop)

    def waited(self) -> float:
        return 0.0

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._engine.dispose(), self._loop).result()


def written(session: Any, key: bytes, function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Ledger, Any]:
    ledger = Ledger(session.connection(), key)
    session.info["ledger"] = ledger
    result = function(session, *arguments)
    session.flush()
    ledger.seal()
    return ledger, result


def told(ring: Ring, ledger: Ledger) -> None:
    if ledger.events:
        ring([{"seq": e["seq"], "step": e["step"], "incident": e["incident_id"]} for e in ledger.events])


def _configure(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def main(name: str) -> None:
    if name == "async":
        sys.modules["sqlite3"] = sys.modules[database.sqlite.__name__.partition(".")[0]]  # type: ignore[attr-defined]  # aiosqlite must use ours
        sys.path.append(str(packages_folder()))
    from console import app, cli

    app.Writer = {"pool": PoolWriter, "async": AsyncWriter}[name]  # type: ignore[assignment,attr-defined]
    cli.serve()


if __name__ == "__main__":
    main(sys.argv[1])
