"""The archive: what lies in the file of a backup under which name, and how it is unpacked by whoever cannot trust it."""

import gzip
import json
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from console.ground.city import BROUGHT
from console.ground.files import BOUNDARIES
from console.ground.names import LANDMARKS
from console.outbox.push import KEY_FILE
from console.server.vitals import Full, make_sure_of_room
from models.record.database import WrongSchema, check_schema, is_known

MANIFEST, KEY, EVIDENCE, TLS = "siaga-backup.json", "secret.key", "evidence", "tls"
KEPT = (KEY, KEY_FILE, BOUNDARIES, LANDMARKS, BROUGHT)  # beside the database, each a file or a folder of them
KEEPS = (KEY, KEY_FILE, TLS)  # of these what was here before is put aside
SQLITE_FILE, POSTGRES_FILE = "siaga.db", "siaga.pgdump"
OURS = {MANIFEST, SQLITE_FILE, POSTGRES_FILE, *KEPT, EVIDENCE, TLS}
FORMAT = 1
HEADER_BYTES = 1024 * 1024  # of a name, or whatever else a tar file tells of an entry before it
MANIFEST_BYTES = 64 * 1024


class WrongBackup(Exception):
    """The file is no backup, or not one for this database, or a program is missing; the message says which."""


def unpack(source: Path, scratch: Path) -> dict[str, Any]:
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


class Sips(gzip.GzipFile):
    """What says of itself that it is larger than any name is not read whole, into memory."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= HEADER_BYTES:
            raise tarfile.TarError("a header in it is too large")
        return super().read(size)


def refuse_newer(source: Path, manifest: dict[str, Any], database: Path) -> None:
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


@contextmanager
def scratch_folder(beside: Path) -> Iterator[Path]:
    """A private folder on the same file system as what it will become."""
    with tempfile.TemporaryDirectory(dir=beside, prefix=".siaga-") as name:
        yield Path(name)
