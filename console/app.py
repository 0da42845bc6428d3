"""create_app(settings): all the wiring and nothing else; the only module that imports everyone."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any

from sqlalchemy import make_url
from sqlmodel import Session
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount, WebSocketRoute

import models.tables  # noqa: F401  (knows every step of the law)
from console import errors
from console.bell import Bell
from console.clock import Clock
from console.door.bodies import Bounded
from console.door.headers import Headers
from console.door.limits import Limits
from console.door.viewer import Doorman
from console.door.whose import Whose
from console.evidence.developing import Developer
from console.evidence.store import Store
from console.ground.city import settle
from console.ground.places import Places
from console.live.fragments import sides
from console.live.hub import Hub
from console.live.socket import live
from console.operator.checks import check
from console.outbox.messages import Message
from console.outbox.push import opened
from console.outbox.sender import Sender
from console.pages.cards import Cards
from console.pages.render import Pages
from console.pages.statics import Statics
from console.server.data_folder import own, serving
from console.server.keyring import hold
from console.server.metrics import Measured, noting
from console.server.program import RELEASE, VERSION
from console.server.redis_server import Server as RedisServer
from console.server.redis_server import watch
from console.settings import LOG, Settings
from console.web import routes as web
from console.web.door import first
from console.wire import Wire
from console.writer import Writer
from models.city.seed.facts import load
from models.city.seed.plant import plant
from models.command.ladder import Ladder
from models.record.database import is_sqlite, reading_engine, writing_engine
from models.time import zone

READERS = 8  # threads, and connections, that read at once

log = logging.getLogger(__name__)


def create_app(settings: Settings) -> Starlette:
    """The application. Nothing is opened before its lifespan starts, and all is closed when it ends."""
    app = Starlette(
        routes=sitemap(),
        middleware=[
            Middleware(Measured),
            Middleware(Headers, secure=settings.secure, tiles=settings.map_tiles),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(Doorman),
            Middleware(Bounded),
            Middleware(Whose, refuse=errors.answer),
        ],
        exception_handlers=errors.handlers(),
        lifespan=lambda app: lifespan(settings),
    )
    app.router.redirect_slashes = False  # to an absolute URL of whatever Host says; errors.py leads there by path alone
    return app


def sitemap() -> list[BaseRoute]:
    """Every URL there is."""
    static = Mount("/static", Statics(), name="static")
    return [*web.routes(), WebSocketRoute("/live", live), static]


@asynccontextmanager
async def lifespan(settings: Settings) -> AsyncIterator[dict[str, Any]]:
    """From the database up: migrations, reader, writer, wire, hub, clock. Down in the other order."""
    check(settings)
    settle(settings)
    own(settings.data_dir)
    async with AsyncExitStack() as stack:
        stack.enter_context(serving(settings.data_dir, settings.database))
        keys = await asyncio.to_thread(hold, settings)
        redis = None if settings.redis_url else stack.enter_context(RedisServer(settings.data_dir))
        wire = Wire(redis.url if redis else settings.redis_url)
        stack.callback(wire.close)
        limits = Limits(settings.key, settings.redis_url)
        stack.push_async_callback(limits.close)
        sessions, read = reader(stack, settings)
        bell = Bell()
        bells: list[Callable[[int], None]] = [bell.ring]
        writer = Writer(writing_engine(settings.database), settings.key, lambda rings: _ring(wire, bells, rings))
        stack.push_async_callback(asyncio.to_thread, writer.close)
        if settings.mute:
            log.error("SIAGA_NOTIFY names no channel: no code and no news reaches a phone, and nobody can register")
        await writer.run(plant)
        if link := await first.link(settings, read):
            print(f"Siaga: create the first administrator at {link}", flush=True)
        pages = Pages(
            command=settings.command or load().headquarters.name,
            program=VERSION,
            release=RELEASE,
            demo=settings.demo,
            flood=settings.flood_line,
            messages_leave=settings.notify != LOG,
            codes_come=not settings.mute,
        )
        cards, ladder = Cards(pages), Ladder(settings.rungs, settings.deaf_seconds)
        beside = sides(ladder)
        hub = Hub(
            sessions, wire, cards.render, writer, version=VERSION, forget=cards.forget, found=bell.found, sides=beside
        )
        bells.append(hub.bell)
        await hub.start()
        await read(cards.warm)  # before it listens: the first console finds its cards there
        told = {
            "hub": hub, "wire": wire, "writer": writer, "version": VERSION,
            "database": make_url(settings.database).get_backend_name(),
        }  # fmt: skip
        store = Store(settings.data_dir, zone().key)
        places = await asyncio.to_thread(Places, settings.data_dir, settings.geocoder_url)
        push = await opened(settings, writer)
        alone = is_sqlite(settings.database)  # there is one server of a SQLite file (data_folder.py)
        watching = [watch(redis)] if redis else []
        running = (
            hub.run(),
            Clock(read, writer, store, settings.strike_days, settings.key, alone, ladder).run(),
            Developer(store, read, writer, bell).run(),
            Sender(read, writer, bell, push, Message(settings)).run(),
            noting(told),
            *watching,
        )
        for task in running:
            stack.push_async_callback(_stop, asyncio.create_task(task))
        yield {
            "settings": settings,
            "read": read,
            "writer": writer,
            "wire": wire,
            "hub": hub,  # of the socket alone: handlers know what the next one tells
            "walls_here": hub.walls,
            "pages": pages,
            "cards": cards,
            "store": store,
            "places": places,
            "push": push,
            "limits": limits,
            "keys": keys,
            "ladder": ladder,
            "told": told,
        }


def reader(stack: AsyncExitStack, settings: Settings) -> tuple[Callable[[], Any], Callable[..., Any]]:
    """(sessions, read): a context manager of read sessions, and read(fn, *args) that runs fn in a thread."""
    engine = reading_engine(settings.database, READERS + 2)
    pool = ThreadPoolExecutor(READERS, "reader")
    stack.callback(engine.dispose)
    stack.callback(pool.shutdown)

    @contextmanager
    def sessions() -> Iterator[Session]:
        with Session(engine, expire_on_commit=False) as session:
            yield session

    def call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        with sessions() as session:
            return function(session, *arguments)

    async def read(function: Callable[..., Any], *arguments: Any) -> Any:
        """function(session, *arguments) over one unchanging snapshot; pages render there too, off the loop."""
        return await asyncio.get_running_loop().run_in_executor(pool, call, function, arguments)

    return sessions, read


def _ring(wire: Wire, bells: list[Callable[[int], None]], rings: list[dict[str, Any]]) -> None:
    for bell in bells:
        bell(rings[-1]["seq"])
    wire.ring(rings)  # type: ignore[arg-type]


async def _stop(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
