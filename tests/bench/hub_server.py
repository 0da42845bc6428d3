"""Our own side of the fan-out: the real hub, server and Redis; only the events come ready-made."""

import asyncio
import contextlib
import itertools
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlmodel import Session
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from console.live import socket
from console.live.fragments import placed
from console.live.hub import Hub, Limits
from console.live.look import BATCH, Found, Missed
from console.server.redis_server import embedded
from console.server.serving import Server, configuration, listen
from console.settings import Settings
from console.wire import Wire
from models.roles import Role
from models.viewer import Audience, Viewer
from tests.bench.feed import EVENT_BYTES, obey

WALL = Audience(Role.WALL, "", "id")


class Events:
    """Stands where the database and the templates are: what it finds is HTML already."""

    def __init__(self) -> None:
        self.waiting: list[str] = []
        self.seq = 0

    def add(self, element: str) -> None:
        self.waiting.append(element)
        self.seq += 1

    def end(self) -> tuple[int, str]:
        return 0, "bench"

    def living(self, hashes: set[str]) -> set[str]:
        return hashes

    def look(
        self, cursor: int, epoch: str, audiences: set[Audience], arrivals: set[Missed], sessions: set[str], marks: Any
    ) -> Found:
        elements = self.waiting[:BATCH]
        del self.waiting[: len(elements)]
        found = Found(cursor + len(elements), epoch, more=bool(self.waiting), living=sessions)
        found.missed = {arrival: ["welcome"] for arrival in arrivals}
        if elements:
            found.shown = {audience: elements for audience in audiences}
        return found


class Everybody:
    """Lets anyone in, as a wall of their own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.numbers = app, itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            number = next(self.numbers)
            scope["viewer"] = Viewer(Role.WALL, number, session=str(number))
        await self.app(scope, receive, send)


class NoWriter:
    async def run(self, *_: Any) -> None:
        return None


async def main(redis_url: str) -> None:
    settings, wire, events = Settings(host="127.0.0.1", port=0), Wire(redis_url), Events()
    limits = Limits(handshakes_a_minute=10_000)
    hub = Hub(Session, wire, lambda *_, **__: "", NoWriter(), sides=(), limits=limits)
    hub._reader = events  # type: ignore[assignment]

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[dict[str, Any]]:
        await hub.start()
        running = asyncio.create_task(hub.run())
        yield {"hub": hub, "settings": settings}
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    app = Starlette(routes=socket.routes, middleware=[Middleware(Everybody)], lifespan=life)
    listener = listen("127.0.0.1", 0)
    server = Server(configuration(settings, lambda: app), None)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.01)

    def ring() -> None:
        hub.bell(events.seq)
        wire.ring([{"seq": events.seq, "step": "file", "incident": None}])

    before, around = placed("|").index("|"), len(placed(""))
    path = "/live?view=wall&after=0&epoch=bench"
    port, size = listener.getsockname()[1], EVENT_BYTES - around
    await obey(port, events.add, path=path, welcome=1, flush=ring, size=size, before=before, around=around)
    server.should_exit = True
    await serving
    wire.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, embedded(Path(folder)) as url:
        asyncio.run(main(url))
