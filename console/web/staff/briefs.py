"""Atensi: written and ended at the desk, read on every console."""

from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import desk_of, require
from console.state import Request
from console.web.forms import Act, done, read
from console.web.staff.duty import show
from console.web.staff.keeping import keeping
from models.command.briefs import add_brief, end_brief, read_brief
from models.errors import N_, WrongValue
from models.roles import DUTY, Role
from models.time import as_typed


class Said(Act):
    words: str = ""
    at: str = ""
    until: str = ""


async def add(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Said)
    until, at = _moment(form.until, "until"), _moment(form.at, "at")
    await request.state.writer.run(add_brief, viewer, form.words, until, at)
    return done(request, "/duty")


async def tick(request: Request) -> Response:
    viewer = require(request, *DUTY)
    await request.state.writer.run(read_brief, viewer, request.path_params["id"])
    return done(request, desk_of(viewer))


async def end(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    await request.state.writer.run(end_brief, viewer, request.path_params["id"])
    return done(request, "/duty")


def _moment(typed: str, field: str) -> datetime | None:
    moment = as_typed(typed) if typed else None
    if typed and moment is None:
        raise WrongValue(field, N_("Waktu ini tidak terbaca."))
    return moment


routes = [
    Route("/briefs", keeping(add, show, "/duty"), methods=["POST"]),
    Route("/briefs/{id:int}/read", tick, methods=["POST"]),
    Route("/briefs/{id:int}/end", end, methods=["POST"]),
]
