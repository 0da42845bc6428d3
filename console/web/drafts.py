"""Fill in first, sign in last: what somebody wrote before the door waits here for a day, photos and all."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.viewer import hash_of, new_secret
from console.web.reports import Report, file_once
from models.draft import KEPT, keep_draft, read_draft, take_draft
from models.filing import Filing, Upload
from models.people import Role, Viewer

COOKIE = "draft"


async def keep_for_later(request: Request, report: Report, uploads: Sequence[Upload]) -> Response:
    """To the door; the browser holds a random token, the row only its hash."""
    token, hash = new_secret()
    body = {"report": report.model_dump(), "uploads": [vars(upload) for upload in uploads]}
    await request.state.writer.run(keep_draft, hash, body)
    to, part = "/sign-in", request.headers.get("hx-request") == "true"
    response = Response(status_code=204, headers={"HX-Redirect": to}) if part else RedirectResponse(to, 303)
    age, secure = int(KEPT.total_seconds()), request.state.settings.secure
    response.set_cookie(COOKIE, token, max_age=age, path="/", httponly=True, samesite="lax", secure=secure)
    return response


async def waits(request: Request) -> bool:
    """Did this browser leave a draft here?"""
    hash = _hash(request)
    return bool(hash and await request.state.read(read_draft, hash))


async def finish(request: Request, viewer: Viewer) -> Response | None:
    """After the door: file what was kept before it. None when there is nothing, or the viewer files for others."""
    hash = _hash(request)
    if hash is None or viewer.role != Role.CITIZEN:
        return None
    body = await request.state.read(read_draft, hash)
    if body is None:
        return None
    report, uploads = Report.model_validate(body["report"]), [Upload(**upload) for upload in body["uploads"]]
    filing = report.filing(viewer, await report.site(request), uploads)
    key, asked = report.idempotency_key, report.asked(uploads)
    stored = await request.state.writer.run(_file_draft, viewer, hash, filing, key, asked)
    if stored is None:
        return None
    request.state.develop()
    response = RedirectResponse(f"/complaints/{stored['ref']}", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


async def drop(request: Request, response: Response) -> None:
    """Who leaves, leaves no report behind for whoever comes through the door next."""
    if hash := _hash(request):
        await request.state.writer.run(_drop, hash)
        response.delete_cookie(COOKIE, path="/")


def _drop(session: Session, hash: str) -> None:
    take_draft(session, hash)


def _file_draft(session: Session, by: Viewer, hash: str, filing: Filing, key: str, asked: Any) -> dict[str, Any] | None:
    """The draft goes in the commit that files it. None: another window was faster."""
    return file_once(session, by, filing, key, asked) if take_draft(session, hash) else None


def _hash(request: Request) -> str | None:
    token = request.cookies.get(COOKIE)
    return hash_of(token) if token else None
