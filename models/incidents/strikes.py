"""Three pranks block an account: strike, confirm or acquit, block, appeal, lift, expire.

The second table of the law. An account's steps are events without an incident; each names its citizen. What another
step then makes of a strike: models/incidents/pardoning.py.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, Session, col, func, select

from models.acts import act
from models.errors import N_, NotAllowed, NotFound, WrongMoment, WrongValue, bounded, need
from models.incidents.complaint import Complaint
from models.incidents.evidence import Evidence
from models.people.citizens import Citizen
from models.people.erased_numbers import free_number, left_by
from models.record.event import Look, record
from models.roles import Role
from models.time import now
from models.versioned import Versioned
from models.viewer import CLOCK, Viewer

BLOCKS_AT = 3  # "bila tiga kali mencoba-coba, akunnya diblokir"
CONFIRM_HOURS = 24  # so long any second officer may decide; then it is for a supervisor
EXPIRY_DAYS = 365  # SIAGA_STRIKE_DAYS
MOST_WORDS = 2000


COUNTED, PENDING, LIFTED, EXPIRED = "counted", "pending", "lifted", "expired"
OPEN, GRANTED, REFUSED = "open", "granted", "refused"


class Strike(Versioned, table=True):
    """One for a complaint at most, ever. `pending`: the third, until a second officer agrees."""

    __table_args__ = (Index("ix_strike_citizen", "citizen_id", "state"), Index("ix_strike_state", "state", "at"))
    id: int = Field(default=None, primary_key=True)
    citizen_id: int = Field(foreign_key="citizen.id")
    complaint_id: int = Field(foreign_key="complaint.id", unique=True)
    by_id: int = Field(foreign_key="officer.id")
    at: datetime
    state: str = COUNTED
    note: str = ""
    decided_by_id: int | None = Field(default=None, foreign_key="officer.id")
    decided_at: datetime | None = None

    @property
    def overdue(self) -> bool:
        """No second officer has decided in time: it is a supervisor's now."""
        return now() - self.at > timedelta(hours=CONFIRM_HOURS)


class Appeal(Versioned, table=True):
    """A blocked citizen's own words, and the supervisor's answer."""

    id: int = Field(default=None, primary_key=True)
    citizen_id: int = Field(foreign_key="citizen.id", index=True)
    words: str
    at: datetime
    state: str = Field(default=OPEN, index=True)
    answer: str = ""
    answered_by_id: int | None = Field(default=None, foreign_key="officer.id")
    answered_at: datetime | None = None


def strike(session: Session, by: Viewer, incident_id: int, note: str = "") -> Strike | None:
    """The reporter whose complaint made this incident filed a prank. Merged reporters are never struck.

    None when there is nobody to strike: a caller, who may have given anybody's number, an exercise, or a strike
    that this complaint has had already. Refused until this officer has looked at its evidence.
    """
    own = select(Complaint).where(Complaint.home_id == incident_id).order_by(col(Complaint.id))
    complaint = session.exec(own).first()
    if complaint is None or complaint.citizen_id is None or complaint.filed_by_id is not None:
        return None
    if complaint.exercise or complaint.incident_id != incident_id:
        return None
    if _unseen(session, by, complaint):
        raise WrongValue("reason", N_("Lihat dulu semua bukti laporan ini."))
    if session.exec(select(Strike.id).where(Strike.complaint_id == complaint.id)).first():
        return None
    citizen = session.get_one(Citizen, complaint.citizen_id)
    if citizen.blocked_at:
        return None
    nth = standing(session, citizen.id) + 1
    state = PENDING if nth >= BLOCKS_AT else COUNTED
    row = Strike(citizen_id=citizen.id, complaint_id=complaint.id, by_id=by.id or 0, at=now(), state=state, note=note)
    session.add(row)
    settle(session, citizen)
    record(session, "strike", by, complaint_id=complaint.id, citizen=citizen.id, strike=row.id, nth=nth, state=state)
    return row


@act
def confirm(session: Session, by: Viewer, strike_id: int) -> None:
    """A second officer agrees to the third strike, and the account is blocked."""
    row = _before_a_second(session, by, strike_id)
    citizen = session.get_one(Citizen, row.citizen_id)
    row.state, row.decided_by_id, row.decided_at = COUNTED, by.id, now()
    record(session, "confirm", by, complaint_id=row.complaint_id, citizen=citizen.id, strike=row.id)
    if settle(session, citizen) >= BLOCKS_AT and citizen.blocked_at is None:  # a fourth blocks nobody again
        citizen.blocked_at = now()
        record(session, "block", by, citizen=citizen.id)


@act
def acquit(session: Session, by: Viewer, strike_id: int, reason: str) -> None:
    """A second officer does not agree: it was no prank. That strike alone goes, and the account goes on."""
    row = _before_a_second(session, by, strike_id)
    reason = need(reason)
    citizen = session.get_one(Citizen, row.citizen_id)
    row.state, row.decided_by_id, row.decided_at = LIFTED, by.id, now()
    settle(session, citizen)
    record(session, "acquit", by, complaint_id=row.complaint_id, citizen=citizen.id, strike=row.id, reason=reason)


@act
def appeal(session: Session, by: Viewer, words: str) -> Appeal:
    """A blocked citizen asks for another look; one at a time."""
    citizen = session.get(Citizen, by.id)
    if citizen is None or citizen.blocked_at is None:
        raise WrongMoment(N_("Akun ini tidak diblokir."))
    if session.exec(_asked(citizen.id)).first():
        raise WrongMoment(N_("Banding Anda sedang dibaca."))
    words = bounded(need(words, "words"), "words", MOST_WORDS)
    row = Appeal(citizen_id=citizen.id, words=words, at=now())
    session.add(row)
    session.flush()
    record(session, "appeal", by, citizen=citizen.id, appeal=row.id, words=row.words)
    return row


@act
def answer(session: Session, by: Viewer, appeal_id: int, granted: bool, words: str) -> None:
    """The supervisor's answer; granting it lifts the block."""
    row = session.get(Appeal, appeal_id)
    if row is None:
        raise NotFound()
    if row.state != OPEN:
        raise WrongMoment(N_("Banding ini sudah dijawab."))
    _answer(row, GRANTED if granted else REFUSED, need(words, "words"), by)
    record(session, "answer", by, citizen=row.citizen_id, appeal=row.id, granted=granted, words=row.answer)
    if granted:
        lift(session, by, row.citizen_id, row.answer)


@act
def lift(session: Session, by: Viewer, citizen_id: int, reason: str) -> None:
    """A supervisor gives the account back: every strike goes, pending or counted."""
    need(reason)
    citizen = session.get(Citizen, citizen_id)
    if citizen is None:
        raise NotFound()
    for row in session.exec(standing_strikes(citizen.id)):
        row.state, row.decided_by_id, row.decided_at = LIFTED, by.id, now()
    for asked in session.exec(_asked(citizen.id)):
        _answer(asked, GRANTED, reason, by)
    settle(session, citizen)
    record(session, "lift", by, citizen=citizen.id, reason=reason)


def expire(session: Session, days: int = EXPIRY_DAYS) -> int:
    """Strikes older than `days` count no more; an account they blocked is free again. Returns how many."""
    old = select(Strike).where(col(Strike.state).in_((COUNTED, PENDING)), Strike.at < now() - timedelta(days=days))
    rows = session.exec(old).all()
    for row in rows:
        row.state, row.decided_at = EXPIRED, now()
        citizen = session.get_one(Citizen, row.citizen_id)
        settle(session, citizen)
        record(session, "expire", CLOCK, complaint_id=row.complaint_id, citizen=citizen.id, strike=row.id)
    return len(rows)


def inherit(session: Session, citizen: Citizen, number_hash: str) -> None:
    """Whoever erased an account and comes back with its number comes back to its strikes: forgetting is no pardon."""
    left = left_by(session, number_hash)
    if left is None:
        return
    for row in session.exec(standing_strikes(left)):
        row.citizen_id = citizen.id
    for owner in (session.get_one(Citizen, left), citizen):
        settle(session, owner)


def go_along(session: Session, complaint_id: int, citizen: Citizen) -> None:
    """A complaint that was struck is another account's now: the strike is its, and where it makes three, a second
    officer has to agree to that."""
    row = session.exec(select(Strike).where(Strike.complaint_id == complaint_id)).first()
    if row is None:
        return
    before, row.citizen_id = session.get_one(Citizen, row.citizen_id), citizen.id
    if row.state == COUNTED and standing(session, citizen.id) >= BLOCKS_AT and citizen.blocked_at is None:
        row.state, row.decided_by_id, row.decided_at = PENDING, None, None
    for owner in (before, citizen):
        settle(session, owner)


def standing(session: Session, citizen_id: int) -> int:
    """How many strikes count against a citizen now, the pending one included."""
    return session.exec(select(func.count()).select_from(standing_strikes(citizen_id).subquery())).one()


def appeals(session: Session) -> list[Appeal]:
    """Appeals that wait for an answer, oldest first."""
    return list(session.exec(select(Appeal).where(Appeal.state == OPEN).order_by(col(Appeal.at))))


def standing_strikes(citizen_id: int) -> Any:
    return select(Strike).where(Strike.citizen_id == citizen_id, col(Strike.state).in_((COUNTED, PENDING)))


def _before_a_second(session: Session, by: Viewer, strike_id: int) -> Strike:
    """A strike that waits, before somebody who may decide it: never whoever struck."""
    row = session.get(Strike, strike_id)
    if row is None:
        raise NotFound()
    if row.state != PENDING:
        raise WrongMoment(N_("Teguran ini sudah diputuskan."))
    if by.id == row.by_id:
        raise NotAllowed(N_("Teguran ketiga diputuskan petugas lain."))
    if by.role != Role.SUPERVISOR and row.overdue:
        raise NotAllowed(N_("Sudah lewat {hours} jam: kini pengawas yang memutuskan."), hours=CONFIRM_HOURS)
    return row


def _unseen(session: Session, by: Viewer, complaint: Complaint) -> bool:
    """Is there evidence that can be seen and that this officer has not looked at?"""
    seen = select(Look.evidence_id).where(
        Look.complaint_id == complaint.id,
        Look.by_role == by.role,
        Look.by_id == by.id,
        col(Look.evidence_id).is_not(None),  # one NULL among them, and nothing is "not in" any more
    )
    left = select(Evidence.id).where(
        Evidence.complaint_id == complaint.id, Evidence.state == "ready", col(Evidence.id).not_in(seen)
    )
    return session.exec(left.limit(1)).first() is not None


def _asked(citizen_id: int) -> Any:
    return select(Appeal).where(Appeal.citizen_id == citizen_id, Appeal.state == OPEN)


def _answer(row: Appeal, state: str, words: str, by: Viewer) -> None:
    row.state, row.answer, row.answered_by_id, row.answered_at = state, words, by.id, now()


def settle(session: Session, citizen: Citizen) -> int:
    """Count again after any of the strikes has changed; returns how many are beyond doubt.

    With fewer than three there is no third that could wait; and only three beyond doubt keep an account blocked.
    """
    session.flush()
    rows = session.exec(standing_strikes(citizen.id)).all()
    citizen.strikes = len(rows)
    if len(rows) < BLOCKS_AT:
        for row in rows:
            row.state = COUNTED
    sure = sum(row.state == COUNTED for row in rows)
    if sure < BLOCKS_AT and citizen.blocked_at:
        citizen.blocked_at = None
        for asked in session.exec(_asked(citizen.id)):
            _answer(asked, GRANTED, "", CLOCK)
    if not rows:
        free_number(session, citizen.id)
    return sure
