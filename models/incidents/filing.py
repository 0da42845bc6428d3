"""Filing: a complaint comes in and an incident stands beside it, in one commit."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, func, select

from models.acts import act
from models.city.category import URGENT, Category, choose
from models.city.site import Site
from models.city.spoken import EXERCISE, reference_of
from models.errors import N_, Blocked, NotAllowed, NotFound, WrongMoment, need
from models.incidents.complaint import Complaint, Counter, count_unread, own_of
from models.incidents.evidence import Evidence
from models.incidents.exercise import may_file
from models.incidents.incident import Incident
from models.incidents.likeness import liken
from models.incidents.merging import recount
from models.incidents.standing import Record, card_record
from models.people.citizens import Citizen, citizen_by
from models.people.devices import flagged, seen_before
from models.record.event import coming_seq, words_print
from models.roles import REPORTERS, Role
from models.time import lately, local, now, was_lately
from models.viewer import Viewer

BURST, BURST_MINUTES, DAILY = 5, 10, 20  # beyond these an account's complaints land muted (docs/trust.md#web)
KEY_BURST, KEY_URGENT = 120, 20  # of one app within the same minutes: all, and of priority 1
GUEST_BURST = 20  # of reporters without a number from one address, within the same minutes
MOST_EVIDENCE = 10  # pictures and videos of one complaint
NAMED = (
    selectinload(Complaint.evidence),  # type: ignore[arg-type]
    selectinload(Complaint.incident).selectinload(Incident.referrals),  # type: ignore[arg-type]
)


@dataclass(frozen=True)
class Upload:
    """A file that lies in the store already, by its hash."""

    kind: str  # photo, video
    name: str
    mime: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Filing:
    """What a complaint says. `source`: web, caller, walk_in or intake; the caller's fields for the last three."""

    category: str
    words: str
    site: Site
    place: str = ""
    source: str = "web"
    caller_name: str = ""
    caller_phone: str = ""
    external_id: str | None = None
    exercise: bool = False
    uploads: list[Upload] = field(default_factory=list)
    origin: str = ""  # of a guest: a keyed hash of the address it came from


def file(session: Session, by: Viewer, filing: Filing) -> Complaint:
    """Store a complaint with its incident. Filing is never refused for its rate, only muted by it."""
    citizen, category, words = check(session, by, filing)
    uploads = filing.uploads[:MOST_EVIDENCE]
    at = now()
    with session.no_autoflush:  # first all that is to be read, then one statement for each row
        recent = _recent(session, citizen)
        past = card_record(session, citizen) if citizen and recent else Record()
        incident = Incident(
            number=_number(session, at, filing.exercise),
            category_code=category.code,
            priority=category.priority,
            filed_at=at,
            opened_at=at,
            standing=_standing(by, citizen, past),
            strikes=past.strikes,
            flagged=bool(citizen and flagged(session, citizen.id)),
            exercise=filing.exercise,
            muted=not by.on_duty
            and (_over_the_rate(recent) or _floods(session, by, category) or _pours(session, by, filing)),
            seq=coming_seq(session),
            photos=sum(upload.kind == "photo" for upload in uploads),
            videos=sum(upload.kind == "video" for upload in uploads),
            **filing.site.columns(session),
        )
        incident.category = category
        incident.like_id = liken(session, incident, words, at)
        session.add(incident)
        incident.due_at = incident.due()
    session.flush()
    complaint = Complaint(
        incident_id=incident.id,
        home_id=incident.id,
        category_code=category.code,
        words=words,
        lat=filing.site.lat,
        lon=filing.site.lon,
        accuracy_m=filing.site.accuracy_m,
        place=filing.place,
        landmark=filing.site.landmark,
        source=filing.source,
        citizen_id=citizen.id if citizen else None,
        caller_name=filing.caller_name,
        caller_phone=filing.caller_phone,
        external_id=filing.external_id,
        origin=filing.origin,
        key_id=by.id if by.role == Role.INTAKE else None,
        filed_by_id=by.id if by.on_duty else None,
        filed_at=at,
        exercise=filing.exercise,
    )
    complaint.incident = incident
    session.add(complaint)
    session.flush()
    session.add_all(Evidence(complaint_id=complaint.id, **vars(upload)) for upload in uploads)
    held = {"evidence": [upload.sha256 for upload in uploads], "words_print": words_print(session, words)}
    incident.note("file", by, {}, complaint_id=complaint.id, source=filing.source, **held)
    return complaint


def check(session: Session, by: Viewer, filing: Filing) -> tuple[Citizen | None, Category, str]:
    """Whose it is, of which category, in which words. Raises what `file` refuses."""
    if filing.exercise:
        may_file(session, by)
    category = choose(session, filing.category)
    citizen = _reporter(session, by, filing, category)
    words = need(filing.words, "description", N_("Ceritakan singkat apa yang terjadi."))
    return citizen, category, words


def attach(session: Session, by: Viewer, complaint: Complaint, upload: Upload) -> Evidence:
    """The reporter adds a picture or video afterwards."""
    if len(complaint.evidence) >= MOST_EVIDENCE:
        raise WrongMoment(N_("Paling banyak {most} file tiap laporan."), most=MOST_EVIDENCE)
    evidence = Evidence(complaint_id=complaint.id, **vars(upload))
    session.add(evidence)
    incident = session.get_one(Incident, complaint.incident_id)
    before = incident.values()
    recount(session, incident)
    incident.note("attach", by, before, complaint_id=complaint.id, kind=upload.kind, sha256=upload.sha256)
    return evidence


@act
def develop(session: Session, by: Viewer, evidence_id: int, fault: str | None, found: dict[str, Any]) -> None:
    """Note what the media child saw. `found`: width, height, seconds, playable, taken_at, lat, lon."""
    evidence = session.get_one(Evidence, evidence_id)
    if evidence.state != "waiting":  # another process was faster
        return
    evidence.state, evidence.fault = ("unreadable", fault) if fault else ("ready", None)
    for name, value in found.items():
        setattr(evidence, name, value)
    _note_developed(session, by, evidence)


@act
def rendered(session: Session, by: Viewer, evidence_id: int, playable: bool) -> None:
    """The copy that every browser plays is there; or there will never be one."""
    evidence = session.get_one(Evidence, evidence_id)
    if evidence.playable is None:
        evidence.playable = playable
        _note_developed(session, by, evidence)


def _note_developed(session: Session, by: Viewer, evidence: Evidence) -> None:
    complaint = session.get_one(Complaint, evidence.complaint_id)
    incident = session.get_one(Incident, complaint.incident_id)
    incident.note(
        "develop", by, incident.values(), complaint_id=complaint.id, evidence=evidence.id, state=evidence.state
    )


def read_thread(session: Session, by: Viewer, ref: str, seq: int) -> None:
    """The reporter has read the thread up to this event: their tile loses its mark, and officers see it was read."""
    complaint = find_complaint(session, by, ref)
    if seq > complaint.read_seq:
        complaint.read_seq = seq
        incident = session.get_one(Incident, complaint.incident_id)
        incident.note("read", by, incident.values(), complaint_id=complaint.id)


def find_complaint(session: Session, by: Viewer, ref: str) -> Complaint:
    """A complaint by its reference, however it is typed, for its reporter alone."""
    complaint = session.exec(select(Complaint).where(Complaint.ref == reference_of(ref), own_of(by))).first()
    if complaint is None:
        raise NotFound()
    return complaint


def complaints_of(session: Session, by: Viewer, limit: int = 50, before: str = "") -> list[Complaint]:
    """A reporter's own complaints, newest first, with what their cards name. `before`: go on from this reference."""
    if by.role not in REPORTERS:
        return []
    rows = select(Complaint).where(own_of(by))
    if before:
        rows = rows.where(col(Complaint.id) < find_complaint(session, by, before).id)
    newest = rows.order_by(col(Complaint.filed_at).desc(), col(Complaint.id).desc())
    own = list(session.exec(newest.limit(limit).options(*NAMED)))
    count_unread(session, own)
    return own


def _reporter(session: Session, by: Viewer, filing: Filing, category: Category) -> Citizen | None:
    """Whose account it is; nobody's for a caller without one."""
    if by.role == Role.GUEST and category.code != URGENT:
        raise NotAllowed(N_("Buktikan dulu nomor Anda: minta kode."))
    if by.role in REPORTERS:
        citizen = session.get_one(Citizen, by.id)
    elif by.role == Role.INTAKE or by.on_duty:
        # An app or an officer vouches for the number: an account with it learns how it goes on.
        by_phone = citizen_by(session, filing.caller_phone) if filing.caller_phone else None
        if by_phone is None:
            return None
        if by.on_duty and (category.sensitive or by_phone.blocked_at or filing.exercise):
            return (
                None  # a telephone at home may be another's; a call is heard, whoever is blocked; nobody real practises
            )
        citizen = by_phone
    else:
        raise NotAllowed(N_("Hanya pelapor dan petugas yang dapat membuat laporan."))
    if citizen.blocked_at:
        raise Blocked(
            N_("Akun ini diblokir. Dalam bahaya, telepon 110.")
            if citizen.proved
            else N_("HP ini diblokir. Dalam bahaya, telepon 110.")
        )
    return citizen


def _standing(by: Viewer, citizen: Citizen | None, past: Record) -> str:
    """What the card says of who reports."""
    if by.role == Role.GUEST:
        return "guest"
    return "caller" if citizen is None or by.on_duty else "known" if past.nth > 1 else "new"


def _number(session: Session, at: datetime, exercise: bool) -> str:
    """Running, of the command's own month; an exercise has numbers of its own and takes none of those."""
    month = f"{f'{EXERCISE}-' if exercise else ''}{local(at):%y%m}"
    here = col(Counter.month) == month
    counted = update(Counter).where(here).values(last=Counter.last + 1).returning(col(Counter.last))
    last = session.connection().execute(counted).scalar()
    if last is None:  # the first of its month
        last = 1
        session.connection().execute(insert(Counter).values(month=month, last=last))
    return f"{month}-{last:04d}"


def _recent(session: Session, citizen: Citizen | None) -> list[datetime]:
    """When this account's last complaints were filed; no more of them than the limits ask about."""
    if citizen is None:
        return []
    own = select(Complaint.filed_at).where(Complaint.citizen_id == citizen.id, col(Complaint.filed_by_id).is_(None))
    return list(session.exec(own.order_by(col(Complaint.filed_at).desc()).limit(DAILY)))


def _floods(session: Session, by: Viewer, category: Category) -> bool:
    """An app that has run wild, or whose key is in wrong hands, must not ring every console for each of thousands."""
    if by.role != Role.INTAKE:
        return False
    burst = (Complaint.key_id == by.id, lately(Complaint.filed_at, timedelta(minutes=BURST_MINUTES)))
    counted = select(Category.priority, func.count()).where(Category.code == Complaint.category_code, *burst)
    sent: dict[int, int] = dict(session.exec(counted.group_by(col(Category.priority))).all())
    return sum(sent.values()) >= KEY_BURST or (category.priority == 1 and sent.get(1, 0) >= KEY_URGENT)


def _pours(session: Session, by: Viewer, filing: Filing) -> bool:
    """Press after press without a number from one address. A whole district may share one: nothing is refused; the first
    ring, so does a browser that was here before, and each that proves its number (pressing.py)."""
    if not filing.origin or seen_before(session, by.id or 0, timedelta(minutes=BURST_MINUTES)):
        return False
    burst = (Complaint.origin == filing.origin, lately(Complaint.filed_at, timedelta(minutes=BURST_MINUTES)))
    return session.exec(select(func.count()).where(*burst)).one() >= GUEST_BURST


def _over_the_rate(recent: list[datetime]) -> bool:
    def since(span: timedelta) -> int:
        return sum(was_lately(filed_at, span) for filed_at in recent)

    return since(timedelta(minutes=BURST_MINUTES)) >= BURST or since(timedelta(days=1)) >= DAILY
