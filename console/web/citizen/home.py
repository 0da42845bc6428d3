"""The citizen's front door: two buttons, how their complaints stand, what the command tells. And how the pages speak."""

from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.door.cookies import set_cookie
from console.door.viewer import desk_of, somebody
from console.state import Request
from console.web.citizen import drafts
from console.web.citizen.complaints import own_complaints
from console.web.forms import Form, read
from console.web.showing import shown
from models.command.bulletin import Bulletin, in_force
from models.incidents.complaint import Complaint
from models.incidents.hushing import hush
from models.people.browsers import leave_browser
from models.people.citizens import Citizen
from models.people.officers import Officer
from models.roles import REPORTERS, Role
from models.viewer import Viewer

SHOWN = 3  # of the newest; open ones always
LOOKED_THROUGH = 20
LOCALE_SECONDS = 365 * 24 * 3600
QUIET_SECONDS = 30 * 24 * 3600


class Language(Form):
    locale: Literal["id", "en"]
    next: str = "/"


class Quiet(Form):
    quiet: Literal["yes", "no"]
    next: str = "/"


@dataclass(frozen=True)
class Front:
    """What the home page shows. `district`: where the newest of their complaints was, '' when there is none."""

    complaints: list[Complaint]
    bulletins: list[Bulletin]
    seq: int
    epoch: str
    blocked: bool
    district: str


async def home(request: Request) -> Response:
    viewer = somebody(request)
    front = await request.state.read(front_of, viewer)
    return await shown(
        request,
        "pages/home.html",
        **vars(front),
        desk=desk_of(viewer) if viewer else "",
        draft=await drafts.waits(request),
    )


def front_of(session: Session, viewer: Viewer | None) -> Front:
    if viewer is None or viewer.role not in REPORTERS:
        return Front([], in_force(session), 0, "", False, "")
    own, seq, epoch = own_complaints(session, viewer, LOOKED_THROUGH)
    near = [c for place, c in enumerate(own) if place < SHOWN or (c.incident and c.incident.open)]
    district = own[0].incident.kecamatan if own and own[0].incident else ""
    citizen = session.get_one(Citizen, viewer.id)
    return Front(near, in_force(session, district), seq, epoch, citizen.blocked_at is not None, district)


async def quiet(request: Request) -> Response:
    """Mode senyap: a plain page with a plain name that makes no sound, for who must not be seen asking for help."""
    chosen = await read(request, Quiet)
    viewer, into = somebody(request), chosen.quiet == "yes"
    if viewer and into:
        await request.state.writer.run(leave_browser, viewer.session)
    if viewer and viewer.role in REPORTERS:
        await request.state.writer.run(hush, viewer, into)
    response = RedirectResponse(inside(chosen.next), 303)
    age = QUIET_SECONDS if into else 0
    set_cookie(request, response, "quiet", chosen.quiet, age)
    return response


async def language(request: Request) -> Response:
    """Kept in a cookie; and in the account, since what is pushed follows the account."""
    chosen = await read(request, Language)
    if viewer := somebody(request):
        await request.state.writer.run(speak, viewer, chosen.locale)
    response = RedirectResponse(inside(chosen.next), 303)
    set_cookie(request, response, "locale", chosen.locale, LOCALE_SECONDS)
    return response


def speak(session: Session, by: Viewer, locale: str) -> None:
    table = {Role.CITIZEN: Citizen, Role.GUEST: Citizen, Role.WALL: None}.get(by.role, Officer)
    if table and (account := session.get(table, by.id)):
        account.locale = locale


def inside(target: str) -> str:
    """A path of this site, else the home page: nobody is led away from the door."""
    plain = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if plain else "/"


routes = [
    Route("/", home),
    Route("/language", language, methods=["POST"]),
    Route("/quiet", quiet, methods=["POST"]),
]
