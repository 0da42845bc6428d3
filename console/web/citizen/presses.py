"""Respons Cepat, held to the end: filed at once, for an account or for whoever holds this phone."""

from dataclasses import replace
from typing import Any

from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from console.door.cookies import DEVICE, DEVICE_SECONDS, cookie, set_cookie
from console.door.sealing import mark
from console.door.viewer import hash_of, insider, is_quiet, let_in, locale_of, new_secret, somebody
from console.state import Request
from console.web.citizen.reports import Report
from console.web.door.knock import where
from models.city.site import Site
from models.incidents.filing import Filing
from models.incidents.pressing import Browser, is_theirs, press, press_as_guest
from models.people.guests import blocked_here
from models.roles import RIGHTS, Role
from models.viewer import Viewer


async def file(request: Request, report: Report, site: Site) -> Response:
    """To its page; a guest with a grant to it."""
    key, asked, quiet = report.idempotency_key, report.asked(()), is_quiet(request)
    if viewer := insider(request):
        ref = await request.state.writer.run(
            _for_account, viewer, replace(report.filing(viewer, site, ()), quiet=quiet), key, asked
        )
        return _to(request, f"/complaints/{ref}" if ref else "/")
    origin = mark(request.state.settings.key, "origin", where(request).address)
    filing = replace(report.filing(Viewer(Role.GUEST), site, (), origin), quiet=quiet)
    token = cookie(request, DEVICE) or new_secret()[0]
    secret, hash = new_secret()
    browser = Browser(hash_of(token), hash, request.headers.get("user-agent", ""), locale_of(request))
    stored = await request.state.writer.run(press_as_guest, somebody(request), browser, filing, key, asked)
    response = _to(request, f"/complaints/{stored['ref']}")
    set_cookie(request, response, DEVICE, token, DEVICE_SECONDS)
    return let_in(request, response, secret, RIGHTS[Role.GUEST].life.days)


async def shut_out(request: Request) -> bool:
    """Is this phone blocked for whoever has no number?"""
    token = cookie(request, DEVICE)
    return bool(token) and bool(await request.state.read(blocked_here, hash_of(token)))


def _for_account(session: Session, by: Viewer, filing: Filing, key: str, asked: Any) -> str:
    """Its reference; "" where it was another's press, who held this phone before and has left it."""
    stored = press(session, by, filing, key, asked)
    return str(stored["ref"]) if is_theirs(session, by, stored["complaint"]) else ""


def _to(request: Request, target: str) -> Response:
    if request.headers.get("hx-request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": target})
    return RedirectResponse(target, 303)
