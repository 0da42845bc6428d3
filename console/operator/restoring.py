"""Restoring: a backup takes the place of what is here, which is put aside."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlmodel import Session

from console.operator.archive import (
    EVIDENCE,
    KEEPS,
    KEPT,
    SQLITE_FILE,
    TLS,
    WrongBackup,
    refuse_newer,
    scratch_folder,
    unpack,
)
from console.operator.dumps import refill
from console.server.data_folder import alone, own
from console.server.keyring import hold
from console.server.program import RELEASE
from console.settings import Settings
from models.command.audit import verify
from models.record.chain import WrongKey
from models.record.database import is_sqlite, migrate, new_epoch, reading_engine, writing_engine


def put_back(settings: Settings, source: Path) -> str:
    """Replace what is here by what the file holds. Raises Taken while a server runs, WrongBackup before anything moves."""
    own(settings.data_dir)
    with alone(settings.data_dir), scratch_folder(settings.data_dir) as scratch:
        manifest = unpack(source, scratch)
        database = scratch / manifest["database"]
        if (database.name == SQLITE_FILE) != is_sqlite(settings.database):
            raise WrongBackup(f"{source.name} holds {database.name}, which is for the other kind of database")
        refuse_newer(source, manifest, database)
        if not is_sqlite(settings.database):
            refill(settings, database)  # whole or not at all, and before a key moves
        aside = _put_aside(settings, [name for name in KEEPS if (scratch / name).exists()])
        if is_sqlite(settings.database):
            shutil.move(database, str(make_url(settings.database).database))
        for name in (*KEPT, TLS):
            if (scratch / name).exists():
                if (there := settings.data_dir / name).is_dir():
                    shutil.rmtree(there)
                (scratch / name).replace(there)
        _add_evidence(scratch / EVIDENCE, settings.data_dir / EVIDENCE)
        restored = Settings(data_dir=settings.data_dir)  # reads the key that came back
        found = _begin_anew(restored)
    where = f" What was here before lies in {aside}." if aside else ""
    by = f" It was made by {manifest['program']}, and this is {RELEASE}." if _another(manifest) else ""
    return f"Restored as of {manifest['made_at']}.{by} {found}{where}"


def _another(manifest: dict[str, Any]) -> bool:
    return manifest.get("program", RELEASE) != RELEASE


def _put_aside(settings: Settings, coming: list[str]) -> Path | None:
    """The SQLite file, and the keys whose place others take, in a folder of their own: a wrong restore can be taken back."""
    aside = settings.data_dir / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    names = [settings.data_dir / name for name in coming]
    if is_sqlite(settings.database):
        file = Path(make_url(settings.database).database or "")
        names += [file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")]
    found = [path for path in names if path.exists()]
    if found:
        aside.mkdir(mode=0o700)
    for path in found:
        path.replace(aside / path.name)
    return aside if found else None


def _add_evidence(source: Path, target: Path) -> None:
    """Files are named by their content: what is there already is the same, and what is not in the backup stays."""
    for path in source.rglob("*") if source.exists() else ():
        if path.is_file() and not (place := target / path.relative_to(source)).exists():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.replace(place)


def _begin_anew(settings: Settings) -> str:
    """What screens know of the future is void. Says whether the chain fits."""
    migrate(settings.database)
    engine = writing_engine(settings.database)
    with engine.begin() as connection:
        new_epoch(connection)
    engine.dispose()
    try:
        keys = hold(settings).keys
    except WrongKey as error:
        return f"No server starts on it yet: {error}"
    engine = reading_engine(settings.database, 1)
    try:
        with Session(engine) as session:
            bad = verify(session, *keys)
    finally:
        engine.dispose()
    return f"The chain is broken at {bad}." if bad else "The chain of events is intact."
