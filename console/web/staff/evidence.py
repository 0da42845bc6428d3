"""Evidence: each picture and film is served to its reporter and to officers, and every officer's look is noted."""

from pathlib import Path
from typing import Any, Literal

from sqlmodel import Session
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from console.door.viewer import viewer_of
from console.evidence.kinds import Kind
from console.state import Request
from models.errors import NotFound
from models.incidents.evidence import Evidence
from models.reading.board import find_evidence
from models.record.event import note_look
from models.roles import DUTY, REPORTERS
from models.viewer import Viewer

PRIVATE = {"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin"}


async def thumb(request: Request) -> Response:
    """Small. To all but its reporter a veil of twenty pixels: the picture itself comes by a look, which is noted."""
    viewer = viewer_of(request)
    evidence = await request.state.read(_ready, viewer, request.path_params["key"])
    size: Literal["thumb", "veil"] = "thumb" if viewer.role in REPORTERS else "veil"
    return _sent(request.state.store.derived(evidence.sha256, size), "image/webp", headers=PRIVATE)


async def view(request: Request) -> Response:
    """The picture without its metadata. The look is noted before a byte is sent."""
    evidence = await request.state.writer.run(_look, viewer_of(request), request.path_params["key"])
    return _sent(request.state.store.derived(evidence.sha256, "view"), "image/webp", headers=PRIVATE)


async def play(request: Request) -> Response:
    """The copy of a video that every browser plays, or the part of it that is asked for. Noted as a look, once."""
    evidence = await request.state.writer.run(_look, viewer_of(request), request.path_params["key"])
    return _sent(request.state.store.film(evidence.sha256), "video/mp4", headers=PRIVATE)


async def original(request: Request) -> Response:
    """The file as it came, to keep as evidence: never shown by the browser.

    Not for partners: it holds what a picture knows of the phone and the place it was taken with.
    """
    viewer = viewer_of(request)
    if viewer.role not in (*DUTY, *REPORTERS):
        raise NotFound()
    evidence = await request.state.writer.run(_look, viewer, request.path_params["key"])
    headers = PRIVATE | {"Content-Security-Policy": "sandbox"}
    name = f"{evidence.key}.{Kind(evidence.mime).ending}"
    return _sent(request.state.store.path(evidence.sha256), evidence.mime, filename=name, headers=headers)


def _sent(path: Path, mime: str, **more: Any) -> Response:
    if not path.exists():  # it still waits for the media child, or cannot be read
        raise NotFound()
    return FileResponse(path, media_type=mime, **more)


def _ready(session: Session, viewer: Viewer, key: str) -> Evidence:
    evidence, _ = find_evidence(session, viewer, key)
    if evidence.state != "ready":
        raise NotFound()
    return evidence


def _look(session: Session, viewer: Viewer, key: str) -> Evidence:
    evidence, complaint = find_evidence(session, viewer, key)
    if viewer.role not in REPORTERS:
        note_look(
            session,
            "evidence",
            viewer,
            incident_id=complaint.incident_id,
            complaint_id=complaint.id,
            evidence_id=evidence.id,
        )
    return evidence


routes = [
    Route("/evidence/{key}/thumb", thumb),
    Route("/evidence/{key}/view", view),
    Route("/evidence/{key}/play", play),
    Route("/evidence/{key}/original", original),
]
