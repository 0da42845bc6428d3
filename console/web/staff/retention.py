"""How long things are kept: an administrator's page. It says what is past its period before anything goes."""

from typing import Any

from sqlmodel import Session, col, func, select
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require, require_proof
from console.state import Request
from console.web.forms import Act, done, read
from console.web.showing import shown
from console.web.staff.keeping import keeping
from models.city.category import Category, categories
from models.command.retention import ALL, KINDS_OF_INCIDENTS, LEAST_DAYS, MOST_DAYS, UNSET_DAYS, periods, set_period
from models.command.sweeping.lots import totals
from models.command.sweeping.sweep import due
from models.errors import NotFound
from models.incidents.incident import Incident
from models.roles import Role
from models.viewer import Viewer

PAGE = "/admin/retention"


class Days(Act):
    """Of one kind, or of one category all that tells of its incidents. Empty: no period of its own."""

    evidence: int | None = None
    incidents: int | None = None
    looks: int | None = None
    alarms: int | None = None
    outbox: int | None = None
    sessions: int | None = None
    devices: int | None = None


async def show(request: Request) -> Response:
    return await _page(request, "pages/admin_retention.html", _shown)


async def one(request: Request) -> Response:
    code = request.path_params["code"]
    return await _page(request, "admin/_period.html", lambda session: _asked(session, code))


async def change(request: Request) -> Response:
    viewer, form, code = require_proof(request, Role.ADMIN), await read(request, Days), request.path_params["code"]
    await request.state.writer.run(_set, viewer, code, form.model_dump())
    return done(request, PAGE)


def _set(session: Session, by: Viewer, code: str, days: dict[str, Any]) -> None:
    category = ALL if code in LEAST_DAYS else code
    for kind in [code] if category == ALL else KINDS_OF_INCIDENTS:
        set_period(session, by, kind, category, days[kind])


def _shown(session: Session) -> dict[str, Any]:
    past: dict[str, Any] = {}
    for lot in totals(due(session)):
        count, oldest = past.get(lot.kind, (0, lot.oldest))
        past[lot.kind] = count + lot.count, min(oldest, lot.oldest)
    preserved = select(func.count()).where(col(Incident.preserved_at).is_not(None))
    return {
        "kinds": list(LEAST_DAYS), "categories": categories(session, choosable=False), "own": KINDS_OF_INCIDENTS,
        "days": periods(session).days, "unset": UNSET_DAYS, "past": past, "preserved": session.exec(preserved).one(),
    }  # fmt: skip


def _asked(session: Session, code: str) -> dict[str, Any]:
    category = None if code in LEAST_DAYS else session.get(Category, code)
    if category is None and code not in LEAST_DAYS:
        raise NotFound()
    asked = KINDS_OF_INCIDENTS if category else (code,)
    return {
        "code": code, "category": category, "asked": asked, "least": LEAST_DAYS, "most": MOST_DAYS,
        "days": periods(session).days, "unset": UNSET_DAYS,
    }  # fmt: skip


async def _page(request: Request, template: str, data: Any) -> Response:
    require(request, Role.ADMIN)
    return await shown(request, template, data, back=PAGE)


routes = [
    Route(PAGE, show),
    Route(f"{PAGE}/{{code}}", one),
    Route(f"{PAGE}/{{code}}", keeping(change, one, f"{PAGE}/{{code}}"), methods=["POST"]),
]
