"""What changed hands and is not acknowledged yet: the lines that stand on a receiver's screen until they are."""

from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require
from console.state import Request
from console.web.showing import shown
from models.incidents.handing import handed
from models.roles import DUTY


async def show(request: Request) -> Response:
    viewer = require(request, *DUTY)
    return await shown(request, "incidents/_handed.html", lambda session: {"handed": handed(session, viewer)})


routes = [Route("/handed", show)]
