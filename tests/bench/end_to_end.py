"""From the citizen's POST to the card painted in a real browser, one at a time, on an idle system."""

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor

from tests.bench.browsing import browser, console
from tests.bench.callers import Line
from tests.bench.listeners import Crowd, Listener
from tests.bench.report import percentile, table
from tests.bench.stage import City, city, serving

FILINGS, WARM = 60, 5
PAUSE_MS = 150


def run() -> None:
    with city(incidents=30) as people, serving(people.url) as server, browser() as launched:
        watcher = Watcher(people, server.port)
        if launched is None:
            for number in range(FILINGS):
                watcher.file(number)
            painted: list[float] = []
        else:
            with console(launched, server.port, people.officers[-1]) as page:
                filed = {}
                for number in range(FILINGS):
                    id, at = watcher.file(number)
                    filed[f"incident-{id}"] = at
                    page.wait_for_function("id => window.__seen.painted[id]", arg=f"incident-{id}")
                    page.wait_for_timeout(PAUSE_MS)
                seen = page.evaluate("window.__seen.painted")
                painted = [seen[id] - at * 1000 for id, at in filed.items()][WARM:]
        watcher.close()
        answered, framed = watcher.answered[WARM:], watcher.framed[WARM:]
    table(
        ["from the POST to", "p50 ms", "p99 ms", "goal"],
        [
            [what, f"{percentile(ms, 0.5):.1f}", f"{percentile(ms, 0.99):.1f}", goal]
            for what, ms, goal in (
                ("the answer", answered, ""),
                ("the frame at a screen", framed, "p50 ≤ 5 (the server's share)"),
                ("the card painted", painted, "p50 ≤ 50, p99 ≤ 120"),
            )
        ],
    )


class Watcher:
    """Files, and listens to hear it as a plain screen does; in a thread of its own beside the browser's driver."""

    def __init__(self, people: City, port: int) -> None:
        self.answered: list[float] = []
        self.framed: list[float] = []
        self._people, self._port = people, port
        self._thread = ThreadPoolExecutor(1)
        self._runner = asyncio.Runner()
        self._heard: asyncio.Event
        self._at = 0.0
        self._id = 0
        self._do(self._open())

    def file(self, number: int) -> tuple[int, float]:
        """(the incident's id, when it was sent)."""
        return self._do(self._file(number))  # type: ignore[return-value]

    def close(self) -> None:
        self._thread.submit(self._runner.close).result()

    def _do(self, work: object) -> object:
        return self._thread.submit(self._runner.run, work).result()  # type: ignore[arg-type]

    async def _open(self) -> None:
        self._heard = asyncio.Event()
        path = "/live?view=console&after=0&epoch=none"
        self._crowd = await Crowd.join(self._port, [self._people.officers[0]], path=path, on_text=self._hear)
        self._line = await Line.open(self._port)

    async def _file(self, number: int) -> tuple[int, float]:
        self._heard.clear()
        request = self._people.report(number)
        sent, start = time.time(), time.perf_counter()
        status, _ = await self._line.ask(request)
        if status != 303:
            raise RuntimeError(f"not filed: {status}")
        self.answered.append((time.perf_counter() - start) * 1000)
        await asyncio.wait_for(self._heard.wait(), 10)
        self.framed.append((self._at - start) * 1000)
        return self._id, sent

    def _hear(self, _: Listener, text: bytes) -> None:
        if card := re.search(rb'id="incident-(\d+)"', text):
            self._at, self._id = time.perf_counter(), int(card[1])
            self._heard.set()
