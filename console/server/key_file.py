"""The files of keys: each is written once, whole, and by one of the processes that start together."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from models.record.chain import WrongKey

SECRET, NEXT = "secret.key", "secret.key.next"
LEAST_LETTERS = 32


def secret_of(data_dir: Path) -> bytes:
    """The server's own key, made at the first start. Raises WrongKey for a file that cannot hold one."""
    path = data_dir / SECRET
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_once(path, new_secret())
    return read_secret(path)


def read_secret(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key.strip()) < LEAST_LETTERS:
        raise WrongKey(
            f"{path} is {'too short' if key.strip() else 'empty'}: put the key back from a backup. Only where nothing "
            "was ever stored, remove the file, and a key is made at the next start."
        )
    return key


def new_secret() -> bytes:
    return secrets.token_hex(32).encode()


def write_once(path: Path, content: bytes) -> None:
    """Whole or not at all, on the disk for good, mode 600. Whoever comes second leaves the first one's as it is."""
    half = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            os.link(half, path)
    finally:
        half.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A name is on the disk when its folder is."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
