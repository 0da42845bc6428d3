"""Complaints, for those who send them: the form, the filing, and the list of one's own."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from console.door.bodies import WORDS_BYTES
from console.door.viewer import insider, is_quiet, locale_of, new_secret, require, somebody, viewer_of
from console.door.whose import OtherHands
from console.errors import RETRY_SECONDS, answer, wants_json
from console.evidence.store import TooLarge
from console.pages.render import asks_for_part
from console.pages.words import say
from console.server.vitals import NO_ROOM, Full
from console.state import Request
from console.web.citizen import drafts, follow, followed, photos, presses
from console.web.citizen.reports import Report, WrongReport, file_once
from console.web.doubts import Question, question
from console.web.forms import read
from console.web.showing import shown
from models.city.category import URGENT, Category, categories
from models.city.seed.facts import load
from models.city.site import Site
from models.city.worded import joined
from models.errors import N_, Blocked, KeyReused, NotAllowed, TooMuch, TooOften, WrongValue
from models.incidents.complaint import Complaint
from models.incidents.filing import check, complaints_of
from models.incidents.standing import appeals_of, struck_of
from models.people.citizens import Citizen
from models.reading.board import position
from models.roles import DUTY, REPORTERS, Role
from models.viewer import Viewer

PAGE_SIZE = 50
SENT_BEFORE = N_("Laporan tadi sudah terkirim. Kirim lagi bila ini laporan baru.")
BEFORE_THE_DOOR = N_(
    "Sebelum masuk paling banyak 20 MB foto. Kembali, pilih lebih sedikit, atau tambahkan setelah masuk."
)


async def new(request: Request) -> Response:
    viewer, asked = insider(request), request.query_params
    if viewer and viewer.role not in (Role.CITIZEN, *DUTY):
        raise NotAllowed(N_("Hanya pelapor dan petugas yang dapat membuat laporan."))
    blocked_since = await request.state.read(_blocked_at, viewer) if viewer else None
    if viewer and blocked_since:
        return await blocked(request, viewer)
    if viewer is None and asked.get("category") == URGENT and await presses.shut_out(request):
        return await blocked(request, None)
    key, _ = new_secret()
    if asked.get("draft") and viewer and viewer.role == Role.CITIZEN and (body := await drafts.waits(request)):
        report = Report.model_validate(body["report"] | {"draft": "1", "idempotency_key": key})
        return await _form(request, report, await _faults(request, viewer, report), draft=body, status=200)
    report = Report(category=asked.get("category", ""), source=asked.get("source", ""), idempotency_key=key)
    return await _form(request, report)


async def send(request: Request) -> Response:
    """File it; or keep it until whoever wrote it has come through the door."""
    if request.headers.get("content-type", "").startswith("application/json"):
        report = await read(request, Report)
        return await _attempt(request, report, [])
    try:
        async with request.form(max_files=4 * photos.MOST, max_fields=40, max_part_size=WORDS_BYTES) as form:
            typed = {name: value for name in Report.model_fields if isinstance(value := form.get(name), str)}
            return await _attempt(request, Report.model_validate(typed), form)
    except HTTPException as error:
        if error.status_code == 413 and somebody(request) is None:
            raise TooMuch(BEFORE_THE_DOOR) from error
        raise


async def mine(request: Request) -> Response:
    viewer = require(request, *REPORTERS)
    before = request.query_params.get("before", "")
    own, seq, epoch = await request.state.read(own_complaints, viewer, PAGE_SIZE + 1, before)
    earlier = own[PAGE_SIZE - 1].ref if len(own) > PAGE_SIZE else ""
    told: dict[str, Any] = {"complaints": own[:PAGE_SIZE], "earlier": earlier, "seq": seq, "epoch": epoch}
    return await shown(request, "pages/complaints.html", **told)


def own_complaints(session: Session, viewer: Viewer, limit: int, before: str = "") -> tuple[list[Complaint], int, str]:
    """Newest first, with the number a socket goes on from. `before`: the last reference of the page above."""
    seq, epoch = position(session)
    own = complaints_of(session, viewer, limit, before)
    for complaint in own:
        followed.load(complaint)
    return own, seq, epoch


async def blocked(
    request: Request, viewer: Viewer | None, status: int = 403, fault: WrongValue | None = None
) -> Response:
    """Why, since when, that 110 still answers, and the appeal with its answer; of a phone without an account what it can
    do besides."""
    if viewer is None:
        return await shown(request, "pages/blocked_phone.html", status=status)
    errors = {fault.field: say(locale_of(request), fault.sentence, fault.values)} if fault else {}

    def load(session: Session) -> dict[str, Any]:
        return {
            "blocked_at": _blocked_at(session, viewer),
            "struck": struck_of(session, viewer),
            "appeals": appeals_of(session, viewer),
        }

    return await shown(request, "pages/blocked.html", load, status, errors=errors)


async def _attempt(request: Request, report: Report, form: Any) -> Response:
    try:
        return await _send(request, report, photos.photos_of(form) if form else [])
    except WrongReport as error:
        return await _form(request, report, error.faults)
    except KeyReused as error:
        # Sent, gone back, changed: a report of its own now, and with the old key it could never leave.
        report.idempotency_key, _ = new_secret()
        told = error if wants_json(request) else WrongValue("form", SENT_BEFORE)
        return await _form(request, report, [told])
    except WrongValue as error:
        return await _form(request, report, [error])
    except TooLarge:
        return await _form(request, report, [photos.too_large()], 413)
    except Full:
        if wants_json(request) or request.headers.get("hx-request") == "true":
            raise
        response = await _form(request, report, [WrongValue("photo", NO_ROOM)], 507)
        response.headers["Retry-After"] = RETRY_SECONDS[507]
        return response
    except TooMuch as error:
        return await _form(request, report, [WrongValue("photo", error.sentence, **error.values)], 413)
    except TooOften as error:
        if wants_json(request) or request.headers.get("hx-request") == "true":
            raise
        response = await _form(request, report, [WrongValue("form", error.sentence, **error.values)], 429)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    except Blocked:
        viewer = insider(request)
        if wants_json(request) or (viewer and viewer.role != Role.CITIZEN):
            raise
        return await blocked(request, viewer)


async def _send(request: Request, report: Report, files: Sequence[Any]) -> Response:
    # A program signs in first; a locked screen files nothing.
    viewer = viewer_of(request) if wants_json(request) or somebody(request) else None
    report.check()
    site = await report.site(request)
    if report.pressed and viewer and viewer.role not in (*REPORTERS, *DUTY):
        raise OtherHands()  # pressed by who held this phone before: it goes on as nobody's
    if report.pressed and (viewer is None or viewer.role in REPORTERS):
        return await presses.file(request, report, site)
    if viewer is None or viewer.role == Role.GUEST:
        return await drafts.keep_for_later(request, report, files)
    if which := await asyncio.to_thread(_which, request, viewer, report, site):
        report.filing(viewer, site, ())  # what else is wrong comes first
        return await shown(request, "incidents/_which.html", status=422, question=which)
    drafted = bool(report.draft) and viewer.role == Role.CITIZEN
    async with photos.kept(request, files) as new, drafts.taken(request, drafted) as waited:
        uploads = [*waited, *new]
        filing = replace(report.filing(viewer, site, uploads), quiet=is_quiet(request))
        stored: Any
        if drafted:
            stored = await drafts.file(request, viewer, filing, report, uploads, whole=False)
        else:
            key, asked = report.idempotency_key, report.asked(uploads)
            stored = await request.state.writer.run(file_once, viewer, filing, key, asked)
    return _receipt(request, viewer, stored)


def _which(request: Request, viewer: Viewer, report: Report, site: Site) -> Question | None:
    """What whoever sits at the console asks a caller before it is filed: afterwards nobody is on the line."""
    asks = viewer.on_duty and asks_for_part(request) and not report.sure and site.point is None
    said = joined(report.place, report.landmark)
    return question(request.state.places, site, said) if asks else None


async def _faults(request: Request, viewer: Viewer, report: Report) -> Sequence[WrongValue]:
    """Why a draft that was kept before the door did not go by itself."""
    try:
        report.check()
        filing = report.filing(viewer, await report.site(request), ())
        await request.state.read(check, viewer, filing)
    except WrongReport as error:
        return error.faults
    except WrongValue as error:
        return [error]
    return []


def _receipt(request: Request, viewer: Viewer, stored: Mapping[str, Any]) -> Response:
    on_duty = viewer.on_duty
    target = f"/console?incident={stored['incident']}" if on_duty else f"/complaints/{stored['ref']}"
    if on_duty and request.headers.get(
        "hx-current-url"
    ):  # the sheet on the console: it closes, and the new one is chosen
        return Response(
            status_code=204, headers={"HX-Trigger": json.dumps({"siaga:filed": {"incident": stored["incident"]}})}
        )
    if request.headers.get("hx-request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": target})
    if wants_json(request):
        body = {"ref": stored["ref"], "status": stored["status"], "follow_url": request.state.settings.origin + target}
        return JSONResponse(body, 201, {"Location": target})
    return RedirectResponse(target, 303)


async def _form(
    request: Request, report: Report, faults: Sequence[WrongValue] = (), status: int = 422, draft: Any = None
) -> Response:
    """The form with what was typed; to a part of the console or a program, only what is wrong."""
    if report.draft and draft is None:
        draft = await drafts.waits(request)
    if faults and (wants_json(request) or request.headers.get("hx-request") == "true"):
        if status == 413:
            raise TooLarge()
        if wants_json(request):
            return await answer(request, faults[0])
        fields = {fault.field: say(locale_of(request), fault.sentence, fault.values) for fault in reversed(faults)}
        return await shown(request, "_error.html", status=status, fields=fields, sentence="", asks="")
    choosable: list[Category] = await request.state.read(categories)
    known = {category.code: category for category in choosable}
    tiles = load().tiles
    tiled = {*tiles, URGENT} if report.urgent else {*tiles}
    viewer, locale = insider(request), locale_of(request)
    response = await shown(
        request, "pages/complaint_new.html", status=status if faults else 200,
        typed=report, errors={fault.field: say(locale, fault.sentence, fault.values) for fault in reversed(faults)},
        tiles=[(known[code], icon) for code, icon in tiles.items() if code in known],
        urgent=known.get(URGENT) if report.urgent else None,
        others=sorted((one for one in choosable if one.code not in tiled), key=lambda one: one.plain(locale).casefold()),
        draft=draft, photos=sum(upload is not None for upload in draft["uploads"]) if draft else 0,
        centre=load().city, may_stand_in=bool(viewer and viewer.on_duty), elsewhere=follow.ELSEWHERE,
    )  # fmt: skip
    return response


def _blocked_at(session: Session, viewer: Viewer) -> datetime | None:
    citizen = session.get(Citizen, viewer.id) if viewer.role == Role.CITIZEN else None
    return citizen.blocked_at if citizen else None


routes = [
    Route("/complaints/new", new),
    Route("/complaints", mine),
    Route("/complaints", send, methods=["POST"], middleware=photos.IN_A_FORM),
    *follow.routes,
]
