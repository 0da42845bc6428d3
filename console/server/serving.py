"""The server: uvicorn behind the guard, on a socket that lets go of peers who stopped reading."""

import asyncio
import errno
import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.types import ASGIApp

from console.server.guard import Door, guarded
from console.server.metrics import process_ended
from console.server.shared_frames import SharedFrameProtocol
from console.server.trouble import Trouble

if TYPE_CHECKING:
    from console.settings import Settings

MESSAGE_LIMIT = 64 * 1024
PING_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 30
GRACEFUL_SECONDS = 3
TLS_SECONDS = 5.0  # for a handshake; asyncio would wait a minute
UNREAD_SECONDS = 15  # a peer's machine that takes nothing for so long is gone (docs/trust.md#server)
SEND_BUFFER = 64 * 1024  # the kernel's share of what a slow screen may pile up
BACKLOG = 4096  # a restart brings every screen back at once
RESTART_SECONDS = 1.0
TAKEN_SECONDS = 1.0  # so long a port may still be taken at a start
LAST_SECONDS = 10  # for a process whose parent is gone to end by itself

log = logging.getLogger(__name__)


class Loop(asyncio.SelectorEventLoop):
    """asyncio's own loop, with a deadline for TLS handshakes that uvicorn has no setting for."""

    async def create_server(self, *args: Any, **kwargs: Any) -> asyncio.Server:
        if kwargs.get("ssl"):
            kwargs |= {"ssl_handshake_timeout": TLS_SECONDS, "ssl_shutdown_timeout": GRACEFUL_SECONDS}
        return await super().create_server(*args, **kwargs)


class Server(uvicorn.Server):
    """Says where it listens once it really does."""

    def __init__(self, config: uvicorn.Config, url: str | None) -> None:
        super().__init__(config)
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What start-up made stays for good: the collector need not walk it again at every turn.
        gc.collect()
        gc.freeze()
        gc.enable()
        gc.set_threshold(10_000, 10, 50)  # rarer, and each console's page leaves half a megabyte waiting for it
        if self._url:
            print(f"Siaga: {self._url}", flush=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Asked once, it ends within GRACEFUL_SECONDS. Asked again it would leave without its good-byes, and loudly."""
        if not self.should_exit:
            super().handle_exit(sig, frame)


def serve(settings: "Settings", app_factory: Callable[[], ASGIApp], tend: Callable[[], object] = bool) -> None:
    """Listen and answer until SIGTERM or SIGINT; screens are then told 1012, "restarting".

    `tend` looks after what several processes share, once a second.
    """
    listener = listen(settings.host, settings.port)
    url = address(settings, listener)
    if settings.workers > 1:
        gc.enable()
        _serve_together(
            settings.workers, lambda first: _run(settings, app_factory, listener, url if first else None), tend
        )
    else:
        _run(settings, app_factory, listener, url)


def listen(host: str, port: int) -> socket.socket:
    """The bound socket. Ends the program with a sentence when it cannot be had.

    Waits a little: processes whose parent was just killed let go of it a moment later.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Accepted connections inherit both.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
    deadline = time.monotonic() + TAKEN_SECONDS
    while True:
        try:
            listener.bind((host, port))
            listener.listen(BACKLOG)
            return listener
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                listener.close()
                sys.exit(_why_not(error, host, port))
        Event().wait(TAKEN_SECONDS / 10)


def address(settings: "Settings", listener: socket.socket) -> str:
    """The URL to open: the public one, or where the socket listens."""
    if settings.public_url:
        return settings.public_url
    host, port = listener.getsockname()[:2]
    scheme = "https" if settings.tls_cert else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def configuration(settings: "Settings", app_factory: Callable[[], ASGIApp]) -> uvicorn.Config:
    """Everything that is not uvicorn's default, in one place."""
    proxy = settings.proxy
    return uvicorn.Config(
        app_factory,
        factory=True,
        loop="console.server.serving:Loop",
        http=guarded(Door(settings.connections_per_address, free=frozenset([proxy] if proxy else []))),
        ws=SharedFrameProtocol,
        ws_max_size=MESSAGE_LIMIT,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_per_message_deflate=False,  # costs 3.6 times the CPU and twice the memory
        lifespan="on",
        proxy_headers=bool(proxy),
        forwarded_allow_ips=proxy or [],
        server_header=False,
        access_log=False,  # addresses, and the references in the URLs, are personal data
        log_config=None,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        ssl_certfile=settings.tls_cert or None,
        ssl_keyfile=settings.tls_key or None,
    )


def _run(settings: "Settings", app_factory: Callable[[], ASGIApp], listener: socket.socket, url: str | None) -> None:
    Server(configuration(settings, app_factory), url).run(sockets=[listener])


def _serve_together(count: int, run: Callable[[bool], None], tend: Callable[[], object]) -> None:
    """Several processes on one socket (PostgreSQL only). One that dies is started anew; with their parent all end."""
    process_ended(os.getpid())  # we count nothing, and what has no screens must not be taken for one that is behind
    ending, trouble = Event(), Trouble(log, "what all server processes share is back")
    parent, ours = os.pipe()  # nothing is ever written: it ends when we do, however that comes
    pids: dict[int, int] = {}

    def start(place: int) -> None:
        if pid := os.fork():
            pids[pid] = place
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.close(ours)
        Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
        code = 1
        try:
            run(place == 0)
            code = 0
        except BaseException:
            log.exception("a server process failed")
        finally:
            os._exit(code)

    def end(_number: int, _frame: object) -> None:
        ending.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    for place in range(count):
        start(place)
    # One look a second: a process that cannot even start must not spin.
    while not ending.wait(RESTART_SECONDS):
        for pid, place in list(pids.items()):
            if os.waitpid(pid, os.WNOHANG)[0]:
                del pids[pid]
                process_ended(pid)
                log.error("server process %d ended and is started anew", pid)
                start(place)
        try:
            tend()
            trouble.ends()
        except Exception as error:
            trouble.begins(error, "what all server processes share stays away")
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
    for pid in pids:
        os.waitpid(pid, 0)


def _end_with(parent: int) -> None:
    """Alone it would keep the port, and nobody would start it anew."""
    os.read(parent, 1)
    log.error("the first process has died: ending with it")
    os.kill(os.getpid(), signal.SIGTERM)
    Event().wait(LAST_SECONDS)
    os._exit(1)


def _why_not(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} on {host} is taken: another Siaga, or another program. Stop it, or set SIAGA_PORT."
        case errno.EACCES:
            return f"Port {port} needs more rights than this user has. Set SIAGA_PORT to 1024 or more."
        case errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this machine. Set SIAGA_HOST."
        case _:
            return f"Cannot listen on {host}:{port}: {error.strerror}"
