"""Thousands of screens in one process: raw sockets that speak just enough WebSocket, by hand.

crowd = await Crowd.join(port, 500, path="/live?view=wall", stride=600, offset=47)
crowd.heard, crowd.delays                  # messages of `stride` bytes; nanoseconds that samples were under way
crowd = await Crowd.join(port, cookies, path=…, on_text=…)      # whole messages instead
"""

import asyncio
import time
from collections.abc import Callable, Sequence

from tests.bench.feed import STAMP_BYTES

READ_BYTES = 256 * 1024
WAVE = 200  # handshakes at once
PATIENCE_SECONDS = 20.0
TEXT, CLOSE, PING = 0x81, 0x88, 0x89
PONG = b"\x8a\x80\x00\x00\x00\x00"  # masked with zeros: nothing to mask in an empty answer

OnText = Callable[["Listener", bytes], None]


class Listener(asyncio.BufferedProtocol):
    """One screen. Payloads are skipped unread: only heads of frames and, now and then, a stamp are looked at."""

    def __init__(self, crowd: "Crowd", request: bytes) -> None:
        self.heard = 0  # bytes of messages, in whole ones
        self.closed: int | None = None
        self.joined: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self._crowd, self._request = crowd, request
        self._left = 0  # bytes of the frame under way that are still to come
        self._cut = b""  # what was cut in the middle of a head, or all of it where whole texts are wanted
        self._open = False
        self._welcomes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.joined.done():
            self.joined.set_exception(error or ConnectionResetError())
        self._crowd.lost += not self._crowd.leaving

    def get_buffer(self, _hint: int) -> bytearray:
        return self._crowd.buffer

    def buffer_updated(self, size: int) -> None:
        if self._left >= size:
            self._left -= size
        elif self._cut or not self._open or self._crowd.on_text:
            self._read_whole(self._cut + self._crowd.buffer[:size])
        else:
            self._skim(self._crowd.buffer, self._left, size)

    def _read_whole(self, data: bytes) -> None:
        self._cut = b""
        if not self._open:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._cut = head
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.joined.set_exception(ConnectionRefusedError(head[:200].decode()))
                return
            self._open = True
            assert self.transport
            if self._crowd.greeting:  # a short masked text
                said = self._crowd.greeting.encode()
                self.transport.write(bytes((TEXT, 0x80 | len(said), 0, 0, 0, 0)) + said)
            self._welcome(0)
        if self._crowd.on_text:
            self._hear(data, self._crowd.on_text)
        else:
            self._skim(data, self._left, len(data))

    def _skim(self, data: bytes | bytearray, at: int, end: int) -> None:
        crowd = self._crowd
        stride, offset = crowd.stride, crowd.offset
        self._left = 0
        while at < end:
            if end - at < 10 and (end - at < 2 or end - at < _head_size(data[at + 1])):
                self._cut = bytes(data[at:end])
                return
            size, start = data[at + 1], at + 2
            if size == 126:
                size, start = (data[at + 2] << 8) | data[at + 3], at + 4
            elif size == 127:
                size, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if data[at] == PING:
                self._pong()
            elif data[at] == CLOSE:
                self.closed = int.from_bytes(data[start : start + 2], "big")
            elif size >= stride:
                self.heard += size // stride
                crowd.frames += 1
                if crowd.sampled and not crowd.frames % crowd.sampled and start + offset + STAMP_BYTES <= end:
                    sent = int(data[start + offset : start + offset + STAMP_BYTES])
                    crowd.delays.append(time.perf_counter_ns() - sent)
            else:
                self._welcome(1)
            at = start + size
        self._left = at - end

    def _hear(self, data: bytes, on_text: OnText) -> None:
        at = 0
        while len(data) - at >= 2 and len(data) - at >= (head := _head_size(data[at + 1])):
            size = data[at + 1] if head == 2 else int.from_bytes(data[at + 2 : at + head], "big")
            if len(data) < at + head + size:
                break
            payload = data[at + head : at + head + size]
            if data[at] == PING:
                self._pong()
            elif data[at] == CLOSE:
                self.closed = int.from_bytes(payload[:2], "big")
            else:
                on_text(self, payload)
            at += head + size
        self._cut = data[at:]

    def _welcome(self, more: int) -> None:
        self._welcomes += more
        if self._welcomes >= self._crowd.welcome and not self.joined.done():
            self.joined.set_result(None)

    def _pong(self) -> None:
        assert self.transport
        self.transport.write(PONG)


class Crowd:
    """`welcome`: how many short messages the server says to who joins, before it counts as listening."""

    def __init__(
        self, stride: int = 1, offset: int = 0, greeting: str = "", welcome: int = 0, on_text: OnText | None = None
    ) -> None:
        self.stride, self.offset, self.greeting, self.welcome, self.on_text = stride, offset, greeting, welcome, on_text
        self.listeners: list[Listener] = []
        self.buffer = bytearray(READ_BYTES)
        self.delays: list[int] = []
        self.sampled = int(stride > 1)  # every which frame's stamp is read; 0: none has one
        self.frames, self.lost, self.leaving = 0, 0, False

    @classmethod
    async def join(
        cls, port: int, who: int | Sequence[str], path: str = "/", wave: int = WAVE, **more: int | str | OnText | None
    ) -> "Crowd":
        """`who`: how many, or the cookies of each."""
        crowd = cls(**more)  # type: ignore[arg-type]
        cookies = [""] * who if isinstance(who, int) else who
        for start in range(0, len(cookies), wave):
            await asyncio.gather(*(crowd.add(port, path, cookie) for cookie in cookies[start : start + wave]))
        return crowd

    async def add(self, port: int, path: str, cookie: str = "") -> Listener:
        request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n" + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n"
        ).encode()
        loop = asyncio.get_running_loop()
        _, listener = await loop.create_connection(lambda: Listener(self, request), "127.0.0.1", port)
        await asyncio.wait_for(listener.joined, PATIENCE_SECONDS)
        self.listeners.append(listener)
        return listener

    @property
    def heard(self) -> int:
        return sum(listener.heard for listener in self.listeners)

    def forget(self) -> None:
        """Count anew."""
        self.delays.clear()
        self.lost = 0
        for listener in self.listeners:
            listener.heard = 0

    def leave(self) -> None:
        self.leaving = True
        for listener in self.listeners:
            if listener.transport:
                listener.transport.abort()


def _head_size(second: int) -> int:
    """Of a frame's head, by its second byte."""
    return 4 if second == 126 else 10 if second == 127 else 2
