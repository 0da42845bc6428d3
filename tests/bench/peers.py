"""Servers that others would use, each the way its documentation shows: python -m tests.bench.peers NAME

They run in an environment of their own (.tools/bench-venv): nothing of Siaga is imported here.
"""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from tests.bench.feed import obey


async def websockets() -> None:
    """websockets.broadcast"""
    from websockets.asyncio.server import broadcast, serve

    open_now: set[Any] = set()

    async def handler(socket: Any) -> None:
        open_now.add(socket)
        try:
            await socket.wait_closed()
        finally:
            open_now.discard(socket)

    async with serve(handler, "127.0.0.1", 0, compression=None, ping_interval=None, backlog=4096) as server:
        await obey(next(iter(server.sockets)).getsockname()[1], lambda text: broadcast(open_now, text))


async def starlette() -> None:
    """A plain loop over the sockets"""
    from starlette.applications import Starlette
    from starlette.routing import WebSocketRoute
    from starlette.websockets import WebSocket, WebSocketDisconnect

    open_now: set[WebSocket] = set()

    async def endpoint(socket: WebSocket) -> None:
        await socket.accept()
        open_now.add(socket)
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            open_now.discard(socket)

    async def publish(text: str) -> None:
        for socket in list(open_now):
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it left meanwhile
                await socket.send_text(text)

    await _under_uvicorn(Starlette(routes=[WebSocketRoute("/", endpoint)]), lambda port: obey(port, publish))


async def broadcaster() -> None:
    """A subscription for each socket; in memory, which is kinder than its Redis"""
    from broadcaster import Broadcast
    from starlette.applications import Starlette
    from starlette.routing import WebSocketRoute
    from starlette.websockets import WebSocket, WebSocketDisconnect

    broadcast = Broadcast("memory://")

    async def endpoint(socket: WebSocket) -> None:
        await socket.accept()
        async with asyncio.TaskGroup() as tasks:
            sending = tasks.create_task(send(socket))
            with contextlib.suppress(WebSocketDisconnect):
                while True:
                    await socket.receive_text()
            sending.cancel()

    async def send(socket: WebSocket) -> None:
        async with broadcast.subscribe("events") as events:
            async for event in events:
                await socket.send_text(event.message)

    async with broadcast:
        app = Starlette(routes=[WebSocketRoute("/", endpoint)])
        await _under_uvicorn(app, lambda port: obey(port, lambda text: broadcast.publish("events", text)))


async def socketio() -> None:
    """python-socketio's emit to everyone"""
    import socketio as library

    server = library.AsyncServer(async_mode="asgi", ping_interval=3600, cors_allowed_origins="*")
    wire: dict[str, Any] = {"before": len('42["e","'), "around": len('42["e",""]'), "greeting": "40", "welcome": 2}
    path = "/socket.io/?EIO=4&transport=websocket"
    app = library.ASGIApp(server)
    await _under_uvicorn(app, lambda port: obey(port, lambda text: server.emit("e", text), path=path, **wire))


async def picows() -> None:
    """A loop over transports in Cython"""
    from picows import WSListener, WSMsgType, WSTransport, ws_create_server

    open_now: set[WSTransport] = set()

    class Listener(WSListener):  # type: ignore[misc]
        def on_ws_connected(self, transport: WSTransport) -> None:
            open_now.add(transport)

        def on_ws_disconnected(self, transport: WSTransport) -> None:
            open_now.discard(transport)

    def publish(text: str) -> None:
        payload = text.encode()
        for transport in open_now:
            transport.send(WSMsgType.TEXT, payload)

    server = await ws_create_server(lambda _request: Listener(), "127.0.0.1", 0, backlog=4096)
    await obey(server.sockets[0].getsockname()[1], publish)


async def _under_uvicorn(app: Any, then: Callable[[int], Awaitable[None]]) -> None:
    import uvicorn

    settings: dict[str, Any] = {"ws": "websockets-sansio", "ws_per_message_deflate": False, "lifespan": "off"}
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, backlog=4096, log_config=None, **settings))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    await then(server.servers[0].sockets[0].getsockname()[1])
    serving.cancel()


PEERS = (websockets, starlette, broadcaster, socketio, picows)

if __name__ == "__main__":
    (peer,) = [peer for peer in PEERS if peer.__name__ == sys.argv[1]]
    asyncio.run(peer())
