"""Before a newer program changes the tables, the database is copied: the way back to the program before."""

import logging
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from console.settings import Settings
from models.record.database import WrongSchema, backup, behind, is_sqlite, migrate

FOLDER = "before-upgrade"
KEPT = 2  # copies; each holds what people reported in confidence

log = logging.getLogger(__name__)


def upgrade(settings: Settings) -> None:
    """The schema up to date. Raises WrongSchema, and changes nothing, when there is no room for the copy."""
    if revision := behind(settings.database):
        folder = settings.data_dir / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{revision}"
        if is_sqlite(settings.database):
            _copy(settings, folder / f"{name}.db")
        elif shutil.which("pg_dump"):
            _dump(settings, folder / f"{name}.pgdump")
        else:
            log.warning("pg_dump is missing: the tables are changed without a copy of %s", revision)
        for old in sorted(folder.iterdir())[:-KEPT]:
            old.unlink()
    migrate(settings.database)


def _copy(settings: Settings, target: Path) -> None:
    try:
        backup(settings.database, target)
        target.chmod(0o600)
    except Exception as error:
        _refuse(target, str(error), error)


def _dump(settings: Settings, target: Path) -> None:
    url = make_url(settings.database).set(drivername="postgresql")
    command = [
        "pg_dump",
        "--format=custom",
        "--no-owner",
        f"--file={target}",
        url.set(password=None).render_as_string(),
    ]
    target.touch(mode=0o600)
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | secret)
    if done.returncode:
        _refuse(target, done.stderr.strip())


def _refuse(target: Path, why: str, error: Exception | None = None) -> None:
    target.unlink(missing_ok=True)
    raise WrongSchema(
        f"The tables want a change, and no copy of them could be made in {target.parent}: {why}"
    ) from error
