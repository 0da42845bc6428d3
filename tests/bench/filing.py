"""Filing over HTTP, all rules, FULL: our one writer beside a session for each request, on both databases."""

import asyncio
from collections import defaultdict
from contextlib import ExitStack

from models.record.database import is_sqlite
from tests.bench.bare import beside_bare
from tests.bench.callers import Calls, hammer, pace
from tests.bench.environment import environment
from tests.bench.listeners import Crowd
from tests.bench.report import CLIENT, on_core, ratio, say, spread, table
from tests.bench.stage import City, Serving, cities, city, serving

OURS, POOL, ASYNC = "siaga", "pool", "async"
ROUNDS = 3
CONNECTIONS = (1, 16, 64)
SECONDS, WARM_SECONDS = 1.2, 0.4
CONSOLES, EVENTS, LISTEN_SECONDS = 500, 50, 4
GOALS = {
    ("SQLite", 64, ASYNC): "≥ 4", ("SQLite", 64, POOL): "≥ 2.5, p99 ≤ 0.15", ("PostgreSQL", 64, POOL): "≥ 1.8"
}  # fmt: skip

Results = dict[tuple[str, int], list[Calls]]


def run() -> None:
    with cities() as both:
        for database, people in both.items():
            with ExitStack() as stack:
                servers = {OURS: (people, stack.enter_context(serving(people.url)))}
                for name in (POOL, ASYNC) if environment() else (POOL,):
                    command = ("tests.bench.writers", name)
                    own = stack.enter_context(city()) if is_sqlite(people.url) else people  # a file has one server
                    servers[name] = own, stack.enter_context(serving(own.url, command=command))
                with on_core(CLIENT):
                    _show(database, asyncio.run(_measure(servers)))
        beside_bare(both)
    _beside_consoles()


async def _measure(servers: dict[str, tuple[City, Serving]]) -> Results:
    results: Results = defaultdict(list)
    for people, server in servers.values():
        await hammer(server.port, people.report, 16, WARM_SECONDS)
    for _ in range(ROUNDS):
        for connections in CONNECTIONS:
            for name, (people, server) in servers.items():
                results[name, connections].append(await hammer(server.port, people.report, connections, SECONDS))
    return results


def _show(database: str, results: Results) -> None:
    say(f"{database}: POST /complaints")
    rows = []
    for (name, connections), calls in sorted(results.items(), key=lambda item: (item[0][1], item[0][0] != OURS)):
        ours = results[OURS, connections]
        beside = "" if name == OURS else ratio([c.rate for c in ours], [c.rate for c in calls], 2)
        tail = "" if name == OURS else ratio([c.p(0.99) for c in ours], [c.p(0.99) for c in calls], 2)
        failed = sum(count for c in calls for status, count in c.statuses.items() if status != 303)
        rows.append(
            [
                connections,
                name,
                spread([c.rate for c in calls], 0),
                spread([c.p(0.5) for c in calls]),
                spread([c.p(0.99) for c in calls]),
                beside,
                tail,
                GOALS.get((database, connections, name), ""),
                failed,
            ]
        )
    head = ["connections", "writer", "filed/s", "p50 ms", "p99 ms", "ours / it", "p99 ours / it", "goal", "failed"]
    table(head, rows)


def _beside_consoles() -> None:
    with city() as people, serving(people.url) as server, on_core(CLIENT):
        alone, beside = asyncio.run(_listen(people, server))
    say(f"filing {EVENTS} a second, nobody listening and beside {CONSOLES} consoles")
    rows = [
        [name, spread([c.p(0.5) for c in calls]), spread([c.p(0.99) for c in calls])]
        for name, calls in (("alone", alone), ("beside consoles", beside))
    ]
    tail = ratio([c.p(0.99) for c in beside], [c.p(0.99) for c in alone], 2)
    table(["", "p50 ms", "p99 ms"], [*rows, ["beside / alone", "goal p99 ≤ 3", tail]])


async def _listen(people: City, server: Serving) -> tuple[list[Calls], list[Calls]]:
    alone, beside = [], []
    await pace(server.port, people.report, EVENTS, 1)
    for _ in range(ROUNDS):
        alone.append(await pace(server.port, people.report, EVENTS, LISTEN_SECONDS))
        path = "/live?view=console&after=0&epoch=none"
        crowd = await Crowd.join(server.port, people.consoles(CONSOLES), path=path)
        beside.append(await pace(server.port, people.report, EVENTS, LISTEN_SECONDS))
        crowd.leave()
    return alone, beside
