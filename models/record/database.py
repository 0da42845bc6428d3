"""The engines: one that writes, one that only reads; a SQLite file or PostgreSQL by URL.

The only module that names a SQLite library: two of them in one process drop each other's locks.
"""

import fcntl
import logging
import os
import re
import secrets
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, inspect, make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import SQLModel

try:
    from pysqlite3 import dbapi2 as sqlite  # a newer SQLite than the interpreter's own
except ModuleNotFoundError:
    import sqlite3 as sqlite

SAFE_SQLITE = (3, 51, 3)  # older ones may corrupt the write-ahead log (docs/trust.md#databases)
# PostgreSQL frees the head row of a frozen process after so long.
FROZEN_SECONDS = {"idle_in_transaction_session_timeout": 3, "lock_timeout": 2, "statement_timeout": 5}
# Table and column, in one statement: asking table by table was a tenth of the work of a start.
COLUMNS = {
    "sqlite": "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'",
    "postgresql": "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()",
}
MIGRATIONS = Path(__file__).parent / "migrations"
NAMED = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.MULTILINE)
log = logging.getLogger(__name__)


class WrongSchema(Exception):
    """The tables are not those of this program. Says in one sentence what they are and what helps."""


def writing_engine(url: str) -> Engine:
    """One connection, for the writer thread alone (and for migrations)."""
    if is_sqlite(url):
        # IMMEDIATE takes the write lock at BEGIN. A plain BEGIN that reads and then
        # writes fails at once with "database is locked", whatever the timeout.
        engine = _sqlite_engine(url, "BEGIN IMMEDIATE", pool_size=1, max_overflow=0)
        _take_turns(engine)
    else:
        # READ COMMITTED: each statement after the wait for the head row sees what the last
        # holder committed. The end of a killed process frees the head row at once.
        # No walk through a table that has an index: its one connection keeps the plans it made while the tables were
        # small, and in a flood they are not small any more.
        options = r"-c default_transaction_isolation=read\ committed -c enable_seqscan=off" + "".join(
            f" -c {name}={seconds}s" for name, seconds in FROZEN_SECONDS.items()
        )
        engine = _postgres_engine(url, options, pool_size=1, max_overflow=0)
    _say_savepoints(engine)

    @event.listens_for(engine, "handle_error")
    def doom_connection(context: Any) -> None:
        # Disk full, I/O error, connection lost: SQLite then rolls the whole transaction
        # back unasked and would commit each later statement by itself. Whoever caught
        # the error, this connection must run nothing more.
        if isinstance(context.sqlalchemy_exception, OperationalError):
            context.is_disconnect = True

    return engine


def reading_engine(url: str, pool_size: int = 8) -> Engine:
    """Every transaction is one unchanging snapshot, and a write is an error."""
    if is_sqlite(url):
        return _sqlite_engine(url, "BEGIN", query_only=True, pool_size=pool_size)
    options = r"-c default_transaction_isolation=repeatable\ read -c default_transaction_read_only=on"
    return _postgres_engine(url, options, pool_size=pool_size)


def plain_engine(url: str) -> Engine:
    """Without our settings: a migration takes its time, and begins its own transactions."""
    given = {"module": sqlite} if is_sqlite(url) else {}
    return create_engine(
        _with_driver(url), hide_parameters=True, **given
    )  # an error is shown; what people wrote is not


def migrate(url: str, revision: str = "head") -> None:
    """Bring the schema up to date and make the head row. Runs before the writer starts. Raises WrongSchema."""
    engine = plain_engine(url)
    try:
        if is_sqlite(url):
            _shut(Path(engine.url.database or ""))
        with engine.begin() as connection:
            if not is_sqlite(url):
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7204)")  # processes that start together
            if _refuse_newer(connection) != _revisions()[0] or revision != "head":
                _upgrade(connection, revision)
            if revision == "head":
                _refuse_other_columns(connection)
            _make_head(connection)
    finally:
        engine.dispose()


def behind(url: str) -> str:
    """The revision that migrations would change; empty when they would change nothing that is stored."""
    if empty(url):
        return ""
    engine = plain_engine(url)
    try:
        with engine.connect() as connection:
            at = _refuse_newer(connection)
    finally:
        engine.dispose()
    return "" if at in (None, _revisions()[0]) else str(at)


def check_schema(url: str) -> None:
    """Raises WrongSchema for tables that no migration of this program brings up to date. Changes nothing."""
    if empty(url):
        return
    engine = plain_engine(url)
    try:
        with engine.connect() as connection:
            if _refuse_newer(connection) == _revisions()[0]:
                _refuse_other_columns(connection)
    finally:
        engine.dispose()


def revision(url: str) -> str:
    """Of its tables; '' for none."""
    engine = plain_engine(url)
    try:
        with engine.connect() as connection:
            return _at(connection) or ""
    finally:
        engine.dispose()


def is_known(revision: str) -> bool:
    """Is it of this program, or an older one?"""
    return revision in _revisions()


def no_answer(error: SQLAlchemyError) -> str:
    """Why, in one line, as the database said it."""
    return " ".join(str(getattr(error, "orig", None) or error).split())


def new_epoch(connection: Connection) -> None:
    """After a restore: what screens know of the future is void."""
    connection.exec_driver_sql(f"UPDATE head SET epoch = '{secrets.token_hex(8)}' WHERE id = 1")


def backup(url: str, target: Path) -> None:
    """A consistent copy of a SQLite database while the server runs."""
    if not is_sqlite(url):
        raise ValueError("use pg_dump for PostgreSQL")
    try:
        with closing(sqlite.connect(str(make_url(url).database), isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite.Error as error:
        raise OperationalError("VACUUM INTO", {}, error) from error


def empty(url: str) -> bool:
    """Is nothing stored there yet? A SQLite file that does not exist stays so."""
    if is_sqlite(url) and not Path(make_url(url).database or "").exists():
        return True
    engine = reading_engine(url, 1)
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()


def wipe(url: str) -> None:
    """Drop every table. For the demo's own PostgreSQL database; its SQLite file is simply removed."""
    engine = writing_engine(url)
    with engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        tables.drop_all(connection)
    engine.dispose()


def sqlite_version() -> tuple[int, ...]:
    return tuple(sqlite.sqlite_version_info)


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _shut(file: Path) -> None:
    """For nobody else to read, from its first byte on; what SQLite lays beside it takes its mode."""
    file.touch(mode=0o600)
    for one in (file.with_name(f"{file.name}{side}") for side in ("", "-wal", "-shm", ".gate", ".turn")):
        with suppress(FileNotFoundError, PermissionError):  # another's file that we may write: not ours to shut
            one.chmod(one.stat().st_mode & ~0o077)


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command  # with what it stands on a fifth of the time to a start, and most starts change nothing
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@cache
def _revisions() -> list[str]:
    """All that this program knows, the newest first: read from the head of each file, none of them is run."""
    after = {}
    for file in (MIGRATIONS / "versions").glob("*.py"):
        told = dict(NAMED.findall(file.read_text()))
        after[told.get("down_revision")] = told["revision"]
    known, at = [], after.get(None)
    while at:
        known.append(at)
        at = after.get(at)
    return known[::-1]


def _at(connection: Connection) -> str | None:
    """The revision that the tables are at, as Alembic noted it."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()


def _refuse_newer(connection: Connection) -> str | None:
    """The revision it is at."""
    at = _at(connection)
    if at and at not in _revisions():
        raise WrongSchema(
            f"The database is at revision {at} and this program knows none after {_revisions()[0]}:"
            " start the newer program, or restore the backup from before its upgrade."
        )
    return at


def _refuse_other_columns(connection: Connection) -> None:
    """A migration that was edited after it had run leaves a database that says it is up to date and is not."""
    there = {tuple(row) for row in connection.exec_driver_sql(COLUMNS[connection.dialect.name])}
    wanted = {(table.name, column.name) for table in SQLModel.metadata.tables.values() for column in table.columns}
    if missing := sorted(f"{table}.{column}" for table, column in wanted - there):
        raise WrongSchema(
            f"The database says that it is up to date and lacks {', '.join(missing[:5])}"
            f"{' and more' if len(missing) > 5 else ''}: restore a backup that this program made."
        )


def _make_head(connection: Connection) -> None:
    if connection.exec_driver_sql("SELECT count(*) FROM head").scalar_one() == 0:
        connection.exec_driver_sql(
            "INSERT INTO head (id, seq, hash, look_seq, look_hash, epoch)"
            f" VALUES (1, 0, '', 0, '', '{secrets.token_hex(8)}')"
        )


def _with_driver(url: str) -> str:
    """postgresql:// means psycopg 3 here."""
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def _postgres_engine(url: str, options: str, **pool: Any) -> Engine:
    connect_args = {"options": options, "connect_timeout": 3}
    url = _with_driver(url)
    engine = create_engine(url, connect_args=connect_args, pool_pre_ping=True, hide_parameters=True, **pool)

    @event.listens_for(engine, "handle_error")
    def hide_detail(context: Any) -> None:
        """Its second line quotes the row: a phone number, somebody's words."""
        error, wrapped = context.original_exception, context.sqlalchemy_exception
        if detail := getattr(getattr(error, "diag", None), "message_detail", None):
            for one in filter(None, (error, wrapped)):
                one.args = tuple(str(said).replace(detail, "…") for said in one.args)

    return engine


def _sqlite_engine(url: str, begin: str, query_only: bool = False, **pool: Any) -> Engine:
    if sqlite_version() < SAFE_SQLITE:
        log.warning("SQLite %s may corrupt its log under load; 3.51.3 or newer is safe", sqlite.sqlite_version)
    # isolation_level None: the driver must begin nothing by itself, or a savepoint may
    # find no transaction around it, and its release would commit.
    connect_args = {"isolation_level": None, "timeout": 30, "check_same_thread": False}
    # hide_parameters: an error is logged, and what people wrote must not be.
    engine = create_engine(url, module=sqlite, connect_args=connect_args, hide_parameters=True, **pool)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute(f"PRAGMA query_only = {query_only:d}")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _say_savepoints(engine: Engine) -> None:
    """As text: each has a name of its own, so SQLAlchemy would compile every one anew, a twentieth of a filing's time."""

    def saying(words: str) -> Any:
        return lambda connection, name: connection.exec_driver_sql(f"{words} {name}")

    dialect: Any = engine.dialect
    dialect.do_savepoint = saying("SAVEPOINT")
    dialect.do_release_savepoint = saying("RELEASE SAVEPOINT")
    dialect.do_rollback_to_savepoint = saying("ROLLBACK TO SAVEPOINT")


def _take_turns(engine: Engine) -> None:
    """Let processes write in turn. SQLite alone has those who wait sleep and poll, and
    whoever just wrote wins again, for seconds. Here the next in line holds the gate, so
    that whoever just wrote queues behind it. The end of a process opens its locks."""
    path, flags = engine.url.database, os.O_CREAT | os.O_RDWR
    gate, turn = os.open(f"{path}.gate", flags, 0o600), os.open(f"{path}.turn", flags, 0o600)

    @event.listens_for(engine, "checkout")
    def wait_for_turn(*_: Any) -> None:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(turn, fcntl.LOCK_EX)
        fcntl.flock(gate, fcntl.LOCK_UN)

    @event.listens_for(engine, "checkin")
    def end_turn(*_: Any) -> None:
        fcntl.flock(turn, fcntl.LOCK_UN)

    @event.listens_for(engine, "engine_disposed", once=True)  # a second time the numbers may be another file's
    def close_locks(*_: Any) -> None:
        os.close(gate)
        os.close(turn)
