"""The service worker: served from the root, since it may only work for pages beneath its own URL."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from console.settings import HERE

SCRIPT = HERE / "static" / "js" / "service-worker.js"


async def worker(request: Request) -> Response:
    return FileResponse(SCRIPT, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


routes = [Route("/service-worker.js", worker)]
