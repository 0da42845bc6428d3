"""Rehearsing: a backup is unpacked beside itself and looked through as after a restore."""

from pathlib import Path

from sqlmodel import Session

from console.evidence.checking import file_faults, is_itself
from console.evidence.store import Store
from console.operator.archive import EVIDENCE, SQLITE_FILE, refuse_newer, scratch_folder, unpack
from console.operator.dumps import run
from console.server.keyring import hold
from console.settings import Settings
from models.command.audit import audit
from models.record.chain import WrongKey
from models.record.database import reading_engine

SHA256_LETTERS = 64


def examine(source: Path) -> tuple[str, bool]:
    """(what was found, is all well): the file is unpacked beside itself, looked through as after a restore, and goes again."""
    with scratch_folder(source.parent) as scratch:
        manifest = unpack(source, scratch)
        database, whole = scratch / manifest["database"], manifest.get(EVIDENCE, True)
        refuse_newer(source, manifest, database)
        there = Settings(data_dir=scratch, database_url="")
        if is_file := database.name == SQLITE_FILE:
            faults = _faults(there, whole)
        else:
            run(there, "pg_restore", "--list", str(database))
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
