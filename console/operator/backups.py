"""One file that holds everything: the database as of one moment, all evidence, the keys, imported maps.

The database is copied first and evidence is never changed, nor removed meanwhile (folder.py), so the file is whole
although the server goes on. It holds what people reported in confidence, and the key: keep it as you keep the server.
"""

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from console.operator.archive import EVIDENCE, FORMAT, KEPT, MANIFEST, TLS, WrongBackup, scratch_folder
from console.operator.dumps import copy_database
from console.server.data_folder import READING, reading
from console.server.program import RELEASE
from console.settings import Settings
from models.record.database import empty, no_answer, revision

COMPRESSION = 1  # pictures are compressed already: more would only take longer


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
        with scratch_folder(target.parent) as scratch, _evidence_stays(settings):
            database = copy_database(settings, scratch)
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


def _without_what_is_under_way(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    under_way = (f"{EVIDENCE}/incoming", f"{EVIDENCE}/drafts", f"{EVIDENCE}/{READING}")
    return None if entry.name.startswith(under_way) else entry


@contextmanager
def _evidence_stays(settings: Settings) -> Iterator[None]:
    """What the copied database names must still lie there when its turn comes."""
    if not (folder := settings.data_dir / EVIDENCE).exists():
        yield
        return
    with reading(folder):
        yield
