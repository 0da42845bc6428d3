"""Walls: a screen nobody touches. It waits with a code, then shows the picture until it is unpaired."""

from dataclasses import replace
from typing import Any

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from console.door.cookies import cookie, drop_cookie, set_cookie
from console.door.limits import NEW_SCREENS
from console.door.viewer import hash_of, let_in, locale_of, new_secret, require, somebody
from console.pages.cards import Cards
from console.state import Request
from console.web.door.knock import where
from console.web.showing import shown
from models.command.progress import handing, progress
from models.command.walls import choice_of, read_px, wait, waiting, wall_of
from models.command.walls import let_in as admit
from models.errors import N_, NotAllowed
from models.incidents.strengths import force, strengths
from models.people.machines import Wall
from models.people.views import View
from models.reading.wall import beyond, ground, posts, tallies
from models.roles import RIGHTS, Role
from models.time import now
from models.viewer import Audience, Viewer
from models.workflow import Status

COOKIE = "siaga-wall"
WAIT_DAYS = 30  # how long a screen that nobody pairs remembers who it is


async def show(request: Request) -> Response:
    """The picture, or the code that lets this screen in."""
    viewer = somebody(request)
    if viewer is None:
        return await shown(request, "pages/wall_code.html")
    if viewer.role != Role.WALL:
        raise NotAllowed(N_("Layar dinding tidak memakai akun orang. Keluar dulu, lalu buka halaman ini lagi."))
    audience, cards = replace(viewer.audience, locale=locale_of(request)), request.state.cards
    return await shown(request, "pages/wall.html", lambda session: picture(session, viewer, audience, cards))


def picture(session: Session, viewer: Viewer, audience: Audience, cards: Cards) -> dict[str, Any]:
    """What the wall starts from; its socket goes on from `seq`."""
    wall, view = wall_of(session, viewer), View.read(audience.scope)
    stations = posts(strengths(session), view)
    now_open, board = cards.board(session, audience, "walls/_row.html")
    return {
        "wall": wall,
        "choice": choice_of(session, wall),
        "ground": ground(view, stations),
        "beyond": [beyond(tallies(session), view)] if audience.scope else [],
        "handing": progress(handing(session), audience),
        "board": board,
        "waiting": now_open.true(Status.NEW),
        "on_scene": now_open.true(Status.ON_SCENE),
        "more": now_open.more,
        "more_new": now_open.more_new,
        "seq": now_open.seq,
        "epoch": now_open.epoch,
        "stations": stations,
        "force": force(stations),
    }


async def code(request: Request) -> Response:
    """What a waiting screen asks for again and again: its code, or the way in once it was paired."""
    if (viewer := somebody(request)) and viewer.role == Role.WALL:
        return _inside()
    secret = cookie(request, COOKIE)
    wall: Wall | None = await request.state.read(waiting, hash_of(secret)) if secret else None
    if wall and wall.paired_at:
        return await _enter(request, secret)
    if wall is None:
        await request.state.limits.within("wall", where(request).address, NEW_SCREENS)  # a code is a row, for anyone
        secret, _ = new_secret()
    if wall is None or wall.code_until is None or wall.code_until <= now():
        wall = await request.state.writer.run(wait, hash_of(secret))
    response = await shown(request, "walls/_code.html", wall=wall)
    set_cookie(request, response, COOKIE, secret, WAIT_DAYS * 86400, "strict")
    return response


async def sizes(request: Request) -> Response:
    """How large its letters are, from where it hangs: a sheet of its own, since styles never stand in the page."""
    viewer = require(request, Role.WALL)
    wall = await request.state.read(wall_of, viewer)
    # The page reads this again now and then: the version tells it of a new name, too.
    rule = f"/* {wall.version} */ :root{{--px-per-mm:{wall.px_per_mm:g};--read:{read_px(wall):.1f}px}}"
    return Response(rule, media_type="text/css")


async def _enter(request: Request, waited: str) -> Response:
    secret, hash = new_secret()
    if await request.state.writer.run(admit, hash_of(waited), hash) is None:
        raise HTTPException(409)  # unpaired in the same moment: the next question gets a code
    response = let_in(request, _inside(), secret, RIGHTS[Role.WALL].life.days)
    drop_cookie(request, response, COOKIE)
    return response


def _inside() -> Response:
    return Response(status_code=204, headers={"HX-Trigger": "let-in"})


routes = [Route("/wall", show), Route("/wall/code", code, methods=["POST"]), Route("/wall.css", sizes)]
