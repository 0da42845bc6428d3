"""The bell: one for all in this process who wait until something is committed, and look for themselves what it was.

The writer rings it after each commit. What nobody rang for here (another process wrote it, or was killed before it could
ring, and Redis may be away) the hub finds: it looks at the record once a second whatever it heard, and says `found`.
So a bell that was lost comes late, and nobody else has to look again and again.
"""

import asyncio
from contextlib import suppress

FAR_SECONDS = 5.0  # what another process wrote is for that process to do first
SCREENS_FIRST_SECONDS = 0.02  # the hub hears of it by a way of its own, and people wait for what it shows
PACE_SECONDS = 0.05  # after that at most one ring is heard so often
LONGEST_SECONDS = 60.0  # of a rest with an end: it was reckoned by the wall's clock, which may be put right meanwhile


class Bell:
    """`ring` from any thread, all else on the event loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ears: list[Ear] = []
        self._newest = 0  # the last event that it rang for
        self._late: asyncio.TimerHandle | None = None

    def ear(self) -> "Ear":
        """For one who waits; before their first look, so that nothing falls in between."""
        self._loop = asyncio.get_running_loop()
        self._ears.append(ear := Ear())
        return ear

    def ring(self, seq: int = 0) -> None:
        """Something was committed, up to this number. Returns at once."""
        if self._loop is not None:
            with suppress(RuntimeError):  # a bell after the end
                self._loop.call_soon_threadsafe(self._wake, seq)

    def found(self, seq: int, void: bool = False) -> None:
        """The record reaches to this number. `void`: it is another record than before, with numbers of its own."""
        if void:
            self._newest = 0
        if seq > self._newest and self._late is None:
            self._late = asyncio.get_running_loop().call_later(FAR_SECONDS, self._wake_late)
        self._newest = max(self._newest, seq)

    def _wake(self, seq: int = 0) -> None:
        self._newest = max(self._newest, seq)
        for ear in self._ears:
            ear.rung.set()

    def _wake_late(self) -> None:
        self._late = None
        self._wake()


class Ear:
    def __init__(self) -> None:
        self.rung = asyncio.Event()
        self._woke = 0.0

    async def rest(self, seconds: float | None) -> None:
        """Until the bell rings, also if it has rung since the last rest; at most so long."""
        loop = asyncio.get_running_loop()
        # Not wait_for: in Python 3.11 it forgets a cancellation that comes with what it waits for, and we would never end.
        with suppress(TimeoutError):
            async with asyncio.timeout(None if seconds is None else min(seconds, LONGEST_SECONDS)):
                await self.rung.wait()
        await asyncio.sleep(max(SCREENS_FIRST_SECONDS, self._woke + PACE_SECONDS - loop.time()))
        self._woke = loop.time()
        self.rung.clear()  # before the look: what is committed from here on rings again
