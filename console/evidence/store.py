"""Evidence intake: bytes come in, are kept untouched under their SHA-256, and are looked at in a child process.

    received = await store.receive(request.stream(), limit_bytes=PHOTO_BYTES)
    if kind := kind_of(received.head, declared):
        seen = await store.process(received.sha256, kind)       # Photo, Video or Unreadable

On disk, below the data folder: `evidence/ab/cd/abcd…` is the original (mode 0400, never written again), beside it
lie `abcd….view.webp`, `.thumb.webp` and `.veil.webp`, of a video also `.play.mp4`, which carry no metadata.
`evidence/incoming/` holds what is under way, until the row that names it is written: a crash leaves its remains there,
and `sweep` takes them away, from the store too. `evidence/drafts/` holds what waits before the door (waiting.py).
"""

import asyncio
import hashlib
import logging
import os
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from console.evidence.at_the_door import Waiting
from console.evidence.children import CHILD, FILM_CHILD, Children
from console.evidence.kinds import (
    HEAD_BYTES,
    PHOTO_ANSWER,
    RENDER_ANSWER,
    VIDEO_ANSWER,
    Kind,
    Photo,
    Rendered,
    Unreadable,
    Video,
)  # fmt: skip
from console.evidence.opening import opened
from console.evidence.pieces import Altered, Parts
from console.server.vitals import filling, make_sure_of_room

WALL_SECONDS = 15  # the child's own limit is 5 s of CPU: this one is for a busy machine
FILM_WALL_SECONDS = 150  # for 60 s of CPU
RENDER_WALL_SECONDS = 1800  # for 600 s, at the lowest priority
STALE_SECONDS = 24 * 3600

MADE = ("view.webp", "thumb.webp", "veil.webp", "play.mp4")  # by a child, of an original
log = logging.getLogger(__name__)


class TooLarge(Exception):
    """The sender went over the limit; nothing was kept."""


@dataclass(frozen=True)
class Received:
    """`fresh`: these bytes were not here before, and at `came` (of its file, in ns) they were brought."""

    sha256: str
    size: int
    path: Path
    head: bytes
    fresh: bool = True
    came: int = 0
    part: Path | None = None  # it lies in `incoming/` as well, until the row that names it is written


class Store:
    """The evidence of one installation. `zone` is where a photo was taken whose time names no offset."""

    def __init__(self, data_dir: Path, zone: str = "Asia/Jakarta") -> None:
        self.folder = Path(data_dir) / "evidence"
        self.incoming = self.folder / "incoming"  # same file system: leaving it is one atomic rename
        self.zone = ZoneInfo(zone)
        self.incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.waiting = Waiting(self.folder / "drafts")
        self.parts = Parts(self.incoming)
        self.children = Children(self.incoming)

    def path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256 in lower-case hex")
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def derived(self, sha256: str, size: Literal["veil", "thumb", "view"]) -> Path:
        return self.path(sha256).with_name(f"{sha256}.{size}.webp")

    def film(self, sha256: str) -> Path:
        """The copy of a video that every browser plays."""
        return self.path(sha256).with_name(f"{sha256}.play.mp4")

    def head(self, part: Path) -> bytes:
        with part.open("rb") as file:
            return file.read(HEAD_BYTES)

    async def receive(self, chunks: AsyncIterator[bytes], *, limit_bytes: int, stays: bool = False) -> Received:
        """Keeps what a sender streams, once it is whole and on the disk. Raises TooLarge over the limit, Full, and whatever
        `chunks` raises when the sender leaves; nothing is kept then. `stays`: as for `adopt`.
        """
        part = self.incoming / secrets.token_hex(16)
        make_sure_of_room(self.incoming)
        try:
            size = 0
            with filling(), await opened(part.open, "xb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > limit_bytes:
                        raise TooLarge(f"over {limit_bytes} bytes")
                    await asyncio.to_thread(file.write, chunk)
            received = await self.adopt(part, stays=stays)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return received

    async def adopt(self, part: Path, *, sha256: str = "", stays: bool = False) -> Received:
        """Keeps a file that lies in `incoming/` and is whole, such as a resumed upload at its last byte.

        Raises Altered when it is not the file of `sha256`. `stays`: the part is left for the caller to drop, once
        the database knows of the file: whatever happens in between, one of the two still tells.
        """
        with filling():
            received = await asyncio.to_thread(self._keep, part, sha256)
        if not stays:
            part.unlink()
        return received

    async def discard(self, received: Received) -> None:
        """What was refused goes again, unless it was here before or another came for it since."""
        if received.fresh:
            await asyncio.to_thread(self._discard, received.path, received.came)

    async def process(self, sha256: str, kind: Kind) -> Photo | Video | Unreadable:
        """Looks at a kept original and writes what is shown of it; the same answer however often it is asked.

        Raises NotNow when its child was killed: it is asked again later.
        """
        if kind.video:
            seen = await self._ask(sha256, FILM_CHILD, "look", VIDEO_ANSWER, FILM_WALL_SECONDS)
        else:
            seen = await self._ask(sha256, CHILD, kind.decoder, PHOTO_ANSWER, WALL_SECONDS)
        if isinstance(seen, Photo) and seen.taken_at:
            moment = seen.taken_at if seen.taken_at.tzinfo else seen.taken_at.replace(tzinfo=self.zone)
            return replace(seen, taken_at=moment.astimezone(UTC))
        return seen

    async def render(self, sha256: str) -> Rendered | Unreadable:
        """Makes the copy of a video that every browser plays. Minutes of work: one at a time is enough."""
        return await self._ask(sha256, FILM_CHILD, "render", RENDER_ANSWER, RENDER_WALL_SECONDS)

    async def _ask(self, sha256: str, child: Path, task: str, answers: TypeAdapter[Any], wall_seconds: float) -> Any:
        async def publish(folder: Path) -> None:
            await asyncio.to_thread(self._publish, sha256, folder)

        return await self.children.ask(self.path(sha256), child, task, answers, wall_seconds, publish)

    def came(self, sha256: str) -> int | None:
        """When it was last brought, in nanoseconds; None when it is not here."""
        try:
            return self.path(sha256).stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def remove(self, sha256: str, came: int | None) -> bool:
        """It and what was made of it; not when it was brought again since. Is it gone?"""
        path = self.path(sha256)
        if came is not None:
            self._discard(path, came)
        if path.exists():
            return False
        for made in path.parent.glob(f"{path.name}.*"):  # of one that a crash left half removed
            made.unlink(missing_ok=True)
        return True

    async def left(self) -> dict[Path, str]:
        """What a crash left in `incoming/` more than a day ago, and the SHA-256 of those that the store holds as well."""
        return await asyncio.to_thread(self._left, time.time() - STALE_SECONDS)

    async def sweep(self, known: Collection[str] = ()) -> int:
        """Removes it, from the store too if the database does not know of it; how many that were."""
        return await asyncio.to_thread(self._sweep, time.time() - STALE_SECONDS, known)

    def _keep(self, part: Path, expected: str = "") -> Received:
        with part.open("rb") as file:
            head = file.read(HEAD_BYTES)
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
            if expected and sha256 != expected:
                raise Altered("not the file that was announced")
            os.fchmod(file.fileno(), 0o400)
            os.fsync(file.fileno())
        path = self.path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        came = time.time_ns()
        os.utime(part, ns=(came, came))
        fresh = _link(path, part)
        for folder in (path.parent, path.parent.parent, self.folder):
            flush(folder)  # a name is only durable when its folder is
        return Received(sha256, size, path, head, fresh, came, part)

    def _discard(self, path: Path, came: int) -> None:
        """Taken aside first, and put back if another has touched it (`_link`): whoever comes later brings it anew."""
        aside = self.incoming / secrets.token_hex(16)
        try:
            if path.stat().st_mtime_ns != came:
                return
            path.rename(aside)
        except FileNotFoundError:
            return
        if aside.stat().st_mtime_ns != came:
            with suppress(FileExistsError):
                path.hardlink_to(aside)
        else:
            for made in path.parent.glob(f"{path.name}.*"):
                made.unlink(missing_ok=True)
        aside.unlink()

    def _publish(self, sha256: str, folder: Path) -> None:
        if not self.path(sha256).exists():  # swept meanwhile: nothing that was made of it may stay
            return
        for name in MADE:  # and nothing else: a child that was taken over may leave a link to another's file
            made = folder / name
            if made.is_symlink() or not made.is_file() or made.stat().st_nlink > 1:
                continue
            with made.open("rb") as file:
                os.fchown(file.fileno(), os.geteuid(), os.getegid())  # as root's child it was nobody's
                os.fsync(file.fileno())
            made.replace(self.path(sha256).with_name(f"{sha256}.{name}"))
        flush(self.path(sha256).parent)

    def _stale(self, oldest: float) -> list[Path]:
        return [entry for entry in self.incoming.iterdir() if entry.stat().st_mtime < oldest]

    def _left(self, oldest: float) -> dict[Path, str]:
        twice = [entry for entry in self._stale(oldest) if entry.is_file() and entry.stat().st_nlink > 1]
        return {entry: _sum(entry) for entry in twice}

    def _sweep(self, oldest: float, known: Collection[str]) -> int:
        stale = self._stale(oldest)
        for entry, sha256 in self._left(oldest).items():
            if sha256 not in known:
                self._discard(self.path(sha256), entry.stat().st_mtime_ns)
        for entry in stale:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink(missing_ok=True)
        return len(stale)


def _link(path: Path, part: Path) -> bool:
    """Is it new here? What is here already, the same bytes, is touched: whoever is about to discard it then lets it be."""
    while True:
        try:
            path.hardlink_to(part)
            return True
        except FileExistsError:
            with suppress(FileNotFoundError):  # discarded in between: once more
                os.utime(path)
                return False


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
