"""A page of administration: where it leads back to, and what its forms choose from. An administrator sees no incident."""

from typing import Any

from sqlmodel import Session, select
from starlette.responses import Response

from console.door.viewer import require
from console.state import Request
from console.web.forms import Act
from console.web.showing import shown
from models.administration.partners import agencies
from models.administration.stations import stations
from models.city.seed.facts import load
from models.city.station import Station
from models.roles import STAFF, Role


class Name(Act):
    name: str = ""


async def page(request: Request, template: str, data: Any) -> Response:
    """A page or a part of one, for administrators; with what its forms choose from."""
    require(request, Role.ADMIN)
    back = _list_of(request.scope["path"])

    def read_all(session: Session) -> dict[str, Any]:
        choices: dict[str, Any] = {
            "stations": stations(session),
            "station_names": {row.id: row.name for row in session.exec(select(Station))},  # closed ones too
            "agencies": [agency for agency in agencies(session) if agency.active],
            "roles": STAFF,
            "ranks": load().ranks,
        }
        return choices | data(session)

    return await shown(request, template, read_all, back=back)


def _list_of(path: str) -> str:
    """Where somebody comes from to the form at this path."""
    part = path.split("/")[2] if path != "/admin" else ""
    return {"": "/admin", "people": "/admin", "targets": "/admin/categories", "modifiers": "/admin/categories"}.get(
        part, f"/admin/{part}"
    )


async def once(request: Request, what: str, secret: str, name: str) -> Response:
    """The one answer that holds a secret: it is shown, and kept nowhere."""
    return await shown(request, "admin/_once.html", what=what, secret=secret, name=name)
