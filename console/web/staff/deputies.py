"""Pejabat sementara: a supervisor's power is lent to an officer, and ended, on the page of the staff's doors."""

from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require, require_proof
from console.state import Request
from console.web.forms import Act, done, read
from console.web.staff.factors import PEOPLE, THEIRS, people
from console.web.staff.keeping import keeping
from models.command.deputy import deputise, end_deputy
from models.roles import DUTY, Role
from models.time import as_typed


class Lent(Act):
    until: str = ""
    reason: str = ""


async def give(request: Request) -> Response:
    viewer, form = require_proof(request, *THEIRS), await read(request, Lent)
    until = as_typed(form.until)
    await request.state.writer.run(deputise, viewer, request.path_params["id"], until, form.reason)
    return done(request, PEOPLE)


async def end(request: Request) -> Response:
    viewer = require(request, *DUTY, Role.ADMIN)
    await request.state.writer.run(end_deputy, viewer, request.path_params["id"])
    return done(request, PEOPLE if viewer.role == Role.ADMIN else "/duty")


routes = [
    Route(f"{PEOPLE}/{{id:int}}/deputy", keeping(give, people, PEOPLE), methods=["POST"]),
    Route(f"{PEOPLE}/{{id:int}}/deputy/end", end, methods=["POST"]),
]
