"""Notifications: which browser wants them, and the key it knows this server by. A reporter's news, a supervisor's calls."""

import base64
import binascii

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from console.door.viewer import require
from console.state import Request
from console.web.citizen.home import inside
from console.web.forms import Form, done, read
from models.errors import N_, WrongValue
from models.people.browsers import subscribe, unsubscribe
from models.people.called import be_called, be_left
from models.roles import REPORTERS, Role

PUSHED = (*REPORTERS, Role.SUPERVISOR)
NOT_ONE = N_("Browser ini tidak dapat menerima pemberitahuan dari sini.")


class Keys(BaseModel):
    p256dh: str = Field(max_length=200)
    auth: str = Field(max_length=100)


class Subscription(Form):
    """As PushSubscription.toJSON() gives it."""

    endpoint: str = Field(max_length=1000)
    keys: Keys


class Ended(Form):
    """One browser by its endpoint; none: all of this citizen's."""

    endpoint: str = Field("", max_length=1000)
    next: str = "/"


async def key(request: Request) -> Response:
    require(request, *PUSHED)
    return JSONResponse({"key": request.state.push.public_key})


async def add(request: Request) -> Response:
    viewer = require(request, *PUSHED)
    given = await read(request, Subscription)
    if not request.state.push.may_call(given.endpoint) or not _usable(given.keys):
        raise WrongValue("endpoint", NOT_ONE)
    agent = request.headers.get("user-agent", "")
    wanted = subscribe if viewer.role in REPORTERS else be_called
    await request.state.writer.run(wanted, viewer, given.endpoint, given.keys.p256dh, given.keys.auth, agent)
    return Response(status_code=204)


async def end(request: Request) -> Response:
    viewer = require(request, *PUSHED)
    given = await read(request, Ended)
    await request.state.writer.run(unsubscribe if viewer.role in REPORTERS else be_left, viewer, given.endpoint)
    return Response(status_code=204) if request.method == "DELETE" else done(request, inside(given.next))


def _usable(keys: Keys) -> bool:
    """A point on the curve and sixteen bytes: found out now, not when there is something to tell."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(keys.p256dh))
        return len(_bytes(keys.auth)) == 16
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return False


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


routes = [
    Route("/push/key", key),
    Route("/push/subscriptions", add, methods=["POST"]),
    Route("/push/subscriptions", end, methods=["DELETE"]),
    Route("/push/subscriptions/delete", end, methods=["POST"]),
]
