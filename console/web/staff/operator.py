"""For whoever keeps it running: is it alive, is it ready, what does it count."""

import asyncio
import hmac
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from console.evidence.children import GAPS
from console.server.metrics import note, text
from console.server.program import RELEASE
from console.server.vitals import STOPS, faults
from console.state import Request
from models.errors import NotFound
from models.people.codes import CODE
from models.reading.board import position
from models.reading.counting import by_priority, evidence_queue
from models.record.outbox import NEWS, PUSH, State, counts
from models.time import now

INCIDENTS = {
    "open": "Incidents that go on.",
    "unclaimed": "Those that nobody has taken.",
    "late": "Those whose next target has passed.",
}


async def health(request: Request) -> Response:
    """The process answers, and says which program it is."""
    return PlainTextResponse(f"ok, {RELEASE}")


async def ready(request: Request) -> Response:
    """It can read, and write without delay, and has room; if not, why. Redis may be down: consoles stay live without it.
    Which walls round a media child this machine does not give is a note: all is stored and shown without them.
    """
    wrong = [fault.value for fault in faults(request.state.settings, request.state.writer) if fault in STOPS]
    try:
        await request.state.read(position)
    except SQLAlchemyError:
        wrong.append("the database does not answer")
    lacks = [f"note: {GAPS[gap]}" for gap in request.state.store.children.gaps]
    return PlainTextResponse("\n".join([*(wrong or ["ok"]), *lacks]), 503 if wrong else 200)


async def metrics(request: Request) -> Response:
    """Prometheus text, for whoever brings SIAGA_METRICS_TOKEN: counts tell a lot about a night. Without one it is off:
    by their address alone all visitors of a proxy on this machine are neighbours.
    """
    token, said = request.state.settings.metrics_token, request.headers.get("authorization", "")
    if not token:
        raise NotFound()
    if not hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
        return PlainTextResponse("the token, please", 401, {"WWW-Authenticate": "Bearer"})
    note(**request.state.told)
    settings, registry = request.state.settings, CollectorRegistry()
    asked = await request.state.read(_counts)
    disk = await asyncio.to_thread(shutil.disk_usage, settings.data_dir)

    def gauge(name: str, words: str, values: Mapping[Any, float], labels: tuple[str, ...] = ()) -> None:
        family = Gauge(name, words, labels, registry=registry)
        for label, value in values.items():
            (family.labels(*label) if label else family).set(value)

    gauge("siaga_events", "Number of the newest event.", {(): asked.seq})
    for name, words in INCIDENTS.items():
        values = {(str(priority),): float(count) for priority, count in asked.incidents[name].items()}
        gauge(f"siaga_incidents_{name}", words, values, ("priority",))
    gauge("siaga_outbox", "Pushes and messages of the last week.", asked.outbox, ("kind", "state"))
    gauge("siaga_evidence_waits", "Files, by what they wait for.", asked.evidence, ("for",))
    gauge("siaga_disk_free_bytes", "Room where the evidence lies.", {(): disk.free})
    gauge("siaga_disk_bytes", "All of that disk.", {(): disk.total})
    return Response(text(registry), media_type=CONTENT_TYPE_LATEST)


@dataclass(frozen=True)
class Counts:
    seq: int
    incidents: dict[str, dict[int, int]]
    outbox: dict[tuple[str, str], int]
    evidence: dict[tuple[str], int]


def _counts(session: Session) -> Counts:
    outbox = {(kind, state.value): 0 for kind, state in product((PUSH, CODE, NEWS), State)}
    outbox |= counts(session)
    evidence = {(name,): count for name, count in evidence_queue(session).items()}
    return Counts(position(session)[0], by_priority(session, now()), outbox, evidence)


routes = [Route("/health", health), Route("/ready", ready), Route("/metrics", metrics)]
