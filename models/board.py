"""The board: what is open now; and the search for what was."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, func, select

from models.agency import FULL, Referral
from models.complaint import Complaint
from models.errors import NotFound
from models.event import Head, now
from models.evidence import Evidence
from models.incident import WHOLE, Incident, by_rank, knows_reporter, visible_to
from models.people import Audience, Citizen, Role, Viewer
from models.workflow import OPEN

BOARD_SIZE, SHORTENED_TO = 1000, 500  # above the first, the first 500 by rank and a loud rest (DESIGN.md 6)
SEARCH_DAYS = 90  # words and ends of numbers are looked for this far back; whole numbers, refs and phones in all
FEWEST, MASK_SHOWS, WHOLE_PHONE = 3, 4, 8  # digits that are looked for; that every panel shows of a phone; a whole one


class Row(NamedTuple):
    """As much of an open incident as its place on the board needs."""

    id: int
    seq: int
    status: str
    category_code: str
    officer_id: int | None


@dataclass(frozen=True)
class Board:
    """Open incidents by rank. `more` are not shown, the oldest of them filed at `oldest`."""

    seq: int
    epoch: str
    rows: list[Row]
    more: int = 0
    oldest: datetime | None = None


def board(session: Session, audience: Audience) -> Board:
    """What a screen of this audience starts from, in one snapshot; its socket goes on from `seq`."""
    seq, epoch = position(session)
    shown = select(*(getattr(Incident, name) for name in Row._fields))
    rows = shown.where(col(Incident.status).in_(OPEN), visible_to(audience))
    ranked = rows.order_by(*by_rank())
    found = [Row(*row) for row in session.exec(ranked.limit(BOARD_SIZE + 1))]
    if len(found) <= BOARD_SIZE:
        return Board(seq, epoch, found)
    total = session.exec(select(func.count()).select_from(rows.subquery())).one()
    hidden = ranked.add_columns(Incident.filed_at).offset(SHORTENED_TO).subquery()
    oldest = session.exec(select(func.min(hidden.c.filed_at))).one()
    return Board(seq, epoch, found[:SHORTENED_TO], total - SHORTENED_TO, oldest)


def position(session: Session) -> tuple[int, str]:
    """(seq, epoch) of the head row."""
    return session.exec(select(Head.seq, Head.epoch).where(Head.id == 1)).one()


def search(
    session: Session, viewer: Viewer, q: str = "", *, status: str = "", category: str = "", limit: int = 50
) -> list[Incident]:
    """Incidents by number, reference, phone or words: open ones first, then by when they came; only what this viewer may see."""
    rows = select(Incident).where(visible_to(viewer.audience))
    if status:
        rows = rows.where(Incident.status == status)
    if category:
        rows = rows.where(Incident.category_code == category)
    if q := q.strip():
        if exact := _named(session, viewer, q):
            rows = rows.where(col(Incident.id).in_(exact))
        elif digits := digits_of(q):
            ends = col(Incident.id).in_(_ends(session, viewer, digits))
            rows = rows.where(ends | _speaks_of(q))
        else:
            rows = rows.where(_speaks_of(q))
    rows = rows.options(*WHOLE).order_by(col(Incident.filed_at).desc())
    found: list[Incident] = []
    for part in (col(Incident.status).in_(OPEN), col(Incident.status).not_in(OPEN)):  # each by its index
        found += session.exec(rows.where(part).limit(limit - len(found)))
    return found


def digits_of(q: str) -> str:
    """What was asked for, if it is a number, without the signs and blanks in it; else ""."""
    digits = "".join(letter for letter in q if letter.isalnum())
    return digits if digits.isdecimal() and len(digits) >= FEWEST else ""


def calls(phone: str, q: str) -> bool:
    """Is this the phone that was asked for: all of it, or as much of its end as its mask shows anyway?"""
    digits = digits_of(q)
    if len(digits) >= WHOLE_PHONE:
        return phone == _phone(digits)
    return len(digits) == MASK_SHOWS and phone.endswith(digits)


def by_phone(q: str) -> bool:
    """Could this be a whole phone number?"""
    return len(digits_of(q)) >= WHOLE_PHONE


def called(session: Session, viewer: Viewer, q: str) -> list[Complaint]:
    """What a search for this phone tells whose it is."""
    own, phone = select(Citizen.id).where(Citizen.phone == _phone(digits_of(q))), _phone(digits_of(q))
    rows = session.exec(
        select(Complaint).where(or_(col(Complaint.caller_phone) == phone, col(Complaint.citizen_id).in_(own)))
    )
    found = list(rows)
    known = _known(session, viewer, {row.incident_id for row in found})
    return [row for row in found if row.incident_id in known]


def _phone(digits: str) -> str:
    return f"+62{digits.lstrip('0').removeprefix('62')}"


def _named(session: Session, viewer: Viewer, q: str) -> set[int]:
    """What this number, reference or phone means, however long ago: each is one look into an index."""
    digits = digits_of(q)
    numbers = select(Incident.id).where(col(Incident.number).in_((q, f"{digits[:4]}-{digits[4:]}")))
    refs = select(Complaint.incident_id).where(Complaint.ref == q.upper())
    found = {*session.exec(numbers), *session.exec(refs)}
    return found | _called(session, viewer, _phone(digits)) if len(digits) >= WHOLE_PHONE else found


def _ends(session: Session, viewer: Viewer, digits: str) -> set[int]:
    """Numbers that end so, said on the radio; and phones, by no more than their mask shows: digit by digit one would
    read the rest without a look being noted. Of what was filed lately, as words are."""
    since = now() - timedelta(days=SEARCH_DAYS)
    plain = func.replace(col(Incident.number), "-", "")
    found = set(session.exec(select(Incident.id).where(col(Incident.filed_at) > since, plain.endswith(digits))))
    if len(digits) != MASK_SHOWS:
        return found
    account = select(Complaint.incident_id).join(Citizen).where(col(Citizen.phone).endswith(digits))
    caller = select(Complaint.incident_id).where(col(Complaint.caller_phone).endswith(digits))
    ids = {id for query in (account, caller) for id in session.exec(query.where(col(Complaint.filed_at) > since))}
    return found | _known(session, viewer, ids)


def _called(session: Session, viewer: Viewer, phone: str) -> set[int]:
    """Incidents that this phone reported: finding them tells who did, so only where the viewer may know."""
    account = select(Citizen.id).where(Citizen.phone == phone)
    queries = (
        select(Complaint.incident_id).where(Complaint.caller_phone == phone),
        select(Complaint.incident_id).where(col(Complaint.citizen_id).in_(account)),
    )
    return _known(session, viewer, {id for query in queries for id in session.exec(query)})


def _known(session: Session, viewer: Viewer, ids: set[int]) -> set[int]:
    """Of these, the ones whose reporter this viewer may know."""
    incidents = session.exec(select(Incident).where(col(Incident.id).in_(ids))) if ids else ()
    return {incident.id for incident in incidents if knows_reporter(viewer, incident)}


def _speaks_of(q: str) -> ColumnElement[bool]:
    """Words are looked for in what was filed lately, or a long past would make everyone wait."""
    since = now() - timedelta(days=SEARCH_DAYS)
    said = select(Complaint.incident_id).where(
        col(Complaint.filed_at) > since, col(Complaint.words).icontains(q, autoescape=True)
    )
    place = col(Incident.landmark).icontains(q, autoescape=True) | col(Incident.kelurahan).icontains(q, autoescape=True)
    return or_(col(Incident.id).in_(said), (col(Incident.filed_at) > since) & place)


def find_evidence(session: Session, viewer: Viewer, key: str) -> tuple[Evidence, Complaint]:
    """A piece of evidence, for its reporter, for officers who may see its incident, and for a liaison to
    whom it was referred in full; else NotFound."""
    found = (
        select(Evidence, Complaint)
        .join(Complaint, col(Complaint.id) == Evidence.complaint_id)
        .join(Incident, col(Incident.id) == Complaint.incident_id)
        .where(Evidence.key == key, visible_to(viewer.audience))
    )
    row = session.exec(found).first()
    if row is None or not (viewer.on_duty or _own(viewer, row[1]) or _in_full(session, viewer, row[1])):
        raise NotFound()
    return row[0], row[1]


def _own(viewer: Viewer, complaint: Complaint) -> bool:
    # Ids of citizens and of the staff meet: the role decides whose it is.
    return viewer.role == Role.CITIZEN and complaint.citizen_id == viewer.id


def _in_full(session: Session, viewer: Viewer, complaint: Complaint) -> bool:
    """Is it referred to this liaison's agency, with words and evidence, until that has finished?"""
    if viewer.role != Role.LIAISON:
        return False
    referred = select(Referral.id).where(
        Referral.incident_id == complaint.incident_id,
        Referral.agency_id == viewer.agency_id,
        Referral.tier == FULL,
        Referral.showing(),
    )
    return session.exec(referred).first() is not None
