"""The door for an existing app's back end: complaints as JSON, by key."""

from pydantic import Field
from sqlmodel import Session, select
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from console.door.viewer import SignInNeeded, hash_of
from console.state import Request
from console.web.citizen.reports import file_once
from console.web.citizen.sites import site_of
from console.web.forms import Form, Placed, json_of
from models.errors import N_, WrongValue
from models.incidents.filing import Filing
from models.people.machines import Key
from models.people.phones import e164
from models.viewer import Viewer

LONGEST_KEY = 200


class Reporter(Form):
    phone: str = ""
    name: str = Field(default="", max_length=80)


class Report(Form):
    category: str
    description: str
    lat: float | None = Field(default=None, strict=True)  # true is no degree
    lon: float | None = Field(default=None, strict=True)
    place: Placed = Field(default="", max_length=200)
    landmark: Placed = Field(default="", max_length=200)
    reporter: Reporter = Reporter()
    external_id: str | None = Field(default=None, max_length=200)
    exercise: bool = False


async def take_in(request: Request) -> Response:
    """201 with the reference; the same key and body again: the same answer."""
    viewer = await _by_key(request)
    key = request.headers.get("idempotency-key", "")
    if len(key) > LONGEST_KEY:
        raise WrongValue("idempotency_key", N_("Paling banyak {most} huruf."), most=LONGEST_KEY)
    sent = await json_of(request)
    report = Report.model_validate(sent)
    lat, lon = ("" if value is None else str(value) for value in (report.lat, report.lon))
    site = await site_of(request.state.places, lat, lon, report.place, report.landmark, precision="pin")
    phone = e164(report.reporter.phone, "reporter") if report.reporter.phone else ""
    filing = Filing(
        report.category, report.description, site, report.place, "intake",
        report.reporter.name, phone, report.external_id, report.exercise,
    )  # fmt: skip
    stored = await request.state.writer.run(file_once, viewer, filing, key, sent)
    follow = f"{request.state.settings.origin}/complaints/{stored['ref']}"
    body = {
        "ref": stored["ref"], "status": stored["status"], "follow_url": follow,
        "cap_status": "Exercise" if report.exercise else "Actual",  # CAP 1.2, 3.2.1
    }  # fmt: skip
    return JSONResponse(body, 201, {"Location": follow})


async def _by_key(request: Request) -> Viewer:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    viewer = await request.state.read(viewer_by_key, hash_of(secret.strip())) if scheme.lower() == "bearer" else None
    if viewer is None:
        raise SignInNeeded()
    return viewer


def viewer_by_key(session: Session, hash: str) -> Viewer | None:
    key = session.exec(select(Key).where(Key.hash == hash, Key.revoked_at == None)).first()  # noqa: E711
    return key.viewer if key else None


routes = [Route("/api/complaints", take_in, methods=["POST"])]
