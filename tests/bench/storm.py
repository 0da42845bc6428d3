"""A restart brings 2,000 screens back at once, while people go on filing."""

import asyncio
import time

from tests.bench.callers import Calls, Line, pace
from tests.bench.listeners import Crowd, Listener
from tests.bench.report import CLIENT, on_core, percentile, say, table
from tests.bench.stage import City, city, serving

SCREENS, FILINGS = 2000, 20  # and filings a second meanwhile
SECONDS = 8
AGAIN_SECONDS = 0.25  # between two tries of a screen
PATH = "/live?view=console&after=0&epoch=none"


def run() -> None:
    with city(incidents=100) as people:
        with serving(people.url) as server, on_core(CLIENT):
            crowd = asyncio.run(_everybody(server.port, people))
            port = server.port
            server.stop()
        with serving(people.url, port) as server, on_core(CLIENT):
            back, calls = asyncio.run(_storm(server.port, people))
    say(f"{crowd} screens before the restart, {len(back)} of {SCREENS} back")
    table(
        ["", "measured", "goal"],
        [
            ["half of them live again, s", f"{percentile(back, 0.5):.2f}", ""],
            ["all live again, s", f"{max(back):.2f}", "≤ 5"],
            ["filing meanwhile, p50 ms", f"{calls.p(0.5):.0f}", ""],
            ["filing meanwhile, p99 ms", f"{calls.p(0.99):.0f}", "≤ 1000"],
            ["filings that failed", sum(n for status, n in calls.statuses.items() if status != 303), "0"],
        ],
    )


async def _everybody(port: int, people: City) -> int:
    crowd = await Crowd.join(port, people.consoles(SCREENS), path=PATH)
    crowd.leave()
    return len(crowd.listeners)


async def _storm(port: int, people: City) -> tuple[list[float], Calls]:
    """Seconds until each screen has heard something anew, and the filings beside it."""
    heard: dict[Listener, float] = {}
    crowd = Crowd(on_text=lambda listener, _: heard.setdefault(listener, time.perf_counter()) and None)
    start = time.perf_counter()

    async def come_back(cookie: str) -> None:
        while True:
            try:
                await crowd.add(port, PATH, cookie)
                return
            except (OSError, TimeoutError):
                await asyncio.sleep(AGAIN_SECONDS)

    filing = asyncio.create_task(pace(port, people.report, FILINGS, SECONDS))
    await asyncio.gather(*(come_back(cookie) for cookie in people.consoles(SCREENS)))
    calls = await filing
    line = await Line.open(port)
    await line.ask(people.report(1))  # one for whoever has heard nothing yet
    end = time.perf_counter() + SECONDS
    while len(heard) < SCREENS and time.perf_counter() < end:
        await asyncio.sleep(0.05)
    crowd.leave()
    return [at - start for at in heard.values()], calls
