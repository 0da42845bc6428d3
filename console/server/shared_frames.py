"""Shared frames: one WebSocket frame is built once and its bytes written to every screen.

Writing through ASGI costs twice as much for each message. Uvicorn's own protocol object
therefore hands itself to the application, under EXTENSION in the scope; on any other server the
scope has no such key and the hub sends through ASGI (live/socket.py). It leans on the
internals of a pinned uvicorn, which tests/live/test_frames.py guards.
"""

from asyncio import BaseTransport, TimerHandle
from collections.abc import Callable

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import OPEN

EXTENSION = "siaga.shared_frames"
HIGH_WATER = 256 * 1024  # bytes that wait before a screen counts as paused; one full message fits four times
FAREWELL_SECONDS = 2.0  # to read what waits and the close frame, before the line is cut


class SharedFrameProtocol(WebSocketsSansIOProtocol):
    """A WebSocket that takes ready-made frames and says when its reader lags."""

    on_lag: Callable[[], None] | None = None
    on_drained: Callable[[], None] | None = None
    on_gone: Callable[[], None] | None = None
    _cut: TimerHandle | None = None

    async def run_asgi(self) -> None:
        self.scope["extensions"][EXTENSION] = self  # type: ignore[assignment]
        await super().run_asgi()

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if self.close_sent:
            self.handshake_complete = True  # a refusal ends it too; else it is a line of the log, and an ERROR
        if self.handshake_complete:
            self.request = self.response = None  # type: ignore[assignment]  # 3 KiB that nobody reads any more

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.close_timeout = FAREWELL_SECONDS  # else ten, held by whoever does not answer
        self.transport.set_write_buffer_limits(high=HIGH_WATER)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.on_gone:
            self.on_gone()
        self.on_lag = self.on_drained = self.on_gone = None
        if self._cut:
            self._cut.cancel()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self.on_lag:
            self.on_lag()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.on_drained:
            self.on_drained()

    @property
    def open(self) -> bool:
        """May a frame be written now?"""
        return self.handshake_complete and not self.close_sent and not self.transport.is_closing()

    @property
    def waiting(self) -> int:
        """Bytes written that the peer's machine has not taken yet."""
        return self.transport.get_write_buffer_size()

    def write_frame(self, frame: bytes) -> None:
        """Write the bytes of a whole frame (`text_frame`), past the protocol's own encoder."""
        # `open`, spelt out: this line runs for every message of every screen.
        if not self.close_sent and self.handshake_complete and not self.transport.is_closing():
            self.transport.write(frame)

    def send_away(self, code: int) -> None:
        """Close, now. A close through ASGI would wait behind a reader that reads nothing."""
        if not self.open or self.conn.state is not OPEN:
            return
        self.stop_keepalive()
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        self._cut = self.loop.call_later(FAREWELL_SECONDS, self.transport.abort)

    def shutdown(self) -> None:
        # Uvicorn would send a second close into a closing connection, and stop there for everyone.
        if not self.transport.is_closing():
            super().shutdown()


def text_frame(payload: bytes) -> bytes:
    """One unmasked, final text frame (RFC 6455, 5.2)."""
    size = len(payload)
    if size < 126:
        head = size.to_bytes(1, "big")
    elif size < 65536:
        head = b"\x7e" + size.to_bytes(2, "big")
    else:
        head = b"\x7f" + size.to_bytes(8, "big")
    return b"\x81" + head + payload
