"""Parts: files that come in pieces. How much of one is here is the size of its file, so a crash forgets nothing.

async with parts.turn(id) as part:            # one sender at a time
    await part.take(request.stream(), most=size)
"""

import asyncio
import fcntl
import hashlib
import os
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Lock
from typing import BinaryIO
from weakref import WeakValueDictionary

from console.evidence.opening import opened
from console.server.vitals import filling, make_sure_of_room
from models.errors import N_, TooMuch

PIECE_BYTES = 256 * 1024  # written at once; so much is lost when the process is killed


class Busy(Exception):
    """Another process is taking this part in."""


class Altered(Exception):
    """The bytes are not those their sender sent: they were thrown away."""


class Parts:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._reading: dict[str, asyncio.Timeout] = {}

    def path(self, id: str) -> Path:
        return self._folder / f"{id}.part"

    def offset(self, id: str) -> int:
        """How many bytes are here."""
        try:
            return self.path(id).stat().st_size
        except FileNotFoundError:
            return 0

    def drop(self, id: str) -> None:
        self.path(id).unlink(missing_ok=True)

    @asynccontextmanager
    async def turn(self, id: str) -> AsyncIterator["Part"]:
        """The part, for one sender at a time; raises Busy when another process has it.

        Who comes later goes first: on a phone's network the earlier line is a dead one that nobody has hung up.
        """
        if earlier := self._reading.get(id):
            earlier.reschedule(asyncio.get_running_loop().time())
        async with self._turns.setdefault(id, asyncio.Lock()):
            file = await opened(_lock, self.path(id))
            try:
                yield Part(id, file, self._reading, self._folder)
            finally:
                file.close()


class Part:
    def __init__(self, id: str, file: BinaryIO, reading: dict[str, asyncio.Timeout], folder: Path) -> None:
        self._id, self._file, self._reading, self._folder = id, file, reading, folder
        self.offset = file.seek(0, os.SEEK_END)

    async def take(
        self,
        chunks: AsyncIterator[bytes],
        *,
        most: int,
        sha256: bytes | None = None,
        tell: Callable[[int], None] = lambda offset: None,
    ) -> None:
        """Append what comes, safely on disk when this returns. A line that breaks leaves what it brought.

        Raises TimeoutError when a later sender takes over, Full, TooMuch beyond `most` bytes in all and Altered when
        the bytes are not those of `sha256`: then nothing of them stays.
        """
        make_sure_of_room(self._folder, most - self.offset)
        start, digest, waiting, turn = self.offset, hashlib.sha256(), bytearray(), Lock()

        def write() -> None:
            with turn:  # cut off while a thread writes, we wait for it and find nothing left
                while waiting:
                    with filling():
                        written = self._file.write(waiting)  # may be a part of it: what the disk still takes
                    digest.update(waiting[:written])
                    self.offset += written
                    del waiting[:written]

        try:
            async with asyncio.timeout(None) as patience:
                self._reading[self._id] = patience
                async for chunk in chunks:
                    waiting += chunk
                    if self.offset + len(waiting) > most:
                        waiting.clear()
                        await asyncio.to_thread(self._back_to, start)
                        raise TooMuch(N_("Lebih banyak daripada yang diumumkan."))
                    if len(waiting) >= PIECE_BYTES:
                        await asyncio.to_thread(write)
                        tell(self.offset)
        finally:
            self._reading.pop(self._id, None)
            write()
        if sha256 and digest.digest() != sha256:
            await asyncio.to_thread(self._back_to, start)
            raise Altered("a piece came damaged")
        with filling():
            await asyncio.to_thread(os.fsync, self._file.fileno())
        tell(self.offset)

    def _back_to(self, start: int) -> None:
        if os.fstat(self._file.fileno()).st_size > start:
            self._file.truncate(start)
            self.offset = self._file.seek(start)


def _lock(path: Path) -> BinaryIO:
    # One that is whole and kept already, but for its row, is the store's own file by another name: only read.
    known = path.exists()
    kept = known and not path.stat().st_mode & stat.S_IWUSR
    file: BinaryIO = path.open("rb" if kept else "r+b" if known else "xb", buffering=0)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise Busy(path.name) from None
    return file
