"""What a place may be called, while somebody types it: answered from memory, for whoever may write a report."""

import asyncio

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from console.state import Request

LEAST, LONGEST = 2, 80  # letters: one says nothing, and nobody types more before they choose


async def suggest(request: Request) -> Response:
    """[{name, where, label, lat, lon}]: what the list shows, what the field holds once it is chosen, where the map goes."""
    typed = request.query_params.get("q", "").strip()[:LONGEST]
    found = await asyncio.to_thread(request.state.places.suggest, typed) if len(typed) >= LEAST else ()
    rows = [
        {
            "name": one.name, "where": one.label.removeprefix(one.name).removeprefix(", "), "label": one.label,
            "lat": round(one.lat, 5), "lon": round(one.lon, 5),
        }
        for one in found
    ]  # fmt: skip
    return JSONResponse(rows)


routes = [Route("/places", suggest)]
