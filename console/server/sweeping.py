"""The night's sweeping, a little in each tick of the clock; and files, which go after their rows."""

import asyncio
import time
from collections import deque
from datetime import timedelta
from typing import Any

from console.evidence.store import Store
from console.server.data_folder import Taken, removing
from console.writer import Writer
from models.command.sweeping.leftovers import is_named, left_nothing, leftovers
from models.command.sweeping.lots import Lot
from models.command.sweeping.sweep import due, sweep
from models.time import local, now
from models.viewer import CLOCK, Viewer

HOURS = range(1, 5)  # of the command's own night, behind the busiest ones
RESTS = timedelta(days=1)  # a period counts a day after it was set: a slip can be taken back
LOTS_A_TICK = 20  # each a write of its own; nobody's act waits for more than one
YOUNG_SECONDS = 3600  # a file that came again so lately may be named by a row that is being written


class Night:
    def __init__(self, read: Any, writer: Writer):
        self._read, self._writer = read, writer
        self._lots: deque[Lot] | None = None  # of this night, once they were listed

    async def tick(self) -> None:
        if local(now()).hour not in HOURS:
            self._lots = None
            return
        set_before = now() - RESTS
        if self._lots is None:
            self._lots = deque(await self._read(due, set_before))
        for _ in range(min(LOTS_A_TICK, len(self._lots))):
            lot = self._lots.popleft()  # first: one that fails is not tried again tonight, and keeps no other
            if await self._writer.run(sweep, CLOCK, lot, set_before):
                self._lots.append(lot)  # there may be more of it


async def sweep_all(writer: Writer, by: Viewer, lots: list[Lot]) -> None:
    """All of it now."""
    for lot in lots:
        while await writer.run(sweep, by, lot):
            pass


async def clear_away(store: Store, writer: Writer) -> int:
    """Remove the files that no row names any more; how many. Not while a backup reads them: the next hour will do."""
    count = 0
    try:
        with removing(store.folder):
            for sha256 in await writer.run(leftovers):
                count += await _remove(store, writer, sha256)
    except Taken:
        pass
    return count


async def _remove(store: Store, writer: Writer, sha256: str) -> bool:
    came = await asyncio.to_thread(store.came, sha256)
    if came is not None and came > time.time_ns() - YOUNG_SECONDS * 10**9:
        return False
    if await writer.run(is_named, sha256):  # asked after the file: who brings it from here on touches it
        return False
    if gone := await asyncio.to_thread(store.remove, sha256, came):
        await writer.run(left_nothing, sha256)
    return gone
