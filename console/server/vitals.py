"""Does what is sent here get stored, and does what is said here get out? /ready, the supervisor's desk and the metrics ask,
and so does whoever takes photos and films in: the last of the disk is for words.
"""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from sqlalchemy import make_url

from console.settings import Settings
from console.writer import Writer
from models.errors import N_
from models.record.database import is_sqlite

LEAST_FREE = 2 * 1024**3  # bytes: some twenty films of the longest kind, or a day of messages, to act in
RESERVE = 512 * 1024**2  # of them for words alone: months of reports without a picture
WAITED_TOO_LONG = 2.0  # seconds a write may wait before this process is not ready (docs/design.md#delivery)
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
NO_ROOM = N_("Foto dan video belum dapat disimpan, ruang kami penuh. Kirim kata-katanya sekarang, fotonya nanti.")


class Full(Exception):
    """There is no room for photos and films; words are stored all the same."""


class Fault(StrEnum):
    """What is wrong, in words for the operator. The first three mean that something is not stored."""

    FULL = "the disk is nearly full: photos and films are refused"
    FAILED = "the last commit failed"
    WAITS = "writes wait"
    LOW = "the disk fills up"
    MUTE = "no message leaves: SIAGA_NOTIFY names no channel"


STOPS = (Fault.FULL, Fault.FAILED, Fault.WAITS)


def faults(settings: Settings, writer: Writer) -> list[Fault]:
    """The gravest first."""
    free = free_bytes(settings)
    found = {
        Fault.FULL: free < RESERVE,
        Fault.FAILED: writer.failing,
        Fault.WAITS: writer.waited() >= WAITED_TOO_LONG,
        Fault.LOW: RESERVE <= free < LEAST_FREE,
        Fault.MUTE: settings.mute,
    }
    return [fault for fault, is_so in found.items() if is_so]


def free_bytes(settings: Settings) -> int:
    """Of the disk that is fuller: that of the evidence, or that of a database file elsewhere."""
    folders = {settings.data_dir}
    if is_sqlite(settings.database):
        folders.add(Path(make_url(settings.database).database or "").parent)
    return min(shutil.disk_usage(folder).free for folder in folders)


def make_sure_of_room(folder: Path, size: int = 0) -> None:
    """Raises Full when so many bytes more would eat into what is kept for words."""
    if shutil.disk_usage(folder).free - size < RESERVE:
        raise Full(f"less than {RESERVE >> 20} MiB would be left in {folder}: make room")


@contextmanager
def filling() -> Iterator[None]:
    """What is written here may find the disk full all the same: raises Full then."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise Full(str(error)) from error
        raise
