"""The follow page: how a complaint stands, in plain words; the thread; and what its reporter may still do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlmodel import Session, col, select
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.door.bodies import WORDS_BYTES
from console.door.viewer import locale_of, require
from console.errors import RETRY_SECONDS, wants_json
from console.evidence.store import TooLarge
from console.pages.words import LOCALES, say
from console.server.vitals import NO_ROOM, Full
from console.state import Request
from console.web.citizen import photos
from console.web.citizen.reports import PRESSED
from console.web.citizen.sites import site_of
from console.web.door.knock import knocking
from console.web.doubts import Question, question
from console.web.forms import Form, Placed, done, read
from console.web.showing import shown
from models.city.site import Site
from models.errors import N_, WrongValue
from models.incidents.closing import reopenable_until
from models.incidents.complaint import Complaint
from models.incidents.correcting import HERE, UNSURE
from models.incidents.filing import MOST_EVIDENCE, Upload, attach, find_complaint, read_thread
from models.incidents.incident import Incident
from models.incidents.rating import Rating, rating_of
from models.incidents.standing import Warned, warning
from models.incidents.talking import Line, thread
from models.people.phones import masked
from models.reading.board import position
from models.reading.seen import Seen, seen_of
from models.record.event import Event, newest
from models.record.idempotency import once
from models.roles import REPORTERS
from models.time import now
from models.viewer import Viewer
from models.workflow import Status

ELSEWHERE = "https://www.bmkg.go.id/"  # Keluar cepat: the weather, as anybody might look at it
RECEIPT_MINUTES = 10  # so long the page opens with the receipt
AHEAD = ("claimed", "handled", "dispatched", "on_scene", "resolved")
MOVES = (
    "dispatch",
    "reinforce",
    "arrive",
    "recall",
    "recategorise",
)  # the steps of the personnel; one that was undone never was
# What one press says after Respons Cepat. Each stays as it was pressed, beside the others: who hides may be hurt, too.
URGES = (
    N_("Ada yang luka"),
    N_("Pelaku bawa senjata"),
    N_("Pelaku masih di sini"),
    N_("Ada anak-anak"),
    N_("Saya sembunyi"),
    N_("Jangan telepon"),
)
TOO_LARGE = N_("Foto terlalu besar: paling besar 15 MB. Pilih lagi fotonya.")


class Said(Form):
    words: str = ""
    reason: str = ""
    stars: int | None = None
    lat: str = ""
    lon: str = ""
    accuracy: str = ""
    place: Placed = ""
    choice: str = ""  # what was pressed of a question about the place: a label, "here" or "unsure"
    note: str = ""  # the word beside the stars
    idempotency_key: str = ""


@dataclass(frozen=True)
class Step:
    """A line of the timeline. `sent`: personnel and the station they come from; `who`: to whom it was referred, with
    its `answer`, and when that came; `beside`: it moves nothing on; `final`: nothing comes after it.
    """

    stage: str
    at: datetime | None
    state: Literal["past", "now", "ahead"]
    sent: tuple[tuple[int, str], ...] = ()
    who: str = ""
    answer: str = ""
    answered_at: datetime | None = None
    beside: bool = False
    final: bool = False


@dataclass(frozen=True)
class Followed:
    """A complaint with all its page shows; `seq` and `epoch` are where its socket goes on from."""

    complaint: Complaint
    incident: Incident
    lines: list[Line]
    moves: list[Event]
    seen: list[Seen]
    rating: Rating | None
    seq: int
    epoch: str
    reopen_until: datetime | None
    warned: Warned | None
    reopened_at: datetime | None = None
    located: Event | None = None  # where its reporter said it is, or they are, last

    @property
    def pressed(self) -> bool:
        """Respons Cepat, and not over: help is asked for with presses, words may come beside them."""
        return self.incident.open and self.complaint.words.startswith(PRESSED)

    @property
    def urged(self) -> dict[str, datetime]:
        """Which quick words were said, in whichever language, and when first."""
        spoken = {say(locale, words): words for locale in LOCALES for words in URGES}
        said = [line for line in reversed(self.lines) if not line.ours]
        return {spoken[line.words]: line.at for line in said if line.words in spoken}

    @property
    def stage(self) -> str:
        handled = self.incident.status == Status.CLAIMED and self.incident.handled_at
        return "handled" if handled else str(self.incident.status)

    @property
    def handled_at(self) -> datetime | None:
        """A question asked once they are on their way takes nobody a step back."""
        incident = self.incident
        late = incident.handled_at and incident.dispatched_at and incident.handled_at > incident.dispatched_at
        return None if late and incident.status != Status.CLAIMED else incident.handled_at


async def show(request: Request) -> Response:
    viewer = require(request, *REPORTERS)
    seen = await request.state.read(followed, viewer, request.path_params["ref"])
    if seen.complaint.ref != request.path_params["ref"]:
        return RedirectResponse(f"/complaints/{seen.complaint.ref}", 307)  # typed as it was read aloud
    newest = max((line.seq for line in seen.lines if line.ours), default=0)
    if newest > seen.complaint.read_seq:
        request.state.writer.submit(read_thread, viewer, seen.complaint.ref, newest)
    return await _page(request, seen)


async def take(request: Request) -> Response:
    """The steps a reporter may take: reply, say where, reopen what is not over, rate what is."""
    viewer, ref = require(request, *REPORTERS), request.path_params["ref"]
    name = request.url.path.rpartition("/")[2]
    said = await read(request, Said)
    asked = said.model_dump(exclude={"idempotency_key"}, exclude_defaults=True)
    try:
        given = await _given(request, name, said)
        await request.state.writer.run(_take, viewer, ref, name, given, said.idempotency_key, asked)
    except WrongValue as error:
        if _part(request):
            raise
        return await again(request, viewer, ref, error, said)
    return done(request, f"/complaints/{ref}")


async def _given(request: Request, name: str, said: Said) -> dict[str, Any]:
    match name:
        case "reply":
            return {"words": said.words}
        case "rate":
            return {"stars": said.stars, "words": said.note}
        case "locate" if said.choice in (HERE, UNSURE):
            return {"site": Site.unknown(said.place), "answer": said.choice}
        case "locate" if said.choice:
            return {"site": await site_of(request.state.places, "", "", said.choice)}
        case "locate":
            return {"site": await site_of(request.state.places, said.lat, said.lon, said.place, "", said.accuracy)}
    return {"reason": said.reason}


async def add_photos(request: Request) -> Response:
    """More photos for a complaint that stands already."""
    viewer, ref = require(request, *REPORTERS), request.path_params["ref"]
    await request.state.read(find_complaint, viewer, ref)  # before a byte is kept
    async with request.form(max_files=4 * photos.MOST, max_fields=10, max_part_size=WORDS_BYTES) as form:
        try:
            async with photos.kept(request, photos.photos_of(form)) as uploads:
                if not uploads:
                    raise WrongValue("photo", N_("Pilih fotonya."))
                await request.state.writer.run(_attach, viewer, ref, uploads)
        except (WrongValue, TooLarge, Full) as error:
            if _part(request):
                raise
            if isinstance(error, WrongValue):
                return await again(request, viewer, ref, error)
            if isinstance(error, Full):
                response = await again(request, viewer, ref, WrongValue("photo", NO_ROOM), status=507)
                response.headers["Retry-After"] = RETRY_SECONDS[507]
                return response
            return await again(request, viewer, ref, WrongValue("photo", TOO_LARGE), status=413)
    return done(request, f"/complaints/{ref}")


def followed(session: Session, viewer: Viewer, ref: str) -> Followed:
    seq, epoch = position(session)  # first: what comes after, the socket catches up on
    complaint = find_complaint(session, viewer, ref)
    incident = load(complaint)
    again = newest(session, incident.id, ("reopen",))
    here = (Event.incident_id == incident.id, Event.seq > (again.seq if again else 0))
    rows = session.exec(select(Event).where(*here, col(Event.step).in_((*MOVES, "undo"))).order_by(col(Event.seq)))
    events = list(rows)
    undone = {event.body.get("of") for event in events if event.step == "undo"}
    return Followed(
        complaint,
        incident,
        thread(session, complaint),
        [event for event in events if event.step in MOVES and event.seq not in undone],
        seen_of(session, complaint),
        rating_of(session, complaint, incident),
        seq,
        epoch,
        reopenable_until(incident, viewer),
        warning(session, complaint),
        again.at if again else None,
        _located(session, complaint),
    )


def _located(session: Session, complaint: Complaint) -> Event | None:
    mine = select(Event).where(Event.complaint_id == complaint.id, Event.step == "locate")
    return session.exec(mine.order_by(col(Event.seq).desc()).limit(1)).first()


def load(complaint: Complaint) -> Incident:
    """What a card and the page name, read before the session closes."""
    incident = complaint.incident
    assert incident is not None
    _ = complaint.category.code, complaint.evidence, [referral.agency.name for referral in incident.referrals]
    _ = complaint.unread
    return incident


def timeline(seen: Followed) -> list[Step]:
    """What happened, and what is to come. One that was joined to others begins with its own filing."""
    past = sorted(_past(seen), key=lambda step: step.at or seen.complaint.filed_at)
    if not seen.incident.open:
        stage = "dismissed" if seen.incident.status == Status.DISMISSED else "resolved"
        return [*past, Step(stage, seen.incident.closed_at, "now", final=True)]
    at = max((place for place, step in enumerate(past) if step.stage == seen.stage), default=0)
    past[at] = replace(past[at], state="now")
    if seen.incident.outside:
        return past  # another command's ground: what never comes is not promised
    reached = AHEAD.index(seen.stage) + 1 if seen.stage in AHEAD else 0
    return [*past, *(Step(stage, None, "ahead") for stage in AHEAD[reached:])]


def _past(seen: Followed) -> Iterator[Step]:
    incident, began = seen.incident, seen.complaint.filed_at
    yield Step("new", began, "past")
    if seen.reopened_at:
        yield Step("reopened", seen.reopened_at, "past")
    for stage, at in (("claimed", incident.claimed_at), ("handled", seen.handled_at)):
        if at:
            yield Step(stage, max(at, began), "past")
    yield from _moved(seen)
    for referral in incident.referrals:
        answered_at = referral.finished_at or referral.answered_at
        at = max(referral.asked_at, began)
        answer = referral.state if answered_at else ""
        yield Step("referred", at, "past", (), referral.agency.name, answer, answered_at, beside=True)


def _moved(seen: Followed) -> Iterator[Step]:
    """Who set out from where, who came after, who arrived: each as it was noted."""
    there = False
    for event in seen.moves:
        at = max(event.at, seen.complaint.filed_at)
        sent = tuple((row["personnel"], row["station"]) for row in event.body.get("sent", ()))
        match event.step:
            case "dispatch":
                there = False
                yield Step("dispatched", at, "past", sent)
            case "reinforce":
                yield Step("reinforced", at, "past", sent, beside=True)
            case "arrive":
                arrived = ((event.body.get("personnel", 0), ""),)
                yield Step("joined" if there else "on_scene", at, "past", arrived, beside=there)
                there = True
            case "recall" | "recategorise" if event.body.get("cleared"):
                yield Step("recalled", at, "past", beside=True)


def _take(session: Session, by: Viewer, ref: str, name: str, given: dict[str, Any], key: str, asked: Any) -> None:
    complaint = find_complaint(session, by, ref)
    which: dict[str, Any] = {} if name == "reopen" else {"complaint": complaint.id}

    def act() -> dict[str, Any]:
        load(complaint).take(name, by, **which | given)
        return {}

    once(session, by, key, {"step": name, "ref": complaint.ref, **asked}, act)


def _attach(session: Session, by: Viewer, ref: str, uploads: Sequence[Upload]) -> None:
    complaint = find_complaint(session, by, ref)
    for upload in uploads:
        attach(session, by, complaint, upload)
        session.flush()
        session.refresh(complaint, ["evidence"])  # the law counts them


async def again(
    request: Request,
    viewer: Viewer,
    ref: str,
    fault: WrongValue,
    said: Said | None = None,
    status: int = 422,
    phone: str = "",
) -> Response:
    """The page with what was typed, and what is wrong with it."""
    seen = await request.state.read(followed, viewer, ref)
    told = {fault.field: say(locale_of(request), fault.sentence, fault.values)}
    return await _page(request, seen, told, said, status, phone)


async def _page(
    request: Request,
    seen: Followed,
    errors: Mapping[str, str] | None = None,
    said: Said | None = None,
    status: int = 200,
    phone: str = "",
) -> Response:
    complaint, incident = seen.complaint, seen.incident
    young = now() - complaint.filed_at < timedelta(minutes=RECEIPT_MINUTES)
    return await shown(
        request, "pages/complaint.html", status=status,
        complaint=complaint, incident=incident, stage=seen.stage, warned=seen.warned, steps=timeline(seen),
        lines=seen.lines, seen=seen.seen, rating=seen.rating, pressed=seen.pressed, urges=URGES, urged=seen.urged, located=seen.located, question=_question(request, seen), evidence=complaint.evidence, seq=seen.seq, epoch=seen.epoch,
        fresh=young and seen.stage == "new", reopen_until=seen.reopen_until,
        may_add=incident.open and len(complaint.evidence) < MOST_EVIDENCE,
        errors=errors or {}, typed=said or Said(), elsewhere=ELSEWHERE, phone=phone, knocked=_knocked(request, complaint),
    )  # fmt: skip


def _knocked(request: Request, complaint: Complaint) -> tuple[str, str] | None:
    """The number, masked, to which a guest's code was sent from this page; and the code itself, in the demo alone."""
    knocked = None if "number" in request.query_params else knocking(request)
    here = knocked and not knocked.proved and knocked.next == f"/complaints/{complaint.ref}"
    return (masked(knocked.phone), knocked.shown) if knocked and here else None


def _question(request: Request, seen: Followed) -> Question | None:
    """Of their own place, while it is open, and until they have answered."""
    complaint, incident = seen.complaint, seen.incident
    asks = incident.open and complaint.home_id == incident.id and seen.located is None and not seen.pressed
    return question(request.state.places, incident, complaint.landmark) if asks else None


def _part(request: Request) -> bool:
    return wants_json(request) or request.headers.get("hx-request") == "true"


routes = [
    Route("/complaints/{ref}", show),
    Route("/complaints/{ref}/reply", take, methods=["POST"]),
    Route("/complaints/{ref}/locate", take, methods=["POST"]),
    Route("/complaints/{ref}/reopen", take, methods=["POST"]),
    Route("/complaints/{ref}/rate", take, methods=["POST"]),
    Route("/complaints/{ref}/photos", add_photos, methods=["POST"], middleware=photos.IN_A_FORM),
]
