"""Sweeping: what is past its period goes, a little in each write, and an event names what went.

Never: what is open, preserved, or struck while the strike or an appeal stands; nor what it was merged with. The
newest incident, complaint and piece of evidence wait for the next one: SQLite would give their numbers once more.
Bodies of events that told of an incident are emptied, looks leave the hash that the next one goes on from, so the
record can still be checked. Files are noted (Leftover), and removed once the rows are gone for good.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session, SQLModel, col, delete, func, or_, select, update

from models.acts import act
from models.command.bookmarks import Bookmark
from models.command.bulletin import Bulletin
from models.command.handover import HandedCase
from models.command.ladder import Telling
from models.command.retention import (
    ALARMS,
    ALL,
    DEVICES,
    EVIDENCE,
    INCIDENTS,
    LOOKS,
    OUTBOX,
    SESSIONS,
    Leftover,
    Periods,
    periods,
)
from models.incidents import alarms
from models.incidents.alarms import Alarm
from models.incidents.complaint import Complaint
from models.incidents.dispatch import Dispatch
from models.incidents.driving import forget_drives
from models.incidents.evidence import Evidence, Transfer
from models.incidents.incident import Incident
from models.incidents.likeness import lead
from models.incidents.linking import forget_links
from models.incidents.merging import recount, tree
from models.incidents.rating import Rating
from models.incidents.referral import Referral
from models.incidents.strikes import COUNTED, OPEN, PENDING, Appeal, Strike
from models.people.browsers import PushSubscription
from models.people.citizens import Citizen
from models.people.devices import Device
from models.people.sessions import SignIn
from models.record.event import Event, Look, record
from models.record.outbox import Parcel
from models.time import now
from models.viewer import Viewer
from models.workflow import CLOSED, MERGED
from models.workflow import OPEN as OPEN_ONES

SWEEP = "sweep"
BATCH = 500  # rows of a kind that has no incidents, in one write


@dataclass(frozen=True)
class Lot:
    """What goes together: one incident with what was merged into it, its evidence, or the rows of another kind."""

    kind: str
    count: int
    oldest: datetime
    category: str = ALL
    incident_id: int = 0
    files: int = 0


def due(session: Session, set_before: datetime | None = None) -> list[Lot]:
    """All that is past its period now; nothing is changed. `set_before`: younger periods do not count yet."""
    here = periods(session, set_before)
    whole = list(_families(session, here, INCIDENTS))
    going = {lot.incident_id for lot in whole}
    apart = [lot for lot in _families(session, here, EVIDENCE) if lot.incident_id not in going]
    looks = _looks(session, here)
    rest = [_counted(session, here, kind) for kind in (ALARMS, OUTBOX, SESSIONS, DEVICES)]
    told = [Lot(LOOKS, len(looks), looks[0].at)] if looks else []
    return [*whole, *apart, *told, *(lot for lot in rest if lot)]


@act
def sweep(session: Session, by: Viewer, lot: Lot, set_before: datetime | None = None) -> int:
    """Do it, if it is still to be done. How many went; there may be more of the lot until it is 0."""
    here = periods(session, set_before)
    match lot.kind:
        case kind if kind == INCIDENTS:
            return _sweep_family(session, by, lot.incident_id, here)
        case kind if kind == EVIDENCE:
            return _sweep_evidence(session, by, lot.incident_id, here)
        case kind if kind == LOOKS:
            return _sweep_looks(session, by, here)
    return _sweep_rows(session, by, lot.kind, here)


def gaps(event: Any) -> dict[int, tuple[int, str]]:
    """Where looks were swept, as this event (a mapping) tells: first number → (last number, its hash)."""
    told = event["body"].get(LOOKS, ()) if event["step"] == SWEEP else ()
    return {first: (last, hash) for first, last, hash in told}


def swept(session: Session) -> dict[str, dict[int, int]]:
    """Incidents and complaints that went, each with the number of the event that says so."""
    found: dict[str, dict[int, int]] = {"incidents": {}, "complaints": {}}
    rows = select(Event.seq, Event.body).where(Event.step == SWEEP, col(Event.incident_id).is_(None))
    for seq, body in session.execute(rows):
        for name, ids in found.items():
            ids |= dict.fromkeys(body.get(name, ()), seq)
    return found


def leftovers(session: Session) -> list[str]:
    """Files whose rows went, to be removed."""
    return list(session.exec(select(Leftover.sha256).order_by(Leftover.sha256)))


def is_named(session: Session, sha256: str) -> bool:
    """Does another row name it, or one that came since? Then it is nothing that was left."""
    if named := bool(known_files(session, [sha256])):
        left_nothing(session, sha256)
    return named


def left_nothing(session: Session, sha256: str) -> None:
    session.exec(delete(Leftover).where(col(Leftover.sha256) == sha256))


# Incidents and their evidence


def _families(session: Session, here: Periods, kind: str) -> Iterator[Lot]:
    """What `_past` will let go, of all incidents in a few questions: there may be ten thousands."""
    days = [days for (of, _), days in here.days.items() if of == kind]
    if not days:
        return
    merged = Merged(session)
    kept = _kept(session, merged)
    told = (
        select(Complaint.incident_id, func.count(col(Evidence.id))).join(Evidence).group_by(col(Complaint.incident_id))
    )
    files = dict(session.exec(told).all())
    if (newest := _newest_evidence(session)) and kind == EVIDENCE:
        files[session.exec(select(Complaint.incident_id).join(Evidence).where(Evidence.id == newest)).one()] -= 1
    if kind == INCIDENTS:
        kept |= {merged.root(id) for id in _newest(session)}
    columns: Any = (Incident.id, Incident.category_code, Incident.closed_at)
    past = (col(Incident.status).in_(CLOSED), col(Incident.closed_at) <= now() - timedelta(days=min(days)))
    for id, code, closed_at in session.execute(select(*columns).where(*past).order_by(col(Incident.closed_at))):
        own = here.of(kind, code, *merged.codes[id])
        count = files.get(id, 0) if kind == EVIDENCE else 1 + len(merged.codes[id])
        if id not in kept and count and own is not None and closed_at <= now() - timedelta(days=own):
            yield Lot(kind, count, closed_at, code, id, files.get(id, 0))


class Merged:
    """What was merged into what: `codes` are the categories of all that an incident absorbed."""

    def __init__(self, session: Session):
        columns: Any = (Incident.id, Incident.into_id, Incident.category_code)
        rows = session.execute(select(*columns).where(col(Incident.into_id).is_not(None))).all()
        self._into = {row.id: row.into_id for row in rows}
        self.codes: dict[int, list[str]] = defaultdict(list)
        for row in rows:
            self.codes[self.root(row.id)].append(row.category_code)

    def root(self, id: int) -> int:
        while id in self._into:
            id = self._into[id]
        return id


def _past(session: Session, id: int, kind: str, here: Periods) -> dict[int, Incident]:
    """The incident and all that was merged into it, if they are past their period and nothing keeps them."""
    root = session.get(Incident, id)
    if root is None or root.into_id or root.status not in CLOSED or root.closed_at is None:
        return {}
    ids = tree(session, root)
    family = {row.id: row for row in session.exec(select(Incident).where(col(Incident.id).in_(ids)))}
    days = here.of(kind, *{row.category_code for row in family.values()})
    if days is None or root.closed_at > now() - timedelta(days=days):
        return {}
    kept = any(row.preserved_at or row.status not in (*CLOSED, MERGED) for row in family.values())
    kept = kept or _noted_now(session, ids) or bool(_struck(session, ids))
    if kept or (kind == INCIDENTS and _newest(session) & ids):
        return {}
    return family


def _complaints(ids: Collection[int]) -> Any:
    return or_(col(Complaint.incident_id).in_(ids), col(Complaint.home_id).in_(ids))


def _struck(session: Session, ids: Collection[int] | None = None) -> list[int]:
    """Homes of complaints whose strike stands or waits, or whose reporter waits for the answer to an appeal."""
    appealed = select(Appeal.citizen_id).where(Appeal.state == OPEN)
    stands = or_(col(Strike.state).in_((COUNTED, PENDING)), col(Strike.citizen_id).in_(appealed))
    rows = select(Complaint.home_id).join(Strike, col(Strike.complaint_id) == Complaint.id).where(stands)
    return list(session.exec(rows if ids is None else rows.where(_complaints(ids))))


def _newest(session: Session) -> set[int]:
    """Where the newest of each lies: their numbers would be given again."""
    last = select(func.max(Complaint.id)).scalar_subquery()
    homes = [
        select(func.max(Incident.id)),
        select(Complaint.incident_id).where(col(Complaint.id) == last),
        select(Complaint.incident_id).join(Evidence).where(Evidence.id == _newest_evidence(session)),
    ]
    return {id for home in homes for id in session.exec(home) if id}


def _newest_evidence(session: Session) -> int | None:
    return session.exec(select(func.max(Evidence.id))).one()


def _evidence(session: Session, ids: Collection[int], spare_newest: bool = False) -> dict[int, Row[Any]]:
    rows = select(Evidence.id, Evidence.sha256, Evidence.complaint_id).join(Complaint).where(_complaints(ids))
    newest = _newest_evidence(session) if spare_newest else None
    return {row.id: row for row in session.execute(rows) if row.id != newest}


def _noted_now(session: Session, ids: Collection[int]) -> bool:
    """Does this group of writes tell of them? That lies in no table yet, and could not be emptied."""
    events = session.info["ledger"].events
    told = {event["complaint_id"] for event in events} - {None}
    own = select(Complaint.id).where(_complaints(ids), col(Complaint.id).in_(told))
    return any(event["incident_id"] in ids for event in events) or session.exec(own).first() is not None


def _sweep_family(session: Session, by: Viewer, id: int, here: Periods) -> int:
    family = _past(session, id, INCIDENTS, here)
    if not family:
        return 0
    ids = sorted(family)
    told: dict[str, Any] = {
        "numbers": [family[one].number for one in ids],
        "categories": [family[one].category_code for one in ids],
    }
    closed_at = family[id].closed_at
    files = _evidence(session, ids)
    complaints = sorted(session.exec(select(Complaint.id).where(_complaints(ids))))
    about = or_(col(Event.incident_id).in_(ids), col(Event.complaint_id).in_(complaints))
    emptied = list(session.exec(select(Event.seq).where(about).order_by(col(Event.seq))))
    session.exec(
        delete(Bookmark).where(col(Bookmark.seq).in_(select(Event.seq).where(about)))
    )  # their words may name somebody
    session.exec(update(Event).where(about).values(body={}))
    _leave(session, files)
    alike = select(Incident).where(col(Incident.like_id).in_(ids), col(Incident.id).not_in(ids))
    lead(session, by, list(session.exec(alike.order_by(col(Incident.filed_at), col(Incident.id)))))
    session.flush()
    for of_complaint in (Evidence, Transfer, Strike):
        session.exec(delete(of_complaint).where(col(of_complaint.complaint_id).in_(complaints)))
    rated = or_(col(Rating.complaint_id).in_(complaints), col(Rating.incident_id).in_(ids))
    session.exec(delete(Rating).where(rated))
    session.exec(delete(SignIn).where(col(SignIn.complaint_id).in_(complaints)))  # a guest's grant to it
    session.exec(delete(Complaint).where(col(Complaint.id).in_(complaints)))
    gone = session.exec(select(Dispatch).where(col(Dispatch.incident_id).in_(ids)))
    forget_drives(session, [row.id for row in gone])
    forget_links(session, ids)
    for of_incident in (Dispatch, Referral, Alarm, Telling, HandedCase):
        session.exec(delete(of_incident).where(col(of_incident.incident_id).in_(ids)))
    session.exec(delete(Incident).where(col(Incident.id).in_(ids)))
    told |= {"incidents": ids, "complaints": complaints, "evidence": len(files), "emptied": emptied}
    record(session, SWEEP, by, kind=INCIDENTS, count=len(ids), oldest=_iso(closed_at), **told)
    return len(ids)


def _sweep_evidence(session: Session, by: Viewer, id: int, here: Periods) -> int:
    family = _past(session, id, EVIDENCE, here)
    files = _evidence(session, list(family), spare_newest=True) if family else {}
    if not files:
        return 0
    root = family[id]
    for complaint_id in sorted({row.complaint_id for row in files.values()}):
        before = root.values()
        own = {key: row for key, row in files.items() if row.complaint_id == complaint_id}
        session.exec(delete(Evidence).where(col(Evidence.id).in_(own)))
        recount(session, root)
        gone = sorted(row.sha256 for row in own.values())
        root.note(SWEEP, by, before, complaint_id=complaint_id, kind=EVIDENCE, count=len(gone), gone=gone)
    _leave(session, files)
    return len(files)


def _leave(session: Session, files: dict[int, Row[Any]]) -> None:
    for sha256 in {row.sha256 for row in files.values()}:
        session.merge(Leftover(sha256=sha256))


# Looks


def _looks(session: Session, here: Periods, most: int | None = None) -> list[Row[Any]]:
    """(seq, at, hash) of those past their period, oldest first; what keeps an incident keeps who looked at it."""
    days = [days for (of, _), days in here.days.items() if of == LOOKS]
    if not days:
        return []
    merged = Merged(session)
    kept = _kept(session, merged)
    columns: Any = (Look.seq, Look.at, Look.hash, Look.incident_id, Incident.category_code)
    rows = select(*columns).outerjoin(Incident, col(Look.incident_id) == Incident.id)
    rows = rows.where(Look.at <= now() - timedelta(days=min(days))).order_by(col(Look.seq))
    found = []
    for row in session.execute(rows.execution_options(yield_per=1000)):
        own = here.of(LOOKS, row.category_code or ALL)
        if merged.root(row.incident_id or 0) not in kept and own is not None and row.at <= now() - timedelta(days=own):
            found.append(row)
            if len(found) == most:
                break
    return found


def _kept(session: Session, merged: Merged) -> set[int]:
    """Incidents that are open, preserved or struck, or with which one is that was merged into them."""
    open_or_held = or_(col(Incident.status).in_(OPEN_ONES), col(Incident.preserved_at).is_not(None))
    ids = {*session.exec(select(Incident.id).where(open_or_held)), *_struck(session)}
    return {merged.root(id) for id in ids}


def _sweep_looks(session: Session, by: Viewer, here: Periods) -> int:
    rows = _looks(session, here, BATCH)
    runs: list[list[Any]] = []
    for row in rows:
        if runs and runs[-1][1] == row.seq - 1:
            runs[-1][1:] = row.seq, row.hash
        else:
            runs.append([row.seq, row.seq, row.hash])
    for first, last, _ in runs:
        session.exec(delete(Look).where(col(Look.seq).between(first, last)))
    if rows:
        record(session, SWEEP, by, kind=LOOKS, count=len(rows), oldest=_iso(rows[0].at), looks=runs)
    return len(rows)


# The rest


def _rows(kind: str, days: int) -> tuple[type[SQLModel], Any, Any, Any]:
    """(table, its key, the moment since which it is kept, which of its rows are past it)."""
    past = now() - timedelta(days=days)
    if kind == ALARMS:
        older, free = alarms.past(timedelta(days=days))
        return Alarm, col(Alarm.id), col(Alarm.received_at), older & free
    if kind == OUTBOX:
        return Parcel, col(Parcel.id), col(Parcel.until), col(Parcel.until) < past
    if kind == SESSIONS:  # the next sign-in on that browser finds its pushes by them
        named = select(PushSubscription.session)
        return (
            SignIn,
            col(SignIn.hash),
            col(SignIn.expires_at),
            ((col(SignIn.expires_at) < past) & col(SignIn.hash).not_in(named)),
        )
    # The next account on the browser of one that is blocked, or may come to be, is flagged by it.
    struck = select(Citizen.id).where(or_(col(Citizen.blocked_at).is_not(None), Citizen.strikes > 0))
    inside = select(SignIn.device_id).where(col(SignIn.device_id).is_not(None))
    idle = (col(Device.seen_at) < past) & col(Device.citizen_id).not_in(struck) & col(Device.id).not_in(inside)
    return Device, col(Device.id), col(Device.seen_at), idle


def _counted(session: Session, here: Periods, kind: str) -> Lot | None:
    days = here.of(kind)
    if days is None:
        return None
    _, key, moment, which = _rows(kind, days)
    count, oldest = session.exec(select(func.count(key), func.min(moment)).where(which)).one()
    return Lot(kind, count, oldest) if count else None


def _sweep_rows(session: Session, by: Viewer, kind: str, here: Periods) -> int:
    days = here.of(kind)
    if days is None:
        return 0
    table, key, moment, which = _rows(kind, days)
    rows = session.exec(select(key, moment).where(which).order_by(moment).limit(BATCH)).all()
    session.exec(delete(table).where(key.in_([row[0] for row in rows])))
    if rows:
        record(session, SWEEP, by, kind=kind, count=len(rows), oldest=_iso(rows[0][1]))
    return len(rows)


def totals(lots: Collection[Lot]) -> list[Lot]:
    """By kind and category: how many, and since when."""
    counts, files = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    oldest: dict[tuple[str, str], datetime] = {}
    for lot in lots:
        key = lot.kind, lot.category
        counts[key] += lot.count
        files[key] += lot.files
        oldest[key] = min(oldest.get(key, lot.oldest), lot.oldest)
    return [Lot(kind, counts[kind, code], oldest[kind, code], code, 0, files[kind, code]) for kind, code in counts]


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def known_files(session: Session, sums: Collection[str]) -> set[str]:
    """Which of these SHA-256 a piece of evidence or a bulletin names."""
    own = select(Evidence.sha256).where(col(Evidence.sha256).in_(sums))
    told = select(Bulletin.picture).where(col(Bulletin.picture).in_(sums))
    return {*session.exec(own), *session.exec(told)}
