"""The apel: who is here, one press each; who follows whom; what they drive; and the shift that all of it belongs to."""

from datetime import datetime
from typing import Any

from pydantic import Field
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.door.viewer import require, require_seat
from console.pages.render import asks_for_part
from console.state import Request
from console.web.forms import Act, Id, done, known_id, read
from console.web.showing import shown
from console.web.staff.keeping import keeping
from models.administration.stations import stations
from models.city.station import short_names
from models.city.unit import UNIT_WORDS, Kind, UnitState
from models.command import apel as law
from models.command import units as garage
from models.command.members import Function, members, regus
from models.command.relief import LISTED, reliefs, rests
from models.command.shifts import (
    STATES,
    Duty,
    Pattern,
    Shift,
    before,
    begins,
    find_shift,
    grouped,
    manned,
    newest,
    on_duty,
    roll,
    stayed,
    sums,
    waiting,
)
from models.errors import N_, WrongValue
from models.incidents.strengths import strengths
from models.record.event import Head
from models.roles import Role
from models.time import as_typed, local, now

AT = "/duty/shift"


class Called(Act):
    state: str = ""
    note: str = ""


class Rest(Act):
    group: str = ""


class Whom(Act):
    member: Id


class Closing(Act):
    reason: str = ""


class Opening(Act):
    regu: str = ""
    pattern: str = ""
    starts: str = ""
    ends: str = ""
    lead: int = 0
    member: list[Id] = Field(default_factory=list)


class Vehicle(Act):
    callsign: str = ""
    kind: str = ""
    seats: int = 0
    station: int = 0


async def show(request: Request) -> Response:
    require_seat(request, Role.SUPERVISOR)
    asked = request.query_params.get("shift", "")
    template = "duty/_apel.html" if asks_for_part(request) else "pages/shift.html"
    chosen = request.query_params.get("duty", "")
    return await shown(request, template, lambda session: apel(session, asked, chosen))


async def new(request: Request) -> Response:
    """The form that opens a shift, with the roster of this regu ticked."""
    require_seat(request, Role.SUPERVISOR)
    regu = request.query_params.get("regu", "")
    return await shown(request, "pages/shift_new.html", lambda session: _plan(session, regu))


async def open_shift(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Opening)
    starts = _moment(form.starts, "starts")
    if starts is None:
        raise WrongValue("starts", N_("Tulis kapan mulai."))
    planned = law.Planned(form.regu, form.pattern, starts, form.lead, form.member, _moment(form.ends, "ends"))
    await request.state.writer.run(law.open_shift, viewer, planned)
    return RedirectResponse(AT, 303)


async def start_shift(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    await request.state.writer.run(law.start_shift, viewer, request.path_params["id"])
    return done(request, AT)


async def close_shift(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Closing)
    await request.state.writer.run(law.close_shift, viewer, request.path_params["id"], form.reason)
    return done(request, AT)


async def muster(request: Request) -> Response:
    """One press. Whoever pressed gets the row's new version, since the next press may come before the page does."""
    viewer, form, id = require(request, Role.SUPERVISOR), await read(request, Called), request.path_params["id"]
    duty: Duty = await request.state.writer.run(law.muster, viewer, id, form.state, form.note, form.version)
    answer = done(request, f"{AT}?duty={id}#duty-{id}")
    answer.headers["Siaga-Version"] = str(duty.version)
    return answer


async def muster_rest(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Rest)
    await request.state.writer.run(law.muster_rest, viewer, request.path_params["id"], form.group)
    return done(request, AT)


async def change_lead(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Whom)
    await request.state.writer.run(law.change_lead, viewer, request.path_params["id"], form.member)
    return done(request, AT)


async def add_member(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Whom)
    await request.state.writer.run(law.add_to_shift, viewer, request.path_params["id"], form.member)
    return done(request, AT)


async def take_off(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    await request.state.writer.run(law.take_off_shift, viewer, request.path_params["id"])
    return done(request, AT)


async def send_home(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    await request.state.writer.run(law.send_home, viewer, request.path_params["id"])
    return done(request, AT)


async def add_unit(request: Request) -> Response:
    viewer, form = require(request, Role.SUPERVISOR), await read(request, Vehicle)
    await request.state.writer.run(garage.add_unit, viewer, form.callsign, form.kind, form.seats, form.station)
    return done(request, AT)


async def unit(request: Request) -> Response:
    require_seat(request, Role.SUPERVISOR)
    id = request.path_params["id"]
    return await shown(request, "duty/_unit.html", lambda session: _unit(session, id), back=AT)


async def report_unit(request: Request) -> Response:
    viewer, form, id = require(request, Role.SUPERVISOR), await read(request, Called), request.path_params["id"]
    await request.state.writer.run(garage.report_unit, viewer, id, form.state, form.note, form.version)
    return done(request, AT)


async def retire_unit(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    await request.state.writer.run(garage.retire_unit, viewer, request.path_params["id"])
    return done(request, AT)


def apel(session: Session, asked: str, chosen: str) -> dict[str, Any]:
    """The shift that was asked for, else the one whose apel is held, else the one on duty, else the last."""
    running, coming = on_duty(session), waiting(session)
    shift = find_shift(session, int(asked)) if known_id(asked) else coming or running or newest(session)
    duties = roll(session, shift) if shift else []
    head, posts = session.get_one(Head, 1), stations(session)
    return {
        "seq": head.seq, "epoch": head.epoch, "shifts": manned(session), "running": running, "coming": coming,
        "picked": next((duty for duty in duties if str(duty.id) == chosen), None),
        "shift": shift, "groups": grouped(duties), "sums": sums(duties), "states": STATES,
        "called": {one.state: one for one in STATES},
        "functions": [(one, sums(d for d in duties if d.function == one)) for one in Function],
        "rests": rests(session, shift, [duty.member_id for duty in duties]) if shift else {},
        "others": _others(session, duties) if shift and not shift.closed_at else [],
        "leads": sorted(members(session), key=lambda one: one.officer_id is None) if shift else [],
        "units": garage.units(session), "kinds": list(Kind), "unit_words": UNIT_WORDS,
        "unit_states": list(UnitState), "stations": posts, "posts": strengths(session), "shorts": short_names(posts),
        "giver": before(session, shift) if shift else None,
        "desks": sum(duty.there and duty.at_desk for duty in _working(session, running, duties)),
    } | _relief(session, running, coming)  # fmt: skip


def _working(session: Session, running: Shift | None, duties: list[Duty]) -> list[Duty]:
    """Whom the stations' strength is counted over too: the shift on duty, and whoever stayed from one before."""
    return [*stayed(session), *roll(session, running)] if running else duties


def _relief(session: Session, running: Shift | None, coming: Shift | None) -> dict[str, Any]:
    """Half an hour before the end, and as soon as another shift's apel is held; whoever stayed is always on it."""
    at = now()
    out = [duty for duty in (roll(session, running) if running else []) if duty.there]
    due = running is not None and (running.ends - at <= LISTED or coming is not None)
    here = reliefs(out, roll(session, coming) if coming else [], at) if due else []
    kept = reliefs(stayed(session), [], at)
    rows = [*kept, *here]
    return {
        "tired": sum(row.tired for row in rows), "relief_due": due, "kept": len(kept), "done": [row for row in rows if row.done],
        "exceptions": kept + [row for row in here if not row.done and (row.missing or row.tired)],
        "uncalled": [row for row in here if not row.done and not row.missing and not row.tired],
        "left": int((running.ends - at).total_seconds() // 60) if due and running else None,
    }  # fmt: skip


def _others(session: Session, duties: list[Duty]) -> list[Any]:
    here = {duty.member_id for duty in duties}
    return [member for member in members(session) if member.id not in here]


def _plan(session: Session, regu: str) -> dict[str, Any]:
    known, running, last = regus(session), on_duty(session), newest(session)
    regu = regu or _next(known, last.regu if last else "")
    pattern = Pattern(last.pattern) if last else Pattern.DAY
    starts = max(running.ends, now()) if running else begins(pattern, now())
    ticked = law.last_of(session, regu)
    return {
        "regus": known, "regu": regu, "pattern": pattern, "patterns": list(Pattern),
        "starts": f"{local(starts):%Y-%m-%dT%H:%M}", "everyone": members(session), "ticked": ticked,
        "running": running, "station_names": {one.id: one.name for one in stations(session)},
    }  # fmt: skip


def _next(known: list[str], last: str) -> str:
    """After B comes C, and A again after the last."""
    if last in known:
        return known[(known.index(last) + 1) % len(known)]
    return known[0] if known else ""


def _unit(session: Session, id: int) -> dict[str, Any]:
    return {"unit": garage.find_unit(session, id), "unit_words": UNIT_WORDS, "unit_states": list(UnitState)}


def _moment(typed: str, field: str) -> datetime | None:
    if not typed:
        return None
    moment = as_typed(typed)
    if moment is None:
        raise WrongValue(field, N_("Waktu ini tidak terbaca."))
    return moment


routes = [
    Route(AT, show),
    Route("/duty/shifts/new", new),
    Route("/duty/shifts", keeping(open_shift, new, "/duty/shifts/new"), methods=["POST"]),
    Route("/duty/shifts/{id:int}/start", start_shift, methods=["POST"]),
    Route("/duty/shifts/{id:int}/close", keeping(close_shift, show, AT), methods=["POST"]),
    Route("/duty/shifts/{id:int}/rest", muster_rest, methods=["POST"]),
    Route("/duty/shifts/{id:int}/lead", keeping(change_lead, show, AT), methods=["POST"]),
    Route("/duty/shifts/{id:int}/members", keeping(add_member, show, AT), methods=["POST"]),
    Route("/duty/duties/{id:int}", keeping(muster, show, AT), methods=["POST"]),
    Route("/duty/duties/{id:int}/off", take_off, methods=["POST"]),
    Route("/duty/duties/{id:int}/home", send_home, methods=["POST"]),
    Route("/duty/units", keeping(add_unit, show, AT), methods=["POST"]),
    Route("/duty/units/{id:int}", unit),
    Route("/duty/units/{id:int}/report", keeping(report_unit, unit, "/duty/units/{id}"), methods=["POST"]),
    Route("/duty/units/{id:int}/retire", keeping(retire_unit, unit, "/duty/units/{id}"), methods=["POST"]),
]
