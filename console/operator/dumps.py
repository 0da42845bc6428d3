"""Dumps: a database copied as it stands at one moment, and one of PostgreSQL filled again."""

import os
import subprocess
from pathlib import Path

from sqlalchemy import make_url

from console.operator.archive import POSTGRES_FILE, SQLITE_FILE, WrongBackup
from console.settings import Settings
from models.record.database import backup as copy_sqlite
from models.record.database import is_sqlite


def copy_database(settings: Settings, scratch: Path) -> Path:
    if is_sqlite(settings.database):
        copy_sqlite(settings.database, scratch / SQLITE_FILE)
        return scratch / SQLITE_FILE
    run(settings, "pg_dump", "--format=custom", "--no-owner", f"--file={scratch / POSTGRES_FILE}", _plain_url(settings))
    return scratch / POSTGRES_FILE


def refill(settings: Settings, database: Path) -> None:
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
    run(settings, "pg_restore", *options, f"--dbname={_plain_url(settings)}", str(database))


def _plain_url(settings: Settings) -> str:
    """As libpq knows it: without SQLAlchemy's driver, and without the password, which every user of a machine could
    read in the list of its processes."""
    url = make_url(settings.database).set(drivername="postgresql")
    return url._replace(password=None).render_as_string(hide_password=False)


def run(settings: Settings, program: str, *arguments: str) -> None:
    password = make_url(settings.database).password
    secret = {"PGPASSWORD": str(password)} if password else {}
    try:
        done = subprocess.run([program, *arguments], capture_output=True, text=True, env=os.environ | secret)
    except FileNotFoundError:
        raise WrongBackup(f"{program} is missing: apt-get install postgresql-client") from None
    if done.returncode:
        raise WrongBackup(f"{program}: {' '.join(done.stderr.split())}")
