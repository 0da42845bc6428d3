"""Words: officers ask, the reporter replies, officers note for each other."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Annotated, Any

from sqlmodel import Session, col, func, select

from models.asked import Asked, Message, Which, words
from models.errors import N_, TooOften, WrongValue
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident, session_of
from models.incidents.telling import Way, way_to, ways_to
from models.people.citizens import Citizen
from models.record.event import Event
from models.roles import REPORTERS
from models.time import lately, now
from models.viewer import Viewer
from models.workflow import effect

HANDFUL = 5  # messages of a blocked account in a day, counted anew once an officer asks it something
DAY = timedelta(days=1)
SHORT = 80  # letters: one line of the daily report


@dataclass(frozen=True)
class Line:
    """One message of a thread. `ours`: said by an officer; `read`: the reporter has opened it since."""

    seq: int
    at: datetime
    ours: bool
    words: str
    read: bool


@dataclass(frozen=True)
class Quick:
    """A reply that one press sends, and what stands on its button; offered only while it is `true` of the incident."""

    label: str
    words: str
    true: Callable[[Incident], bool] = attrgetter("open")


QUICK = (
    Quick(N_("Berangkat"), N_("Petugas sedang berangkat ke lokasi Anda."), lambda incident: incident.coming > 0),
    Quick(N_("Aman?"), N_("Apakah Anda aman sekarang?")),
    Quick(N_("Ciri pelaku?"), N_("Bagaimana ciri pelaku?")),
    Quick(N_("Nomor pelat?"), N_("Berapa nomor pelat kendaraannya?")),
)
WHERE = N_(
    "Di mana lokasinya? Tekan Kirim lokasi saya di halaman laporan Anda, atau tulis jalan, patokan, atau kelurahan."
)
# What one press says after Respons Cepat. Each stays as it was pressed, beside the others: who hides may be hurt, too.
URGES = (
    N_("Ada yang luka"),
    N_("Pelaku bawa senjata"),
    N_("Pelaku masih di sini"),
    N_("Ada anak-anak"),
    N_("Saya sembunyi"),
    N_("Jangan telepon"),
)
HUSHED = URGES[4:]  # whoever said so is not to be called: a telephone that rings tells where somebody hides


def quick(incident: Incident) -> list[Quick]:
    return [reply for reply in QUICK if reply.true(incident)]


@dataclass(frozen=True)
class Hears:
    """How one reporter hears of what is written to them, and when they were last known to read or write there."""

    way: Way
    read_at: datetime | None


@effect
def ask(
    incident: Incident,
    by: Viewer,
    words: Message,
    complaint: Which = None,
    everyone: Annotated[bool, Asked("hidden", needed=False)] = False,
) -> dict[str, Any]:
    """To the reporter of one complaint; without a number, of the first; or to every reporter under the incident.

    To everyone it stands in each thread by itself, once for each person, so that nobody reads of another.
    """
    if everyone:
        return _ask_everyone(incident, by, words.strip())
    chosen = [row for row in incident.complaints if complaint in (None, row.id)]
    if not chosen:
        raise WrongValue("complaint", N_("Pilih pelapor yang dituju."))
    incident.handled()
    return {"complaint_id": chosen[0].id, "words": words.strip(), "way": way_to(session_of(incident), chosen[0])}


@effect
def reply(incident: Incident, by: Viewer, words: Message, complaint: Which = None) -> dict[str, Any]:
    own = own_complaint(incident, by, complaint)
    not_too_often(incident, own)
    return {"complaint_id": own.id, "words": words.strip()}


@effect
def note(incident: Incident, by: Viewer, words: Message) -> dict[str, Any]:
    incident.handled()
    return {"words": words.strip()}


@effect
def explain(
    incident: Incident, by: Viewer, reason: Annotated[str, words(N_("Sebabnya"), most=SHORT)]
) -> dict[str, Any]:
    """Why it was claimed late, or reached late. It moves nothing: it may be written after it was closed."""
    return {"reason": reason.strip()}


def _ask_everyone(incident: Incident, by: Viewer, words: str) -> dict[str, Any]:
    first: dict[int, int] = {}
    for row in incident.complaints:
        if row.citizen_id is not None and row.erased_at is None:
            first.setdefault(row.citizen_id, row.id)
    if not first:
        raise WrongValue("words", N_("Tidak ada pelapor yang dapat membaca pesan di sini."))
    *others, last = first.values()
    for id in others:
        incident.note("ask", by, incident.values(), complaint_id=id, words=words, everyone=len(first))
    incident.handled()
    return {"complaint_id": last, "words": words, "everyone": len(first)}


@dataclass(frozen=True)
class Reach:
    """How many people one answer to all reaches, and by which way."""

    push: int  # a notification on their phone
    message: int  # a message to their number
    page: int  # only when they open the page they follow it on
    nobody: int  # without an account: not at all

    @property
    def people(self) -> int:
        return self.push + self.message + self.page


def reach(session: Session, complaints: Sequence[Complaint]) -> Reach:
    ways = ways_to(session, complaints)
    people = {row.citizen_id or -row.id: ways[row.id] for row in reversed(complaints)}  # each once, by their first
    counts = Counter(people.values())
    return Reach(counts[Way.PUSH], counts[Way.MESSAGE], counts[Way.PAGE], counts[Way.CALL] + counts[Way.NONE])


def own_complaint(incident: Incident, by: Viewer, id: int | None) -> Complaint:
    """Which of the complaints under an incident is this reporter's; without a number, the first that is."""
    own = [row for row in incident.complaints if row.is_of(by) and id in (None, row.id)]
    if not own:
        raise WrongValue("complaint", N_("Laporan ini bukan milik Anda."))
    return own[0]


def thread(session: Session, complaint: Complaint) -> list[Line]:
    """What officers and the reporter of one complaint said to each other, oldest first."""
    return threads(session, [complaint])[complaint.id]


def threads(session: Session, complaints: Sequence[Complaint]) -> dict[int, list[Line]]:
    """The same of several complaints, by their ids, in one question."""
    found: dict[int, list[Line]] = {complaint.id: [] for complaint in complaints}
    read = {complaint.id: complaint.read_seq for complaint in complaints}
    rows = select(Event).where(col(Event.complaint_id).in_(found), col(Event.step).in_(("ask", "reply")))
    for event in session.exec(rows.order_by(col(Event.seq))):
        id, ours = event.complaint_id or 0, event.by_role not in REPORTERS
        found[id].append(Line(event.seq, event.at, ours, event.body.get("words", ""), event.seq <= read[id]))
    return found


def hearing(session: Session, complaints: Sequence[Complaint]) -> dict[int, Hears]:
    """Of each complaint by its id, in a few questions for all of them."""
    ways = ways_to(session, complaints)
    there = (
        col(Event.complaint_id).in_(ways),
        col(Event.by_role).in_(REPORTERS),
        col(Event.step).in_(("read", "reply", "locate")),
    )
    last = dict(
        session.exec(
            select(Event.complaint_id, func.max(Event.at)).where(*there).group_by(col(Event.complaint_id))
        ).all()
    )
    return {id: Hears(way, last.get(id)) for id, way in ways.items()}


def not_too_often(incident: Incident, own: Complaint) -> None:
    """Whoever is blocked says a handful in a day."""
    if own.citizen and own.citizen.blocked_at:
        _a_handful(session_of(incident), own.citizen)


def _a_handful(session: Session, citizen: Citizen) -> None:
    """Refuses a blocked account that writes and writes, in whichever of its threads."""
    own = col(Event.complaint_id).in_(select(Complaint.id).where(Complaint.citizen_id == citizen.id))
    today = (own, lately(Event.at, DAY))
    asked = session.exec(select(func.max(Event.seq)).where(*today, Event.step == "ask")).one() or 0
    said = (
        select(Event.at)
        .where(*today, col(Event.step).in_(("reply", "locate")), col(Event.seq) > asked)
        .order_by(col(Event.seq))
    )
    if len(times := session.exec(said).all()) >= HANDFUL:
        left = int((times[-HANDFUL] + DAY - now()).total_seconds()) + 1
        raise TooOften(
            left, N_("Akun ini diblokir: paling banyak {most} pesan sehari. Dalam bahaya, telepon 110."), most=HANDFUL
        )
