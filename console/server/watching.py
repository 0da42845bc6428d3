"""The watch of the house, a little in each tick of the clock: which rung of the ladder is due, what ran out of time, what
nobody takes over, which exercise was forgotten, whose lent power is over, and whether any console listens."""

from typing import Any

from console.writer import Writer
from models.command.calling import overdue, run_out
from models.command.deputy import end_deputy, outlasted
from models.command.house import house_due, watch_house
from models.command.ladder import Ladder, climb, due_rungs
from models.command.untaken import tell_untaken, untold
from models.incidents.exercise import end_exercise, forgotten
from models.viewer import CLOCK


class Watch:
    def __init__(self, read: Any, writer: Writer, ladder: Ladder):
        self._read, self._writer, self._ladder = read, writer, ladder

    async def tick(self, settled: bool = True) -> None:
        """`settled`: so long after a start that the consoles would be back."""
        for id, rung in await self._read(due_rungs, self._ladder):
            await self._writer.run(climb, self._ladder, id, rung)
        for id in await self._read(overdue):
            await self._writer.run(run_out, id)
        if await self._read(untold):
            await self._writer.run(tell_untaken)
        if await self._read(forgotten):
            await self._writer.run(end_exercise, CLOCK)
        for id in await self._read(outlasted):
            await self._writer.run(end_deputy, CLOCK, id)
        if settled and await self._read(house_due, self._ladder):
            await self._writer.run(watch_house, self._ladder)
