"""The guard at the door: HTTP connections that say nothing, almost nothing, or never come to the point are closed.

Uvicorn waits for ever for a request that never ends, keeps headers of any length, and its concurrency limit would turn
500 such sockets into 503 for everybody. Here each connection has its own deadlines and bounds, and each address a cap.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from console.server.metrics import refused

HEADER_SECONDS = 5.0
HEADER_BYTES = 64 * 1024  # of a request's line and headers; the parser itself would keep whatever comes in five seconds
BODY_SECONDS = 15.0  # a body must bring BODY_BYTES in each such window
BODY_BYTES = 1024  # slow 3G brings 700 times as much

REQUEST_TIMEOUT = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
TOO_MANY = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 2\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Door:
    """Counts the HTTP connections of each address.

    WebSockets have left the door: they have caps for each person (live/socket.py), and thousands
    of citizens may share one carrier's address. The proxy's address and this machine's own are not
    counted either: all the world comes through them.
    """

    def __init__(self, limit: int, *, free: frozenset[str] = frozenset(), loopback_free: bool = True) -> None:
        self.limit = limit
        self._free = free
        self._loopback_free = loopback_free
        self._inside: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count one more connection of an address; False when it has too many."""
        self._inside[address] += 1
        return self._inside[address] <= self.limit or self._is_free(address)

    def leave(self, address: str) -> None:
        self._inside[address] -= 1
        if not self._inside[address]:
            del self._inside[address]

    def _is_free(self, address: str) -> bool:
        return address in self._free or (self._loopback_free and ip_address(address).is_loopback)


class GuardedProtocol(HttpToolsProtocol):
    """Uvicorn's HTTP protocol behind the guard. `guarded(door)` makes the class that a server uses."""

    door: ClassVar[Door]
    header_seconds: ClassVar[float] = HEADER_SECONDS
    body_seconds: ClassVar[float] = BODY_SECONDS

    _address: str | None = None
    _deadline: asyncio.TimerHandle | None = None
    _body_bytes = 0
    _other_bytes = 0  # since the last that was body, or the end of a request's headers
    _in_headers = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.client:
            self._address = self.client[0]
            if not self.door.enter(self._address):
                refused("TooManyLines", 429)
                transport.write(TOO_MANY)
                transport.close()
                return
        self._expect(self.header_seconds, self._header_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._forget_deadline()
        self._leave()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():  # what a refused connection still says is not heard
            return
        self._other_bytes += len(data)
        super().data_received(data)
        if self._other_bytes > HEADER_BYTES:
            self._refuse("TooLong", 431, TOO_LONG)

    def handle_websocket_upgrade(self) -> None:
        self._forget_deadline()
        self._leave()
        super().handle_websocket_upgrade()
        # The parser and this protocol hold each other: 5 KiB a socket until the collector comes by, which is rare.
        self.parser = None  # type: ignore[assignment]

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_headers = True
        # The first request has had its deadline since the connection was made.
        if self._deadline is None:
            self._expect(self.header_seconds, self._header_is_late)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_headers:  # what comes behind a body is none of its headers
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._forget_deadline()
        self._other_bytes, self._in_headers = 0, False
        super().on_headers_complete()
        if not (self.parser.should_upgrade() and self._should_upgrade()):
            self._body_bytes = 0
            self._expect(self.body_seconds, self._body_is_late)

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        self._other_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._forget_deadline()
        super().on_message_complete()

    def _header_is_late(self) -> None:
        self._deadline = None
        self._refuse_late()

    def _body_is_late(self) -> None:
        self._deadline = None
        # While reading is paused it is we who are slow.
        if self._body_bytes < BODY_BYTES and not self.flow.read_paused:
            self._refuse_late()
            return
        self._body_bytes = 0
        self._expect(self.body_seconds, self._body_is_late)

    def _refuse_late(self) -> None:
        self._refuse("TooSlow", 408, REQUEST_TIMEOUT)

    def _refuse(self, kind: str, status: int, answer: bytes) -> None:
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            refused(kind, status)
            self.transport.write(answer)
        self.transport.close()

    def _expect(self, seconds: float, late: Callable[[], None]) -> None:
        self._forget_deadline()
        self._deadline = self.loop.call_later(seconds, late)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _leave(self) -> None:
        if self._address is not None:
            self.door.leave(self._address)
            self._address = None


def guarded(
    door: Door, *, header_seconds: float = HEADER_SECONDS, body_seconds: float = BODY_SECONDS
) -> type[GuardedProtocol]:
    """The protocol class of one server; uvicorn makes an instance for each connection."""
    values = {"door": door, "header_seconds": header_seconds, "body_seconds": body_seconds}
    return type("Guarded", (GuardedProtocol,), values)
