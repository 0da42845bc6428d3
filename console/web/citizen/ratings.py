"""Ratings: how reporters found the help, in numbers and in their words; for supervisors."""

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require
from models.reading.scores import said, scores
from models.viewer import Role


async def show(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)

    def render(session: Session) -> Response:
        shown = {"scores": scores(session, viewer), "said": said(session, viewer)}
        response: Response = request.state.pages.page(request, "pages/ratings.html", **shown)
        return response

    response: Response = await request.state.read(render)
    return response


routes = [Route("/ratings", show)]
