"""The follow page: how a complaint stands, in plain words; the thread; and what its reporter may still do."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.door.bodies import WORDS_BYTES
from console.door.viewer import locale_of, require
from console.errors import RETRY_SECONDS, wants_json
from console.evidence.store import TooLarge
from console.pages.words import say
from console.server.vitals import NO_ROOM, Full
from console.state import Request
from console.web.citizen import photos
from console.web.citizen.followed import Followed, followed, load, timeline
from console.web.citizen.sites import site_of
from console.web.door.knock import knocking
from console.web.doubts import Question, question
from console.web.forms import Form, Id, Placed, done, read
from console.web.showing import shown
from models.city.site import Site
from models.errors import N_, WrongValue
from models.incidents.complaint import Complaint
from models.incidents.correcting import HERE, UNSURE
from models.incidents.filing import MOST_EVIDENCE, Upload, attach, find_complaint, read_thread
from models.incidents.talking import URGES
from models.people.phones import masked
from models.record.idempotency import once
from models.roles import REPORTERS
from models.time import now
from models.viewer import Viewer

ELSEWHERE = "https://www.bmkg.go.id/"  # Keluar cepat: the weather, as anybody might look at it
RECEIPT_MINUTES = 10  # so long the page opens with the receipt


class Said(Form):
    words: str = ""
    reason: str = ""
    stars: int | None = None
    lat: str = ""
    lon: str = ""
    accuracy: str = ""
    place: Placed = ""
    choice: str = ""  # what was pressed of a question about the place: a label, "here" or "unsure"
    note: str = ""  # the word beside the stars
    idempotency_key: str = ""


class Upto(Form):
    seq: Id


async def show(request: Request) -> Response:
    viewer = require(request, *REPORTERS)
    seen = await request.state.read(followed, viewer, request.path_params["ref"])
    if seen.complaint.ref != request.path_params["ref"]:
        return RedirectResponse(f"/complaints/{seen.complaint.ref}", 307)  # typed as it was read aloud
    return await _page(request, seen)


async def note_read(request: Request) -> Response:
    """What stood before the reporter's eyes, as their page says (static/js/citizen-read.js), or they by a press."""
    viewer, ref = require(request, *REPORTERS), request.path_params["ref"]
    upto = await read(request, Upto)
    await request.state.writer.run(read_thread, viewer, ref, upto.seq)
    return done(request, f"/complaints/{ref}")


async def take(request: Request) -> Response:
    """The steps a reporter may take: reply, say where, reopen what is not over, rate what is."""
    viewer, ref = require(request, *REPORTERS), request.path_params["ref"]
    name = request.url.path.rpartition("/")[2]
    said = await read(request, Said)
    asked = said.model_dump(exclude={"idempotency_key"}, exclude_defaults=True)
    try:
        given = await _given(request, name, said)
        await request.state.writer.run(_take, viewer, ref, name, given, said.idempotency_key, asked)
    except WrongValue as error:
        if _part(request):
            raise
        return await again(request, viewer, ref, error, said)
    return done(request, f"/complaints/{ref}")


async def _given(request: Request, name: str, said: Said) -> dict[str, Any]:
    match name:
        case "reply":
            return {"words": said.words}
        case "rate":
            return {"stars": said.stars, "words": said.note}
        case "locate" if said.choice in (HERE, UNSURE):
            return {"site": Site.unknown(said.place), "answer": said.choice}
        case "locate" if said.choice:
            return {"site": await site_of(request.state.places, "", "", said.choice)}
        case "locate":
            return {"site": await site_of(request.state.places, said.lat, said.lon, said.place, "", said.accuracy)}
    return {"reason": said.reason}


async def add_photos(request: Request) -> Response:
    """More photos for a complaint that stands already."""
    viewer, ref = require(request, *REPORTERS), request.path_params["ref"]
    await request.state.read(find_complaint, viewer, ref)  # before a byte is kept
    async with request.form(max_files=4 * photos.MOST, max_fields=10, max_part_size=WORDS_BYTES) as form:
        try:
            async with photos.kept(request, photos.photos_of(form)) as uploads:
                if not uploads:
                    raise WrongValue("photo", N_("Pilih fotonya."))
                await request.state.writer.run(_attach, viewer, ref, uploads)
        except (WrongValue, TooLarge, Full) as error:
            if _part(request):
                raise
            if isinstance(error, WrongValue):
                return await again(request, viewer, ref, error)
            if isinstance(error, Full):
                response = await again(request, viewer, ref, WrongValue("photo", NO_ROOM), status=507)
                response.headers["Retry-After"] = RETRY_SECONDS[507]
                return response
            return await again(request, viewer, ref, photos.too_large(), status=413)
    return done(request, f"/complaints/{ref}")


def _take(session: Session, by: Viewer, ref: str, name: str, given: dict[str, Any], key: str, asked: Any) -> None:
    complaint = find_complaint(session, by, ref)
    which: dict[str, Any] = {} if name == "reopen" else {"complaint": complaint.id}

    def act() -> dict[str, Any]:
        load(complaint).take(name, by, **which | given)
        return {}

    once(session, by, key, {"step": name, "ref": complaint.ref, **asked}, act)


def _attach(session: Session, by: Viewer, ref: str, uploads: Sequence[Upload]) -> None:
    complaint = find_complaint(session, by, ref)
    for upload in uploads:
        attach(session, by, complaint, upload)
        session.flush()
        session.refresh(complaint, ["evidence"])  # the law counts them


async def again(
    request: Request,
    viewer: Viewer,
    ref: str,
    fault: WrongValue,
    said: Said | None = None,
    status: int = 422,
    phone: str = "",
) -> Response:
    """The page with what was typed, and what is wrong with it."""
    seen = await request.state.read(followed, viewer, ref)
    told = {fault.field: say(locale_of(request), fault.sentence, fault.values)}
    return await _page(request, seen, told, said, status, phone)


async def _page(
    request: Request,
    seen: Followed,
    errors: Mapping[str, str] | None = None,
    said: Said | None = None,
    status: int = 200,
    phone: str = "",
) -> Response:
    complaint, incident = seen.complaint, seen.incident
    asked = await asyncio.to_thread(_question, request, seen)
    young = now() - complaint.filed_at < timedelta(minutes=RECEIPT_MINUTES)
    return await shown(
        request, "pages/complaint.html", status=status,
        complaint=complaint, incident=incident, stage=seen.stage, warned=seen.warned, told=seen.told, forwarded=seen.forwarded, steps=timeline(seen),
        lines=seen.lines, seen=seen.seen, rating=seen.rating, pressed=seen.pressed, urges=URGES, urged=seen.urged, located=seen.located, place_said=seen.place_said, question=asked, evidence=complaint.evidence, seq=seen.seq, epoch=seen.epoch,
        after=seen.after, fresh=young and seen.stage == "new" and not seen.reopened_at, again=seen.again, reopen_until=seen.reopen_until,
        may_add=incident.open and len(complaint.evidence) < MOST_EVIDENCE,
        errors=errors or {}, typed=said or Said(), elsewhere=ELSEWHERE, phone=phone, knocked=_knocked(request, complaint),
    )  # fmt: skip


def _knocked(request: Request, complaint: Complaint) -> tuple[str, str] | None:
    """The number, masked, to which a guest's code was sent from this page; and the code itself, in the demo alone."""
    knocked = None if "number" in request.query_params else knocking(request)
    here = knocked and not knocked.proved and knocked.next == f"/complaints/{complaint.ref}"
    return (masked(knocked.phone), knocked.shown) if knocked and here else None


def _question(request: Request, seen: Followed) -> Question | None:
    """Of their own place, while it is open, and until they have answered."""
    complaint, incident = seen.complaint, seen.incident
    asks = incident.open and complaint.home_id == incident.id and seen.located is None and not seen.pressed
    return question(request.state.places, incident, complaint.landmark) if asks else None


def _part(request: Request) -> bool:
    return wants_json(request) or request.headers.get("hx-request") == "true"


routes = [
    Route("/complaints/{ref}", show),
    Route("/complaints/{ref}/read", note_read, methods=["POST"]),
    Route("/complaints/{ref}/reply", take, methods=["POST"]),
    Route("/complaints/{ref}/locate", take, methods=["POST"]),
    Route("/complaints/{ref}/reopen", take, methods=["POST"]),
    Route("/complaints/{ref}/rate", take, methods=["POST"]),
    Route("/complaints/{ref}/photos", add_photos, methods=["POST"], middleware=photos.IN_A_FORM),
]
