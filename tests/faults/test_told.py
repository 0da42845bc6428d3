"""The server dies while it tells a supervisor that something waits: nobody is left untold, nobody is told thrice, and what
nobody knows is not said."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from console.door.sealing import seal
from console.door.viewer import hash_of
from console.pages.diary import diary
from models.command.calling import Telling
from models.command.ladder import tellings
from models.command.members import Function, Member
from models.incidents.incident import Incident
from models.people.called import be_called
from models.people.officers import Officer
from models.record.outbox import Parcel, State
from models.time import now
from tests.support.gateway import Gateway, gateway
from tests.support.house import wait_until
from tests.support.law import KEY
from tests.support.mortal import Mortal
from tests.support.patience import PATIENCE_SECONDS
from tests.support.push_service import Browser, PushService, push_service
from tests.support.serving import Cast, cast_of

PAWAS = "+6281122223333"


@pytest.fixture
def cast(sqlite_url: str, redis_url: str) -> Iterator[Cast]:
    with cast_of(sqlite_url, redis_url) as cast:
        yield cast


@pytest.fixture
def post() -> Iterator[Gateway]:
    with gateway() as post:
        yield post


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as service:
        yield service


@pytest.fixture
def server(
    cast: Cast, redis_url: str, tmp_path: Path, post: Gateway, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Mortal]:
    """Of which the supervisor's phone is told after a second, by both ways."""
    here = {"NOTIFY": post.url, "LADDER": "0 1 0, 0 1 0, 0 1 0, 0 0 0", "PUSH_HOSTS": "127.0.0.1", "DEAF_SECONDS": "0"}
    for name, value in here.items():
        monkeypatch.setenv(f"SIAGA_{name}", value)
    server = Mortal(cast, tmp_path / "data", redis_url)
    yield server
    post.hold.set()
    service.hold.set()
    server.end()


def listens(session: Session, cast: Cast, phone: Browser) -> None:
    """Sari has a number, and a browser that she is signed in in."""
    sari = session.get_one(Officer, cast.sari.id)
    own = {"nrp": "79010101", "rank": "AKP", "name": sari.name, "function": Function.SPKT, "station_id": 1}
    session.add(Member(**own, officer_id=sari.id, phone=seal(KEY, {"phone": PAWAS})))
    be_called(session, replace(cast.sari, session=hash_of("secret-of-sari")), *phone.keys)


def said(cast: Cast, incident: Incident) -> list[str]:
    lines = cast.read(lambda s: diary(s, s.get_one(Incident, incident.id), cast.hendra))
    return sorted(line.words.split(" ")[0] for line in lines if "terkirim" in line.words or "diterima" in line.words)


def fates(cast: Cast, incident: Incident) -> list[str]:
    return cast.read(lambda s: [row.fate for row in tellings(s, s.get_one(Incident, incident.id))])


def lease_is_over(session: Session) -> None:
    """Half a minute passes."""
    session.connection().execute(update(Parcel).where(Parcel.state == State.WAITING).values(next_at=now()))


@contextmanager
def nobody_writes(cast: Cast) -> Iterator[None]:
    """But this process, which holds the database until the end."""
    held, over = Event(), Event()

    def hold(_: Session) -> None:
        held.set()
        over.wait(PATIENCE_SECONDS)

    writing = cast.writer.submit(hold)
    assert held.wait(PATIENCE_SECONDS)
    yield
    over.set()
    writing.result(PATIENCE_SECONDS)


@pytest.mark.parametrize("moment", ["taken", "answered"])
def test_kill_nine_between_a_gateway_and_what_is_noted_of_it(
    cast: Cast, server: Mortal, post: Gateway, service: PushService, moment: str
) -> None:
    """`taken`: the gateway has the message and has not answered. `answered`: it has, and the note is not on disk yet."""
    phone = service.browser()
    cast.run(listens, cast, phone)
    post.hold.clear()
    service.hold.clear()
    incident = cast.file(cast.hendra, source="caller")
    assert post.next()["to"] == PAWAS
    wait_until(lambda: phone.pushes)
    if moment == "taken":
        server.child.kill()
    else:
        with nobody_writes(cast):
            post.hold.set()
            service.hold.set()
            assert post.answered.get(timeout=PATIENCE_SECONDS) == 200
            wait_until(lambda: service.answered == [201])
            server.child.kill()
    assert fates(cast, incident) == ["waiting", "waiting"] and said(cast, incident) == []

    post.hold.set()
    service.hold.set()
    cast.run(lease_is_over)
    server.dies()  # and starts
    wait_until(lambda: fates(cast, incident) == ["told", "told"])
    assert said(cast, incident) == ["Notifikasi", "Pesan"]

    other_one = cast.file(cast.hendra, source="caller")
    wait_until(lambda: fates(cast, other_one) == ["told", "told"])
    assert post.heard.qsize() == 1 + 1 and len(phone.pushes) == 2 + 1  # one doubled, none thrice
    assert (
        cast.read(lambda s: len(s.exec(select(Telling.id).where(col(Telling.incident_id) == incident.id)).all())) == 2
    )
