"""Telling: which news of a complaint its reporter hears of, by which way.

A push says that a complaint has news, never which news: no word of it, no category, no place. Its reader
opens the page and sees what the page shows.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, func, select

from models.errors import N_
from models.incidents.complaint import Complaint
from models.people.browsers import PushSubscription
from models.people.citizens import Citizen
from models.record.outbox import NEWS, PUSH, Parcel, put, withdraw
from models.roles import REPORTERS
from models.time import now
from models.viewer import Viewer
from models.workflow import ROWS, Hears

TEXT = N_("Ada kabar baru")
QUESTION = N_("Laporan Anda: ada pertanyaan petugas")
URGENT_LIFE, LIFE = timedelta(hours=1), timedelta(hours=24)
NEWS_A_DAY, NEWS_A_DAY_EACH = 2000, 10  # messages cost money, and codes have to fit into the same budget


class Way(StrEnum):
    """How a reporter hears that there is something to read."""

    PUSH = "push"
    MESSAGE = "message"  # to their phone number
    PAGE = "page"  # by nothing: only when they open it themselves
    CALL = "call"  # they have no account and a number
    NONE = "none"  # neither


def tell(session: Session, step: str, by: Viewer, incident_id: int, complaint_id: int | None = None) -> None:
    """News of this step for those whom the law lets hear of it."""
    if ROWS[step].hears and not (step == "file" and by.role in REPORTERS):
        inform(session, step, by, incident_id, complaint_id)


def inform(
    session: Session,
    step: str,
    by: Viewer,
    incident_id: int,
    complaint_id: int | None = None,
    undone: datetime | None = None,
) -> None:
    """Put news in the outbox for the reporters it concerns: of one complaint, or of all under the incident.

    Not for whoever took the step, and never for an exercise. `undone`: it was taken then, and is taken back now. What
    has not left yet stays here; whoever was told is told again, and finds what stands.
    """
    here = Complaint.id == complaint_id if complaint_id else Complaint.incident_id == incident_id
    told = {by.id} if by.role in REPORTERS else set()
    real = select(Complaint).where(here, col(Complaint.citizen_id).is_not(None), col(Complaint.exercise).is_(False))
    for row in session.exec(real.order_by(col(Complaint.id))).all():
        if row.citizen_id is not None and row.citizen_id not in told:  # once each, however often they reported it
            told.add(row.citizen_id)
            _tell(session, step, row.citizen_id, row.ref, _sensitive(row), undone)


def _sensitive(complaint: Complaint) -> bool:
    """By what its reporter chose, or by what it turned out to be."""
    return complaint.category.sensitive or bool(complaint.incident and complaint.incident.category.sensitive)


def way_to(session: Session, complaint: Complaint) -> Way:
    """How the reporter of a complaint would hear of a question now."""
    return ways_to(session, [complaint])[complaint.id]


def ways_to(session: Session, complaints: Sequence[Complaint]) -> dict[int, Way]:
    """The same for several, by their ids: the rule by which `_tell` sends."""
    accounts = [row.citizen for row in complaints if row.citizen and not row.citizen.erased_at]
    here = (col(PushSubscription.citizen_id).in_([one.id for one in accounts]), col(PushSubscription.gone_at).is_(None))
    pushed = set(session.exec(select(PushSubscription.citizen_id).where(*here)))
    own, total = _spent(session, [one.phone for one in accounts])

    def way(row: Complaint) -> Way:
        if row.citizen is None or row.citizen.erased_at:
            return Way.CALL if row.reporter_phone else Way.NONE
        if row.exercise or row.citizen.quiet:
            return Way.PAGE
        if row.citizen_id in pushed:
            return Way.PUSH
        if not row.citizen.proved:
            return Way.PAGE
        spent = total >= NEWS_A_DAY or own.get(row.citizen.phone, 0) >= NEWS_A_DAY_EACH
        return Way.PAGE if spent or _sensitive(row) else Way.MESSAGE

    return {row.id: way(row) for row in complaints}


def keep_from(session: Session, citizen: Citizen) -> None:
    """What is on its way to this reporter and has not left does not leave."""
    for ref in session.exec(select(Complaint.ref).where(Complaint.citizen_id == citizen.id)).all():
        withdraw(session, NEWS, citizen.phone, ref, citizen.added_at)
        for id in _browsers(session, citizen.id):
            withdraw(session, PUSH, str(id), ref, citizen.added_at)


def reader(session: Session, id: int, ref: str) -> PushSubscription | None:
    """This browser, if it is alive and whoever it belongs to filed this complaint and may be told of it: what was tried
    before they went into Mode senyap is not tried again."""
    theirs = select(PushSubscription).join(Complaint, col(Complaint.citizen_id) == PushSubscription.citizen_id)
    theirs = theirs.join(Citizen, col(Citizen.id) == Complaint.citizen_id).where(col(Citizen.quiet).is_(False))
    alive = theirs.where(PushSubscription.id == id, col(PushSubscription.gone_at).is_(None))
    return session.exec(alive.where(Complaint.ref == ref)).first()


def _tell(session: Session, step: str, citizen_id: int, ref: str, sensitive: bool, undone: datetime | None) -> None:
    if session.get_one(Citizen, citizen_id).quiet:
        return  # the phone may be in other hands: they look when they can
    hears = ROWS[step].hears
    urgent = Hears.URGENTLY in hears
    life = URGENT_LIFE if urgent else LIFE
    browsers = _browsers(session, citizen_id)
    for id in browsers:
        if undone and withdraw(session, PUSH, str(id), ref, undone):
            continue
        put(session, PUSH, str(id), {"ref": ref, "text": TEXT}, life=life, topic=ref, urgent=urgent)
    if browsers or sensitive or Hears.BY_PHONE not in hears:
        return  # a push was asked for; a message nobody asked for may be read by the wrong one at home
    citizen = session.get_one(Citizen, citizen_id)
    if undone and withdraw(session, NEWS, citizen.phone, ref, undone):
        return
    if citizen.erased_at is None and citizen.proved and _within_budget(session, citizen.phone):
        payload = {"ref": ref, "text": QUESTION if step == "ask" else TEXT, "locale": citizen.locale}
        put(session, NEWS, citizen.phone, payload, life=life, topic=ref, urgent=urgent)


def _browsers(session: Session, citizen_id: int) -> Sequence[int]:
    """Ids of the living ones."""
    living = select(PushSubscription.id).where(
        PushSubscription.citizen_id == citizen_id, col(PushSubscription.gone_at).is_(None)
    )
    return session.exec(living).all()


def _within_budget(session: Session, phone: str) -> bool:
    own, total = _spent(session, [phone])
    return own.get(phone, 0) < NEWS_A_DAY_EACH and total < NEWS_A_DAY


def _spent(session: Session, phones: Sequence[str]) -> tuple[dict[str, int], int]:
    """Messages of the last day: to each of these numbers, and in all."""
    today = (Parcel.kind == NEWS, col(Parcel.added_at) > now() - timedelta(days=1))
    own = select(Parcel.to, func.count()).where(*today, col(Parcel.to).in_(phones)).group_by(Parcel.to)
    return dict(session.exec(own).all()), session.exec(select(func.count()).where(*today)).one()
