"""The first administrator: a link that is printed at the start of an empty installation, and dies with its use."""

import hmac
from typing import Any

from sqlmodel import Session, col, select
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.door.passwords import STAFF_LEAST, hashed, judge
from console.door.viewer import locale_of
from console.pages.words import say
from console.settings import Settings
from console.state import Request
from console.web.forms import Form, read
from console.web.showing import shown
from models.administration.people import enlist
from models.errors import NotFound, WrongValue
from models.people.officers import Officer
from models.roles import Role
from models.viewer import Viewer

NOBODY_YET = Viewer(Role.ADMIN)


class First(Form):
    name: str = ""
    login: str = ""
    password: str = ""


async def link(settings: Settings, read_from: Any) -> str | None:
    """The link, while there is no administrator. It follows from the secret key: a restart prints the same."""
    return None if await read_from(administered) else f"{settings.origin}/first/{token(settings)}"


def token(settings: Settings) -> str:
    return hmac.new(settings.key, b"the first administrator", "sha256").hexdigest()[:40]


def administered(session: Session) -> bool:
    return session.exec(select(Officer.id).where(Officer.role == Role.ADMIN, col(Officer.active))).first() is not None


async def show(request: Request) -> Response:
    await _open(request)
    return await _page(request, First())


async def create(request: Request) -> Response:
    await _open(request)
    typed = await read(request, First)
    try:
        judge(typed.password, typed.login, typed.name, least=STAFF_LEAST)
        await request.state.writer.run(_enlist, typed, await hashed(typed.password))
    except WrongValue as error:
        return await _page(request, typed, error)
    return RedirectResponse("/sign-in", 303)


async def _open(request: Request) -> None:
    right = hmac.compare_digest(request.path_params["token"].encode(), token(request.state.settings).encode())
    if not right or await request.state.read(administered):
        raise NotFound()


def _enlist(session: Session, typed: First, password: str) -> None:
    if administered(session):  # another window was faster
        raise NotFound()
    enlist(session, NOBODY_YET, login=typed.login, name=typed.name, role=Role.ADMIN, password=password, own=True)


async def _page(request: Request, typed: First, fault: WrongValue | None = None) -> Response:
    errors = {fault.field: say(locale_of(request), fault.sentence, fault.values)} if fault else {}
    told: dict[str, Any] = {"typed": typed, "errors": errors, "least": STAFF_LEAST}
    return await shown(request, "pages/first.html", status=422 if fault else 200, **told)


routes = [Route("/first/{token}", show), Route("/first/{token}", create, methods=["POST"])]
