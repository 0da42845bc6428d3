"""Ratings: how reporters found the help, in numbers and in their words; for supervisors."""

from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require
from console.state import Request
from console.web.showing import shown
from models.reading.scores import said, scores
from models.roles import Role


async def show(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    return await shown(
        request,
        "pages/ratings.html",
        lambda session: {"scores": scores(session, viewer), "said": said(session, viewer)},
    )


routes = [Route("/ratings", show)]
