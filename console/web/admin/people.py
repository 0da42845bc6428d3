"""The accounts of the staff."""

from typing import Any

from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import Route

from console.door.passwords import first_password, hashed
from console.door.viewer import require, require_proof
from console.state import Request
from console.web.admin.page import once, page
from console.web.forms import Act, done, read
from console.web.staff.keeping import keeping
from models.administration import people as law
from models.people.officers import Officer
from models.roles import Role


class Person(Act):
    name: str = ""
    rank: str = ""
    role: str = ""
    station: int | None = None
    agency: int | None = None


class Enlist(Person):
    login: str = ""


async def people(request: Request) -> Response:
    q = request.query_params.get("q", "")
    part = request.headers.get("hx-request") == "true"
    template = "admin/_people.html" if part else "pages/admin_people.html"
    return await page(request, template, lambda session: {"people": law.people(session, q), "q": q})


async def person(request: Request) -> Response:
    id = request.path_params["id"]
    return await page(request, "admin/_person.html", lambda session: {"person": law.find_person(session, id)})


async def enlist(request: Request) -> Response:
    viewer, form = require_proof(request, Role.ADMIN), await read(request, Enlist)
    password = first_password()
    officer = await request.state.writer.run(_enlist, viewer, form, await hashed(password))
    return await once(request, "password", password, officer.login)


async def reappoint(request: Request) -> Response:
    viewer, form = require_proof(request, Role.ADMIN), await read(request, Person)
    await request.state.writer.run(_reappoint, viewer, request.path_params["id"], form)
    return done(request, "/admin")


async def reset_password(request: Request) -> Response:
    viewer, id = require_proof(request, Role.ADMIN), request.path_params["id"]
    password = first_password()
    officer = await request.state.writer.run(law.reset_password, viewer, id, await hashed(password))
    return await once(request, "password", password, officer.login)


async def retire(request: Request) -> Response:
    await request.state.writer.run(law.retire, require(request, Role.ADMIN), request.path_params["id"])
    return done(request, "/admin")


async def reinstate(request: Request) -> Response:
    await request.state.writer.run(law.reinstate, require_proof(request, Role.ADMIN), request.path_params["id"])
    return done(request, "/admin")


def _enlist(session: Session, viewer: Any, form: Enlist, password: str) -> Officer:
    given = form.model_dump(include={"login", "name", "role", "rank"})
    return law.enlist(session, viewer, password=password, station_id=form.station, agency_id=form.agency, **given)


def _reappoint(session: Session, viewer: Any, id: int, form: Person) -> None:
    given = form.model_dump(include={"name", "role", "rank", "version"})
    law.reappoint(session, viewer, id, station_id=form.station, agency_id=form.agency, **given)


routes = [
    Route("/admin", people),
    Route("/admin/people", keeping(enlist, people, "/admin"), methods=["POST"]),
    Route("/admin/people/{id:int}", person),
    Route("/admin/people/{id:int}/reappoint", keeping(reappoint, person, "/admin/people/{id}"), methods=["POST"]),
    Route(
        "/admin/people/{id:int}/reset_password", keeping(reset_password, person, "/admin/people/{id}"), methods=["POST"]
    ),
    Route("/admin/people/{id:int}/retire", keeping(retire, person, "/admin/people/{id}"), methods=["POST"]),
    Route("/admin/people/{id:int}/reinstate", keeping(reinstate, person, "/admin/people/{id}"), methods=["POST"]),
]
