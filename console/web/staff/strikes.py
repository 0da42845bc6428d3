"""Strikes: the third waits for a second officer; the blocked appeal; a supervisor answers and lifts."""

from typing import Any

from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require, require_proof
from console.state import Request
from console.web.citizen.complaints import blocked
from console.web.forms import Act, done, read
from console.web.showing import shown
from console.web.staff.keeping import keeping
from models.errors import WrongValue
from models.incidents.standing import agree, appeal_cases, blocked_cases, disagree, tallies, waiting_cases
from models.incidents.strikes import answer, appeal, lift
from models.reading.prank_counts import pranks
from models.roles import DUTY, Role
from models.viewer import Viewer


class Words(Act):
    words: str = ""


class Answer(Words):
    granted: bool = False


class Reason(Act):
    reason: str = ""


async def show(request: Request) -> Response:
    """A page; to the supervisor's desk, which asks now and then, only how many wait."""
    viewer = require(request, *DUTY)
    part = request.headers.get("hx-request") == "true"

    template = "duty/_accounts.html" if part else "pages/strikes.html"
    return await shown(
        request, template, lambda session: {"tallies": tallies(session, viewer)} if part else whole(session, viewer)
    )


def whole(session: Session, viewer: Viewer) -> dict[str, Any]:
    """Strikes and numbers for every officer; appeals and blocked accounts for supervisors."""
    return {
        "strikes": waiting_cases(session, viewer),
        "appeals": appeal_cases(session, viewer),
        "blocked": blocked_cases(session, viewer),
        "supervises": viewer.role == Role.SUPERVISOR,
        "pranks": pranks(session),
    }


async def second(request: Request) -> Response:
    viewer = require(request, *DUTY)
    await request.state.writer.run(agree, viewer, request.path_params["id"])
    return done(request, "/strikes")


async def refuse(request: Request) -> Response:
    """The second officer does not agree, and says why."""
    viewer = require(request, *DUTY)
    said = await read(request, Reason)
    await request.state.writer.run(disagree, viewer, request.path_params["id"], said.reason)
    return done(request, "/strikes")


async def mine(request: Request) -> Response:
    """A citizen's own page: why the account is blocked, the appeal, and how it was answered."""
    return await blocked(request, require(request, Role.CITIZEN), 200)


async def ask(request: Request) -> Response:
    """A blocked citizen's own words."""
    viewer = require(request, Role.CITIZEN)
    said = await read(request, Words)
    try:
        await request.state.writer.run(appeal, viewer, said.words)
    except WrongValue as fault:
        if request.headers.get("hx-request") == "true":
            raise
        return await blocked(request, viewer, 422, fault)
    return done(request, "/appeals")


async def reply(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    said = await read(request, Answer)
    if said.granted:  # it opens a blocked account
        require_proof(request, Role.SUPERVISOR)
    await request.state.writer.run(answer, viewer, request.path_params["id"], said.granted, said.words)
    return done(request, "/strikes")


async def free(request: Request) -> Response:
    viewer = require_proof(request, Role.SUPERVISOR)
    said = await read(request, Reason)
    await request.state.writer.run(lift, viewer, request.path_params["id"], said.reason)
    return done(request, "/strikes")


routes = [
    Route("/strikes", show),
    Route("/strikes/{id:int}/confirm", keeping(second, show, "/strikes"), methods=["POST"]),
    Route("/strikes/{id:int}/acquit", keeping(refuse, show, "/strikes"), methods=["POST"]),
    Route("/appeals", mine),
    Route("/appeals", ask, methods=["POST"]),
    Route("/appeals/{id:int}/answer", keeping(reply, show, "/strikes"), methods=["POST"]),
    Route("/citizens/{id:int}/lift", keeping(free, show, "/strikes"), methods=["POST"]),
]
