"""A screen: one open socket of somebody who only listens.

Under our own server a screen takes ready-made frames (shared_frames.py); under any other ASGI
server it has a queue of its own and a task that sends. Either way it is never waited for.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from console.server.metrics import SENT_AWAY
from console.server.shared_frames import EXTENSION, SharedFrameProtocol, text_frame
from models.viewer import Audience, Viewer

PAUSED_SECONDS = 5.0
WAITING_LIMIT = 1024 * 1024  # bytes that may wait for one screen

VIEWS = ("console", "duty", "wall", "citizen", "agency")  # who has which: models/roles.py

COME_BACK = 1013
RESTARTING = 1012
STAY_AWAY = 1008
SIGN_IN = 4401


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """What many screens get: encoded once."""

    text: str
    frame: bytes

    @classmethod
    def of(cls, text: str) -> "Message":
        return cls(text, text_frame(text.encode()))


class Screen(Protocol):
    """What the hub needs of a screen."""

    viewer: Viewer
    audience: Audience
    view: str

    def send(self, message: Message) -> None:
        """Write or queue; returns at once. A screen that is closing takes it and shows nothing."""

    def send_away(self, code: int) -> None:
        """Close with this code, even if its reader reads nothing."""

    def lags(self, at: float) -> bool:
        """Has it been paused too long, or does too much wait for it? `at`: the loop's clock."""


class SharedScreen:
    """Writes the shared bytes straight to the transport."""

    __slots__ = ("_loop", "_paused_at", "_protocol", "audience", "view", "viewer")

    def __init__(self, protocol: SharedFrameProtocol, viewer: Viewer, audience: Audience, view: str) -> None:
        self.viewer, self.audience, self.view = viewer, audience, view
        self._protocol = protocol
        self._loop = protocol.loop
        self._paused_at: float | None = None
        protocol.on_lag, protocol.on_drained = self._lag, self._drained

    def send(self, message: Message) -> None:
        self._protocol.write_frame(message.frame)
        # Not at the first pause: one large message pauses a healthy reader too.
        if self._paused_at is not None and self._protocol.waiting > WAITING_LIMIT:
            self.send_away(COME_BACK)

    def send_away(self, code: int) -> None:
        SENT_AWAY.labels(code).inc()
        self._protocol.send_away(code)

    def lags(self, at: float) -> bool:
        return self._paused_at is not None and at - self._paused_at > PAUSED_SECONDS

    def _lag(self) -> None:
        self._paused_at = self._loop.time()

    def _drained(self) -> None:
        self._paused_at = None


class QueuedScreen:
    """Queues for a task that sends through ASGI."""

    def __init__(self, socket: WebSocket, viewer: Viewer, audience: Audience, view: str) -> None:
        self.viewer, self.audience, self.view = viewer, audience, view
        self._socket = socket
        self._loop = asyncio.get_running_loop()
        self._queue: deque[Message] = deque()
        self._waiting = 0
        self._sending_since: float | None = None
        self._code: int | None = None
        self._woken = asyncio.Event()

    def send(self, message: Message) -> None:
        if self._code is not None:
            return
        self._queue.append(message)
        self._waiting += len(message.frame)
        if self._waiting > WAITING_LIMIT:
            self.send_away(COME_BACK)
        self._woken.set()

    def send_away(self, code: int) -> None:
        if self._code is None:
            SENT_AWAY.labels(code).inc()
            self._code = code
            self._queue.clear()
            self._woken.set()

    def lags(self, at: float) -> bool:
        return self._sending_since is not None and at - self._sending_since > PAUSED_SECONDS

    async def work(self) -> None:
        """Send what is queued until sent away. Runs as a task beside the one that receives."""
        try:
            while True:
                await self._woken.wait()
                self._woken.clear()
                while self._queue:
                    message = self._queue.popleft()
                    self._sending_since = self._loop.time()
                    await self._socket.send_text(message.text)
                    self._sending_since = None
                    self._waiting -= len(message.frame)
                if self._code is not None:
                    if self._socket.application_state is WebSocketState.CONNECTED:
                        await self._socket.close(self._code)
                    return
        except WebSocketDisconnect:
            return  # it left while we were sending


def shared_protocol(socket: WebSocket) -> SharedFrameProtocol | None:
    """The server's own protocol object, where the server is ours."""
    return socket.scope.get("extensions", {}).get(EXTENSION)
