"""Stations."""

from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require
from console.ground.points import valid_point
from console.state import Request
from console.web.admin.page import Name, page
from console.web.forms import Act, done, read
from console.web.staff.keeping import keeping
from models.administration import stations as law
from models.city.seed.facts import load
from models.roles import Role


class Move(Act):
    """`sure`: yes, that far away."""

    lat: float
    lon: float
    sure: bool = False


class Open(Move):
    code: str = ""
    name: str = ""
    strength: int | None = None


class Strength(Act):
    strength: int
    reason: str = ""


class Least(Act):
    least: int | None = None


async def stations(request: Request) -> Response:
    return await page(
        request,
        "pages/admin_stations.html",
        lambda session: {"city": load().city, "closed": law.stations(session, active=False)},
    )


async def station(request: Request) -> Response:
    id = request.path_params["id"]
    return await page(request, "admin/_station.html", lambda session: {"station": law.find_station(session, id)})


async def open_station(request: Request) -> Response:
    viewer, form = require(request, Role.ADMIN), await read(request, Open)
    given = form.model_dump(include={"code", "name", "lat", "lon", "strength", "sure"}) | {
        "away_km": _away(request, form)
    }
    await request.state.writer.run(lambda session: law.open_station(session, viewer, **given))
    return done(request, "/admin/stations")


async def rename_station(request: Request) -> Response:
    viewer, form = require(request, Role.ADMIN), await read(request, Name)
    await request.state.writer.run(law.rename_station, viewer, request.path_params["id"], form.name, form.version)
    return done(request, "/admin/stations")


async def move_station(request: Request) -> Response:
    viewer, form = require(request, Role.ADMIN), await read(request, Move)
    given = (form.lat, form.lon, _away(request, form), form.sure, form.version)
    await request.state.writer.run(law.move_station, viewer, request.path_params["id"], *given)
    return done(request, "/admin/stations")


async def close_station(request: Request) -> Response:
    viewer, form = require(request, Role.ADMIN), await read(request, Act)
    await request.state.writer.run(law.close_station, viewer, request.path_params["id"], form.version)
    return done(request, "/admin/stations")


async def reopen_station(request: Request) -> Response:
    await request.state.writer.run(law.reopen_station, require(request, Role.ADMIN), request.path_params["id"])
    return done(request, "/admin/stations")


def _away(request: Request, form: Move) -> float:
    valid_point(form.lat, form.lon)
    away: float = request.state.places.away_km(form.lat, form.lon)
    return away


async def strengthen_station(request: Request) -> Response:
    viewer, form = require(request, Role.ADMIN), await read(request, Strength)
    id = request.path_params["id"]
    await request.state.writer.run(law.strengthen, viewer, id, form.strength, form.reason, form.version)
    return done(request, "/admin/stations")


async def set_least(request: Request) -> Response:
    viewer, form, id = require(request, Role.ADMIN), await read(request, Least), request.path_params["id"]
    await request.state.writer.run(law.set_least, viewer, id, form.least, form.version)
    return done(request, "/admin/stations")


routes = [
    Route("/admin/stations", stations),
    Route("/admin/stations", keeping(open_station, stations, "/admin/stations"), methods=["POST"]),
    Route("/admin/stations/{id:int}", station),
    Route(
        "/admin/stations/{id:int}/rename", keeping(rename_station, station, "/admin/stations/{id}"), methods=["POST"]
    ),
    Route("/admin/stations/{id:int}/move", keeping(move_station, station, "/admin/stations/{id}"), methods=["POST"]),
    Route(
        "/admin/stations/{id:int}/strength",
        keeping(strengthen_station, station, "/admin/stations/{id}"),
        methods=["POST"],
    ),
    Route("/admin/stations/{id:int}/least", keeping(set_least, station, "/admin/stations/{id}"), methods=["POST"]),
    Route("/admin/stations/{id:int}/close", keeping(close_station, station, "/admin/stations/{id}"), methods=["POST"]),
    Route("/admin/stations/{id:int}/reopen", keeping(reopen_station, stations, "/admin/stations"), methods=["POST"]),
]
