"""The server at its door: deadlines, caps, and what it says when it cannot start."""

import gc
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from console.server import serving
from console.server.guard import HEADER_BYTES, TOO_LONG, Door, guarded
from console.server.serving import SEND_BUFFER, UNREAD_SECONDS, Loop, Server, address, configuration, listen
from console.settings import HERE, Settings
from tests.support.house import Running, wait_until
from tests.support.patience import PATIENCE_SECONDS


async def _hello(_: Request) -> PlainTextResponse:
    return PlainTextResponse("halo")


async def _size(request: Request) -> PlainTextResponse:
    try:
        return PlainTextResponse(str(len(await request.body())))
    except ClientDisconnect:
        return PlainTextResponse("gone", 400)


@contextmanager
def guarding(
    limit: int = 1000, headers: float = 5, body: float = 5, app: ASGIApp | None = None, **settings: object
) -> Iterator[Running]:
    """A server whose guard has these limits, and counts this machine too."""

    def make() -> ASGIApp:
        return app or Starlette(routes=[Route("/", _hello), Route("/size", _size, methods=["POST"])])

    config = configuration(Settings(host="127.0.0.1", port=0, **settings), make)  # type: ignore[arg-type]
    config.lifespan = "off"
    config.http = guarded(Door(limit, loopback_free=False), header_seconds=headers, body_seconds=body)
    listener, server = listen("127.0.0.1", 0), Server(config, None)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    ran = Running(server, listener.getsockname()[1], thread)
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        yield ran
    finally:
        ran.end()


def raw(server: Running, said: bytes = b"") -> socket.socket:
    line = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_SECONDS)
    line.sendall(said)
    return line


def answer(line: socket.socket) -> bytes:
    """All until the server closes."""
    heard = b""
    try:
        while piece := line.recv(65536):
            heard += piece
    except ConnectionResetError:
        pass
    line.close()
    return heard


HALF = b"GET / HTTP/1.1\r\nHost: here\r\nX-Half: "
POST = b"POST /size HTTP/1.1\r\nHost: here\r\nContent-Length: 5000\r\n\r\n"


@pytest.mark.parametrize("said", [b"", b"G", HALF])
def test_who_does_not_finish_the_head_is_closed_and_others_are_served(said: bytes) -> None:
    with guarding(headers=0.3) as server:
        slow = [raw(server, said) for _ in range(20)]
        assert httpx2.get(server.http).text == "halo"
        assert all(answer(line).startswith(b"HTTP/1.1 408") for line in slow)


def test_dripping_a_head_does_not_buy_time() -> None:
    with guarding(headers=0.5) as server, raw(server, HALF) as line:
        dripping, stop = threading.Event(), threading.Event()

        def drip() -> None:
            while not stop.wait(0.05):
                try:
                    line.send(b"x")
                except OSError:
                    return
                dripping.set()

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            assert answer(line).startswith(b"HTTP/1.1 408") and dripping.is_set()
        finally:
            stop.set()
            thread.join()


BEGUN, CHUNKED = (
    b"GET / HTTP/1.1\r\nHost: here\r\n",
    b"POST /size HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n",
)
ENDLESS = {
    "a path": (b"GET /", b"a" * 1000),
    "a header": (BEGUN + b"X: ", b"a" * 1000),
    "headers": (BEGUN, b"X-A: b\r\n" * 100),
    "what comes behind a body": (CHUNKED + b"2\r\nab\r\n0\r\n", b"X-A: b\r\n" * 100),
    "an extension of a chunk": (CHUNKED + b"2;", b"a" * 1000),
    "blank lines": (b"", b"\r\n" * 500),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_headers_are_bounded_wherever_they_stand(what: str) -> None:
    """The parser alone would keep all of them: 70 MB in five seconds took 800 MB of memory."""
    begun, more = ENDLESS[what]
    with guarding() as server, raw(server, begun) as line:
        with suppress(ConnectionError):  # it is let go while it goes on
            line.sendall(more * 1000)  # more than is read at once
        assert answer(line) in (TOO_LONG, b"")
        within = BEGUN + b"Connection: close\r\nX: " + b"a" * (HEADER_BYTES - 100) + b"\r\n\r\n"
        assert b"halo" in answer(raw(server, within))


def test_what_comes_behind_a_body_is_no_header_of_it() -> None:
    seen: list[Any] = []

    async def see(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        seen.extend(Request(scope).headers)
        await PlainTextResponse("")(scope, receive, send)

    with guarding(app=see) as server:
        answer(
            raw(
                server, CHUNKED.replace(b"Transfer", b"Connection: close\r\nTransfer") + b"0\r\nCookie: siaga=x\r\n\r\n"
            )
        )
    assert "connection" in seen and "cookie" not in seen


def test_the_second_request_of_a_connection_has_the_same_deadline() -> None:
    with guarding(headers=0.3) as server, raw(server, b"GET / HTTP/1.1\r\nHost: here\r\n\r\n") as line:
        heard = b""
        while b"halo" not in heard:
            heard += line.recv(65536)
        line.sendall(HALF)
        assert answer(line).startswith(b"HTTP/1.1 408")


def test_a_body_that_stops_is_closed() -> None:
    with guarding(body=0.3) as server:
        assert b" 408 " in answer(raw(server, POST + b"only this"))
        assert httpx2.post(server.http + "/size", content=b"x" * 5000).text == "5000"


def test_a_slow_body_that_keeps_coming_is_heard() -> None:
    with guarding(body=0.3) as server, raw(server, POST) as line:
        pause = threading.Event()
        for _ in range(5):
            line.sendall(b"x" * 1000)
            pause.wait(0.1)
        heard = b""
        while b"5000" not in heard:
            heard += line.recv(65536)


def test_a_large_body_that_we_are_slow_to_read_is_not_the_senders_fault() -> None:
    with guarding(body=0.2) as server:
        big = 20_000_000
        assert httpx2.post(server.http + "/size", content=b"x" * big, timeout=PATIENCE_SECONDS).text == str(big)


def test_one_address_has_a_cap_and_gets_its_places_back() -> None:
    with guarding(limit=5) as server:
        held = [raw(server) for _ in range(5)]
        wait_until(lambda: b" 429 " in answer(raw(server, b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")))
        for line in held:
            line.close()
        wait_until(lambda: b"halo" in answer(raw(server, b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")))


def test_the_proxy_and_this_machine_are_not_counted() -> None:
    door = Door(1, free=frozenset(["10.0.0.7"]))
    assert all(door.enter("127.0.0.1") and door.enter("::1") and door.enter("10.0.0.7") for _ in range(9))
    assert door.enter("10.0.0.8") and not door.enter("10.0.0.8")
    door.leave("10.0.0.8")
    door.leave("10.0.0.8")
    assert door.enter("10.0.0.8")


def test_it_says_nothing_of_what_it_is() -> None:
    with guarding() as server:
        assert "server" not in httpx2.get(server.http).headers


def test_forwarded_headers_are_believed_only_from_the_proxy() -> None:
    assert not configuration(Settings(), Starlette).proxy_headers
    behind = configuration(Settings(proxy="10.0.0.7"), Starlette)
    assert behind.proxy_headers and behind.forwarded_allow_ips == "10.0.0.7"


def test_connections_inherit_what_lets_go_of_dead_peers() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()) as _:
        accepted, _peer = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * SEND_BUFFER  # the kernel doubles it
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == UNREAD_SECONDS * 1000


def test_a_taken_port_is_named_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "TAKEN_SECONDS", 0.01)
    with listen("127.0.0.1", 0) as taken, pytest.raises(SystemExit) as end:
        listen("127.0.0.1", taken.getsockname()[1])
    assert "is taken" in str(end.value) and "SIAGA_PORT" in str(end.value)


def test_a_foreign_address_is_named_with_the_mend() -> None:
    with pytest.raises(SystemExit) as end:
        listen("203.0.113.7", 0)
    assert "SIAGA_HOST" in str(end.value)


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({}, "http://127.0.0.1:{port}"),
        ({"tls_cert": "c.pem"}, "https://127.0.0.1:{port}"),
        ({"public_url": "https://siaga.example"}, "https://siaga.example"),
    ],
)
def test_the_url_is_the_one_to_open(settings: dict[str, str], url: str) -> None:
    with listen("127.0.0.1", 0) as listener:
        assert address(Settings(**settings), listener) == url.format(port=listener.getsockname()[1])  # type: ignore[arg-type]


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl here to make a certificate")
def test_tls_serves_and_a_silent_handshake_is_cut(tmp_path: Path) -> None:
    cert, key = _certificate(tmp_path)
    with guarding(tls_cert=str(cert), tls_key=str(key)) as server:
        context = ssl.create_default_context(cafile=str(cert))
        url = server.http.replace("http://127.0.0.1", "https://localhost")
        assert httpx2.get(url, verify=context).text == "halo"
        assert answer(raw(server)) == b""  # asyncio alone would wait a minute


def test_a_process_serves_prints_its_url_and_ends_on_sigterm(tmp_path: Path) -> None:
    program = tmp_path / "serves.py"
    program.write_text(
        "from starlette.applications import Starlette\n"
        "from console.server.serving import serve\n"
        "from console.settings import Settings\n"
        "serve(Settings(host='127.0.0.1', port=0), Starlette)\n"
    )
    with _python(program) as process:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("Siaga: http://127.0.0.1:")
        assert httpx2.get(line.split()[1]).status_code == 404
        process.terminate()
        assert process.wait(10) == -15  # uvicorn ends as the signal asked, after the good-byes


def test_several_processes_share_the_port_a_dead_one_comes_back_and_none_outlives_the_first(tmp_path: Path) -> None:
    program = tmp_path / "serves.py"
    program.write_text(
        "import os, sys\n"
        "from starlette.applications import Starlette\n"
        "from starlette.responses import PlainTextResponse\n"
        "from starlette.routing import Route\n"
        "from console.server.serving import serve\n"
        "from console.settings import Settings\n"
        "def app():\n"
        "    return Starlette(routes=[Route('/', lambda request: PlainTextResponse(str(os.getpid())))])\n"
        "def tend():\n"
        "    open(sys.argv[2], 'a').close()\n"
        "    raise OSError('nobody there')\n"
        "serve(Settings(host='127.0.0.1', port=int(sys.argv[1]), workers=2), app, tend)\n"
    )
    with _python(program, "0", str(tmp_path / "tended")) as process:
        assert process.stdout
        url = process.stdout.readline().split()[1]

        def pids() -> set[str]:
            return {httpx2.get(url).text for _ in range(40)}

        wait_until(lambda: len(pids()) == 2)
        first = pids().pop()
        subprocess.run(["kill", "-9", first], check=True)
        wait_until(lambda: len(_still(pids) - {first}) == 2)
        process.kill()
    with _python(
        program, url.rpartition(":")[2], str(tmp_path / "again")
    ) as process:  # at once, on the port that the others held
        assert process.stdout
        assert process.stdout.readline().split()[1] == url
        wait_until(lambda: len(_still(pids)) == 2)
        process.terminate()
        assert process.wait(15) == 0
        assert (tmp_path / "tended").exists()  # what they share is looked after, and a fault of it ends nobody


def _still(pids: object) -> set[str]:
    try:
        return pids()  # type: ignore[operator, no-any-return]
    except httpx2.HTTPError:
        return set()


def test_starting_freezes_what_stays_and_the_collector_goes_on_from_there() -> None:
    before = gc.get_threshold()
    gc.disable()  # as ./run.sh does before it imports
    try:
        with guarding():
            assert gc.get_freeze_count() > 0
            assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
        gc.set_threshold(*before)


def test_the_loop_is_found_by_its_name() -> None:
    assert configuration(Settings(), Starlette).get_loop_factory() is Loop


@contextmanager
def _python(program: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    with ExitStack() as stack:
        process = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-u", str(program), *arguments],
                cwd=HERE,
                env={"PYTHONPATH": str(HERE)},
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        stack.callback(lambda: process.poll() is None and process.kill())
        yield process


def _certificate(folder: Path) -> tuple[Path, Path]:
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    return cert, key
