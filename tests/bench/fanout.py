"""Fan-out: the highest rate at which every screen still hears everything, its p99 under 100 ms; and what one event costs."""

import asyncio
import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from console.settings import HERE
from tests.bench.environment import environment
from tests.bench.listeners import Crowd
from tests.bench.report import CLIENT, SERVER, on_core, percentile, ratio, say, spread, table

OURS = "siaga"
PEERS = {
    "websockets": 10,
    "starlette": 12,
    "broadcaster": 25,
    "socketio": 80,
    "picows": 0,
}  # and the goal, if there is one
SCREENS = (50, 500, 2000)
ROUNDS = 3
STEP = 1.15  # between two rungs of the ladder
FIRST_RATE = {OURS: 2_000_000, "websockets": 120_000, "starlette": 90_000, "broadcaster": 50_000, "socketio": 30_000}
TRIAL_SECONDS, GRACE_SECONDS = 0.7, 0.3
LATE_MS = 100
SLOWEST = 2  # events a second: a server that fails at this has no rung to stand on
SINGLE_RATE, SINGLE_SECONDS, SINGLE_SCREENS = 40, 1.2, 500


@dataclass
class Fed:
    """A server that is fed (feed.py), and where it listens."""

    process: "subprocess.Popen[str]"
    port: int
    hello: dict[str, Any]
    rungs: dict[int, int] = field(default_factory=dict)  # where the ladder was left, by number of screens

    async def feed(self, rate: float, seconds: float) -> dict[str, float]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"rate": rate, "seconds": seconds}) + "\n")
        self.process.stdin.flush()
        return json.loads(await asyncio.to_thread(self.process.stdout.readline))  # type: ignore[no-any-return]

    async def crowd(self, screens: int) -> Crowd:
        return await Crowd.join(self.port, screens, **self.hello)


def run() -> None:
    with ExitStack() as stack:
        servers = {OURS: stack.enter_context(fed(OURS))}
        if python := environment():
            servers |= {name: stack.enter_context(fed(name, python)) for name in PEERS}
        with on_core(CLIENT):
            cpu, rates = asyncio.run(_measure(servers))
    say(f"one event at a time, {SINGLE_SCREENS} screens")
    goals = {"websockets": "≤ 0.8", "picows": "≤ 1.15"}
    rows = [
        [name, spread(cpu[name], 2), "" if name == OURS else ratio(cpu[OURS], cpu[name], 2), goals.get(name, "")]
        for name in servers
    ]
    table(["server", "CPU µs a message", "ours / it", "goal"], rows)
    for screens in SCREENS:
        say(f"sustained, {screens} screens: p99 < {LATE_MS} ms, nothing lost")
        ours = rates[OURS, screens]
        rows = [
            [
                name,
                spread([rate / 1e6 for rate in rates[name, screens]], 2),
                "" if name == OURS else ratio(ours, rates[name, screens]),
                f"≥ {PEERS[name]}" if PEERS.get(name) else "",
            ]
            for name in servers
        ]
        table(["server", "million messages/s", "ours / it", "goal"], rows)


@contextmanager
def fed(name: str, python: str = sys.executable) -> Iterator[Fed]:
    command = ["tests.bench.hub_server"] if name == OURS else ["tests.bench.peers", name]
    with on_core(SERVER):
        process = subprocess.Popen(
            [python, "-m", *command], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    with process:
        assert process.stdin and process.stdout
        hello = json.loads(process.stdout.readline())
        try:
            yield Fed(process, hello.pop("port"), hello)
        finally:
            process.stdin.close()
            process.kill() if name != OURS else process.wait(10)


async def _measure(servers: dict[str, Fed]) -> tuple[dict[str, list[float]], dict[tuple[str, int], list[float]]]:
    cpu: dict[str, list[float]] = {name: [] for name in servers}
    rates: dict[tuple[str, int], list[float]] = {(name, screens): [] for name in servers for screens in SCREENS}
    gc.collect()
    gc.freeze()  # a collector that walks through thousands of listeners would be measured as a late message
    gc.disable()
    for _ in range(ROUNDS):
        for name, server in servers.items():
            cpu[name].append(await _single(server))
        for screens in SCREENS:
            for name, server in servers.items():
                rates[name, screens].append(await _ladder(name, server, screens))
    gc.enable()
    return cpu, rates


async def _single(server: Fed) -> float:
    """CPU µs of the server for each message."""
    crowd = await server.crowd(SINGLE_SCREENS)
    done = await server.feed(SINGLE_RATE, SINGLE_SECONDS)
    crowd.leave()
    return done["cpu"] * 1e6 / (done["sent"] * SINGLE_SCREENS)


async def _ladder(name: str, server: Fed, screens: int) -> float:
    """Messages a second on the highest rung that holds, found from where the last round left it."""
    crowd = await server.crowd(screens)
    first = FIRST_RATE.get(name, 150_000)
    known: dict[int, bool] = {}

    async def holds(rung: int) -> bool:
        nonlocal crowd
        rate = first * STEP**rung / screens
        if rung not in known:
            if crowd.lost:  # sent away for lagging
                crowd.leave()
                crowd = await server.crowd(screens)
            known[rung] = rate >= SLOWEST and await _holds(server, crowd, rate)
        return known[rung]

    rung = server.rungs.get(screens, 0)
    stride = 1 if screens in server.rungs else 4
    up = await holds(rung)
    while await holds(rung + (stride if up else -stride)) == up:
        rung += stride if up else -stride
        if first * STEP**rung / screens < SLOWEST:
            crowd.leave()
            return 0.0
    low, high = (rung, rung + stride) if up else (rung - stride, rung)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if await holds(middle) else (low, middle)
    server.rungs[screens] = low
    crowd.leave()
    return first * STEP**low


async def _holds(server: Fed, crowd: Crowd, rate: float) -> bool:
    crowd.forget()
    crowd.sampled = max(1, int(rate * len(crowd.listeners) / 200_000))
    done = await server.feed(rate, max(TRIAL_SECONDS, 3 / rate))
    wanted = int(done["sent"]) * len(crowd.listeners)
    end = asyncio.get_running_loop().time() + GRACE_SECONDS
    while crowd.heard < wanted and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.02)
    good = done["sent"] == done["wanted"] and crowd.heard == wanted and not crowd.lost
    await _silence(crowd, wanted)
    return good and percentile(crowd.delays, 0.99) < LATE_MS * 1e6


async def _silence(crowd: Crowd, wanted: int) -> None:
    """What an overloaded server still holds must not spoil the next trial."""
    end = asyncio.get_running_loop().time() + 10
    while crowd.heard < wanted and not crowd.lost and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.05)
