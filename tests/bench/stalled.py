"""One screen of 50 stops reading: what do the others lose, and what does it cost?"""

import asyncio

from tests.bench.fanout import OURS, Fed, fed
from tests.bench.report import CLIENT, memory_mb, on_core, percentile, table

SCREENS, RATE, SECONDS = 50, 500, 8  # long enough for a lagging screen to be sent away
PATIENCE_SECONDS = 5.0


def run() -> None:
    rows = []
    for stalls in (False, True):
        with fed(OURS) as server, on_core(CLIENT):
            rows.append([f"one of {SCREENS} stalls" if stalls else "all read", *asyncio.run(_measure(server, stalls))])
    head = ["", "lost by the others (goal 0)", "p99 ms", "server grew by MB (goal ≤ 2 more)", "the stalled one"]
    table(head, rows)


async def _measure(server: Fed, stalls: bool) -> list[object]:
    crowd = await server.crowd(SCREENS)
    await server.feed(RATE, 1)  # what a busy server holds anyway
    crowd.forget()
    before, most = memory_mb(server.process.pid), 0.0
    stalled, others = crowd.listeners[0], crowd.listeners[1:]
    assert stalled.transport
    if stalls:
        stalled.transport.pause_reading()
    feeding = asyncio.create_task(server.feed(RATE, SECONDS))
    while not feeding.done():
        most = max(most, memory_mb(server.process.pid) - before)
        await asyncio.sleep(0.2)
    wanted = int(feeding.result()["sent"])
    end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while any(listener.heard < wanted for listener in others) and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.05)
    lost = sum(wanted - listener.heard for listener in others)
    delays = percentile(crowd.delays, 0.99) / 1e6
    if stalls:
        stalled.transport.resume_reading()
        while not stalled.transport.is_closing() and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.05)
    crowd.leave()
    return [lost, f"{delays:.1f}", f"{most:.1f}", f"sent away with {stalled.closed or 'a cut line'}" if stalls else ""]
