"""Photos of those who have not come through the door yet: few, beside the evidence and never in it, gone with their draft."""

import asyncio
import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from console.server.vitals import Full, filling, make_sure_of_room

EACH_BYTES = 20 * 1024 * 1024  # of one draft
ALL_BYTES = 500 * 1024 * 1024  # of all together
YOUNG_SECONDS = 3600  # so long a file may lie here before its row is written
PIECE_BYTES = 256 * 1024


class Waiting:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._one = Lock()  # what is counted must not grow before it is written

    def path(self, draft: str, nth: int) -> Path:
        return self.folder / f"{draft}-{nth}"

    async def keep(self, draft: str, nth: int, file: BinaryIO) -> tuple[str, int] | None:
        """Its SHA-256 and size; None when it is too large, or there is no room."""
        return await asyncio.to_thread(self._keep, draft, nth, file)

    def drop(self, draft: str) -> None:
        for path in self.folder.glob(f"{draft}-*"):
            path.unlink(missing_ok=True)

    def drafts(self) -> set[str]:
        """Whose files lie here, and not since just now."""
        oldest = time.time() - YOUNG_SECONDS
        return {name.rpartition("-")[0] for name, stat in self._all() if stat.st_mtime < oldest}

    def _keep(self, draft: str, nth: int, file: BinaryIO) -> tuple[str, int] | None:
        path, size = self.path(draft, nth), file.seek(0, os.SEEK_END)
        file.seek(0)
        with self._one:
            here = list(self._all())
            own = sum(stat.st_size for name, stat in here if name.startswith(f"{draft}-"))
            if own + size > EACH_BYTES or sum(stat.st_size for _, stat in here) + size > ALL_BYTES:
                return None
            digest = hashlib.sha256()
            try:
                make_sure_of_room(self.folder, size)
                with filling(), path.open("xb") as kept:
                    while piece := file.read(PIECE_BYTES):
                        kept.write(piece)
                        digest.update(piece)
            except Full:
                path.unlink(missing_ok=True)
                return None
        return digest.hexdigest(), size

    def _all(self) -> Iterable[tuple[str, os.stat_result]]:
        with os.scandir(self.folder) as entries:
            for entry in entries:
                try:
                    yield entry.name, entry.stat()
                except FileNotFoundError:  # swept or sent in between
                    continue
