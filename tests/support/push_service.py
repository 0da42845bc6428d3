"""A push service of our own: what Google, Mozilla and Apple run, small enough to look into.

with push_service() as service:
    phone = service.browser()          # a subscription whose pushes we can open: phone.heard
    phone.answers.append((429, {}))    # what the service says to the next one

A real Firefox may be pointed at it too (`service.ws`): then it keeps the line open and passes pushes on, unread.
"""

import asyncio
import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
import uvicorn
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from console.server.serving import listen
from tests.support.house import wait_until


@dataclass
class Push:
    """One as it came in: the headers that its service reads, and the body that only the browser can."""

    headers: dict[str, str]
    body: bytes
    signer: str
    said: dict[str, Any] | None = None


@dataclass
class Browser:
    """A browser that is only its keys."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    pushes: list[Push] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    @property
    def keys(self) -> tuple[str, str, str]:
        """endpoint, p256dh, auth: as models.people.browsers.subscribe takes them."""
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return self.endpoint, url_safe(point), url_safe(self.auth)

    @property
    def subscription(self) -> dict[str, Any]:
        """As PushSubscription.toJSON() gives it."""
        endpoint, p256dh, auth = self.keys
        return {"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}}

    @property
    def heard(self) -> list[dict[str, Any]]:
        return [push.said for push in self.pushes if push.said is not None]

    def open(self, body: bytes) -> dict[str, Any]:
        clear = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        said: dict[str, Any] = json.loads(clear)
        return said


class PushService:
    """A push without a good signature is answered with an error, and never heard."""

    def __init__(self, port: int):
        self.http, self.ws = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}/push"
        self.browsers: dict[str, Browser] = {}
        self.lines: dict[str, WebSocket] = {}  # channels of real browsers
        self.passed_on: list[Push] = []
        self.acknowledged: list[str] = []
        self.called: list[str] = []
        self.answered: list[int] = []  # statuses that went out whole
        self.hold = threading.Event()  # it takes a push and says nothing until set
        self.hold.set()
        self.loop: asyncio.AbstractEventLoop | None = None

    def browser(self) -> Browser:
        name = secrets.token_hex(8)
        self.browsers[name] = Browser(f"{self.http}/wpush/v2/{name}")
        return self.browsers[name]

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/wpush/v2/{name}", self._push, methods=["POST"]),
                Route("/elsewhere", self._elsewhere, methods=["GET", "POST"]),
                WebSocketRoute("/push", self._line),
            ]
        )

    async def _push(self, request: Request) -> Response:
        name, headers, body = request.path_params["name"], dict(request.headers), await request.body()
        self.called.append(name)
        push = Push(headers, body, signer(headers["authorization"], self.http))
        if name in self.lines:
            self.passed_on.append(push)
            await self.lines[name].send_json(
                {
                    "messageType": "notification",
                    "channelID": name,
                    "version": secrets.token_hex(8),
                    "data": url_safe(body),
                    "headers": {"encoding": headers["content-encoding"]},
                }
            )
            return Response(status_code=201)
        if name not in self.browsers:
            return Response(status_code=404)
        browser = self.browsers[name]
        browser.pushes.append(push)
        status, more = browser.answers.pop(0) if browser.answers else (201, {})
        if status == 201:
            push.said = browser.open(body)
        await asyncio.to_thread(self.hold.wait, 20)
        return Response(status_code=status, headers=more, background=BackgroundTask(self.answered.append, status))

    async def _elsewhere(self, request: Request) -> Response:
        self.called.append("elsewhere")
        return Response(status_code=201)

    async def _line(self, socket: WebSocket) -> None:
        """The other side of Mozilla's: hello, register, notification, ack."""
        await socket.accept(subprotocol="push-notification")
        try:
            while True:
                said = json.loads(await socket.receive_text())
                match said.get("messageType"):
                    case "hello":
                        uaid = said.get("uaid") or secrets.token_hex(16)
                        await socket.send_json(
                            {"messageType": "hello", "status": 200, "uaid": uaid, "use_webpush": True}
                        )
                    case "register":
                        channel = said["channelID"]
                        self.lines[channel] = socket
                        told = {"channelID": channel, "status": 200, "pushEndpoint": f"{self.http}/wpush/v2/{channel}"}
                        await socket.send_json({"messageType": "register", **told})
                    case "unregister":
                        self.lines.pop(said["channelID"], None)
                        told = {"channelID": said["channelID"], "status": 200}
                        await socket.send_json({"messageType": "unregister", **told})
                    case "ack":
                        self.acknowledged += [update["channelID"] for update in said["updates"]]
                    case _:
                        await socket.send_text("{}")
        except WebSocketDisconnect:
            self.lines = {name: line for name, line in self.lines.items() if line is not socket}


@contextmanager
def push_service() -> Iterator[PushService]:
    listener = listen("127.0.0.1", 0)
    service = PushService(listener.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(service.app(), log_config=None, ws="websockets-sansio", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield service
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
        listener.close()


def signer(authorization: str, audience: str) -> str:
    """The public key of a good RFC 8292 signature, made for this service and not too long ago."""
    parts = dict(part.strip().split("=", 1) for part in authorization.removeprefix("vapid ").split(","))
    signed, _, signature = parts["t"].rpartition(".")
    raw = unsafe(signature)
    whole = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unsafe(parts["k"]))
    key.verify(whole, signed.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(unsafe(signed.split(".")[1]))
    assert claims["aud"] == audience and time.time() < claims["exp"] <= time.time() + 24 * 3600
    assert claims["sub"].startswith(("mailto:", "https://"))
    return parts["k"]


def unsafe(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


def url_safe(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
