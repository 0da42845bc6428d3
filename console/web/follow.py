"""The follow page: how a complaint stands, in plain words; the thread; and what its reporter may still do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.errors import wants_json
from console.media import TooLarge
from console.viewer import locale_of, require
from console.web import photos
from console.web.forms import Form, done, read
from console.words import say
from models.agency import Referral
from models.board import position
from models.closing import REOPEN_HOURS
from models.complaint import Complaint
from models.errors import N_, WrongValue
from models.event import now
from models.filing import MOST_EVIDENCE, Upload, attach, find_complaint, read_thread
from models.idempotency import once
from models.incident import Incident
from models.people import Role, Viewer
from models.talking import Line, thread
from models.workflow import Status

ELSEWHERE = "https://www.bmkg.go.id/"  # Keluar cepat: the weather, as anybody might look at it
RECEIPT_MINUTES = 10  # so long the page opens with the receipt
AHEAD = ("claimed", "handled", "dispatched", "on_scene", "resolved")
ANSWERS = {
    "accepted": N_("diterima"),
    "declined": N_("tidak diterima"),
    "finished": N_("selesai"),
    "ended": N_("selesai"),
}
TOO_LARGE = N_("Foto terlalu besar: paling besar 15 MB. Pilih lagi fotonya.")


class Said(Form):
    words: str = ""
    reason: str = ""
    idempotency_key: str = ""


@dataclass(frozen=True)
class Step:
    """A line of the timeline. `who`: to whom it was referred; `final`: nothing comes after it."""

    stage: str
    at: datetime | None
    state: Literal["past", "now", "ahead"]
    note: str = ""
    who: str = ""
    final: bool = False


@dataclass(frozen=True)
class Followed:
    """A complaint with all its page shows; `seq` and `epoch` are where its socket goes on from."""

    complaint: Complaint
    incident: Incident
    lines: list[Line]
    seq: int
    epoch: str

    @property
    def stage(self) -> str:
        handled = self.incident.status == Status.CLAIMED and self.incident.handled_at
        return "handled" if handled else str(self.incident.status)

    @property
    def reopen_until(self) -> datetime | None:
        """None while it is open, and once it is too late."""
        closed_at = self.incident.closed_at
        until = closed_at + timedelta(hours=REOPEN_HOURS) if closed_at and not self.incident.open else None
        return until if until and now() < until else None


async def show(request: Request) -> Response:
    viewer = require(request, Role.CITIZEN)
    seen = await request.state.read(followed, viewer, request.path_params["ref"])
    newest = max((line.seq for line in seen.lines if line.ours), default=0)
    if newest > seen.complaint.read_seq:
        request.state.writer.submit(read_thread, viewer, seen.complaint.ref, newest)
    return _page(request, seen)


async def take(request: Request) -> Response:
    """The two steps a reporter may take: reply, and reopen what is not over."""
    viewer, ref = require(request, Role.CITIZEN), request.path_params["ref"]
    name = request.url.path.rpartition("/")[2]
    said = await read(request, Said)
    given: dict[str, Any] = {"words": said.words} if name == "reply" else {"reason": said.reason}
    try:
        await request.state.writer.run(_take, viewer, ref, name, given, said.idempotency_key)
    except WrongValue as error:
        if _part(request):
            raise
        return await _again(request, viewer, ref, error, said)
    return done(request, f"/complaints/{ref}")


async def add_photos(request: Request) -> Response:
    """More photos for a complaint that stands already."""
    viewer, ref = require(request, Role.CITIZEN), request.path_params["ref"]
    await request.state.read(find_complaint, viewer, ref)  # before a byte is kept
    async with request.form(max_files=4 * photos.MOST, max_fields=10) as form:
        try:
            uploads = await photos.keep(request, photos.photos_of(form))
            if not uploads:
                raise WrongValue("photo", N_("Pilih fotonya."))
            await request.state.writer.run(_attach, viewer, ref, uploads)
        except (WrongValue, TooLarge) as error:
            if _part(request):
                raise
            if isinstance(error, WrongValue):
                return await _again(request, viewer, ref, error)
            return await _again(request, viewer, ref, WrongValue("photo", TOO_LARGE), status=413)
    request.state.develop()
    return done(request, f"/complaints/{ref}")


def followed(session: Session, viewer: Viewer, ref: str) -> Followed:
    seq, epoch = position(session)  # first: what comes after, the socket catches up on
    complaint = find_complaint(session, viewer, ref)
    incident = load(complaint)
    return Followed(complaint, incident, thread(session, complaint), seq, epoch)


def load(complaint: Complaint) -> Incident:
    """What a card and the page name, read before the session closes."""
    incident = complaint.incident
    assert incident is not None
    _ = complaint.category.code, complaint.evidence, [referral.agency.name for referral in incident.referrals]
    return incident


def timeline(seen: Followed, locale: str) -> list[Step]:
    """What happened, and what is to come. One that was joined to others begins with its own filing."""
    past = sorted(_past(seen, locale), key=lambda step: step.at or seen.complaint.filed_at)
    if not seen.incident.open:
        stage = "dismissed" if seen.incident.status == Status.DISMISSED else "resolved"
        return [*past, Step(stage, seen.incident.closed_at, "now", final=True)]
    at = max((place for place, step in enumerate(past) if step.stage == seen.stage), default=0)
    past[at] = Step(past[at].stage, past[at].at, "now", past[at].note)
    reached = AHEAD.index(seen.stage) + 1 if seen.stage in AHEAD else 0
    return [*past, *(Step(stage, None, "ahead") for stage in AHEAD[reached:])]


def _past(seen: Followed, locale: str) -> Iterator[Step]:
    incident, began = seen.incident, seen.complaint.filed_at
    yield Step("new", began, "past")
    if incident.opened_at > incident.filed_at:
        yield Step("reopened", incident.opened_at, "past")
    moments = (incident.claimed_at, incident.handled_at, incident.dispatched_at, incident.arrived_at)
    for stage, at in zip(AHEAD, moments, strict=False):
        if at:
            yield Step(stage, max(at, began), "past")
    for referral in incident.referrals:
        yield Step("referred", max(referral.asked_at, began), "past", _answer(referral, locale), referral.agency.name)


def _answer(referral: Referral, locale: str) -> str:
    return say(locale, ANSWERS[referral.state]) if referral.state in ANSWERS else ""


def _take(session: Session, by: Viewer, ref: str, name: str, given: dict[str, Any], key: str) -> None:
    complaint = find_complaint(session, by, ref)
    which: dict[str, Any] = {"complaint": complaint.id} if name == "reply" else {}

    def act() -> dict[str, Any]:
        load(complaint).take(name, by, **which | given)
        return {}

    once(session, by, key, {"step": name, "ref": ref, **given}, act)


def _attach(session: Session, by: Viewer, ref: str, uploads: Sequence[Upload]) -> None:
    complaint = find_complaint(session, by, ref)
    for upload in uploads:
        attach(session, by, complaint, upload)
        session.flush()
        session.refresh(complaint, ["evidence"])  # the law counts them


async def _again(
    request: Request, viewer: Viewer, ref: str, fault: WrongValue, said: Said | None = None, status: int = 422
) -> Response:
    """The page with what was typed, and what is wrong with it."""
    seen = await request.state.read(followed, viewer, ref)
    told = {fault.field: say(locale_of(request), fault.sentence, fault.values)}
    return _page(request, seen, told, said, status)


def _page(
    request: Request,
    seen: Followed,
    errors: Mapping[str, str] | None = None,
    said: Said | None = None,
    status: int = 200,
) -> Response:
    complaint, incident = seen.complaint, seen.incident
    young = now() - complaint.filed_at < timedelta(minutes=RECEIPT_MINUTES)
    response: Response = request.state.pages.page(
        request, "pages/complaint.html", status,
        complaint=complaint, incident=incident, stage=seen.stage, steps=timeline(seen, locale_of(request)),
        lines=seen.lines, evidence=complaint.evidence, seq=seen.seq, epoch=seen.epoch,
        fresh=young and seen.stage == "new", reopen_until=seen.reopen_until,
        may_add=incident.open and len(complaint.evidence) < MOST_EVIDENCE,
        errors=errors or {}, typed=said or Said(), elsewhere=ELSEWHERE,
    )  # fmt: skip
    return response


def _part(request: Request) -> bool:
    return wants_json(request) or request.headers.get("hx-request") == "true"


routes = [
    Route("/complaints/{ref}", show),
    Route("/complaints/{ref}/reply", take, methods=["POST"]),
    Route("/complaints/{ref}/reopen", take, methods=["POST"]),
    Route("/complaints/{ref}/photos", add_photos, methods=["POST"], max_body_size=photos.FORM_BYTES),
]
