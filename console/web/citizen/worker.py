"""What makes it an app: the service worker, served from the root since it may only work for pages beneath its own
URL; the manifest; and the page that is shown without a signal.
"""

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from console.door.viewer import locale_of
from console.pages.statics import asset
from console.pages.words import say
from console.server.program import VERSION
from console.settings import HERE
from console.state import Request
from console.web.showing import shown
from models.city.seed.facts import load
from models.errors import N_

SCRIPT = HERE / "static" / "js" / "service-worker.js"
PURPOSES = {"any": (192, 512), "maskable": (512,)}
ICON = {"any": "icons/icon-{}.png", "maskable": "icons/maskable-{}.png"}


async def worker(request: Request) -> Response:
    """With the program's version in it: a new program is a new worker, which stocks its offline page anew."""
    body = f"{SCRIPT.read_text()}// {VERSION}\n"
    return Response(body, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


async def manifest(request: Request) -> Response:
    locale = locale_of(request)
    icons = [(size, purpose) for purpose, sizes in PURPOSES.items() for size in sizes]
    body = {
        "id": "/", "name": f"Siaga, {request.state.settings.command or load().headquarters.name}", "short_name": "Siaga", "lang": locale,
        "description": say(locale, N_("Lapor ke polisi dan ikuti kabarnya.")),
        "start_url": "/", "scope": "/", "display": "standalone", "orientation": "portrait",
        "background_color": "#f8fafc", "theme_color": "#15191c",
        "icons": [
            {"src": asset(ICON[purpose].format(size)), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for size, purpose in icons
        ],
        "shortcuts": [{"name": say(locale, N_("Lapor")), "url": "/complaints/new"}],
    }  # fmt: skip
    return JSONResponse(body, headers={"Cache-Control": "no-cache"}, media_type="application/manifest+json")


async def offline(request: Request) -> Response:
    """Holds nothing of anybody: the worker keeps it on the device and shows it in place of any page."""
    response = await shown(request, "pages/offline.html")
    response.headers["Cache-Control"] = "no-cache"
    return response


routes = [
    Route("/service-worker.js", worker),
    Route("/manifest.webmanifest", manifest),
    Route("/offline", offline),
]
