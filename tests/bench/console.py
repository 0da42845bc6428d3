"""The console with 500 open incidents: the server's time, the browser's, and one event more."""

import asyncio
import time
from socket import create_connection
from typing import Any

from tests.bench.browsing import browser, console
from tests.bench.callers import Line, get
from tests.bench.report import CLIENT, on_core, percentile, spread, table
from tests.bench.stage import City, city, serving

INCIDENTS, ROUNDS = 500, 3
CACHED = 30  # pages of one server, once its cards are on the shelf
EVENTS = 15
INTERACTIVE = """
() => new Promise((done) => requestIdleCallback(() => done(performance.now()), { timeout: 10000 }))
"""


def run() -> None:
    cold, cached, interactive, painted = [], [], [], []
    with city(incidents=INCIDENTS) as people:
        for _ in range(ROUNDS):
            with serving(people.url) as server, on_core(CLIENT):
                first, later = asyncio.run(_ask(server.port, people))
                cold.append(first)
                cached.append(percentile(later, 0.5))
        with serving(people.url) as server, browser() as launched:  # on both cores, as it would be
            for _ in range(ROUNDS if launched else 0):
                with console(launched, server.port, people.officers[0]) as page:
                    interactive.append(page.evaluate(INTERACTIVE))
            if launched:
                with console(launched, server.port, people.officers[0]) as page:
                    painted = _one_more(page, server.port, people)
    rows = [
        ["page from the server, first after its start", spread(cold), "≤ 40"],
        ["page from the server, cards on the shelf", spread(cached), "≤ 15"],
        ["browser: loaded and idle", spread(interactive) if interactive else "-", "≤ 1000"],
        ["browser: one frame heard → painted, p50", f"{percentile(painted, 0.5):.1f}", "≤ 30"],
        ["browser: one frame heard → painted, p99", f"{percentile(painted, 0.99):.1f}", ""],
    ]
    table([f"{INCIDENTS} open incidents", "ms", "goal"], rows)


async def _ask(port: int, people: City) -> tuple[float, list[float]]:
    """(first, others). A small page first: connecting and signing in is not the console's time."""
    line = await Line.open(port)
    await line.ask(get("/health", people.officers[0]))
    ms = []
    for _ in range(CACHED + 1):
        start = time.perf_counter()
        status, _ = await line.ask(get("/console", people.officers[0]))
        assert status == 200
        ms.append((time.perf_counter() - start) * 1000)
    return ms[0], ms[1:]


def _one_more(page: Any, port: int, people: City) -> list[float]:
    """Milliseconds from each frame to its card on the screen."""
    delays = []
    with create_connection(("127.0.0.1", port)) as line:
        for number in range(EVENTS):
            page.evaluate("() => { window.__seen.heard = []; window.__seen.painted = {}; }")
            line.sendall(people.report(number))
            line.recv(65536)
            page.wait_for_function("() => Object.keys(window.__seen.painted).length")
            heard, painted = page.evaluate("() => [window.__seen.heard, Object.values(window.__seen.painted)[0]]")
            delays.append(painted - max(at for at in heard if at < painted))
    return delays
