"""The console: the live map and queue, and what its map is drawn from."""

from typing import Any

from sqlmodel import Session
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from console.door.viewer import require_seat
from console.pages.cards import Cards
from console.state import Request
from console.web.showing import shown
from models.command.briefs import briefs
from models.errors import NotFound
from models.incidents.strengths import force, strengths
from models.incidents.unheard import readable, unheard
from models.people.officers import on_duty
from models.reading.board import kinds_on
from models.roles import DUTY
from models.viewer import Viewer
from models.workflow import Status


async def show(request: Request) -> Response:
    viewer = require_seat(request, *DUTY)
    cards = request.state.cards
    return await shown(request, "pages/console.html", lambda session: console(session, viewer, cards))


def console(session: Session, viewer: Viewer, cards: Cards) -> dict[str, Any]:
    """What the console starts from; its socket goes on from `seq`."""
    now_open, board = cards.board(session, viewer.audience)
    stations = strengths(session)
    return {
        "board": board,
        "unclaimed": sum(row.status == Status.NEW for row in now_open.rows),  # where the list is cut in two
        "waiting": now_open.true(Status.NEW),
        "on_scene": now_open.true(Status.ON_SCENE),
        "more": now_open.more,
        "oldest_more_at": now_open.oldest,
        "seq": now_open.seq,
        "epoch": now_open.epoch,
        "stations": stations,
        "duty": on_duty(session),
        "categories": kinds_on(session, now_open),
        "briefs": briefs(session),
        "unheard": readable(unheard(session), viewer.audience),
        "force": force(stations),
    }


async def level0(request: Request) -> Response:
    """The built-in map: districts and villages as polygons. Nothing personal, so browsers keep it while it is the same:
    a screen that a restart finds open must not draw another ground, or one that its scripts do not know."""
    drawn = request.state.places.atlas
    headers = {"Cache-Control": "private, no-cache", "ETag": drawn.level0_tag}
    if request.headers.get("if-none-match", "").removeprefix("W/") == drawn.level0_tag:
        return Response(status_code=304, headers=headers)
    return Response(drawn.level0_json, media_type="application/json", headers=headers)


async def streets(request: Request) -> Response:
    """The operator's PMTiles file, by ranges: the browser asks for the few tiles it shows."""
    path = request.state.settings.map_pmtiles
    if not path:
        raise NotFound()
    return FileResponse(path, media_type="application/octet-stream", headers={"Cache-Control": "private, max-age=3600"})


async def incident(request: Request) -> Response:
    """An old habit of typing: /console/5 opens the incident on the console."""
    return RedirectResponse(f"/console?incident={request.path_params['id']}", 303)


routes = [
    Route("/console", show),
    Route("/console/{id:int}", incident),
    Route("/map/level0.json", level0),
    Route("/map/streets.pmtiles", streets),
]
