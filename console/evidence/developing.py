"""Developing evidence: each new file goes through the media child once, and what it saw is noted.

Beside it, one at a time, the videos that no browser plays as they came are rendered: minutes of work at the
lowest priority, for which no photo has to wait.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, and_, col, select

from console.bell import Bell, Ear
from console.evidence.children import NotNow
from console.evidence.completing import arrive_late
from console.evidence.kinds import Kind, Unreadable
from console.evidence.store import Store
from console.server.trouble import Trouble
from console.server.vitals import Full
from console.writer import Writer
from models.incidents.evidence import Evidence
from models.incidents.filing import develop, rendered
from models.viewer import CLOCK

REST_SECONDS = 60.0
RETRY_SECONDS = 5.0  # after a look that failed

log = logging.getLogger(__name__)
Waiting = tuple[int, str, str]  # id, SHA-256, type
Looker = Callable[[Session, set[int]], list[Waiting]]


def _oldest(which: Any, most: int) -> Any:
    """What rests is left out, so that twenty lost files keep no new one waiting. Asked after each commit, so made once."""
    free = col(Evidence.id).not_in(bindparam("resting", expanding=True))
    rows = select(Evidence.id, Evidence.sha256, Evidence.mime).where(which, free)
    return rows.order_by(col(Evidence.id)).limit(most)


UNDEVELOPED = _oldest(col(Evidence.state) == "waiting", 20)
UNRENDERED = _oldest(
    and_(col(Evidence.playable).is_(None), col(Evidence.kind) == "video", col(Evidence.state) == "ready"), 1
)


class Developer:
    def __init__(self, store: Store, read: Any, writer: Writer, bell: Bell):
        self._store, self._read, self._writer, self._bell = store, read, writer, bell
        self._trouble = Trouble(log, "evidence is looked for again")
        self._resting: dict[int, float] = {}  # evidence that failed, and when it may be tried again

    async def run(self) -> None:
        """Until cancelled. One file that cannot be developed keeps no other from it."""
        await self._store.children.try_walls()
        try:
            await arrive_late(self._store, self._read, self._writer)
        except Exception:
            log.exception("could not look for uploads that were cut off at their last byte")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._work(self._bell.ear(), _undeveloped, self._develop))
            tasks.create_task(self._work(self._bell.ear(), _unrendered, self._render))

    async def _work(self, ear: Ear, waiting: Looker, act: Callable[..., Awaitable[None]]) -> None:
        while True:
            found = await self._look(waiting)
            for id, sha256, mime in found or ():
                try:
                    await act(id, sha256, mime)
                except NotNow as why:
                    log.warning("evidence %d is tried again: %r", id, why)
                    self._resting[id] = time.monotonic() + REST_SECONDS
                except Full as full:
                    log.warning("evidence %d is not developed yet: %s", id, full)
                    self._resting[id] = time.monotonic() + REST_SECONDS
                except Exception:  # its original is not there: a disk that is not mounted, a restored database
                    log.exception("evidence %d could not be developed", id)
                    self._resting[id] = time.monotonic() + REST_SECONDS
            if not found:  # else there may be more
                await ear.rest(RETRY_SECONDS if found is None else self._until_rested())

    async def _look(self, waiting: Looker) -> list[Waiting] | None:
        """None: it could not be looked."""
        self._resting = {id: until for id, until in self._resting.items() if until > time.monotonic()}
        try:
            found: list[Waiting] = await self._read(waiting, set(self._resting))
            self._trouble.ends()
            return found
        except Exception as error:
            self._trouble.begins(error, "could not look for evidence to develop")
            return None

    def _until_rested(self) -> float | None:
        """Seconds until something may be tried again; None: nothing is to be."""
        return max(0.0, min(self._resting.values()) - time.monotonic()) if self._resting else None

    async def _develop(self, id: int, sha256: str, mime: str) -> None:
        seen = await self._store.process(sha256, Kind(mime))
        if isinstance(seen, Unreadable):
            await self._writer.run(develop, CLOCK, id, str(seen.reason), {})
            return
        found = dict(vars(seen))
        if found.get("playable") is False:
            found["playable"] = None  # not yet: it is to be rendered, for which the bell of this very step rings
        await self._writer.run(develop, CLOCK, id, None, found)

    async def _render(self, id: int, sha256: str, mime: str) -> None:
        made = await self._store.render(sha256)
        if isinstance(made, Unreadable):
            log.warning("evidence %d cannot be played in a browser: %s", id, made.reason)
        await self._writer.run(rendered, CLOCK, id, not isinstance(made, Unreadable))


def _undeveloped(session: Session, resting: set[int]) -> list[Waiting]:
    return _some(session, UNDEVELOPED, resting)


def _unrendered(session: Session, resting: set[int]) -> list[Waiting]:
    return _some(session, UNRENDERED, resting)


def _some(session: Session, question: Any, resting: set[int]) -> list[Waiting]:
    # Of nothing SQLAlchemy would make an expression of its own each time; there is no evidence 0.
    rows = session.connection().execute(question, {"resting": sorted(resting) or [0]})
    return [(id, sha256, mime) for id, sha256, mime in rows]
