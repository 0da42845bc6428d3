"""One file that holds everything: the database as of one moment, all evidence, the keys, imported maps.

The database is copied first and evidence is never changed, nor removed meanwhile (folder.py), so the file is whole
although the server goes on. It holds what people reported in confidence, and the key: keep it as you keep the server.
"""

import gzip
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from console.evidence.checking import file_faults, is_itself
from console.evidence.store import Store
from console.ground.city import BROUGHT
from console.ground.files import BOUNDARIES
from console.ground.names import LANDMARKS
from console.outbox.push import KEY_FILE
from console.server.data_folder import READING, alone, own, reading
from console.server.keyring import hold
from console.server.program import RELEASE
from console.server.vitals import Full, make_sure_of_room
from console.settings import Settings
from models.command.audit import audit, verify
from models.record.chain import WrongKey
from models.record.database import (
    WrongSchema,
    check_schema,
    empty,
    is_known,
    is_sqlite,
    migrate,
    new_epoch,
    no_answer,
    reading_engine,
    revision,
    writing_engine,
)
from models.record.database import backup as copy_sqlite

MANIFEST, KEY, EVIDENCE, TLS = "siaga-backup.json", "secret.key", "evidence", "tls"
KEPT = (KEY, KEY_FILE, BOUNDARIES, LANDMARKS, BROUGHT)  # beside the database, each a file or a folder of them
KEEPS = (KEY, KEY_FILE, TLS)  # of these what was here before is put aside
SQLITE_FILE, POSTGRES_FILE = "siaga.db", "siaga.pgdump"
OURS = {MANIFEST, SQLITE_FILE, POSTGRES_FILE, *KEPT, EVIDENCE, TLS}
FORMAT = 1
HEADER_BYTES = 1024 * 1024  # of a name, or whatever else a tar file tells of an entry before it
MANIFEST_BYTES = 64 * 1024
SHA256_LETTERS = 64
COMPRESSION = 1  # pictures are compressed already: more would only take longer


class WrongBackup(Exception):
    """The file is no backup, or not one for this database, or a program is missing; the message says which."""


def make(settings: Settings, target: Path, evidence: bool = True) -> str:
    """Write everything into `target`, mode 600, whole or not at all; `evidence`: its files too. Raises WrongBackup."""
    try:
        if empty(settings.database):
            raise WrongBackup(f"nothing is stored in {make_url(settings.database).render_as_string()} yet")
        _make(settings, target, evidence)
    except SQLAlchemyError as error:
        raise WrongBackup(f"the database does not answer as it should: {no_answer(error)}") from error
    except (OSError, tarfile.TarError) as error:
        raise WrongBackup(f"{target} cannot be written: {getattr(error, 'strerror', None) or error}") from error
    size = target.stat().st_size / 2**20
    kept = " The key of SIAGA_SECRET_KEY is not in it: keep that yourself." if settings.secret_key else ""
    what = "database and evidence" if evidence else "the database without its evidence"
    return f"{target}: {size:.1f} MiB, {what}.{kept}"


def _make(settings: Settings, target: Path, evidence: bool) -> None:
    half = target.with_name(f"{target.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    try:
        with _scratch(target.parent) as scratch, _evidence_stays(settings):
            database = _copy_database(settings, scratch)
            with tarfile.open(half, "w:gz", compresslevel=COMPRESSION) as tar:
                manifest = scratch / MANIFEST
                manifest.write_text(json.dumps(_told(settings, database) | {EVIDENCE: evidence}))
                for path in (manifest, database):
                    tar.add(path, path.name)
                for name in (*KEPT, TLS, *([EVIDENCE] if evidence else [])):
                    if (path := settings.data_dir / name).exists():
                        tar.add(path, name, filter=_without_what_is_under_way)
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)


def _told(settings: Settings, database: Path) -> dict[str, Any]:
    """What a restore has to know first."""
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    at = revision(settings.database)
    return {"format": FORMAT, "made_at": made_at, "database": database.name, "program": RELEASE, "revision": at}


def examine(source: Path) -> tuple[str, bool]:
    """(what was found, is all well): the file is unpacked beside itself, looked through as after a restore, and goes again."""
    with _scratch(source.parent) as scratch:
        manifest = _unpack(source, scratch)
        database, whole = scratch / manifest["database"], manifest.get(EVIDENCE, True)
        _refuse_newer(source, manifest, database)
        there = Settings(data_dir=scratch, database_url="")
        if is_file := database.name == SQLITE_FILE:
            faults = _faults(there, whole)
        else:
            _run(there, "pg_restore", "--list", str(database))
            faults = [f"{path.name} was changed" for path in _originals(scratch) if not is_itself(path)]
    looked = (
        "its record and each file"
        if is_file and whole
        else "its record"
        if is_file
        else "its table of contents and each file"
    )
    head = f"{source.name}, as of {manifest['made_at']}, by {manifest.get('program', 'an older Siaga')}"
    if faults:
        return "\n".join([f"{head}, is not whole:", *faults]), False
    more = "" if is_file else " What the database holds is only known after a restore."
    return f"{head}, can be restored: {looked} were looked through.{more}", True


def _faults(settings: Settings, whole: bool) -> list[str]:
    try:
        keys = hold(settings).keys
    except WrongKey as error:
        return [str(error)]
    engine = reading_engine(settings.database, 1)
    try:
        with Session(engine) as session:
            return audit(session, keys) + (file_faults(session, Store(settings.data_dir)) if whole else [])
    finally:
        engine.dispose()


def _originals(folder: Path) -> list[Path]:
    """Files of evidence are named by their content."""
    return [path for path in (folder / EVIDENCE).rglob("*") if path.is_file() and len(path.name) == SHA256_LETTERS]


def put_back(settings: Settings, source: Path) -> str:
    """Replace what is here by what the file holds. Raises Taken while a server runs, WrongBackup before anything moves."""
    own(settings.data_dir)
    with alone(settings.data_dir), _scratch(settings.data_dir) as scratch:
        manifest = _unpack(source, scratch)
        database = scratch / manifest["database"]
        if (database.name == SQLITE_FILE) != is_sqlite(settings.database):
            raise WrongBackup(f"{source.name} holds {database.name}, which is for the other kind of database")
        _refuse_newer(source, manifest, database)
        if not is_sqlite(settings.database):
            _refill(settings, database)  # whole or not at all, and before a key moves
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


def _refuse_newer(source: Path, manifest: dict[str, Any], database: Path) -> None:
    """Once it has taken the place of what is here, no program of ours would start on it."""
    try:
        if is_file := database.name == SQLITE_FILE:
            check_schema(f"sqlite:///{database}")
    except (WrongSchema, SQLAlchemyError) as wrong:
        raise WrongBackup(f"{source.name} holds no database for this program: {wrong}".partition("\n")[0]) from wrong
    at = manifest.get("revision", "")
    if at and not is_file and not is_known(at):
        raise WrongBackup(
            f"{source.name} was made by a newer program ({manifest.get('program')}): restore it with that one"
        )


def _copy_database(settings: Settings, scratch: Path) -> Path:
    if is_sqlite(settings.database):
        copy_sqlite(settings.database, scratch / SQLITE_FILE)
        return scratch / SQLITE_FILE
    _run(
        settings, "pg_dump", "--format=custom", "--no-owner", f"--file={scratch / POSTGRES_FILE}", _plain_url(settings)
    )
    return scratch / POSTGRES_FILE


def _refill(settings: Settings, database: Path) -> None:
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
    _run(settings, "pg_restore", *options, f"--dbname={_plain_url(settings)}", str(database))


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


class Sips(gzip.GzipFile):
    """What says of itself that it is larger than any name is not read whole, into memory."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= HEADER_BYTES:
            raise tarfile.TarError("a header in it is too large")
        return super().read(size)


def _unpack(source: Path, scratch: Path) -> dict[str, Any]:
    """Entry by entry, as long as there is room: a small file may unfold to more than any disk."""
    try:
        with source.open("rb") as file, Sips(fileobj=file) as packed, tarfile.open(fileobj=packed, mode="r:") as tar:
            # By hand below too: Python 3.11.0 to 3.11.3 know no filter.
            tar.extraction_filter = getattr(tarfile, "data_filter", None)
            for entry in tar:
                if not _stays_inside(entry):
                    raise tarfile.TarError(f"{entry.name[:80]!r} belongs into none")
                make_sure_of_room(scratch, entry.size)
                tar.extract(entry, scratch)
                tar.members = []  # type: ignore[attr-defined]  # it would remember millions
        if (scratch / MANIFEST).stat().st_size > MANIFEST_BYTES:
            raise tarfile.TarError("what it says of itself is too long")
        manifest: dict[str, Any] = json.loads((scratch / MANIFEST).read_text())
        if not isinstance(manifest, dict) or not isinstance(name := manifest.get("database"), str):
            raise tarfile.TarError("it does not say what it holds")
    except Full as error:
        raise WrongBackup(f"{source.name} holds more than there is room for: {error}") from error
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, RecursionError) as error:
        why = " ".join(str(getattr(error, "strerror", None) or error).split())
        raise WrongBackup(f"{source.name} cannot be read as a backup of Siaga: {why}") from error
    if manifest.get("format") != FORMAT or name not in (SQLITE_FILE, POSTGRES_FILE) or not (scratch / name).is_file():
        raise WrongBackup(f"{source.name} was made by another version of Siaga")
    return manifest


def _stays_inside(entry: tarfile.TarInfo) -> bool:
    path = PurePosixPath(entry.name)
    plain = (entry.isfile() and not entry.issparse()) or entry.isdir()
    return plain and entry.name.split("/")[0] in OURS and ".." not in path.parts


def _without_what_is_under_way(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    under_way = (f"{EVIDENCE}/incoming", f"{EVIDENCE}/drafts", f"{EVIDENCE}/{READING}")
    return None if entry.name.startswith(under_way) else entry


def _plain_url(settings: Settings) -> str:
    """As libpq knows it: without SQLAlchemy's driver, and without the password, which every user of a machine could
    read in the list of its processes."""
    url = make_url(settings.database).set(drivername="postgresql")
    return url._replace(password=None).render_as_string(hide_password=False)


def _run(settings: Settings, program: str, *arguments: str) -> None:
    password = make_url(settings.database).password
    secret = {"PGPASSWORD": str(password)} if password else {}
    try:
        done = subprocess.run([program, *arguments], capture_output=True, text=True, env=os.environ | secret)
    except FileNotFoundError:
        raise WrongBackup(f"{program} is missing: apt-get install postgresql-client") from None
    if done.returncode:
        raise WrongBackup(f"{program}: {' '.join(done.stderr.split())}")


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
