"""The databases that the tests get: both real, migrated, and every test's own."""

import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from models.record import database
from models.record.database import WrongSchema, check_schema, migrate, wipe, writing_engine

MIGRATIONS = Path(__file__).parents[2] / "models" / "record" / "migrations"
LEAST = {int: 1, float: 1.0, bool: False, datetime: datetime(2026, 1, 1, tzinfo=UTC)}


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_finds_a_migrated_database_without_the_marks_of_another(database_url: str, turn: int) -> None:
    engine = writing_engine(database_url)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT seq FROM head")).scalar_one() == 0
        connection.execute(text("UPDATE head SET seq = 7"))
    engine.dispose()


def test_both_databases_are_what_they_say(database_url: str, request: pytest.FixtureRequest) -> None:
    assert database_url.startswith(request.node.callspec.params["database_url"])


def test_a_database_of_the_first_schema_comes_up_to_date_and_keeps_its_rows(database_url: str, tmp_path: Path) -> None:
    if database_url.startswith("sqlite"):
        database_url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        wipe(database_url)
    migrate(database_url, "0001")
    engine = writing_engine(database_url)
    with engine.begin() as connection:
        for table in ("category", "incident", "sign_in"):
            fill(connection, table)
    engine.dispose()
    migrate(database_url)
    engine = writing_engine(database_url)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT hash, device_id FROM sign_in")).all() == [("1", None)]
        assert connection.execute(text("SELECT id, flagged FROM incident")).all() == [(1, False)]
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_two_walls_of_one_name_get_two(database_url: str, tmp_path: Path) -> None:
    if database_url.startswith("sqlite"):
        database_url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        wipe(database_url)
    migrate(database_url, "0029")
    engine = writing_engine(database_url)
    long = "x" * 40
    with engine.begin() as connection:
        table = Table("wall", MetaData(), autoload_with=connection)
        hung = {"version": 1, "distance_m": 6.0, "px_per_mm": 1.0, "paired_at": LEAST[datetime]}
        for name in ("Aula", "Lobi", "AU LA", long, "aula", long.upper()):
            connection.execute(table.insert().values(hung | {"name": name}))
        connection.execute(table.insert().values(hung | {"name": "Aula", "paired_at": None}))
    migrate(database_url)
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT name, hangs_as FROM wall ORDER BY id")).all()
    engine.dispose()
    assert rows == [
        ("Aula", "aula"), ("Lobi", "lobi"), ("AU LA 2", "aula2"), (long, long), ("aula 3", "aula3"),
        (f"{long[:38].upper()} 2", f"{long[:38]}2"), ("Aula", None),
    ]  # fmt: skip


def test_a_migration_that_has_landed_is_never_edited() -> None:
    """A database that has run it would say that it is up to date. A new one is added by: sha256sum versions/00*.py"""
    lines = (MIGRATIONS / "SHA256SUMS").read_text().splitlines()
    kept = {name: digest for digest, name in (line.split("  ") for line in lines)}
    there = {path.name: sha256(path.read_bytes()).hexdigest() for path in (MIGRATIONS / "versions").glob("*.py")}
    assert there == kept


def test_their_order_as_a_start_reads_it_is_alembics() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert database._revisions() == [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]


def test_a_start_that_changes_no_table_reads_no_migration(sqlite_url: str) -> None:
    """What carries migrations out takes a fifth of the time to a start (docs/performance.md)."""
    code = f"import sys; from models.record.database import migrate; migrate({sqlite_url!r}); print('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_database_of_a_newer_program_is_refused_in_one_sentence(database_url: str) -> None:
    with changed(database_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for refuse in (check_schema, migrate):
        with pytest.raises(WrongSchema, match=r"^The database is at revision 9999 .* restore the backup [^\n]+$"):
            refuse(database_url)


def test_a_database_that_lacks_what_it_says_it_has_is_refused(database_url: str) -> None:
    check_schema(database_url)
    with changed(database_url) as connection:
        connection.execute(text("ALTER TABLE incident DROP COLUMN photos"))
    for refuse in (check_schema, migrate):
        with pytest.raises(WrongSchema, match=r"lacks incident\.photos: "):
            refuse(database_url)


def test_an_older_database_is_not_refused_and_nothing_is_made_by_looking(database_url: str, tmp_path: Path) -> None:
    absent = f"sqlite:///{tmp_path / 'none.db'}"
    check_schema(absent)
    assert not (tmp_path / "none.db").exists()
    if database_url.startswith("sqlite"):
        database_url = absent
    else:
        wipe(database_url)
    migrate(database_url, "0003")
    check_schema(database_url)
    migrate(database_url)
    check_schema(database_url)


@contextmanager
def changed(database_url: str) -> Iterator[Connection]:
    engine = writing_engine(database_url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_an_error_names_no_row(database_url: str) -> None:
    engine = writing_engine(database_url)
    number = text("INSERT INTO code VALUES (:phone, '-', :at, :at, 0, :at, 0, 0, NULL)")
    row = {"phone": "+6281263184471", "at": LEAST[datetime]}
    with engine.begin() as connection, pytest.raises(IntegrityError) as raised:
        connection.execute(number, row)
        connection.execute(number, row)
    engine.dispose()
    told = "".join(traceback.format_exception(raised.value))
    assert "IntegrityError" in told and "code" in told and "4471" not in told


def fill(connection: Connection, name: str) -> None:
    """One row of the least that a table of that time asks for, read from the database itself."""
    table = Table(name, MetaData(), autoload_with=connection)
    needed = [column for column in table.columns if not column.nullable]
    connection.execute(table.insert().values({one.name: LEAST.get(one.type.python_type, "1") for one in needed}))
