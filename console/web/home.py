"""The citizen's front door: two buttons, and how their complaints stand. And the language of the pages."""

from typing import Literal

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.viewer import somebody
from console.web.complaints import own_complaints
from console.web.forms import Form, read
from models.people import Citizen, Officer, Role, Viewer

SHOWN = 3  # of the newest; open ones always
LOOKED_THROUGH = 20
LOCALE_SECONDS = 365 * 24 * 3600
DESKS = {Role.ADMIN: "/admin", Role.LIAISON: "/agency", Role.WALL: "/wall"}  # all others: the console


class Language(Form):
    locale: Literal["id", "en"]
    next: str = "/"


async def home(request: Request) -> Response:
    viewer = somebody(request)
    own, seq, epoch = [], 0, ""
    if viewer and viewer.role == Role.CITIZEN:
        own, seq, epoch = await request.state.read(own_complaints, viewer, LOOKED_THROUGH)
    shown = [c for place, c in enumerate(own) if place < SHOWN or (c.incident and c.incident.open)]
    return request.state.pages.page(
        request, "pages/home.html", complaints=shown, seq=seq, epoch=epoch, desk=desk_of(viewer) if viewer else ""
    )


async def language(request: Request) -> Response:
    """Kept in a cookie; and in the account, since what is pushed follows the account."""
    chosen = await read(request, Language)
    if viewer := somebody(request):
        await request.state.writer.run(speak, viewer, chosen.locale)
    response = RedirectResponse(inside(chosen.next), 303)
    secure = request.state.settings.secure
    response.set_cookie("locale", chosen.locale, max_age=LOCALE_SECONDS, path="/", samesite="lax", secure=secure)
    return response


def speak(session: Session, by: Viewer, locale: str) -> None:
    table = {Role.CITIZEN: Citizen, Role.WALL: None}.get(by.role, Officer)
    if table and (account := session.get(table, by.id)):
        account.locale = locale


def inside(target: str) -> str:
    """A path of this site, else the home page: nobody is led away from the door."""
    plain = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if plain else "/"


def desk_of(viewer: Viewer) -> str:
    return "/" if viewer.role == Role.CITIZEN else DESKS.get(viewer.role, "/console")


routes = [Route("/", home), Route("/language", language, methods=["POST"])]
