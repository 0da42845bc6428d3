"""Erasing an account (UU PDP 27/2022): the person goes, the officers' record of what happened stays.

At once: name, number, password, sessions, devices, browsers, messages, receipts, appeals; what is still being
sent is not waited for. A number with strikes against it stays known, as a keyed hash. What was typed and shown for an incident is its original, and stays as
long as the incident is open, may be opened again, or is needed for a case (preserving.py); then the reporter's side of the thread and every event
body that names them are emptied (the chain keeps their hashes, and stays whole), and name and number are
struck out of the words. Until then both are kept sealed, by a key that lies outside the database.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, delete, or_, select, update

from models.acts import act
from models.incidents.closing import REOPEN_HOURS
from models.incidents.complaint import Complaint
from models.incidents.evidence import Evidence, Transfer
from models.incidents.incident import Incident
from models.incidents.preserving import is_preserved
from models.incidents.rating import Rating
from models.incidents.strikes import OPEN as UNREAD
from models.incidents.strikes import Appeal, Strike
from models.people.browsers import PushSubscription
from models.people.citizens import Citizen
from models.people.codes import void_code
from models.people.devices import Device
from models.people.erased_numbers import keep_number
from models.people.sessions import SignIn, revoke
from models.record.event import Event, record, words_print
from models.record.idempotency import Receipt
from models.record.outbox import take_back
from models.roles import Role
from models.time import now
from models.viewer import CLOCK, Viewer
from models.workflow import ROWS

STRUCK = "[…]"
NEVER = r"(?!)"
LEAST_LETTERS = 3  # of a part of a name that is struck out by itself
WITHDRAWN = "withdrawn"
HEARD = ("appeal", "answer", "acquit", "lift")  # steps of an account whose bodies hold words
OWN_WORDS = {row.name for row in ROWS.values() if row.own_words}

Identity = tuple[str, str]  # name, phone


class Erasure(SQLModel, table=True):
    """An account that is erased but for what its open incidents hold. `sealed`: what is to be struck out then."""

    citizen_id: int = Field(primary_key=True, foreign_key="citizen.id")
    sealed: str
    asked_at: datetime = Field(default_factory=now)


@act
def erase(session: Session, by: Viewer, phone_hash: str, number_hash: str, sealed: str) -> None:
    """By its owner. Of the hashes the first is what codes go by, the second what is kept; all made with keys by the caller."""
    citizen = session.get_one(Citizen, by.id)
    if citizen.erased_at:
        return  # asked twice at once
    identity = citizen.name, citizen.phone
    if citizen.blocked_at or citizen.strikes:
        keep_number(session, number_hash, citizen.id)
    _forget_traces(session, citizen, phone_hash)
    citizen.name, citizen.phone, citizen.password, citizen.erased_at = "", f"-{citizen.id}", "", now()
    session.add(Erasure(citizen_id=citizen.id, sealed=sealed))
    emptied = _withdraw_appeals(session, citizen.id, named(*identity))
    record(session, "erase_account", by, citizen=citizen.id, emptied=emptied)
    revoke(session, by, citizen=citizen.id)
    session.flush()
    _strike_what_is_over(session, citizen.id, identity)


def finish_erasing(session: Session, unsealed: Callable[[str], Identity]) -> None:
    """The clock's part: what was still open then may be over by now. `unsealed`: with the caller's key."""
    for row in session.exec(select(Erasure)).all():
        _strike_what_is_over(session, row.citizen_id, unsealed(row.sealed))


def _forget_traces(session: Session, citizen: Citizen, phone_hash: str) -> None:
    browsers = select(PushSubscription.id).where(PushSubscription.citizen_id == citizen.id)
    take_back(session, citizen.phone, *(str(id) for id in session.exec(browsers)))
    session.exec(delete(PushSubscription).where(col(PushSubscription.citizen_id) == citizen.id))
    void_code(session, phone_hash)
    under_way = (col(Transfer.citizen_id) == citizen.id, col(Transfer.finished_at).is_(None))
    session.exec(update(Transfer).where(*under_way).values(expires_at=now()))
    session.exec(delete(Receipt).where(col(Receipt.owner) == f"{Role.CITIZEN.value}:{citizen.id}"))
    own = col(Device.citizen_id) == citizen.id
    if citizen.blocked_at:  # the hash stays: the next account from that browser is flagged
        session.exec(update(Device).where(own).values(agent="", trust="", proved_at=None))
    else:
        session.exec(delete(SignIn).where(col(SignIn.citizen_id) == citizen.id))
        session.exec(delete(Device).where(own))


def _withdraw_appeals(session: Session, citizen_id: int, pattern: re.Pattern[str]) -> list[int]:
    """Their own words go, and what supervisors wrote of them by name. Returns the numbers of the events emptied."""
    for row in session.exec(select(Appeal).where(Appeal.citizen_id == citizen_id)):
        row.words, row.state = "", WITHDRAWN if row.state == UNREAD else row.state
        row.answer = pattern.sub(STRUCK, row.answer)
    about = select(Event).where(col(Event.step).in_(HEARD), col(Event.body)["citizen"].as_integer() == citizen_id)
    emptied = []
    for event in session.exec(about).all():
        if event.step == "appeal" or pattern.search(event.body.get("words", "") + event.body.get("reason", "")):
            emptied.append(event.seq)
    return _empty(session, emptied)


def _strike_what_is_over(session: Session, citizen_id: int, identity: Identity) -> None:
    own = select(Complaint).where(Complaint.citizen_id == citizen_id, col(Complaint.erased_at).is_(None))
    rows = session.exec(own.order_by(col(Complaint.id))).all()
    over = [row for row in rows if _is_over(session, row)]
    for complaint in over:
        _strike(session, complaint, identity)
    if len(over) == len(rows) and (left := session.get(Erasure, citizen_id)):
        session.delete(left)


def _is_over(session: Session, complaint: Complaint) -> bool:
    """Neither open nor to be opened again, and no case needs it as it is."""
    incident = complaint.incident
    if incident is None or incident.open or incident.closed_at is None or is_preserved(session, incident):
        return False
    return incident.closed_at + timedelta(hours=REOPEN_HOURS) <= now()


def _strike(session: Session, complaint: Complaint, identity: Identity) -> None:
    pattern = named(*identity)
    for name in ("words", "place", "landmark"):
        setattr(complaint, name, pattern.sub(STRUCK, getattr(complaint, name)))
    complaint.caller_name = complaint.caller_phone = ""
    complaint.erased_at = now()
    for table in (Evidence, Transfer):
        session.exec(update(table).where(col(table.complaint_id) == complaint.id).values(name=""))
    session.exec(update(Rating).where(col(Rating.complaint_id) == complaint.id).values(words=""))
    for row in session.exec(select(Strike).where(Strike.complaint_id == complaint.id)):
        row.note = pattern.sub(STRUCK, row.note)
    held = {
        "emptied": _empty_bodies(session, complaint, pattern),  # what is not named here was emptied by nobody's right
        "evidence": [row.sha256 for row in complaint.evidence],
        "words_print": words_print(session, complaint.words),
    }
    for id in {complaint.incident_id, complaint.home_id}:
        incident = session.get_one(Incident, id)
        incident.landmark = pattern.sub(STRUCK, incident.landmark)
        for referral in incident.referrals:
            referral.note, referral.answer = (pattern.sub(STRUCK, words) for words in (referral.note, referral.answer))
        # Every value anew, so that folding the events still gives the incident where a body is empty.
        incident.note("erase", CLOCK, {}, complaint_id=complaint.id, **held)


def _empty_bodies(session: Session, complaint: Complaint, pattern: re.Pattern[str]) -> list[int]:
    about = or_(
        col(Event.complaint_id) == complaint.id, col(Event.incident_id).in_({complaint.incident_id, complaint.home_id})
    )
    proved = select(Event).where(Event.step == "prove", Event.complaint_id == complaint.id)
    whose = {(Role.CITIZEN.value, complaint.citizen_id)}
    whose |= {(Role.GUEST.value, event.body.get("guest")) for event in session.exec(proved)}
    emptied = []
    for event in session.exec(select(Event).where(about)).all():
        own = event.step in OWN_WORDS and (event.by_role, event.by_id) in whose
        if own or pattern.search(json.dumps(event.body, ensure_ascii=False)):
            emptied.append(event.seq)
    return _empty(session, emptied)


def _empty(session: Session, seqs: list[int]) -> list[int]:
    session.exec(update(Event).where(col(Event.seq).in_(seqs)).values(body={}))
    return seqs


def named(name: str, phone: str) -> re.Pattern[str]:
    """Finds the name, its parts, and the number as people type it: +62 812-…, 0812 …, 62812…"""
    parts = sorted({name, *(part for part in name.split() if len(part) >= LEAST_LETTERS)} - {""}, key=len, reverse=True)
    words = [rf"\b{re.escape(part)}\b" for part in parts]
    local = phone.removeprefix("+62")
    prefix = r"(?:\+?62|0)?" if local != phone else r"\+?"
    digits = r"[\s.()-]*".join(local.removeprefix("+"))
    number = [rf"{prefix}[\s.()-]*{digits}"] if phone else []
    return re.compile("|".join([*words, *number]) or NEVER, re.IGNORECASE)
