"""For whoever keeps it running: is it alive, is it ready, what does it count."""

import hmac
from itertools import product

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from console.vitals import STOPS, faults
from models.board import position
from models.codes import CODE
from models.errors import NotFound
from models.outbox import State, counts
from models.pushes import NEWS, PUSH


async def health(request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


async def ready(request: Request) -> Response:
    """It can read, and write without delay, and has room; if not, why. Redis may be down: consoles stay live without it."""
    wrong = [fault.value for fault in faults(request.state.settings, request.state.writer) if fault in STOPS]
    try:
        await request.state.read(position)
    except SQLAlchemyError:
        wrong.append("the database does not answer")
    return PlainTextResponse("\n".join(wrong) or "ok", 503 if wrong else 200)


async def metrics(request: Request) -> Response:
    """Prometheus text, for whoever brings SIAGA_METRICS_TOKEN: counts tell a lot about a night. Without one it is off:
    by their address alone all visitors of a proxy on this machine are neighbours.
    """
    token, said = request.state.settings.metrics_token, request.headers.get("authorization", "")
    if not token:
        raise NotFound()
    if not hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
        return PlainTextResponse("the token, please", 401, {"WWW-Authenticate": "Bearer"})
    seq, parcels = await request.state.read(_counts)
    registry = CollectorRegistry()
    values = {
        "siaga_events": ("Number of the newest event.", seq),
        "siaga_hub_cursor": ("Newest event shown to screens.", request.state.hub.cursor),
        "siaga_screens": ("Open screens.", sum(map(len, request.state.hub.screens.values()))),
        "siaga_redis_up": ("Does the wire ring?", int(request.state.wire.up)),
        "siaga_write_waits_seconds": ("Age of the oldest unanswered write.", request.state.writer.waited()),
    }
    for name, (words, value) in values.items():
        Gauge(name, words, registry=registry).set(value)
    outbox = Gauge("siaga_outbox", "Pushes and messages of the last week.", ("kind", "state"), registry=registry)
    for kind, state in product((PUSH, CODE, NEWS), State):
        outbox.labels(kind, state.value).set(0)
    for (kind, told), count in parcels.items():
        outbox.labels(kind, told).set(count)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _counts(session: Session) -> tuple[int, dict[tuple[str, str], int]]:
    return position(session)[0], counts(session)


routes = [Route("/health", health), Route("/ready", ready), Route("/metrics", metrics)]
