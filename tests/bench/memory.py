"""What the server holds: with 100 consoles, and for each console that only waits."""

import asyncio

from tests.bench.callers import Line, get
from tests.bench.listeners import Crowd
from tests.bench.report import CLIENT, memory_mb, on_core, table
from tests.bench.stage import City, Serving, city, serving

CONSOLES, MANY, INCIDENTS = 100, 2000, 500
SETTLE_SECONDS = 6  # a heartbeat included


def run() -> None:
    with city(incidents=INCIDENTS) as people, serving(people.url) as server, on_core(CLIENT):
        empty, hundred, many = asyncio.run(_measure(people, server))
    each = (many - hundred) * 1024 / (MANY - CONSOLES)
    table(
        ["", "measured", "goal"],
        [
            ["server alone, MB", f"{empty:.0f}", ""],
            [f"server with {CONSOLES} consoles and {INCIDENTS} open incidents, MB", f"{hundred:.0f}", "≤ 150"],
            ["each idle console, KiB", f"{each:.1f}", "≤ 30"],
        ],
    )


async def _measure(people: City, server: Serving) -> tuple[float, float, float]:
    pid, cookies = server.process.pid, people.consoles(MANY)
    path = "/live?view=console&after=0&epoch=none"
    line = await Line.open(server.port)
    empty = memory_mb(pid)
    for cookie in people.officers[:CONSOLES]:
        await line.ask(get("/console", cookie))
    first = await Crowd.join(server.port, cookies[:CONSOLES], path=path)
    await asyncio.sleep(SETTLE_SECONDS)
    hundred = memory_mb(pid)
    second = await Crowd.join(server.port, cookies[CONSOLES:], path=path)
    await asyncio.sleep(SETTLE_SECONDS)
    many = memory_mb(pid)
    first.leave()
    second.leave()
    return empty, hundred, many
