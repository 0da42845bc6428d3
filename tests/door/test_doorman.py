"""The door: what other sites make a browser send is refused; who is late or says nothing is let go."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

import console.door.viewer as viewer_module
import console.live.socket as live
import console.server.serving as server_module
from console.server import guard
from models.incidents.incident import Incident
from models.people.sessions import SignIn, revoke
from models.time import now
from tests.support.house import Running, wait_until
from tests.support.patience import PATIENCE_SECONDS
from tests.support.serving import Cast, browser, cast_of, in_thread

HX = {"hx-request": "true"}
FORGED = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:1"},  # a sibling port: SameSite=Lax would let it through
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": "{own}"},
]
HONEST = [{}, {"origin": "{own}"}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}]


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path, one_redis: str
) -> Iterator[tuple[Cast, Running]]:
    folder = tmp_path_factory.mktemp("door")
    (folder / "siaga.db").write_bytes(_sqlite_template.read_bytes())
    with cast_of(f"sqlite:///{folder / 'siaga.db'}", one_redis) as cast, in_thread(cast, folder, one_redis) as server:
        yield cast, server


def own(headers: dict[str, str], server: Running) -> dict[str, str]:
    return {name: value.format(own=server.http) for name, value in headers.items()}


def claims(cast: Cast, server: Running, headers: dict[str, str]) -> tuple[int, str]:
    incident = cast.file()
    with browser(server, cast.cookies["hendra"]) as hendra:
        code = hendra.post(f"/incidents/{incident.id}/claim", headers=HX | own(headers, server)).status_code
    return code, cast.incident(incident.id).status


@pytest.mark.parametrize("headers", FORGED, ids=str)
def test_another_site_posts_nothing(house: tuple[Cast, Running], headers: dict[str, str]) -> None:
    assert claims(*house, headers) == (403, "new")


@pytest.mark.parametrize("headers", HONEST, ids=str)
def test_our_own_page_and_programs_do(house: tuple[Cast, Running], headers: dict[str, str]) -> None:
    assert claims(*house, headers) == (204, "claimed")


@pytest.mark.parametrize("headers", FORGED, ids=str)
def test_another_site_may_lead_here_but_reads_nothing(house: tuple[Cast, Running], headers: dict[str, str]) -> None:
    cast, server = house
    with browser(server, cast.cookies["hendra"]) as hendra:
        answer = hendra.get("/console", headers=own(headers, server))
    assert answer.status_code == 200 and "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def open_socket(server: Running, cookie: str, headers: dict[str, str], view: str = "console") -> str:
    given = own(headers, server) | ({"Cookie": cookie} if cookie else {})
    try:
        with connect(f"{server.ws}/live?view={view}&after=0&epoch=old", additional_headers=given, proxy=None) as line:
            return "joined" if "refetch" in str(line.recv(PATIENCE_SECONDS)) else "?"
    except InvalidStatus as refused:
        return str(refused.response.status_code)
    except ConnectionClosed as end:
        return str(end.rcvd and end.rcvd.code)


@pytest.mark.parametrize("headers", [*FORGED, {}], ids=str)
def test_another_site_opens_no_socket_and_nor_does_one_without_a_name(
    house: tuple[Cast, Running], headers: dict[str, str]
) -> None:
    cast, server = house
    assert open_socket(server, cast.cookies["hendra"], headers) == "403"


def test_a_socket_without_a_session_is_asked_to_sign_in(house: tuple[Cast, Running]) -> None:
    cast, server = house
    ours = {"origin": server.http}
    assert open_socket(server, "", ours) == open_socket(server, "siaga=nonsense", ours) == "4401"
    assert open_socket(server, cast.cookies["hendra"], ours) == "joined"


def test_with_the_look_at_the_origin_off_a_forged_post_and_socket_go_through(
    house: tuple[Cast, Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (viewer_module, live):
        monkeypatch.setattr(module, "same_site", lambda connection, default: True)
    cast, server = house
    assert claims(cast, server, FORGED[0]) == (204, "claimed")
    assert open_socket(server, cast.cookies["hendra"], FORGED[0]) == "joined"


@pytest.mark.parametrize(("name", "kind"), [("ratna", "officer"), ("zed", "citizen"), ("wall", "wall")])
def test_a_revoked_session_is_nobody_at_once(house: tuple[Cast, Running], name: str, kind: str) -> None:
    cast, server = house
    viewer = cast.people[name]
    cookie = f"siaga={cast.sign_in(viewer, f'revoked {name}')}"
    with browser(server, cookie) as client:
        assert client.post("/sign-in").status_code == 422  # alive
        cast.run(lambda session: revoke(session, cast.sari, **{kind: viewer.id}))
        assert client.get("/complaints").headers["location"].startswith("/sign-in")
    cast.cookies[name] = f"siaga={cast.sign_in(viewer, f'again {name}')}"


@pytest.mark.parametrize("field", ["expires_at", "seen_at"])
def test_a_session_that_is_over_is_nobody(house: tuple[Cast, Running], field: str) -> None:
    """Over by its age, or because nobody used it."""
    cast, server = house
    from datetime import timedelta

    from console.door.viewer import hash_of

    secret = cast.sign_in(cast.zed, f"old {field}")
    with browser(server, f"siaga={secret}") as zed:
        assert zed.get("/complaints").status_code == 200

        def age(session: Session) -> None:
            setattr(session.get_one(SignIn, hash_of(secret)), field, now() - timedelta(days=31))

        cast.run(age)
        assert zed.get("/complaints").status_code == 303


def test_only_the_hash_of_a_session_is_kept(house: tuple[Cast, Running]) -> None:
    cast, _ = house
    hashes = cast.read(lambda session: session.exec(select(SignIn.hash)).all())
    secrets = {cookie.partition("=")[2] for cookie in cast.cookies.values()}
    assert hashes and not secrets & set(hashes)


@pytest.fixture
def hasty(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Cast, Running]]:
    """A server whose patience is short."""

    def guarded(door: guard.Door, **_: Any) -> type[guard.GuardedProtocol]:
        return guard.guarded(door, header_seconds=0.2, body_seconds=0.2)

    monkeypatch.setattr(server_module, "guarded", guarded)
    with cast_of(sqlite_url) as cast, in_thread(cast, tmp_path, redis_url) as server:
        yield cast, server


SLOW = {
    "says nothing": b"",
    "stops in its headers": b"POST /complaints HTTP/1.1\r\nHost: x\r\nCook",
    "stops in its body": b"POST /complaints HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nwords=",
}


@pytest.mark.parametrize("what", SLOW)
def test_who_is_slow_is_let_go_and_nobody_waits_for_it(hasty: tuple[Cast, Running], what: str) -> None:
    cast, server = hasty
    lines = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(20)]
    for line in lines:
        line.sendall(SLOW[what])
    with browser(server) as client:
        assert client.get("/health").status_code == 200
    for line in lines:
        heard = b""
        while part := line.recv(4096):
            heard += part
        assert not heard or b" 408 " in heard
        line.close()
    assert cast.read(lambda session: session.exec(select(Incident.id)).all()) == []


def test_one_address_holds_so_many_lines_and_no_more(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = guard.Door(5, loopback_free=False)
    monkeypatch.setattr(server_module, "Door", lambda *_, **__: door)
    with cast_of(sqlite_url) as cast, in_thread(cast, tmp_path, redis_url) as server:
        lines = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(6)]
        assert b" 429 " in lines[-1].recv(4096)
        for line in lines:
            line.close()
        wait_until(lambda: not door._inside)
        with browser(server, cast.cookies["hendra"]) as hendra:
            assert hendra.get("/console").status_code == 200
