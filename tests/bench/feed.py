"""Feeds a server under test from inside: events at a rate, each carrying the moment it was due.

The server says in a line of JSON where it listens, then obeys one line at a time from its standard
input: {"rate": events a second, "seconds": …}; and answers {"sent", "cpu"} when it has sent all.
Only the standard library: the peers run it in an environment of their own.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from threading import Thread

EVENT_BYTES = 600
STAMP_BYTES = 19  # of the nanoseconds at the start of an event
TURN_SECONDS = 0.002  # the loop gets a turn at least so often
TICK_SECONDS = 0.001  # what falls due within it is published together
GIVE_UP_SECONDS = 0.6  # behind: this rate is too much

Publish = Callable[[str], Awaitable[None] | None]


def event(due_ns: int, size: int = EVENT_BYTES) -> str:
    return f"{due_ns:0{STAMP_BYTES}d}".ljust(size, "x")


async def obey(
    port: int,
    publish: Publish,
    *,
    before: int = 0,
    around: int = 0,
    path: str = "/",
    greeting: str = "",
    welcome: int = 0,
    size: int = EVENT_BYTES,
    flush: Callable[[], None] | None = None,
) -> None:
    """Until the standard input ends. `before`: bytes of a message before the event; `around`: all that is not the event.
    `greeting`: what a client says first; `welcome`: how many messages it hears before it is in.

    `flush` is called when a handful of events has been published, as a writer rings after its commit.
    """
    hello = {"port": port, "path": path, "greeting": greeting, "welcome": welcome}
    hello |= {"offset": before, "stride": size + around}
    print(json.dumps(hello), flush=True)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def read() -> None:
        for line in sys.stdin:
            done = asyncio.run_coroutine_threadsafe(_feed(publish, flush, size, **json.loads(line)), loop).result()
            print(json.dumps(done), flush=True)
        loop.call_soon_threadsafe(ended.set)

    Thread(target=read, daemon=True).start()
    await ended.wait()


async def _feed(
    publish: Publish, flush: Callable[[], None] | None, size: int, rate: float, seconds: float
) -> dict[str, float]:
    total, sent = max(1, int(rate * seconds)), 0
    cpu, start = time.process_time(), time.perf_counter_ns()
    turned = time.perf_counter()
    while sent < total:
        due = min(total, int((time.perf_counter_ns() - start) * rate / 1e9) + 1)
        if (due - sent) / rate > GIVE_UP_SECONDS:
            break
        for number in range(already := sent, due):
            if (waits := publish(event(start + int(number * 1e9 / rate), size))) is not None:
                await waits
            sent += 1
            if (at := time.perf_counter()) - turned > TURN_SECONDS:
                turned = at
                break
        if flush and sent > already:
            flush()
        ahead = (start - time.perf_counter_ns()) / 1e9 + sent / rate  # until the next is due
        await asyncio.sleep(max(TICK_SECONDS, ahead) if sent == due else 0)
        turned = time.perf_counter()
    await asyncio.sleep(0.05)  # what was sent last is written, too
    return {"sent": sent, "wanted": total, "cpu": time.process_time() - cpu}
