"""Media children: walls that hold, ends that are not the file's fault, and nothing of theirs taken on trust."""

import asyncio
import ctypes
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from console.app import create_app
from console.bell import Bell
from console.evidence import children, developing
from console.evidence import store as media
from console.evidence.children import GAPS, Killed, NotNow
from console.evidence.developing import Developer
from console.evidence.kinds import Kind, Photo, Reason, Unreadable
from console.evidence.store import Store
from console.settings import Settings
from models.incidents.evidence import Evidence
from tests.evidence.test_developing import law, upload  # noqa: F401
from tests.evidence.test_media import keep
from tests.support import corpus
from tests.support.house import wait_until
from tests.support.law import Law
from tests.support.town import jpeg

FACTS = '{"width": 1, "height": 1, "taken_at": null, "lat": null, "lon": null}'
CONFINED = f"""
import os, socket, sys
sys.path.insert(0, {str(children.GUARD.parent)!r})
import guard
guard.confine(5, 700 * 1024 * 1024, 1024 * 1024, threads=True)
"""
KILLED = "import os; os.kill(os.getpid(), 9)"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def scripted(store: Store, monkeypatch: pytest.MonkeyPatch, code: str) -> str:
    """The child is this code from here on; the SHA-256 of a photo for it."""
    script = store.folder / "child.py"
    script.write_text(code)
    monkeypatch.setattr(media, "CHILD", script)
    return keep(store, corpus.jpeg()).sha256


# --- walls ---


def lacks() -> list[str]:
    """What the kernel itself does not have, asked without the guard: one that fails must not excuse itself."""
    landlock = sys.platform == "linux" and ctypes.CDLL(None).syscall(444, None, ctypes.c_long(0), 1) > 0
    seccomp = Path("/proc/sys/kernel/seccomp/actions_avail").exists()
    return ["files"] * (not landlock) + ["network"] * (not seccomp)


def test_what_the_kernel_has_holds(store: Store) -> None:
    asyncio.run(store.children.try_walls())
    assert store.children.gaps == lacks()


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """(a socket with a name, a port of this machine), as Redis and the database have them."""
    with socket.socket(socket.AF_UNIX) as named, socket.create_server(("127.0.0.1", 0)) as port:
        named.bind(str(tmp_path / "redis.sock"))
        named.listen()
        yield tmp_path / "redis.sock", port.getsockname()[1]


@pytest.mark.parametrize(
    ("wall", "act"),
    [
        ("files", "open('/etc/passwd').read()"),
        ("files", "open({database!r}).read()"),
        ("files", "open({database!r}, 'w')"),
        ("files", "os.listdir({folder!r})"),
        ("files", "os.symlink({database!r}, 'view.webp')"),
        ("files", "open('/proc/%d/environ' % os.getppid(), 'rb').read()"),
        ("network", "socket.socket(socket.AF_UNIX).connect({socket!r})"),
        ("network", "socket.socket().connect(('127.0.0.1', {port}))"),
        ("network", "os.kill(os.getppid(), 0)"),
        ("network", "os.execv('/bin/true', ['true'])"),
    ],
)
def test_a_child_that_was_taken_over_reaches_nothing(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    listening: tuple[Path, int],
    wall: str,
    act: str,
) -> None:
    if wall in lacks():
        pytest.skip(f"this machine: {GAPS[wall]}; /ready says so, as the test below has it")
    database = tmp_path / "siaga.db"
    database.write_text("everybody's names")
    tried = act.format(database=str(database), folder=str(tmp_path), socket=str(listening[0]), port=listening[1])
    code = f'{CONFINED}\ntry:\n    {tried}\nexcept OSError:\n    print({FACTS!r})\nelse:\n    print(\'{{"reason": "kind"}}\')'
    assert isinstance(asyncio.run(store.process(scripted(store, monkeypatch, code), Kind.JPEG)), Photo)
    assert database.read_text() == "everybody's names"


@pytest.mark.parametrize("told", ['["files", "root"]', "[]", ""])
def test_what_the_machine_does_not_give_is_said_by_ready(
    tmp_path: Path, sqlite_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    guard = tmp_path / "guard.py"
    guard.write_text(f"print({told!r})")
    monkeypatch.setattr(children, "GUARD", guard)
    said = {'["files", "root"]': ["files", "root"], "[]": [], "": ["tried"]}[told]
    settings = Settings(data_dir=tmp_path / "data", database_url=sqlite_url, redis_url=redis_url)
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        wait_until(lambda: client.app_state["store"].children.gaps == said)
        answer = client.get("/ready")
        assert (answer.status_code, answer.text) == (200, "\n".join(["ok", *(f"note: {GAPS[gap]}" for gap in said)]))


def test_a_link_that_a_child_leaves_is_not_published(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    (store.folder / "secret").write_text("another's")
    code = f"""
import os
os.symlink({str(store.folder / "secret")!r}, "view.webp")
os.link({str(store.folder / "secret")!r}, "thumb.webp")
open("other.webp", "w").close()
open("veil.webp", "w").close()
print({FACTS!r})
"""
    sha256 = scripted(store, monkeypatch, code)
    assert isinstance(asyncio.run(store.process(sha256, Kind.JPEG)), Photo)
    assert [path.name for path in store.path(sha256).parent.glob("*.*")] == [f"{sha256}.veil.webp"]
    made = store.derived(sha256, "veil").stat()
    assert (made.st_uid, made.st_gid) == (os.geteuid(), os.getegid())


# --- ends ---


def test_only_a_file_that_breaks_its_child_three_times_is_unreadable(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = scripted(store, monkeypatch, KILLED)
    for _ in range(2):
        with pytest.raises(Killed):
            asyncio.run(Store(store.folder.parent).process(sha256, Kind.JPEG))  # whoever starts anew still knows
    assert asyncio.run(store.process(sha256, Kind.JPEG)) == Unreadable(Reason.MEMORY)
    assert list(store.path(sha256).parent.iterdir()) == [store.path(sha256)]


def test_a_child_that_is_ended_with_the_server_is_no_try(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = scripted(store, monkeypatch, "import signal; signal.pause()")

    async def stopped() -> None:
        asking = asyncio.create_task(store.process(sha256, Kind.JPEG))
        while not list(store.path(sha256).parent.glob("*.tries")):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking])

    asyncio.run(stopped())
    assert list(store.path(sha256).parent.iterdir()) == [store.path(sha256)]


def test_the_second_try_is_made_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = scripted(store, monkeypatch, KILLED)
    other = keep(store, b"another").sha256
    with pytest.raises(Killed):
        asyncio.run(store.process(sha256, Kind.JPEG))
    order: list[str] = []

    async def look(original: Path, *_: Any) -> Unreadable:
        order.append(f"{original.name[:4]} in")
        for _turn in range(5):
            await asyncio.to_thread(lambda: None)
        order.append(f"{original.name[:4]} out")
        return Unreadable(Reason.BROKEN)

    async def both(first: str, second: str) -> tuple[Any, Any]:
        asking = asyncio.create_task(store.process(first, Kind.JPEG))
        while not order:
            await asyncio.to_thread(lambda: None)
        return await asyncio.gather(asking, store.process(second, Kind.JPEG), return_exceptions=True)

    monkeypatch.setattr(store.children, "look", look)
    assert type(asyncio.run(both(other, sha256))[1]) is NotNow  # something runs: later
    order.clear()
    asyncio.run(both(sha256, other))
    assert order == [f"{one[:4]} {way}" for one in (sha256, other) for way in ("in", "out")]


def states(session: Session) -> list[str]:
    return list(session.exec(select(Evidence.state).order_by(col(Evidence.id))))


def test_a_killed_child_is_asked_again_and_keeps_no_other_waiting(
    law: Law,  # noqa: F811
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(developing, "REST_SECONDS", 0.05)
    unlucky, other = keep(store, jpeg("red")), keep(store, jpeg("blue"))
    law.file(uploads=[upload(one.sha256, one.size) for one in (unlucky, other)])
    asked: list[str] = []
    really = store.children.look

    async def look(original: Path, *more: Any) -> Any:
        asked.append(original.name)
        if original.name == unlucky.sha256 and len(asked) < 4:
            raise Killed(Reason.MEMORY)
        return await really(original, *more)

    async def read(function: Any, *arguments: object) -> object:
        return law.read(function, *arguments)

    async def until_ready() -> None:
        running = asyncio.create_task(Developer(store, read, law.writer, Bell()).run())
        async with asyncio.timeout(30):
            while law.read(states) != ["ready"] * 2:
                await asyncio.sleep(0.02)
        running.cancel()

    monkeypatch.setattr(store.children, "look", look)
    asyncio.run(until_ready())
    assert asked == [unlucky.sha256, other.sha256, unlucky.sha256, unlucky.sha256]
