"""Filing: a complaint comes in and an incident stands beside it, in one commit."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, func, select

from models.acts import act
from models.city.category import URGENT, Category, Chosen, choose
from models.city.site import Site
from models.city.spoken import EXERCISE, reference_of
from models.errors import N_, Blocked, NotAllowed, NotFound, WrongMoment, need
from models.incidents.complaint import Complaint, Counter, count_unread, own_of
from models.incidents.evidence import Evidence
from models.incidents.exercise import may_file
from models.incidents.hushing import hush
from models.incidents.incident import Incident
from models.incidents.likeness import liken
from models.incidents.merging import recount
from models.incidents.reporters import BURST_MINUTES, Reporter, reporter
from models.incidents.standing import Record
from models.people.citizens import citizen_by
from models.people.devices import seen_before
from models.record.event import Event, coming_seq, words_print
from models.record.storing import store
from models.roles import REPORTERS, Role
from models.time import lately, local, now
from models.viewer import Viewer

KEY_BURST, KEY_URGENT = 120, 20  # of one app within the same minutes: all, and of priority 1
GUEST_BURST = 20  # of reporters without a number from one address, within the same minutes
MOST_EVIDENCE = 10  # pictures and videos of one complaint
COUNTED = (
    update(Counter)
    .where(col(Counter.month) == bindparam("of"))
    .values(last=Counter.last + 1)
    .returning(col(Counter.last))
)
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
    quiet: bool = False  # from a page in Mode senyap
    origin: str = ""  # of a guest: a keyed hash of the address it came from


def file(session: Session, by: Viewer, filing: Filing) -> Complaint:
    """Store a complaint with its incident. Filing is never refused for its rate, only muted by it."""
    reporter, chosen, words = check(session, by, filing)
    uploads, category = filing.uploads[:MOST_EVIDENCE], chosen.category
    past = reporter.record if reporter else Record()
    at = now()
    if filing.quiet and reporter and by.role in REPORTERS:
        hush(session, by, quiet=True)
    incident = Incident(
        number=_number(session, at, filing.exercise),
        category_code=category.code,
        priority=category.priority,
        filed_at=at,
        opened_at=at,
        standing=_standing(by, reporter),
        strikes=past.strikes,
        flagged=bool(reporter and reporter.flagged),
        exercise=filing.exercise,
        quiet=bool(reporter and reporter.citizen.quiet),
        muted=not by.on_duty
        and (
            bool(reporter and reporter.over_the_rate) or _floods(session, by, category) or _pours(session, by, filing)
        ),
        seq=coming_seq(session),
        photos=sum(upload.kind == "photo" for upload in uploads),
        videos=sum(upload.kind == "video" for upload in uploads),
        **filing.site.columns(chosen.station_id),
    )
    incident.due_at = incident.due(chosen.target)
    incident.like_id = liken(session, incident, words, at)
    store(session, incident)
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
        citizen_id=reporter.citizen.id if reporter else None,
        caller_name=filing.caller_name,
        caller_phone=filing.caller_phone,
        external_id=filing.external_id,
        origin=filing.origin,
        key_id=by.id if by.role == Role.INTAKE else None,
        filed_by_id=by.id if by.on_duty else None,
        filed_at=at,
        exercise=filing.exercise,
    )
    store(session, complaint)
    evidence = [store(session, Evidence(complaint_id=complaint.id, **vars(upload))) for upload in uploads]
    _know(complaint, incident=incident, home=incident, evidence=evidence)
    _know(incident, category=category, officer=None, complaints=[complaint])
    held = {"evidence": [upload.sha256 for upload in uploads], "words_print": words_print(session, words)}
    incident.note("file", by, {}, complaint_id=complaint.id, source=filing.source, **held)
    return complaint


def _know(row: Complaint | Incident, **related: Any) -> None:
    """What a new row is related to, as if it had been read."""
    for name, value in related.items():
        set_committed_value(row, name, value)


def check(session: Session, by: Viewer, filing: Filing) -> tuple[Reporter | None, Chosen, str]:
    """Whose it is, of which category, in which words. Raises what `file` refuses."""
    if filing.exercise:
        may_file(session, by)
    chosen = choose(session, filing.category, filing.site.station)
    reporter = _reporter(session, by, filing, chosen.category)
    words = need(filing.words, "description", N_("Ceritakan singkat apa yang terjadi."))
    return reporter, chosen, words


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
    said = (Event.complaint_id == complaint.id, Event.step == "ask", Event.seq <= seq)
    newest = session.exec(select(func.max(Event.seq)).where(*said)).one() or 0  # what is not said yet nobody has read
    if newest > complaint.read_seq:
        complaint.read_seq = newest
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


def _reporter(session: Session, by: Viewer, filing: Filing, category: Category) -> Reporter | None:
    """Whose account it is; nobody's for a caller without one."""
    if by.role == Role.GUEST and category.code != URGENT:
        raise NotAllowed(N_("Buktikan dulu nomor Anda: minta kode."))
    if by.role in REPORTERS:
        who = reporter(session, by.id)
    elif by.role == Role.INTAKE or by.on_duty:
        # An app or an officer vouches for the number: an account with it learns how it goes on.
        by_phone = citizen_by(session, filing.caller_phone) if filing.caller_phone else None
        if by_phone is None:
            return None
        if by.on_duty and (category.sensitive or by_phone.blocked_at or filing.exercise):
            return (
                None  # a telephone at home may be another's; a call is heard, whoever is blocked; nobody real practises
            )
        who = reporter(session, by_phone.id)
    else:
        raise NotAllowed(N_("Hanya pelapor dan petugas yang dapat membuat laporan."))
    if who.citizen.blocked_at:
        raise Blocked(
            N_("Akun ini diblokir. Dalam bahaya, telepon 110.")
            if who.citizen.proved
            else N_("HP ini diblokir. Dalam bahaya, telepon 110.")
        )
    return who


def _standing(by: Viewer, reporter: Reporter | None) -> str:
    """What the card says of who reports."""
    if by.role == Role.GUEST:
        return "guest"
    if reporter is None or by.on_duty:
        return "caller"
    return "known" if reporter.record.nth > 1 else "new"


def _number(session: Session, at: datetime, exercise: bool) -> str:
    """Running, of the command's own month; an exercise has numbers of its own and takes none of those."""
    month = f"{f'{EXERCISE}-' if exercise else ''}{local(at):%y%m}"
    last = session.connection().execute(COUNTED, {"of": month}).scalar()
    if last is None:  # the first of its month
        last = 1
        session.connection().execute(insert(Counter).values(month=month, last=last))
    return f"{month}-{last:04d}"


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
