"""Media children: each looks at one original in a process of its own, few at a time, and is not believed unchecked."""

import asyncio
import json
import logging
import secrets
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from console.evidence.kinds import Reason, Unreadable
from console.evidence.opening import opened
from console.server.vitals import make_sure_of_room

CHILDREN = 2  # at once; each may take 700 MiB
MOST_TRIES = 3  # of a file whose child was killed: by then it is the file
CHILD = Path(__file__).with_name("picture_child.py")
FILM_CHILD = Path(__file__).with_name("film_child.py")
GUARD = Path(__file__).with_name("guard.py")
TRIED_SECONDS = 10
# What a machine may lack, in words for its operator.
GAPS = {
    "files": "a media child could read other files: this kernel gives no Landlock",
    "network": "a media child could open connections: this kernel gives no seccomp filter",
    "root": "a media child stays root: this machine lets it become nobody else",
    "tried": "a media child could not be tried: nobody knows what it could reach",
}
log = logging.getLogger(__name__)
Publish = Callable[[Path], Awaitable[None]]


class NotNow(Exception):
    """Nothing is known of the file: ask again later."""


class Killed(NotNow):
    """The child was ended from outside: out of memory, by hand, by a machine too busy."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason


class Children:
    """`incoming`: each child has a folder of its own in there."""

    def __init__(self, incoming: Path) -> None:
        self._incoming = incoming
        self._places = asyncio.Semaphore(CHILDREN)
        self._inside = 0
        self.gaps: list[str] = []  # names of GAPS that this machine has, once it was tried

    async def ask(
        self, original: Path, child: Path, task: str, answers: TypeAdapter[Any], wall_seconds: float, publish: Publish
    ) -> Any:
        """A child's answer about this original; `publish` takes the folder of what it made, before that goes.

        One whose child was killed is tried again when nothing else runs, photos and posters with nothing beside them;
        raises NotNow until then. The count lies beside the original before a child starts, so that one that takes the
        whole machine down counts too.
        """
        make_sure_of_room(self._incoming)  # else the picture is blamed for our disk
        await asyncio.to_thread(original.stat)  # a lost original is our fault, not the picture's: raises
        tries = _tries(original)
        async with self._room(1 if not tries or task == "render" else CHILDREN, alone=tries > 0):
            known = tries  # if we are stopped ourselves, this time does not count
            _note(original, tries + 1)
            folder = self._incoming / secrets.token_hex(16)
            try:
                await asyncio.to_thread(folder.mkdir, mode=0o700)
                seen = await self.look(original, child, task, folder, answers, wall_seconds)
                known = 0
                if not isinstance(seen, Unreadable):
                    await publish(folder)
            except Killed as killed:
                known = (tries + 1) % MOST_TRIES
                if known:
                    raise
                seen = Unreadable(killed.reason)
            finally:
                _note(original, known)
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        return seen

    async def look(
        self, original: Path, child: Path, task: str, folder: Path, answers: TypeAdapter[Any], wall_seconds: float
    ) -> Any:
        """What it says, checked: by now it may be the picture's author who speaks."""
        try:
            code, line = await _run(child, task, original=original, folder=folder, wall_seconds=wall_seconds)
            return believed(code, line, answers)
        except ValueError as error:  # too long a line, or not the facts of a picture
            log.warning("media child answered nonsense about %s: %s", original.name, error)
            return Unreadable(Reason.BROKEN)

    async def try_walls(self) -> None:
        """Lets a child try to get out, and says what it could."""
        folder = self._incoming / secrets.token_hex(16)
        await asyncio.to_thread(folder.mkdir, mode=0o700)
        try:
            code, line = await _run(GUARD, original=Path("/dev/null"), folder=folder, wall_seconds=TRIED_SECONDS)
            self.gaps = [gap for gap in json.loads(line) if gap in GAPS] if code == 0 else ["tried"]
        except (ValueError, NotNow, OSError):
            self.gaps = ["tried"]
        finally:
            await asyncio.to_thread(shutil.rmtree, folder)
        for gap in self.gaps:
            log.warning("%s (docs/trust.md#web)", GAPS[gap])

    @asynccontextmanager
    async def _room(self, places: int, alone: bool) -> AsyncIterator[None]:
        if alone and self._inside:
            raise NotNow("it is tried again when nothing else runs")
        self._inside += 1
        held = 0
        try:
            for _ in range(places):
                await self._places.acquire()
                held += 1
            yield
        finally:
            self._inside -= 1
            for _ in range(held):
                self._places.release()


def believed(code: int, line: bytes, answers: TypeAdapter[Any]) -> Any:
    """Raises Killed where the end was not its own, ValueError where the answer is none."""
    if code == -signal.SIGXCPU:
        return Unreadable(Reason.SLOW)
    if code:  # a child that ends by itself has always answered; SIGKILL is the kernel short of memory, or a hand
        raise Killed(Reason.MEMORY if code == -signal.SIGKILL else Reason.BROKEN)
    return answers.validate_json(line)


async def _run(child: Path, *task: str, original: Path, folder: Path, wall_seconds: float) -> tuple[int, bytes]:
    """(its exit code, its line). The original is its standard input, its folder the place where it stands."""
    with await opened(original.open, "rb") as source:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(child),
            *task,
            env={},
            cwd=folder,
            stdin=source,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    assert process.stdout
    try:
        async with asyncio.timeout(wall_seconds):
            line = await process.stdout.readline()  # at most 64 KiB, however much it prints
            return await process.wait(), line
    except TimeoutError:
        raise Killed(Reason.SLOW) from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()  # also when we are cancelled: no child outlives its question
        await process.wait()


def _count(original: Path) -> Path:
    return original.with_name(f"{original.name}.tries")


def _tries(original: Path) -> int:
    try:
        return int(_count(original).read_text())
    except (FileNotFoundError, ValueError):
        return 0


def _note(original: Path, tries: int) -> None:
    if tries:
        _count(original).write_text(str(tries))
    else:
        _count(original).unlink(missing_ok=True)
