"""Exercises: started and ended by a supervisor, with what came of each: its own figures, case by case."""

from typing import Any

from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require, require_seat
from console.state import Request
from console.web.forms import Act, done, known_id, read
from console.web.showing import shown
from console.web.staff.keeping import keeping
from models.errors import NotFound
from models.incidents.exercise import MINUTES, Exercise, end_exercise, exercises, running, start_exercise
from models.reading.practised import practised
from models.roles import Role
from models.viewer import Viewer

AT = "/duty/exercise"


class Start(Act):
    reason: str = ""
    minutes: int = 0


async def show(request: Request) -> Response:
    viewer, which = require_seat(request, Role.SUPERVISOR), request.query_params.get("of", "")
    return await shown(request, "pages/exercise.html", lambda session: _page(session, viewer, which))


async def start(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Start)
    await request.state.writer.run(start_exercise, viewer, form.reason, form.minutes)
    return done(request, AT)


async def end(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    await request.state.writer.run(end_exercise, viewer)
    return done(request, AT)


def _page(session: Session, viewer: Viewer, which: str) -> dict[str, Any]:
    """The one that is asked for, else the newest."""
    rows = exercises(session)
    picked = session.get(Exercise, int(which)) if known_id(which) else rows[0] if rows else None
    if which and picked is None:
        raise NotFound()
    told = practised(session, viewer, picked) if picked else None
    return {"rows": rows, "now_running": running(session), "picked": picked, "told": told, "lengths": MINUTES}


routes = [
    Route(AT, show),
    Route(AT, keeping(start, show, AT), methods=["POST"]),
    Route(f"{AT}/end", keeping(end, show, AT), methods=["POST"]),
]
