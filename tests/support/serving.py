"""The whole app as it really runs: a server in a thread, or processes that can be frozen and killed.

with cast_of(database_url) as cast, in_thread(cast, tmp_path, redis_url) as server:
    browser(server, cast.cookies["hendra"]).get("/console")
with child(cast, tmp_path, redis_url) as server: server.kill()
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from httpx2 import Client
from sqlmodel import Session, select

from console.app import create_app
from console.door.viewer import hash_of
from console.settings import HERE, Settings
from console.wire import Wire
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.people.citizens import UNPROVED, Citizen
from models.people.machines import Wall
from models.people.officers import Officer
from models.people.sessions import SignIn, sign_in
from models.roles import Role
from models.time import now
from models.viewer import Viewer
from tests.support.house import Running, running
from tests.support.law import KEY, Law
from tests.support.patience import PATIENCE_SECONDS
from tests.support.screen import Board, TestScreen, screen
from tests.support.town import TOKEN

VIEWS = {
    Role.OFFICER: "console", Role.SUPERVISOR: "console", Role.WALL: "wall", Role.CITIZEN: "citizen", Role.GUEST: "citizen", Role.LIAISON: "agency"
}  # fmt: skip
PAGES = {"console": "/console", "wall": "/wall", "citizen": "/complaints", "agency": "/agency"}
LISTENING = ("hendra", "dinda", "sari", "ann", "zed", "guest", "wall", "damkar", "bnpt")
ENGLISH = ("zed", "bnpt")  # by the cookie; dinda by her account
BABURA = {"lat": "3.5796", "lon": "98.6585", "precision": "pin"}


@dataclass
class Cast(Law):
    """The people of the law, each signed in: `cookies` by name. It writes beside the server, as another process would."""

    redis_url: str = ""
    pressed: Any = None  # the incident of the guest's, once there is one
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.wire = Wire(self.redis_url) if self.redis_url else None
        self.writer._ring = self._ring

    def _settle(self, session: Session) -> None:
        super()._settle(session)
        self.bob, self.guest, self.dinda, self.wall = _others(session)
        names = ("ann", "zed", "bob", "guest", "hendra", "ratna", "dinda", "sari", "dewi", "damkar", "bnpt", "wall")
        self.people: dict[str, Viewer] = {name: getattr(self, name) for name in names}
        for name, viewer in self.people.items():
            self.cookies[name] = f"siaga={_let_in(session, viewer, f'secret-of-{name}')}"

    def sign_in(self, viewer: Viewer, secret: str) -> str:
        return str(self.run(_let_in, viewer, secret.replace(" ", "-")))

    def press(self) -> Incident:
        """Respons Cepat by the guest, who has a grant to it, and to nothing else, from now on."""
        self.pressed = incident = self.file(self.guest, "DARURAT_NYAWA")
        own = select(Complaint.id).where(Complaint.home_id == incident.id)

        def grant(session: Session) -> None:
            for row in session.exec(select(SignIn).where(SignIn.citizen_id == self.guest.id)):
                row.complaint_id = session.exec(own).one()

        self.run(grant)
        return incident

    def close(self) -> None:
        super().close()
        if self.wire:
            self.wire.close()

    def _ring(self, rings: list[dict[str, Any]]) -> None:
        self.rings.extend(rings)
        if self.wire:
            self.wire.ring(rings)  # type: ignore[arg-type]


@contextmanager
def cast_of(url: str, redis_url: str = "") -> Iterator[Cast]:
    cast = Cast(url, redis_url=redis_url)
    yield cast
    cast.close()


def _others(session: Session) -> list[Viewer]:
    """bob is blocked, the guest has no number and no grant yet, dinda reads English, the wall hangs in the hall."""
    rows: list[Any] = [
        Citizen(phone="+6281400006693", name="Bob Purba", password="-", strikes=3, blocked_at=now()),
        Citizen(phone=f"{UNPROVED}of-the-guest", name=""),
        Officer(login="dinda", name="Dinda Harahap", rank="Bripda", role=Role.OFFICER, password="-", locale="en"),
        Wall(name="Aula", paired_at=now()),
    ]
    session.add_all(rows)
    session.flush()
    return [row.viewer for row in rows]


def _let_in(session: Session, viewer: Viewer, secret: str) -> str:
    table = {Role.CITIZEN: Citizen, Role.GUEST: Citizen, Role.WALL: Wall}.get(viewer.role, Officer)
    sign_in(session, session.get_one(table, viewer.id), hash_of(secret))
    return secret


def settings_of(cast: Cast, folder: Path, redis_url: str, **more: Any) -> Settings:
    """The server of this cast; it seals the chain with the same key."""
    return Settings(
        port=0,
        data_dir=folder,
        database_url=cast.url,
        redis_url=redis_url,
        secret_key=KEY.decode(),
        metrics_token=TOKEN,
        **({"deaf_seconds": 0} | more),  # who closes a test's browser is not missed
    )


@contextmanager
def in_thread(cast: Cast, folder: Path, redis_url: str, **more: Any) -> Iterator[Running]:
    """A real uvicorn on a free port."""
    settings = settings_of(cast, folder, redis_url, **more)
    with running(lambda: create_app(settings), settings) as server:
        yield server


@dataclass
class Child:
    """A server process. `said`: what it wrote to its log so far."""

    process: subprocess.Popen[str]
    http: str
    log: Path

    @property
    def ws(self) -> str:
        return self.http.replace("http", "ws", 1)

    @property
    def port(self) -> int:
        return int(self.http.rpartition(":")[2])

    @property
    def said(self) -> str:
        return self.log.read_text()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    def stop(self) -> None:
        self.process.terminate()

    def signal(self, number: int) -> None:
        self.process.send_signal(number)


@contextmanager
def child(cast: Cast, folder: Path, redis_url: str = "", port: int = 0) -> Iterator[Child]:
    """A server in a process of its own, listening. Without a Redis of the test's it starts the embedded one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = folder / "server.log"
    settings = {
        "SIAGA_DATA_DIR": str(folder), "SIAGA_PORT": str(port), "SIAGA_DATABASE_URL": cast.url,
        "SIAGA_REDIS_URL": redis_url, "SIAGA_SECRET_KEY": KEY.decode(), "SIAGA_METRICS_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    with (
        log.open("ab") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "console.cli"],
            cwd=HERE, env=os.environ | settings, stdout=subprocess.PIPE, stderr=errors, text=True,
        ) as process,
    ):  # fmt: skip
        assert process.stdout is not None
        try:
            line = next((line for line in process.stdout if line.startswith("Siaga: ")), "")
            assert line, f"the server did not start: {log.read_text()[-2000:]}"
            yield Child(process, line.removeprefix("Siaga: ").strip(), log)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()


def browser(server: Running | Child | str, cookie: str = "", **headers: str) -> Client:
    """A client that sends this cookie and follows nothing."""
    url = server if isinstance(server, str) else server.http
    given = {"Cookie": cookie} if cookie else {}
    # Servers of tests speak plain HTTP: reading every authority of the world would cost 30 ms for each of thousands.
    return Client(base_url=url, headers=given | headers, trust_env=False, verify=False, timeout=PATIENCE_SECONDS)


def report(words: str = "Dua orang naik matic hitam", **more: str) -> dict[str, str]:
    """What the form of a complaint sends."""
    return {"category": "CURAS_BEGAL", "description": words, "place": "Jl. Iskandar Muda", **BABURA, **more}


@dataclass
class Listener:
    """Somebody with a screen, and a page to compare it with."""

    name: str
    server: Any
    client: Client
    view: str
    screen: TestScreen | None = None
    heard: list[str] = field(default_factory=list)
    _line: ExitStack = field(default_factory=ExitStack)

    def page(self) -> Board:
        answer = self.client.get(PAGES[self.view])
        assert answer.status_code == 200, f"{answer.status_code}: {getattr(self.server, 'said', '')[-1500:]}"
        return Board.of(answer.text)

    def open(self, board: Board) -> None:
        line = screen(self.server.ws, board, view=self.view, cookie=self.client.headers["cookie"])
        self.screen = self._line.enter_context(line)

    def drop(self) -> None:
        self._line.close()

    def come_back(self) -> None:
        """Where it left off, as a browser would."""
        assert self.screen
        self.heard += self.screen.heard
        board = self.screen.board
        seqs = [int(seq) for text in self.screen.heard for seq in re.findall(r'data-seq="(\d+)"', text)]
        board.seq = max([board.seq, *seqs])
        self.open(board)

    def drain(self) -> None:
        assert self.screen
        try:
            while True:
                self.screen.next(0)
        except TimeoutError:
            return

    def settles(self, sentinel: str, seconds: float = PATIENCE_SECONDS, *, refetches: bool = False) -> bool:
        """Has it seen the sentinel, and does it then show what its page shows?

        `refetches`: when it was told to fetch its page anew, it does, as a browser would.
        """
        assert self.screen
        self.screen.until(lambda board: sentinel in board.cards)
        deadline, fetched = time.monotonic() + seconds, 0
        while True:
            page = self.page()
            if refetches and self.screen.refetches > fetched:
                self.screen.board, fetched = page, self.screen.refetches
            if self.screen.board == page:
                return True
            if time.monotonic() > deadline:
                print(self.name, *differences(self.screen.board, page), sep="\n")
                return False
            with suppress(TimeoutError):
                self.screen.next(0.2)


def differences(board: Board, page: Board) -> Iterator[str]:
    for id in sorted(board.cards.keys() | page.cards.keys()):
        if (mine := board.cards.get(id)) != (true := page.cards.get(id)):
            yield f"{id}: {mine} instead of {true}"
    yield from (
        f"{id}: {board.sides.get(id)} instead of {side}"
        for id, side in page.sides.items()
        if side != board.sides.get(id)
    )


@contextmanager
def audience(cast: Cast, server: Any, names: tuple[str, ...] = LISTENING) -> Iterator[dict[str, Listener]]:
    """Each with a page just loaded and a socket that goes on from it."""
    with ExitStack() as stack:
        listeners = {}
        for name in names:
            cookie = cast.cookies[name] + ("; locale=en" if name in ENGLISH else "")
            client = stack.enter_context(browser(server, cookie))
            listener = Listener(name, server, client, VIEWS[cast.people[name].role])
            stack.callback(listener.drop)
            listener.open(listener.page())
            listeners[name] = listener
        yield listeners
