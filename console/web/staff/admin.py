"""Administration: people, stations, partner agencies, categories and targets, keys. An administrator sees no incident."""

from collections import Counter
from typing import Any

from sqlmodel import Session, col, select
from starlette.responses import Response
from starlette.routing import Route

from console.door.passwords import first_password, hashed
from console.door.sealing import seal
from console.door.viewer import new_secret, require, require_proof
from console.ground.points import valid_point
from console.state import Request
from console.web.forms import Act, done, read
from console.web.showing import shown
from console.web.staff.keeping import keeping
from models.city.category import Category, Modifier, Target, categories, modifiers
from models.city.seed.facts import load
from models.city.station import Station
from models.command import administration as law
from models.errors import NotFound
from models.people.officers import Officer
from models.people.phones import e164, masked
from models.roles import STAFF, Role


class Person(Act):
    name: str = ""
    rank: str = ""
    role: str = ""
    station: int | None = None
    agency: int | None = None


class Enlist(Person):
    login: str = ""


class Name(Act):
    name: str = ""


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


class Partner(Act):
    code: str = ""
    name: str = ""
    kind: str = "institution"


class Number(Act):
    phone: str = ""


class Closing(Act):
    words: str = ""


class Kind(Act):
    label_id: str = ""
    label_en: str = ""
    short_id: str = ""
    short_en: str = ""
    tile: str = ""
    tile_en: str = ""
    advice_id: str = ""
    advice_en: str = ""
    priority: int
    personnel: int
    choosable: bool = False


class NewKind(Act):
    code: str = ""
    label_id: str = ""
    label_en: str = ""
    short_id: str = ""
    short_en: str = ""
    tile: str = ""
    tile_en: str = ""
    advice_id: str = ""
    advice_en: str = ""
    priority: int
    personnel: int
    sensitive: bool = False


class NewSign(Act):
    code: str = ""
    label_id: str = ""
    label_en: str = ""
    personnel: int


class Sign(Act):
    label_id: str = ""
    label_en: str = ""
    personnel: int
    active: bool = False


class Goal(Act):
    claim_s: int
    arrive_s: int | None = None


# People


async def people(request: Request) -> Response:
    q = request.query_params.get("q", "")
    part = request.headers.get("hx-request") == "true"
    template = "admin/_people.html" if part else "pages/admin_people.html"
    return await _page(request, template, lambda session: {"people": law.people(session, q), "q": q})


async def person(request: Request) -> Response:
    id = request.path_params["id"]
    return await _page(request, "admin/_person.html", lambda session: {"person": law.find_person(session, id)})


async def enlist(request: Request) -> Response:
    viewer, form = require_proof(request, Role.ADMIN), await read(request, Enlist)
    password = first_password()
    officer = await request.state.writer.run(_enlist, viewer, form, await hashed(password))
    return await _once(request, "password", password, officer.login)


async def reappoint(request: Request) -> Response:
    viewer, form = require_proof(request, Role.ADMIN), await read(request, Person)
    await request.state.writer.run(_reappoint, viewer, request.path_params["id"], form)
    return done(request, "/admin")


async def reset_password(request: Request) -> Response:
    viewer, id = require_proof(request, Role.ADMIN), request.path_params["id"]
    password = first_password()
    officer = await request.state.writer.run(law.reset_password, viewer, id, await hashed(password))
    return await _once(request, "password", password, officer.login)


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


# Stations


async def stations(request: Request) -> Response:
    return await _page(
        request,
        "pages/admin_stations.html",
        lambda session: {"city": load().city, "closed": law.stations(session, active=False)},
    )


async def station(request: Request) -> Response:
    id = request.path_params["id"]
    return await _page(request, "admin/_station.html", lambda session: {"station": law.find_station(session, id)})


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


# Partners


async def agencies(request: Request) -> Response:
    return await _page(request, "pages/admin_agencies.html", _agencies)


async def agency(request: Request) -> Response:
    id = request.path_params["id"]
    return await _page(request, "admin/_agency.html", lambda session: _agency(session, id))


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
    liaisons = Counter(person.agency_id for person in law.people(session) if person.active)
    all_ = law.agencies(session)
    return {
        "partners": [(row, liaisons[row.id], len(law.running_referrals(session, row.id))) for row in all_],
    }


def _agency(session: Session, id: int) -> dict[str, Any]:
    running, liaisons = law.running_referrals(session, id), law.liaisons(session, id)
    return {"partner": law.find_agency(session, id), "running": running, "liaisons": liaisons}


# Categories and targets


async def kinds(request: Request) -> Response:
    return await _page(request, "pages/admin_categories.html", _kinds)


async def kind(request: Request) -> Response:
    code = request.path_params["code"]
    return await _page(request, "admin/_category.html", lambda session: {"category": _one(session, Category, code)})


async def add_category(request: Request) -> Response:
    return await _in_the_catalogue(request, NewKind, law.add_category)


async def change_category(request: Request) -> Response:
    return await _in_the_catalogue(request, Kind, law.change_category, request.path_params["code"])


async def sign(request: Request) -> Response:
    code = request.path_params["code"]
    return await _page(request, "admin/_modifier.html", lambda session: {"modifier": _one(session, Modifier, code)})


async def add_modifier(request: Request) -> Response:
    return await _in_the_catalogue(request, NewSign, law.add_modifier)


async def change_modifier(request: Request) -> Response:
    return await _in_the_catalogue(request, Sign, law.change_modifier, request.path_params["code"])


async def goal(request: Request) -> Response:
    priority = request.path_params["priority"]
    return await _page(request, "admin/_target.html", lambda session: {"target": _one(session, Target, priority)})


async def change_target(request: Request) -> Response:
    return await _in_the_catalogue(request, Goal, law.change_target, request.path_params["priority"])


async def _in_the_catalogue(request: Request, kind: type[Act], act: Any, *named: Any) -> Response:
    """What the form says, to `act` of the law; `named` is the row that is there already."""
    viewer, form = require(request, Role.ADMIN), await read(request, kind)
    given = form.model_dump(exclude={"version", "idempotency_key"})
    await request.state.writer.run(lambda session: act(session, viewer, *named, **given))
    return done(request, "/admin/categories")


def _kinds(session: Session) -> dict[str, Any]:
    targets = session.exec(select(Target).order_by(col(Target.priority))).all()
    return {
        "categories": categories(session, choosable=False),
        "modifiers": modifiers(session, closed=True),
        "targets": targets,
    }


def _one(session: Session, table: type[Any], key: Any) -> Any:
    if (row := session.get(table, key)) is None:
        raise NotFound()
    return row


# Keys


async def keys(request: Request) -> Response:
    return await _page(request, "pages/admin_keys.html", lambda session: {"keys": law.keys(session)})


async def make_key(request: Request) -> Response:
    viewer, form = require_proof(request, Role.ADMIN), await read(request, Name)
    secret, hash = new_secret()
    key = await request.state.writer.run(law.make_key, viewer, form.name, hash)
    return await _once(request, "key", secret, key.name)


async def revoke_key(request: Request) -> Response:
    await request.state.writer.run(law.revoke_key, require(request, Role.ADMIN), request.path_params["id"])
    return done(request, "/admin/keys")


async def _page(request: Request, template: str, data: Any) -> Response:
    """A page or a part of one, for administrators; with what its forms choose from."""
    require(request, Role.ADMIN)
    back = _list_of(request.scope["path"])

    def read_all(session: Session) -> dict[str, Any]:
        open_agencies = [agency for agency in law.agencies(session) if agency.active]
        choices: dict[str, Any] = {
            "stations": law.stations(session),
            "agencies": open_agencies,
            "roles": STAFF,
            "ranks": load().ranks,
        }
        choices["station_names"] = {row.id: row.name for row in session.exec(select(Station))}  # closed ones too
        return choices | data(session)

    return await shown(request, template, read_all, back=back)


def _list_of(path: str) -> str:
    """Where somebody comes from to the form at this path."""
    part = path.split("/")[2] if path != "/admin" else ""
    return {"": "/admin", "people": "/admin", "targets": "/admin/categories", "modifiers": "/admin/categories"}.get(
        part, f"/admin/{part}"
    )


async def _once(request: Request, what: str, secret: str, name: str) -> Response:
    """The one answer that holds a secret: it is shown, and kept nowhere."""
    return await shown(request, "admin/_once.html", what=what, secret=secret, name=name)


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
    Route("/admin/agencies", agencies),
    Route("/admin/agencies", keeping(add_agency, agencies, "/admin/agencies"), methods=["POST"]),
    Route("/admin/agencies/{id:int}", agency),
    Route("/admin/agencies/{id:int}/number", keeping(number_agency, agency, "/admin/agencies/{id}"), methods=["POST"]),
    Route("/admin/agencies/{id:int}/line", keeping(line_agency, agency, "/admin/agencies/{id}"), methods=["POST"]),
    Route("/admin/agencies/{id:int}/rename", keeping(rename_agency, agency, "/admin/agencies/{id}"), methods=["POST"]),
    Route("/admin/agencies/{id:int}/close", keeping(close_agency, agency, "/admin/agencies/{id}"), methods=["POST"]),
    Route("/admin/agencies/{id:int}/reopen", keeping(reopen_agency, agency, "/admin/agencies/{id}"), methods=["POST"]),
    Route("/admin/categories", kinds),
    Route("/admin/categories", keeping(add_category, kinds, "/admin/categories"), methods=["POST"]),
    Route("/admin/categories/{code}", kind),
    Route("/admin/categories/{code}", keeping(change_category, kind, "/admin/categories/{code}"), methods=["POST"]),
    Route("/admin/modifiers", keeping(add_modifier, kinds, "/admin/categories"), methods=["POST"]),
    Route("/admin/modifiers/{code}", sign),
    Route("/admin/modifiers/{code}", keeping(change_modifier, sign, "/admin/modifiers/{code}"), methods=["POST"]),
    Route("/admin/targets/{priority:int}", goal),
    Route("/admin/targets/{priority:int}", keeping(change_target, goal, "/admin/targets/{priority}"), methods=["POST"]),
    Route("/admin/keys", keys),
    Route("/admin/keys", keeping(make_key, keys, "/admin/keys"), methods=["POST"]),
    Route("/admin/keys/{id:int}/revoke", keeping(revoke_key, keys, "/admin/keys"), methods=["POST"]),
]
