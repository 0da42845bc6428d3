"""Fill in first, sign in last: what somebody wrote before the door waits here for a day, photos and all.

One that cannot be filed behind it (a category gone, a place that cannot be) holds nobody up: it is kept, shown and said.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from sqlmodel import Session
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from console.door.cookies import cookie, drop_cookie, set_cookie
from console.door.limits import DAY
from console.door.viewer import hash_of, insider, is_quiet, new_secret
from console.door.whose import fits
from console.evidence.kinds import HEAD_BYTES
from console.evidence.store import Received, Store
from console.server.vitals import Full
from console.state import Request
from console.web.citizen.photos import upload_of
from console.web.citizen.reports import Report, file_once
from console.web.door.knock import where
from models.city.category import choose
from models.errors import Blocked, Refusal, TooOften
from models.incidents.draft import KEPT, keep_draft, read_draft, take_draft
from models.incidents.filing import Filing, Upload
from models.roles import Role
from models.viewer import Viewer

COOKIE = "draft"
AGAIN = "/complaints/new?draft=1"
OF_AN_ADDRESS, OF_A_NETWORK = 300, 1500  # drafts within the hour: in a flood whole districts come from one carrier

KIB_OF_AN_ADDRESS, KIB_OF_A_NETWORK = 100 * 1024, 250 * 1024  # of photos a day: one phone never takes the room of all

log = logging.getLogger(__name__)


async def keep_for_later(request: Request, report: Report, files: Sequence[UploadFile]) -> Response:
    """To the door; the browser holds a random token, the row only its hash. Photos for which there is no room stay
    on the phone, and the door says so: the words count.
    """
    await request.state.read(choose, report.category)
    place = where(request)
    await request.state.limits.within("draft", place.address, OF_AN_ADDRESS)
    await request.state.limits.within("drafts", place.network, OF_A_NETWORK)
    token, hash = new_secret()
    room = not files or await _has_room(request, sum(file.size or 0 for file in files))
    uploads = [await _keep(request.state.store, hash, nth, file) if room else None for nth, file in enumerate(files)]
    body = {
        "report": report.model_dump(),
        "uploads": [vars(upload) if upload else None for upload in uploads],
        "left_out": uploads.count(None),
    }
    try:
        await request.state.writer.run(keep_draft, hash, body)
    except Refusal:
        request.state.store.waiting.drop(hash)
        raise
    to, part = "/sign-in", request.headers.get("hx-request") == "true"
    response = Response(status_code=204, headers={"HX-Redirect": to}) if part else RedirectResponse(to, 303)
    set_cookie(request, response, COOKIE, token, int(KEPT.total_seconds()))
    return response


async def waits(request: Request, viewer: Viewer | None = None) -> dict[str, Any] | None:
    """What this browser left here; not what another account wrote, who is out now: it waits for them."""
    hash = _hash(request)
    body: dict[str, Any] | None = await request.state.read(read_draft, hash) if hash else None
    whose = body["report"].get("whose", "") if body else ""
    return body if fits(request, whose, viewer or insider(request)) else None


async def finish(request: Request, viewer: Viewer) -> Response | None:
    """After the door: file what was kept before it. None when there is nothing, or the viewer files for others."""
    if viewer.role != Role.CITIZEN or (body := await waits(request, viewer)) is None:
        return None
    try:
        report = Report.model_validate(body["report"])
        report.check()
        site = await report.site(request)
        async with taken(request, True) as uploads:
            stored = await file(
                request, viewer, replace(report.filing(viewer, site, uploads), quiet=is_quiet(request)), report, uploads
            )
    except Blocked:
        raise
    except Exception as error:  # whatever is wrong with it, its writer comes in
        if not isinstance(error, Refusal):
            log.exception("a draft could not be filed")
        return RedirectResponse(AGAIN, 303)
    if stored is None:
        return None
    response = RedirectResponse(f"/complaints/{stored['ref']}", 303)
    drop_cookie(request, response, COOKIE)
    return response


@asynccontextmanager
async def taken(request: Request, wanted: bool) -> AsyncIterator[list[Upload]]:
    """The draft's photos, in the store while it is filed; they go on waiting when it is refused."""
    hash, store = _hash(request), request.state.store
    body = await waits(request) if wanted else None
    received: list[Received] = []
    uploads = []
    for nth, kept in enumerate(body["uploads"] if body else ()):
        if kept and hash and (one := await _adopt(store, store.waiting.path(hash, nth), kept["sha256"])):
            received.append(one)
            uploads.append(Upload(**kept))
    try:
        yield uploads
    except (Refusal, Full):
        for one in received:
            await store.discard(one)
        raise
    if body and hash:
        store.waiting.drop(hash)


async def file(
    request: Request, viewer: Viewer, filing: Filing, report: Report, uploads: Sequence[Upload], whole: bool = True
) -> dict[str, Any] | None:
    """The draft goes in the commit that files it. None: another window was faster, and nothing but it was to be filed."""
    key, asked = report.idempotency_key, report.asked(uploads)
    stored: dict[str, Any] | None = await request.state.writer.run(
        _file, viewer, _hash(request) or "", filing, key, asked, whole
    )
    return stored


async def drop(request: Request, response: Response) -> None:
    """Who leaves, leaves no report behind for whoever comes through the door next."""
    if hash := _hash(request):
        await request.state.writer.run(_drop, hash)
        request.state.store.waiting.drop(hash)
        drop_cookie(request, response, COOKIE)


def _drop(session: Session, hash: str) -> None:
    take_draft(session, hash)


def _file(
    session: Session, by: Viewer, hash: str, filing: Filing, key: str, asked: Any, whole: bool
) -> dict[str, Any] | None:
    there = take_draft(session, hash)
    return file_once(session, by, filing, key, asked) if there or not whole else None


async def _has_room(request: Request, size: int) -> bool:
    place, kib = where(request), size // 1024 + 1
    try:
        await request.state.limits.within("photos", place.address, KIB_OF_AN_ADDRESS, DAY, kib)
        await request.state.limits.within("albums", place.network, KIB_OF_A_NETWORK, DAY, kib)
    except TooOften:
        return False
    return True


async def _keep(store: Store, hash: str, nth: int, photo: UploadFile) -> Upload | None:
    if (found := await store.waiting.keep(hash, nth, photo.file)) is None:
        return None
    sha256, size = found
    await photo.seek(0)
    return upload_of(photo, await photo.read(HEAD_BYTES), size, sha256)


async def _adopt(store: Store, path: Any, sha256: str) -> Received | None:
    try:
        return await store.adopt(path, sha256=sha256, stays=True)
    except FileNotFoundError:
        log.warning("a photo of a draft is gone")
        return None


def _hash(request: Request) -> str | None:
    token = cookie(request, COOKIE)
    return hash_of(token) if token else None
