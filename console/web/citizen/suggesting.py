"""What a place may be called, while somebody types it: answered from memory, for whoever may write a report."""

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from console.state import Request

LEAST, LONGEST = 2, 80  # letters: one says nothing, and nobody types more before they choose


async def suggest(request: Request) -> Response:
    """[{name, where, label}]: what the list shows, and what the field holds once it is chosen."""
    typed = request.query_params.get("q", "").strip()[:LONGEST]
    found = request.state.places.suggest(typed) if len(typed) >= LEAST else ()
    rows = [
        {"name": one.name, "where": one.label.removeprefix(one.name).removeprefix(", "), "label": one.label}
        for one in found
    ]
    return JSONResponse(rows)


routes = [Route("/places", suggest)]
