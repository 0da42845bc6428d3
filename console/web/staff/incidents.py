"""Incidents: the panel, and every act an officer takes."""

import asyncio
import logging
from typing import Any, NamedTuple

from pydantic import Field
from sqlmodel import Session, col, select
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import desk_of, require, viewer_of
from console.ground.places import Places
from console.ground.points import distance_m
from console.pages.diary import diary, faults
from console.pages.render import asks_for_part
from console.pages.retold import in_every, not_to_call
from console.state import Request
from console.web.asking import form_of, given_of
from console.web.door.joining import MOST_JOINED, facts, join, short_name, talks
from console.web.forms import Act, Id, done, read
from console.web.showing import shown
from console.web.staff.guessing import guesses
from console.writer import NotStored, Writer
from models.city.category import categories, modifiers
from models.command.ladder import Ladder, rungs_of
from models.errors import N_, NotAllowed, NotFound
from models.incidents.alarms import look_at, unlooked
from models.incidents.closing import DISMISSALS, OUTCOMES, TOLD, commands, forwarded, ground_of
from models.incidents.complaint import Complaint
from models.incidents.conferring import conference
from models.incidents.dispatch import dispatches
from models.incidents.driving import driving, ready_units
from models.incidents.evidence import coming
from models.incidents.exercise import practice
from models.incidents.incident import Incident
from models.incidents.letting_go import may_hold
from models.incidents.linking import may_link
from models.incidents.merging import alike
from models.incidents.preserving import why_preserved
from models.incidents.referring import partners, signs_in
from models.incidents.sight import find, knows_reporter
from models.incidents.standing import records
from models.incidents.suggesting import posts, suggest
from models.incidents.talking import WHERE, hearing, quick, reach, threads
from models.people.officers import Officer
from models.people.phones import masked
from models.reading.board import position
from models.reading.proof import proof
from models.record.event import looked, note_look
from models.record.idempotency import once
from models.roles import DUTY
from models.time import is_night, now
from models.viewer import Viewer
from models.workflow import STEPS

log = logging.getLogger(__name__)
LOOK_WAIT_SECONDS = 0.15  # a commit takes a tenth of it, and nobody notices so much


class Into(form_of("merge")):  # type: ignore[misc]
    """Into which; or, on that one, which come (`source`), and whether who joins them takes it too."""

    source: list[Id] = Field(default_factory=list, max_length=MOST_JOINED)
    claim: bool = False


class Reporter(NamedTuple):
    """Who reports, as far as this viewer may know."""

    name: str
    phone_masked: str
    nth: int
    strikes: int
    hidden: bool
    guest: bool = False  # whose number nobody knows yet


class Revealed(NamedTuple):
    name: str
    phone: str


async def act(request: Request) -> Response:
    """Every step of the law by its name. Unknown steps are 404."""
    viewer, id, step = viewer_of(request), request.path_params["id"], request.path_params["step"]
    if step not in STEPS:
        raise NotFound()
    shape: type[Act] = Into if step == "merge" else form_of(step)
    form = await read(request, shape)
    if isinstance(form, Into) and form.source:
        return await join(request, viewer, id, form.source, form.claim, form.idempotency_key)
    given = given_of(request, step, form)
    await request.state.writer.run(_act, viewer, id, step, form, given)
    return done(request, f"/console?incident={id}" if viewer.on_duty else desk_of(viewer))


def _act(session: Session, viewer: Viewer, id: int, step: str, form: Act, given: dict[str, Any]) -> None:
    def take() -> dict[str, Any]:
        # Looked for within: whoever repeats a step that took the incident out of sight still hears that it was done.
        find(session, viewer, id).take(step, viewer, version=form.version, **given)
        return {}

    asked = form.model_dump(exclude={"version", "idempotency_key"}, exclude_none=True)
    once(session, viewer, form.idempotency_key, [id, step, asked], take)


async def show(request: Request) -> Response:
    """The panel; a page of its own when the browser goes there."""
    viewer, id = require(request, *DUTY), request.path_params["id"]
    template = "incidents/_panel.html" if asks_for_part(request) else "pages/incident.html"

    if await request.state.read(_unnoted, viewer, id):
        await _note(request.state.writer, viewer, id)

    def part(session: Session) -> Response:
        known = panel(session, viewer, id, request.state.places, request.state.ladder)
        return request.state.pages.page(request, template, **known)

    return await request.state.read(part)


async def alarm(request: Request) -> Response:
    """Which consoles had the alarm, which sounded, who looked: asked again while it waits."""
    viewer, id = require(request, *DUTY), request.path_params["id"]

    def load(session: Session) -> dict[str, Any]:
        incident = find(session, viewer, id)
        rungs = rungs_of(session, request.state.ladder, incident)
        return {
            "incident": incident,
            "proof": proof(session, incident),
            "rungs": rungs,
            "faults": faults(viewer.locale),
        }

    return await shown(request, "incidents/_alarm.html", load)


def _unnoted(session: Session, viewer: Viewer, id: int) -> bool:
    """Asked where no write waits: a panel fetches itself anew with each change, up to four a second."""
    incident = find(session, viewer, id)
    return unlooked(session, viewer, incident) or not looked(session, "panel", viewer, incident_id=id)


async def _note(writer: Writer, viewer: Viewer, id: int) -> None:
    """On disk before the panel is read, so that whoever opens it finds their own look among the receipts, and finds it
    because it stands. A writer that is slow or hangs holds no panel up: then the look is written when it is."""
    try:
        noting = asyncio.wrap_future(writer.submit(_look, viewer, id))
    except NotStored as error:
        return _say_unnoted(error)
    noting.add_done_callback(_say_how)
    await asyncio.wait({noting}, timeout=LOOK_WAIT_SECONDS)  # which leaves it to go on; wait_for would take it back


def _look(session: Session, viewer: Viewer, id: int) -> None:
    note_look(session, "panel", viewer, incident_id=id)
    look_at(session, viewer, id)


def _say_how(noting: "asyncio.Future[None]") -> None:
    if not noting.cancelled() and (error := noting.exception()):
        _say_unnoted(error)


def _say_unnoted(error: BaseException) -> None:
    log.warning("a look at a panel could not be noted: %s", error)


def panel(session: Session, viewer: Viewer, id: int, places: Places, ladder: Ladder) -> dict[str, Any]:
    """Everything an officer needs to decide, in one reading."""
    seq, epoch = position(session)
    incident = find(session, viewer, id)
    suggestion = suggest(session, incident, _ticked(), viewer.locale)
    on_duty = select(Officer).where(Officer.active, col(Officer.role).in_(DUTY)).order_by(Officer.name)
    lines = threads(session, incident.complaints)
    return {
        "seq": seq,
        "epoch": epoch,
        "incident": incident,
        "complaints": incident.complaints,
        "diary": diary(session, incident, viewer),
        "preserved": why_preserved(incident),
        "proof": proof(session, incident),
        "rungs": rungs_of(session, ladder, incident),
        "faults": faults(viewer.locale),
        "threads": lines,
        "hush": not_to_call(lines),
        "reads": [row.id for row in incident.referrals if row.shows and signs_in(session, row.agency)],
        "linkable": [row.id for row in incident.referrals if may_link(session, incident, row)],
        "conferences": {row.id: conference(incident, row) for row in incident.referrals},
        "hearing": hearing(session, incident.complaints),
        "transfers": coming(session, [complaint.id for complaint in incident.complaints]),
        "talks": talks(session, incident, lines),
        "facts": facts(incident.complaints) if len(incident.complaints) > 1 else None,
        "quick": quick(incident),
        "where": WHERE,
        "where_said": in_every(WHERE),
        "reach": reach(session, incident.complaints),
        "suggestion": suggestion,
        "ticked": _ticked(),
        "posts": posts(session, incident, suggestion.total, distance_m),
        "modifiers": modifiers(session),
        "alike": alike(session, viewer, incident),
        "dispatches": (sent := dispatches(session, incident)),
        "units_out": driving(session, [row.id for row in sent]) if sent else {},
        "units_ready": ready_units(session),
        "may": incident.may(viewer),
        "guesses": guesses(session, places, incident),
        "reporters": reporters(session, viewer, incident),
        "revealed": None,
        "officers": [
            officer
            for officer in session.exec(on_duty)
            if officer.id != incident.officer_id and may_hold(officer, incident)
        ],
        "agencies": partners(session, incident),
        "commands": (beside := commands(session)),
        "whose_ground": ground_of(incident, beside),
        "categories": categories(session),
        "free_total": suggestion.free,
        "forwarded": forwarded(incident),
        "dismissals": DISMISSALS,
        "outcomes": OUTCOMES,
        "told": TOLD,
    }


def reporters(session: Session, viewer: Viewer, incident: Incident) -> dict[int, Reporter]:
    """Each reporter by complaint: a short name and a masked number, or nothing but their standing."""
    hidden, past = not knows_reporter(viewer, incident), records(session, viewer, incident.complaints)
    found = {}
    for one in incident.complaints:
        name, phone = ("", "") if hidden else (short_name(one.reporter_name), masked(one.reporter_phone))
        found[one.id] = Reporter(name, phone, *past[one.id], hidden, one.anonymous)
    return found


async def identity(request: Request) -> Response:
    """Name and number in full of the reporter of one complaint, or of the first: a deliberate press, and it is noted."""
    viewer, id = require(request, *DUTY), request.path_params["id"]
    asked = request.query_params.get("complaint", "")
    which = int(asked) if asked.isdecimal() else None
    known = await request.state.writer.run(_reveal, viewer, id, which)

    def part(session: Session) -> Response:
        incident = find(session, viewer, id)
        complaint = one_of(incident, which)
        who = reporters(session, viewer, incident)[complaint.id]
        return request.state.pages.page(
            request,
            "incidents/_reporter.html",
            incident=incident,
            complaint=complaint,
            reporter=who._replace(name=known.name),
            revealed=known,
            hush=not_to_call(threads(session, [complaint])),
        )

    return await request.state.read(part)


def _reveal(session: Session, viewer: Viewer, id: int, which: int | None) -> Revealed:
    incident = find(session, viewer, id)
    complaint = one_of(incident, which)
    if not knows_reporter(viewer, incident):
        raise NotAllowed(N_("Identitas pelapor ini hanya untuk pemegang kejadian dan pengawas."))
    note_look(session, "identity", viewer, incident_id=id, complaint_id=complaint.id)
    return Revealed(complaint.reporter_name, complaint.reporter_phone)


def one_of(incident: Incident, which: int | None) -> Complaint:
    """A complaint under this incident; without a number, the first."""
    found = next((row for row in incident.complaints if which in (None, row.id)), None)
    if found is None:
        raise NotFound()
    return found


async def new(request: Request) -> Response:
    """The form for a caller or a walk-in (N)."""
    require(request, *DUTY)
    return await shown(
        request,
        "incidents/_new_form.html",
        lambda session: {"categories": categories(session), "practice": practice(session)},
    )


def _ticked() -> list[str]:
    """Ticked before anyone looks: the night."""
    return ["night"] if is_night(now()) else []


routes = [
    Route("/incidents/new", new),
    Route("/incidents/{id:int}", show),
    Route("/incidents/{id:int}/alarm", alarm),
    Route("/incidents/{id:int}/identity", identity, methods=["POST"]),
    Route("/incidents/{id:int}/{step}", act, methods=["POST"]),
]
