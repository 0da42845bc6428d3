"""One file that holds everything: the database as of one moment, all evidence, the keys, imported maps.

The database is copied first and evidence is never changed, nor removed meanwhile (folder.py), so the file is whole
although the server goes on. It holds what people reported in confidence, and the key: keep it as you keep the server.
"""

import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import make_url
from sqlmodel import Session

from console.cities import BROUGHT
from console.folder import READING, alone, own, reading
from console.ground.files import BOUNDARIES
from console.ground.names import LANDMARKS
from console.keyring import hold
from console.push import KEY_FILE
from console.settings import Settings
from models.audit import verify
from models.chain import WrongKey
from models.database import backup as copy_sqlite
from models.database import is_sqlite, migrate, new_epoch, reading_engine, writing_engine

MANIFEST, KEY, EVIDENCE = "siaga-backup.json", "secret.key", "evidence"
KEPT = (KEY, KEY_FILE, BOUNDARIES, LANDMARKS, BROUGHT)  # beside the database, each a file or a folder of them
SQLITE_FILE, POSTGRES_FILE = "siaga.db", "siaga.pgdump"
FORMAT = 1
COMPRESSION = 1  # pictures are compressed already: more would only take longer


class WrongBackup(Exception):
    """The file is no backup, or not one for this database, or a program is missing; the message says which."""


def make(settings: Settings, target: Path) -> str:
    """Write everything into `target`, mode 600, whole or not at all."""
    half = target.with_name(f"{target.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    try:
        with _scratch(target.parent) as scratch, _evidence_stays(settings):
            database = _copy_database(settings, scratch)
            with tarfile.open(half, "w:gz", compresslevel=COMPRESSION) as tar:
                manifest = scratch / MANIFEST
                made_at = datetime.now(UTC).isoformat(timespec="seconds")
                manifest.write_text(json.dumps({"format": FORMAT, "made_at": made_at, "database": database.name}))
                for path in (manifest, database):
                    tar.add(path, path.name)
                for name in (*KEPT, EVIDENCE):
                    if (path := settings.data_dir / name).exists():
                        tar.add(path, name, filter=_without_what_is_under_way)
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)
    size = target.stat().st_size / 2**20
    kept = " The key of SIAGA_SECRET_KEY is not in it: keep that yourself." if settings.secret_key else ""
    return f"{target}: {size:.1f} MiB, database and evidence.{kept}"


def put_back(settings: Settings, source: Path) -> str:
    """Replace what is here by what the file holds. Raises Taken while a server runs, WrongBackup before anything moves."""
    own(settings.data_dir)
    with alone(settings.data_dir), _scratch(settings.data_dir) as scratch:
        manifest = _unpack(source, scratch)
        database = scratch / manifest["database"]
        if (database.name == SQLITE_FILE) != is_sqlite(settings.database):
            raise WrongBackup(f"{source.name} holds {database.name}, which is for the other kind of database")
        aside = _put_aside(settings)
        _replace_database(settings, database)
        for name in KEPT:
            if (scratch / name).exists():
                if (there := settings.data_dir / name).is_dir():
                    shutil.rmtree(there)
                (scratch / name).replace(there)
        _add_evidence(scratch / EVIDENCE, settings.data_dir / EVIDENCE)
        restored = Settings(data_dir=settings.data_dir)  # reads the key that came back
        found = _begin_anew(restored)
    where = f" What was here before lies in {aside}." if aside else ""
    return f"Restored as of {manifest['made_at']}. {found}{where}"


def _copy_database(settings: Settings, scratch: Path) -> Path:
    if is_sqlite(settings.database):
        copy_sqlite(settings.database, scratch / SQLITE_FILE)
        return scratch / SQLITE_FILE
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={scratch / POSTGRES_FILE}", _plain_url(settings))
    return scratch / POSTGRES_FILE


def _replace_database(settings: Settings, database: Path) -> None:
    if is_sqlite(settings.database):
        shutil.move(database, str(make_url(settings.database).database))
        return
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
    _run("pg_restore", *options, f"--dbname={_plain_url(settings)}", str(database))


def _put_aside(settings: Settings) -> Path | None:
    """The SQLite file and key that were here, in a folder of their own: a wrong restore can be taken back."""
    aside = settings.data_dir / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    names = [settings.data_dir / KEY, settings.data_dir / KEY_FILE]
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


def _unpack(source: Path, scratch: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source, "r:gz") as tar:
            if not all(_stays_inside(entry) for entry in tar):
                raise tarfile.TarError("it points out of its folder")
            # By hand above too: Python 3.11.0 to 3.11.3 know no filter.
            tar.extraction_filter = getattr(tarfile, "data_filter", None)
            tar.extractall(scratch)
        manifest: dict[str, Any] = json.loads((scratch / MANIFEST).read_text())
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise WrongBackup(f"{source.name} cannot be read as a backup of Siaga: {error}") from error
    if manifest.get("format") != FORMAT or not (scratch / manifest.get("database", "")).is_file():
        raise WrongBackup(f"{source.name} was made by another version of Siaga")
    return manifest


def _stays_inside(entry: tarfile.TarInfo) -> bool:
    path = PurePosixPath(entry.name)
    return (entry.isfile() or entry.isdir()) and not path.is_absolute() and ".." not in path.parts


def _without_what_is_under_way(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    under_way = (f"{EVIDENCE}/incoming", f"{EVIDENCE}/drafts", f"{EVIDENCE}/{READING}")
    return None if entry.name.startswith(under_way) else entry


def _plain_url(settings: Settings) -> str:
    """As libpq knows it: without SQLAlchemy's driver."""
    return make_url(settings.database).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    try:
        done = subprocess.run([program, *arguments], capture_output=True, text=True)
    except FileNotFoundError:
        raise WrongBackup(f"{program} is missing: apt-get install postgresql-client") from None
    if done.returncode:
        raise WrongBackup(f"{program}: {done.stderr.strip()}")


@contextmanager
def _evidence_stays(settings: Settings) -> Iterator[None]:
    """What the copied database names must still lie there when its turn comes."""
    if not (folder := settings.data_dir / EVIDENCE).exists():
        yield
        return
    with reading(folder):
        yield


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """A private folder on the same file system as what it will become."""
    with tempfile.TemporaryDirectory(dir=beside, prefix=".siaga-") as name:
        yield Path(name)
