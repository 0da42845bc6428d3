"""The search: what it finds, and which of the words asked for stand where in it."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require
from console.pages.render import asks_for_part
from console.state import Request
from console.web.showing import shown
from models.city.spoken import digits_of
from models.incidents.incident import Incident
from models.incidents.sight import knows_reporter
from models.people.phones import masked
from models.reading.finding import MASK_SHOWS, asks_whose, called, calls, search
from models.record.event import note_look
from models.roles import DUTY
from models.viewer import Viewer

NUMBER_DIGITS = 8  # of an incident's number, which might be a phone's too
BEFORE, AFTER = 40, 90  # letters of a report round the words found
Pieces = list[tuple[str, bool]]  # text, and whether it was asked for: the template escapes both


class Hit(NamedTuple):
    """`said`: of the words that hold what was asked for; `phone`: the number that did, masked, for who may know it."""

    incident: Incident
    number: Pieces
    place: Pieces
    said: Pieces
    phone: Pieces


async def index(request: Request) -> Response:
    """Search by number, reference, phone or words."""
    viewer, asked = require(request, *DUTY), request.query_params
    q = asked.get("q", "")

    if asks_whose(q):  # before anything is shown, as with every look at who somebody is
        await request.state.writer.run(_note_phone, viewer, q)

    def load(session: Session) -> dict[str, Any]:
        found = search(session, viewer, q, status=asked.get("status", ""), category=asked.get("category", ""))
        return {"results": [hit(one, viewer, q) for one in found], "q": q}

    return await shown(request, "incidents/_results.html" if asks_for_part(request) else "pages/incidents.html", load)


def _note_phone(session: Session, viewer: Viewer, q: str) -> None:
    """Whose number it is, each complaint that it found; and that it was asked for, if it found none."""
    rows = called(session, viewer, q)
    for complaint in rows:
        note_look(session, "phone", viewer, incident_id=complaint.incident_id, complaint_id=complaint.id)
    if not rows and len(digits_of(q)) > NUMBER_DIGITS:
        note_look(session, "phone", viewer)


def hit(incident: Incident, viewer: Viewer, q: str) -> Hit:
    said = next((part for row in incident.complaints if (part := _round(row.words, q))), "")
    phone = next(_phones(incident, viewer, q), "")
    marked = pieces(phone, phone[-MASK_SHOWS:])
    return Hit(incident, pieces(incident.number, q), pieces(incident.place, q), pieces(said, q), marked)


def pieces(text: str, q: str) -> Pieces:
    """The text cut where what was asked for stands; a number is found whatever dashes and blanks stand in it."""
    pattern = _pattern(q)
    if pattern is None or not text:
        return [(text, False)] if text else []
    return [(part, n % 2 == 1) for n, part in enumerate(re.split(f"({pattern})", text, flags=re.IGNORECASE)) if part]


def _pattern(q: str) -> str | None:
    if digits := digits_of(q):
        return "[- ]?".join(digits)
    return re.escape(q.strip()) or None


def _round(words: str, q: str) -> str:
    """As much of a report as stands round what was asked for; "" when it does not say it."""
    pattern = _pattern(q)
    at = re.search(pattern, words, re.IGNORECASE) if pattern else None
    if at is None:
        return ""
    start, end = max(0, at.start() - BEFORE), at.end() + AFTER
    return f"{'…' if start else ''}{words[start:end]}{'…' if end < len(words) else ''}"


def _phones(incident: Incident, viewer: Viewer, q: str) -> Iterator[str]:
    if knows_reporter(viewer, incident):
        yield from (masked(row.reporter_phone) for row in incident.complaints if calls(row.reporter_phone, q))


routes = [Route("/incidents", index)]
