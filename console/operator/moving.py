"""From the SQLite file to PostgreSQL by one command. The file stays as it was, and no server starts on it unasked."""

import tempfile
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

import models.tables  # noqa: F401  (knows every table)
from console.operator.checks import check
from console.server.data_folder import alone, own
from console.server.keyring import hold
from console.settings import MOVED, Settings
from models.command.audit import audit
from models.record.database import backup, empty, is_sqlite, new_epoch, plain_engine, reading_engine
from models.record.moving import NotMoved, move

SAID = """Moved {rows} rows of {tables} tables to {where}, each compared. {found}
Evidence, keys and maps stay in {folder}. From now on start with

    SIAGA_DATABASE_URL={url}

{file} is as it was; {note} says where it went, and no server starts on it as long as that file lies there."""


def to_postgresql(settings: Settings, url: str) -> str:
    """Raises NotMoved, WrongSettings, WrongKey or Taken before anything stands in the new database for good."""
    if not is_sqlite(settings.database):
        raise NotMoved("the data is in PostgreSQL already: pg_dump and pg_restore move it from one to another")
    file, target = Path(make_url(settings.database).database or ""), settings.model_copy(update={"database_url": url})
    if is_sqlite(url):
        raise NotMoved(f"{url} is no PostgreSQL: postgresql://USER:PASSWORD@HOST/NAME is one")
    check(target)
    if empty(settings.database):
        raise NotMoved(f"nothing is stored in {file}: set SIAGA_DATABASE_URL, and start")
    own(settings.data_dir)
    with alone(settings.data_dir), tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".siaga-") as scratch:
        copy = f"sqlite:///{scratch}/{file.name}"
        backup(settings.database, Path(scratch, file.name))  # never the file itself: it may be of an older program
        hold(settings.model_copy(update={"database_url": copy}))
        try:
            tables, rows = move(copy, url)
            found = _begin(target)
        except SQLAlchemyError as error:
            raise NotMoved(f"PostgreSQL does not answer as it should ({type(error).__name__})") from error
        where = make_url(url).render_as_string()
        (settings.data_dir / MOVED).write_text(f"{where}\n")
    note = settings.data_dir / MOVED
    return SAID.format(
        rows=rows, tables=tables, where=where, found=found, folder=settings.data_dir, url=url, file=file, note=note
    )


def _begin(target: Settings) -> str:
    """The record as it is found on the other side; what screens know of the future is void."""
    ring = hold(target)
    writing, reading = plain_engine(target.database), reading_engine(target.database, 1)
    try:
        with writing.begin() as connection:
            new_epoch(connection)
        with Session(reading) as session:
            faults = audit(session, ring.keys)
    finally:
        writing.dispose()
        reading.dispose()
    if not faults:
        return "The chain of events and looks is intact there, and what stands there is what it tells of."
    return "\n".join(["Of the record there, as it was here:", *faults])
