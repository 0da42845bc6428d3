"""Receipts: what a console says on its line: whether its sound runs, which alarms it has, which sounded, and why one did not.

    {"alarms": [[incident, opened, received, sounded, why, behind], …]}

`opened`: of the incident, in ms; `received` and `sounded`: how many ms ago, -1 for not yet. The hub passes what all consoles
said within a second through the writer at once; nothing that is shown waits for it.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from console.server.trouble import Trouble
from models.incidents.alarms import Receipt, Silent, note_receipts
from models.incidents.sight import MOST_ID
from models.time import now
from models.viewer import Viewer

MOST = 200  # alarms in one message; a burst of forty is one
BURST, A_SECOND = 20, 1.0  # messages of one screen, and so many more each second
BATCH_SECONDS = 1.0
KEPT = 20_000  # that wait for a database that does not answer: the oldest go first
TEN_MINUTES_MS = 600_000

log = logging.getLogger(__name__)
Ago = Annotated[int, Field(ge=-1, le=TEN_MINUTES_MS)]


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid")

    alarms: list[
        tuple[Annotated[int, Field(ge=1, le=MOST_ID)], Annotated[int, Field(ge=0, lt=2**53)], Ago, Ago, Silent, bool]
    ] = Field(min_length=1, max_length=MOST)


class Sound(BaseModel):
    """`{"sound": true}`: the sound of this screen runs from now on; said anew on every line."""

    model_config = ConfigDict(extra="forbid", strict=True)

    sound: bool


class Writer(Protocol):
    """console.writer.Writer, as far as the hub needs it."""

    async def run(self, function: Callable[..., Any], /, *arguments: Any) -> Any: ...


def read(text: str) -> list[Receipt]:
    """What a message says; nothing when it is none."""
    try:
        said = Said.model_validate_json(text)
    except ValidationError:
        return []
    at = now()

    def ago(ms: int) -> Any:
        return None if ms < 0 else at - timedelta(milliseconds=ms)

    return [
        Receipt(id, opened, ago(max(received, 0)), ago(sounded), why, behind)
        for id, opened, received, sounded, why, behind in said.alarms
    ]


def sound_of(text: str) -> bool | None:
    """Whether an alarm would sound there now; None when that is not what it says."""
    try:
        return Sound.model_validate_json(text).sound
    except ValidationError:
        return None


class Allowance:
    """Of one screen: it may answer at once, and then as often as alarms come."""

    def __init__(self, clock: Callable[[], float]):
        self._clock, self._left, self._at = clock, float(BURST), clock()

    def spend(self) -> bool:
        at = self._clock()
        self._left = min(BURST, self._left + (at - self._at) * A_SECOND) - 1
        self._at = at
        return self._left >= 0


class Receipts:
    """Of all screens of this process."""

    def __init__(self, writer: Writer):
        self._writer = writer
        self._waiting: list[tuple[Viewer, Receipt]] = []
        self._came = asyncio.Event()

    def hear(self, viewer: Viewer, said: list[Receipt]) -> None:
        self._waiting += [(viewer, receipt) for receipt in said]
        self._came.set()

    async def run(self) -> None:
        """Until cancelled. What could not be written is tried again."""
        trouble = Trouble(log, "receipts are noted again")
        while True:
            await self._came.wait()
            await asyncio.sleep(BATCH_SECONDS)
            self._came.clear()
            batch, self._waiting = self._waiting, []
            try:
                await self._writer.run(note_receipts, batch)
                trouble.ends()
            except Exception as error:
                trouble.begins(error, "%d receipts were not noted", len(batch))
                self._waiting = [*batch, *self._waiting][-KEPT:]
                self._came.set()
