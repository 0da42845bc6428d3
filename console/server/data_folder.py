"""The data folder: nobody else's to enter, and taken by those who serve from it, so that no restore pulls it away.

Of a SQLite file there is one server, in whichever folder it lies and whatever Redis rings.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from console.settings import WrongSettings
from models.record.database import is_sqlite

LOCK = "serving.lock"
READING = "reading.lock"  # of the evidence
# One of these, or nothing at all, lies in a folder that is ours to shut.
OURS = (LOCK, "secret.key", "siaga.db", "evidence/incoming", "demo.json", "demo/demo.json")


class Taken(Exception):
    """Somebody works in the folder."""


def own(data_dir: Path) -> None:
    """It is there, and others may not enter: it is shut where it is ours. Raises WrongSettings, in a sentence."""
    if fault := open_to_others(data_dir):
        raise WrongSettings(fault)
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode = stat.S_IMODE(data_dir.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO) and _may_shut(data_dir):
        data_dir.chmod(mode & ~(stat.S_IRWXG | stat.S_IRWXO))


def open_to_others(data_dir: Path) -> str | None:
    """What is wrong with a folder that everybody may enter and that we may not shut: it is somebody's home, or /tmp."""
    if not data_dir.is_dir() or not data_dir.stat().st_mode & stat.S_IRWXO or _may_shut(data_dir):
        return None
    return f"SIAGA_DATA_DIR is {data_dir}, which others may enter: name a folder of its own, or `chmod 700 {data_dir}`."


def _may_shut(data_dir: Path) -> bool:
    if os.geteuid() not in (0, data_dir.stat().st_uid):
        return False
    return any((data_dir / name).exists() for name in OURS) or not any(data_dir.iterdir())


@contextmanager
def serving(data_dir: Path, database: str = "") -> Iterator[None]:
    """Held by every server process, together with others; a SQLite database alone. Raises Taken.

    Ends with the process, however it ends.
    """
    with ExitStack() as stack:
        stack.enter_context(_locked(data_dir / LOCK, fcntl.LOCK_SH))
        if database and is_sqlite(database):
            file = Path(make_url(database).database or "")
            stack.enter_context(_locked(file.with_name(f"serving-{file.name}.lock"), fcntl.LOCK_EX))
        yield


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Held by who must be the only one. Raises Taken when a server runs."""
    with _locked(data_dir / LOCK, fcntl.LOCK_EX):
        yield


@contextmanager
def reading(evidence: Path) -> Iterator[None]:
    """Held by who copies all evidence: until then none is removed. Waits while some is."""
    with _locked(evidence / READING, fcntl.LOCK_SH, wait=True):
        yield


@contextmanager
def removing(evidence: Path) -> Iterator[None]:
    """Held by who removes evidence. Raises Taken while somebody copies it, or removes some."""
    with _locked(evidence / READING, fcntl.LOCK_EX):
        yield


@contextmanager
def _locked(file: Path, how: int, wait: bool = False) -> Iterator[None]:
    lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, how if wait else how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise Taken(f"Siaga works in {file.parent}: stop it first") from None
    try:
        yield
    finally:
        os.close(lock)
