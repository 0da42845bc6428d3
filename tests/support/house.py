"""A small house for the hub: both halves of it real, the pages plain enough to read.

Everybody is signed in; `page` is what each would load afresh, made of the same partials as the pushes.
"""

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any

import websockets.sync.client
from sqlmodel import Session, col, select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from console.door.viewer import Doorman, hash_of
from console.live import socket
from console.live.fragments import card
from console.live.hub import Hub
from console.server.serving import Server, configuration, listen
from console.settings import Settings
from console.wire import Wire
from console.writer import Writer
from models.city.agency import Agency
from models.city.seed.plant import plant
from models.city.site import Site
from models.incidents.filing import Filing, file
from models.incidents.incident import Incident
from models.incidents.sight import visible_to
from models.people.citizens import Citizen
from models.people.machines import Wall
from models.people.officers import Officer
from models.people.sessions import SignIn, revoke, sign_in, sign_out
from models.reading.board import position
from models.record.database import reading_engine, writing_engine
from models.record.event import record
from models.roles import Role
from models.viewer import Audience, Viewer
from models.workflow import OPEN
from tests.support.law import mustered
from tests.support.patience import PATIENCE_SECONDS
from tests.support.screen import Board

KEY = b"for tests"
SITE = Site(3.5796, 98.6585, "pin", 3.58, 98.66, kelurahan="Babura", kecamatan="Medan Baru", landmark="Pasar")
THEFT, FIRE, OKNUM = "CURANMOR", "KEBAKARAN", "OKNUM"


class House:
    """One process's worth of Siaga, without its web half."""

    def __init__(self, database_url: str, redis_url: str, render: Callable[..., str] | None = None) -> None:
        self.settings = Settings(host="127.0.0.1", port=0)
        self.reading, self.writing = reading_engine(database_url), writing_engine(database_url)
        self.wire = Wire(redis_url)
        self.heard_by_hub = True  # False: only Redis, or the hub's own look, tells it
        self.rings_redis = True
        self.writer = Writer(self.writing, KEY, self._ring)
        self.render = render or plain
        self.hub = self._new_hub()
        self.do(plant)
        self.do(mustered)
        self._people()

    def _new_hub(self) -> Hub:
        return Hub(lambda: Session(self.reading), self.wire, self.render, self.writer, version="1.0.0")

    def _ring(self, notices: list[dict[str, Any]]) -> None:
        if self.rings_redis:
            self.wire.ring(notices)  # type: ignore[arg-type]
        if self.heard_by_hub:
            self.hub.bell(notices[-1]["seq"])

    def do(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return self.writer.submit(function, *arguments).result(30)

    def read(self, function: Callable[..., Any], *arguments: Any) -> Any:
        with Session(self.reading) as session:
            return function(session, *arguments)

    # People

    def _people(self) -> None:
        self.andi, self.cookie_andi = self._let_in(
            Officer(login="andi", name="Andi Lubis", role=Role.OFFICER, password="-")
        )
        self.budi, self.cookie_budi = self._let_in(
            Officer(login="budi", name="Budi Rangkuti", role=Role.OFFICER, password="-")
        )
        self.sri, self.cookie_sri = self._let_in(
            Officer(login="sri", name="Sri Nasution", role=Role.SUPERVISOR, password="-")
        )
        self.agency = self.do(lambda s: s.exec(select(Agency).order_by(col(Agency.id))).first().id)
        liaison = Officer(login="dewi", name="Dewi", role=Role.LIAISON, password="-", agency_id=self.agency)
        self.dewi, self.cookie_dewi = self._let_in(liaison)
        self.ann, self.cookie_ann = self._let_in(Citizen(phone="+6281260000001", name="Ann Siregar", password="-"))
        self.zed, self.cookie_zed = self._let_in(Citizen(phone="+6281260000002", name="Zed Ginting", password="-"))
        self.wall, self.cookie_wall = self._let_in(Wall(name="Aula"))

    def _let_in(self, who: Any) -> tuple[Viewer, str]:
        secret = f"secret of {who.name}".replace(" ", "-")

        def let_in(session: Session) -> Viewer:
            session.add(who)
            session.flush()
            opened = sign_in(session, who, hash_of(secret))
            viewer = who.viewer
            return replace(viewer, session=opened.hash)

        return self.do(let_in), f"siaga={secret}"

    def cookie(self, who: Viewer) -> str:
        names = ("andi", "budi", "sri", "dewi", "ann", "zed", "wall")
        return next(getattr(self, f"cookie_{name}") for name in names if getattr(self, name) == who)

    def sign_out(self, who: Viewer) -> None:
        self.do(sign_out, who, who.session)

    def revoke(self, **whom: int | None) -> None:
        self.do(lambda session: revoke(session, self.sri, **whom))

    def expire(self, who: Viewer) -> None:
        """Their session ends by the clock, which is no event."""
        self.do(lambda session: session.delete(session.get_one(SignIn, who.session)))

    # What happens

    def file(self, by: Viewer, words: str = "Motor hilang", category: str = THEFT) -> int:
        return self.do(file, by, Filing(category, words, SITE)).incident_id

    def file_many(self, by: Viewer, count: int) -> None:
        self.do(lambda session: [file(session, by, Filing(THEFT, f"Nomor {n}", SITE)) for n in range(count)])

    def take(self, step: str, by: Viewer, id: int, **given: Any) -> None:
        self.do(lambda session: session.get_one(Incident, id).take(step, by, **given))

    def note(self, step: str, **body: Any) -> None:
        """An event about nothing on the board."""
        self.do(lambda session: record(session, step, self.sri, **body))

    def page(self, who: Viewer) -> Board:
        return Board.of(self.read(self.html, who.audience))

    def html(self, session: Session, audience: Audience) -> str:
        seq, epoch = position(session)
        rows = select(Incident).where(visible_to(audience))
        if audience.role is not Role.CITIZEN:
            rows = rows.where(col(Incident.status).in_(OPEN))
        incidents = session.exec(rows)
        cards = "".join(element for incident in incidents for element in card(incident, audience, self.render))
        return f'<ol id="board" data-seq="{seq}" data-epoch="{epoch}">{cards}</ol>'

    # Serving

    def app(self) -> Starlette:
        async def read(function: Callable[..., Any], *arguments: Any) -> Any:
            return await asyncio.to_thread(self.read, function, *arguments)

        async def page(request: Request) -> HTMLResponse:
            return HTMLResponse(await read(self.html, request.scope["viewer"].audience))

        async def echo(request: Request) -> HTMLResponse:
            return HTMLResponse(str(len(await request.body())))

        @asynccontextmanager
        async def life(_: Starlette) -> AsyncIterator[dict[str, Any]]:
            await self.hub.start()
            running = asyncio.create_task(self.hub.run())
            yield {"settings": self.settings, "hub": self.hub, "writer": self.writer, "read": read}
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

        routes = [*socket.routes, Route("/page", page), Route("/echo", echo, methods=["POST"])]
        return Starlette(routes=routes, middleware=[Middleware(Doorman)], lifespan=life)

    @contextmanager
    def client(self) -> Iterator[TestClient]:
        """In process, where screens have queues."""
        with TestClient(self.app()) as client:
            yield client

    @contextmanager
    def server(self, **settings: Any) -> Iterator["Running"]:
        """A real server in a thread, where screens have shared frames."""
        with running(self.app, self.settings.model_copy(update=settings)) as server:
            yield server

    def close(self) -> None:
        self.writer.close()
        self.wire.close()
        self.reading.dispose()


class Running:
    """A real uvicorn in a thread."""

    def __init__(self, server: Server, port: int, thread: threading.Thread) -> None:
        self.port = port
        self.http, self.ws = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}"
        self._server, self._thread = server, thread

    def stop(self) -> None:
        """As SIGTERM would."""
        self._server.should_exit = True

    def end(self) -> None:
        self.stop()
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()


@contextmanager
def running(app_factory: Callable[[], Any], settings: Settings) -> Iterator[Running]:
    listener = listen("127.0.0.1", 0)
    server = Server(configuration(settings, app_factory), None)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    ran = Running(server, listener.getsockname()[1], thread)
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        yield ran
    finally:
        ran.end()


def dial(server: Running, cookie: str, path: str = "/live?view=console&after=0", **headers: str) -> Any:
    """A WebSocket by hand, with the headers of our own page unless others are given."""
    given = {"Cookie": cookie} | (headers or {"Origin": server.http})
    return websockets.sync.client.connect(server.ws + path, additional_headers=given, proxy=None, max_size=None)


def wait_until(true: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Until it is true: a condition, never a guess of how long it takes."""
    end, pause = threading.Event(), threading.Event()
    timer = threading.Timer(seconds, end.set)
    timer.start()
    try:
        while not true():
            assert not end.is_set(), "it never came true"
            pause.wait(0.01)
    finally:
        timer.cancel()


def plain(template: str, audience: Audience, /, **data: Any) -> str:
    """Cards as short as they can be, each with what its audience may know."""
    if template == "complaints/_card.html":
        complaint = data["complaint"]
        incident = complaint.incident
        return f'<li id="complaint-{complaint.ref}" data-status="{incident.status}" data-seq="{incident.seq}">{complaint.words}</li>'
    if template in ("_strength.html", "_duty.html"):
        (rows,) = (value for name, value in data.items() if name in ("stations", "duty"))
        shown = [
            (row.station.id, row.free) if template == "_strength.html" else (row.officer.id, row.silent) for row in rows
        ]
        return "".join(f'<li id="row-{id}" data-shows="{what}"></li>' for id, what in shown)
    if template in ("_deaf.html", "_practice.html"):
        (rows,) = (value for name, value in data.items() if name in ("deaf", "practice"))
        return "".join(f'<li id="row-{template[1:-5]}"></li>' for _ in rows)
    incident = data["incident"]
    marks = {"status": incident.status, "seq": incident.seq, "version": incident.version, "priority": incident.priority}
    if audience.role in (Role.OFFICER, Role.SUPERVISOR):
        marks["officer"] = incident.officer_id or ""
    attributes = " ".join(f'data-{name}="{value}"' for name, value in marks.items())
    who = incident.officer.name if incident.officer and audience.role in (Role.OFFICER, Role.SUPERVISOR) else ""
    return f'<li id="incident-{incident.id}" {attributes}>{incident.category_code} {incident.kelurahan} {who}</li>'


def says(text: str) -> Any:
    """A JSON message."""
    return json.loads(text)
