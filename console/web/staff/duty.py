"""The supervisor's desk: who holds what, what is late, who is left at the stations, and the walls."""

from datetime import timedelta
from typing import Any

from pydantic import Field
from sqlmodel import Session, col, select
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require, require_seat
from console.pages.cards import Cards
from console.server.vitals import faults
from console.state import Request
from console.web.forms import Act, done, read
from console.web.showing import shown
from console.web.staff.console import console
from console.web.staff.keeping import keeping
from models.administration.stations import count_again, find_station, strengthen
from models.command.deputy import deputies
from models.command.house import deaf
from models.command.ladder import climbed
from models.command.shifts import manned
from models.command.untaken import untaken
from models.command.walls import adjust, choice_of, choices, find_wall, gone_walls, pair, put_away, unpair, walls
from models.incidents.standing import tallies
from models.people.machines import Wall
from models.people.officers import Officer
from models.reading.alarm_rate import alarm_rate
from models.roles import DUTY, Role
from models.time import local, now
from models.viewer import Viewer


class Strength(Act):
    strength: int
    reason: str = ""


class Hung(Act):
    """A wall as it hangs. Pixels per mm are CSS pixels: what the browser counts in."""

    name: str = ""
    distance_m: float = Field(6.0, allow_inf_nan=False)
    px_per_mm: float = Field(1.157, allow_inf_nan=False)
    view: str = ""
    mapless: bool = False


class Pair(Hung):
    code: str = ""


async def show(request: Request) -> Response:
    viewer = require_seat(request, Role.SUPERVISOR)
    cards, alive = request.state.cards, _alive(request)
    return await shown(
        request,
        "pages/duty.html",
        lambda session: (
            desk(session, viewer, cards)
            | {
                "alive": alive,
                "wrong": _wrong(request),
                "left": untaken(session),
                "ladder": request.state.ladder,
                "rate": alarm_rate(session, request.state.settings.flood_line),
            }
        ),
    )


async def server(request: Request) -> Response:
    """What is wrong with the server itself, and what nobody takes over; it is asked for again and again."""
    require_seat(request, Role.SUPERVISOR)
    return await shown(
        request, "duty/_server.html", lambda session: {"wrong": _wrong(request), "left": untaken(session)}
    )


async def meter(request: Request) -> Response:
    """How many alarms come: asked for again and again, since that none came is no event."""
    require_seat(request, Role.SUPERVISOR)
    line = request.state.settings.flood_line
    return await shown(request, "duty/_meter.html", lambda session: {"rate": alarm_rate(session, line)})


async def house(request: Request) -> Response:
    """The band while no console listens; nothing while one does. Asked for by pages that have no line."""
    require(request, *DUTY, Role.ADMIN)
    return await shown(request, "_deaf.html", lambda session: {"deaf": deaf(session, request.state.ladder)})


def _wrong(request: Request) -> list[str]:
    return [fault.name for fault in faults(request.state.settings, request.state.writer)]


def desk(session: Session, viewer: Viewer, cards: Cards) -> dict[str, Any]:
    """The console's data, and everyone an incident may be given to."""
    officers = select(Officer).where(Officer.active, col(Officer.role).in_(DUTY)).order_by(Officer.name)
    return (
        console(session, viewer, cards)
        | _hanging(session)
        | {
            "officers": session.exec(officers).all(),
            "shifts": manned(session),
            "tallies": tallies(session, viewer),
            "climbed": climbed(session),
            "deputies": deputies(session),
            "typed": lambda hours: local(now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M"),
        }
    )


async def station(request: Request) -> Response:
    """The form that asks how many are on shift, with the number of now."""
    require(request, Role.SUPERVISOR)
    id = request.path_params["id"]
    return await shown(request, "duty/_strength.html", lambda session: {"station": find_station(session, id)})


async def strength(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Strength)
    id = request.path_params["id"]
    await request.state.writer.run(strengthen, viewer, id, form.strength, form.reason, form.version)
    return done(request, "/duty")


async def count(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Act)
    await request.state.writer.run(count_again, viewer, request.path_params["id"], form.version)
    return done(request, "/duty")


async def list_walls(request: Request) -> Response:
    require(request, Role.SUPERVISOR)
    return await shown(request, "walls/_list.html", lambda session: _hanging(session) | {"alive": _alive(request)})


async def wall(request: Request) -> Response:
    require(request, Role.SUPERVISOR)
    id = request.path_params["id"]
    return await shown(request, "walls/_form.html", lambda session: _form(session, find_wall(session, id)))


def _form(session: Session, wall: Wall) -> dict[str, Any]:
    """What it shows is offered also where it could not be chosen any more: its polsek was closed."""
    own, offered = choice_of(session, wall), choices(session)
    return {"wall": wall, "choices": offered if own in offered else [*offered, own]}


async def pair_wall(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Pair)
    hangs = (form.name, form.distance_m, form.px_per_mm, form.view, form.mapless)
    await request.state.writer.run(pair, viewer, form.code, *hangs)
    return _changed(request)


async def adjust_wall(request: Request) -> Response:
    viewer, form, id = require(request, Role.SUPERVISOR), await read(request, Hung), request.path_params["id"]
    hangs = (form.name, form.distance_m, form.px_per_mm, form.version, form.view, form.mapless)
    await request.state.writer.run(adjust, viewer, id, *hangs)
    return _changed(request)


async def unpair_wall(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    await request.state.writer.run(unpair, viewer, request.path_params["id"])
    return _changed(request)


async def put_wall_away(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    await request.state.writer.run(put_away, viewer, request.path_params["id"])
    return _changed(request)


def _hanging(session: Session) -> dict[str, Any]:
    """The walls, each with what it shows; those that are gone; and what one may show."""
    hanging = [(wall, choice_of(session, wall)) for wall in walls(session)]
    return {"walls": hanging, "gone": gone_walls(session), "choices": choices(session)}


def _changed(request: Request) -> Response:
    """Walls are on no board: the list is asked for again."""
    response = done(request, "/duty")
    response.headers["HX-Trigger"] = "walls"
    return response


def _alive(request: Request) -> set[int | None] | None:
    """Walls that hang on this process; None where others may hang on another one."""
    if request.state.settings.workers > 1:
        return None
    here: set[int | None] = request.state.walls_here()
    return here


routes = [
    Route("/duty", show),
    Route("/duty/server", server),
    Route("/duty/alarm", meter),
    Route("/house", house),
    Route("/duty/stations/{id:int}", station),
    Route("/duty/stations/{id:int}/strength", keeping(strength, station, "/duty/stations/{id}"), methods=["POST"]),
    Route("/duty/stations/{id:int}/count", keeping(count, station, "/duty/stations/{id}"), methods=["POST"]),
    Route("/duty/walls", list_walls),
    Route("/duty/walls", keeping(pair_wall, show, "/duty"), methods=["POST"]),
    Route("/duty/walls/{id:int}", wall),
    Route("/duty/walls/{id:int}/adjust", keeping(adjust_wall, wall, "/duty/walls/{id}"), methods=["POST"]),
    Route("/duty/walls/{id:int}/put-away", keeping(put_wall_away, show, "/duty"), methods=["POST"]),
    Route("/duty/walls/{id:int}/unpair", keeping(unpair_wall, wall, "/duty/walls/{id}"), methods=["POST"]),
]
