"""The data folder is taken by those who serve from it, so that no restore pulls it away from under them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "serving.lock"


class Taken(Exception):
    """Somebody works in the folder."""


@contextmanager
def serving(data_dir: Path) -> Iterator[None]:
    """Held by every server process, together with others. Ends with the process, however it ends."""
    with _locked(data_dir, fcntl.LOCK_SH):
        yield


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Held by who must be the only one. Raises Taken when a server runs."""
    with _locked(data_dir, fcntl.LOCK_EX):
        yield


@contextmanager
def _locked(data_dir: Path, how: int) -> Iterator[None]:
    lock = os.open(data_dir / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise Taken(f"Siaga works in {data_dir}: stop it first") from None
    try:
        yield
    finally:
        os.close(lock)
