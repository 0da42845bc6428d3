"""Partner agencies."""

from collections import Counter
from typing import Any

from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import Route

from console.door.sealing import seal
from console.door.viewer import require
from console.state import Request
from console.web.admin.page import Name, page
from console.web.forms import Act, done, read
from console.web.staff.keeping import keeping
from models.administration import partners as law
from models.administration import people
from models.people.phones import e164, masked
from models.roles import Role


class Partner(Act):
    code: str = ""
    name: str = ""
    kind: str = "institution"


class Number(Act):
    phone: str = ""


class Closing(Act):
    words: str = ""


async def agencies(request: Request) -> Response:
    return await page(request, "pages/admin_agencies.html", _agencies)


async def agency(request: Request) -> Response:
    id = request.path_params["id"]
    return await page(request, "admin/_agency.html", lambda session: _agency(session, id))


async def add_agency(request: Request) -> Response:
    viewer, form = require(request, Role.ADMIN), await read(request, Partner)
    await request.state.writer.run(law.add_agency, viewer, form.code, form.name, form.kind)
    return done(request, "/admin/agencies")


async def rename_agency(request: Request) -> Response:
    viewer, form = require(request, Role.ADMIN), await read(request, Name)
    await request.state.writer.run(law.rename_agency, viewer, request.path_params["id"], form.name, form.version)
    return done(request, "/admin/agencies")


async def number_agency(request: Request) -> Response:
    viewer, form = require(request, Role.ADMIN), await read(request, Number)
    await request.state.writer.run(law.number_agency, viewer, request.path_params["id"], form.phone, form.version)
    return done(request, "/admin/agencies")


async def line_agency(request: Request) -> Response:
    viewer, form = require(request, Role.ADMIN), await read(request, Number)
    phone = e164(form.phone) if form.phone else ""
    line = seal(request.state.settings.key, {"phone": phone}) if phone else ""
    await request.state.writer.run(
        law.line_agency, viewer, request.path_params["id"], line, masked(phone), form.version
    )
    return done(request, "/admin/agencies")


async def close_agency(request: Request) -> Response:
    viewer, form = require(request, Role.ADMIN), await read(request, Closing)
    await request.state.writer.run(law.close_agency, viewer, request.path_params["id"], form.words, form.version)
    return done(request, "/admin/agencies")


async def reopen_agency(request: Request) -> Response:
    await request.state.writer.run(law.reopen_agency, require(request, Role.ADMIN), request.path_params["id"])
    return done(request, "/admin/agencies")


def _agencies(session: Session) -> dict[str, Any]:
    liaisons = Counter(person.agency_id for person in people.people(session) if person.active)
    all_ = law.agencies(session)
    return {
        "partners": [(row, liaisons[row.id], len(law.running_referrals(session, row.id))) for row in all_],
    }


def _agency(session: Session, id: int) -> dict[str, Any]:
    running, liaisons = law.running_referrals(session, id), people.liaisons(session, id)
    return {"partner": law.find_agency(session, id), "running": running, "liaisons": liaisons}


routes = [
    Route("/admin/agencies", agencies),
    Route("/admin/agencies", keeping(add_agency, agencies, "/admin/agencies"), methods=["POST"]),
    Route("/admin/agencies/{id:int}", agency),
    Route("/admin/agencies/{id:int}/number", keeping(number_agency, agency, "/admin/agencies/{id}"), methods=["POST"]),
    Route("/admin/agencies/{id:int}/line", keeping(line_agency, agency, "/admin/agencies/{id}"), methods=["POST"]),
    Route("/admin/agencies/{id:int}/rename", keeping(rename_agency, agency, "/admin/agencies/{id}"), methods=["POST"]),
    Route("/admin/agencies/{id:int}/close", keeping(close_agency, agency, "/admin/agencies/{id}"), methods=["POST"]),
    Route("/admin/agencies/{id:int}/reopen", keeping(reopen_agency, agency, "/admin/agencies/{id}"), methods=["POST"]),
]
