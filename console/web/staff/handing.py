"""What changed hands and is not acknowledged yet: the lines that stand on a receiver's screen until they are."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require
from models.incidents.handing import handed
from models.viewer import DUTY


async def show(request: Request) -> Response:
    viewer = require(request, *DUTY)
    return await request.state.read(
        lambda session: request.state.pages.page(request, "incidents/_handed.html", handed=handed(session, viewer))
    )


routes = [Route("/handed", show)]
