"""Pushes: which browsers a reporter hears through, and what is put in the outbox for them.

A push says that a complaint has news, never which news: no word of it, no category, no place. Its reader
opens the page and sees what the page shows.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from models.complaint import Complaint
from models.errors import N_, WrongValue
from models.event import now
from models.outbox import Parcel, put, withdraw
from models.people import Citizen, Role, Viewer
from models.workflow import ROWS, Hears

PUSH, NEWS = "push", "news"  # kinds of the outbox: to a browser, to a phone number
TEXT = N_("Laporan Anda diperbarui")
VOID = N_("Langganan ini sudah tidak berlaku. Nyalakan pemberitahuan sekali lagi.")
QUESTION = N_("Laporan Anda: ada pertanyaan petugas")
URGENT_LIFE, LIFE = timedelta(hours=1), timedelta(hours=24)
NEWS_A_DAY, NEWS_A_DAY_EACH = 2000, 10  # messages cost money, and codes have to fit into the same budget
MOST_BROWSERS = 10  # of one citizen


class Way(StrEnum):
    """How a reporter hears that there is something to read."""

    PUSH = "push"
    MESSAGE = "message"  # to their phone number
    PAGE = "page"  # by nothing: only when they open it themselves
    CALL = "call"  # they have no account and a number
    NONE = "none"  # neither


class PushSubscription(SQLModel, table=True):
    """A browser that may be pushed to: where, and the keys that only it can open a push with."""

    __tablename__ = "push_subscription"
    id: int = Field(default=None, primary_key=True)
    citizen_id: int = Field(foreign_key="citizen.id", index=True)
    endpoint: str = Field(unique=True)
    p256dh: str
    auth: str
    agent: str = ""  # what the browser calls itself
    session: str = Field(default="", index=True)  # hash of the session it came with: signing out ends it
    added_at: datetime = Field(default_factory=now)
    gone_at: datetime | None = None  # its push service knows it no more

    @property
    def device(self) -> str:
        return device_name(self.agent)


BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def device_name(agent: str) -> str:
    """What its owner knows a browser by, from what it calls itself: Chrome, Android."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return ", ".join(filter(None, (browser, system)))


def tell(session: Session, step: str, by: Viewer, incident_id: int, complaint_id: int | None = None) -> None:
    """News of this step for those whom the law lets hear of it."""
    if ROWS[step].hears and not (step == "file" and by.role == Role.CITIZEN):
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
    told = {by.id} if by.role == Role.CITIZEN else set()
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
        if row.exercise:
            return Way.PAGE
        if row.citizen_id in pushed:
            return Way.PUSH
        spent = total >= NEWS_A_DAY or own.get(row.citizen.phone, 0) >= NEWS_A_DAY_EACH
        return Way.PAGE if spent or _sensitive(row) else Way.MESSAGE

    return {row.id: way(row) for row in complaints}


def subscribe(session: Session, by: Viewer, endpoint: str, p256dh: str, auth: str, agent: str = "") -> PushSubscription:
    """Push to this browser from now on; if it was somebody else's, theirs no more. Refused where its service has
    refused it: the browser has to subscribe anew, which gives it another endpoint."""
    found = session.exec(select(PushSubscription).where(PushSubscription.endpoint == endpoint)).first()
    if found and found.gone_at:
        raise WrongValue("endpoint", VOID)
    browser = found or PushSubscription(citizen_id=by.id or 0, endpoint=endpoint, p256dh=p256dh, auth=auth)
    browser.citizen_id, browser.p256dh, browser.auth = by.id or 0, p256dh, auth
    browser.agent, browser.session, browser.added_at, browser.gone_at = agent[:200], by.session, now(), None
    session.add(browser)
    session.flush()
    for old in browsers_of(session, by)[MOST_BROWSERS:]:
        session.delete(old)
    return browser


def unsubscribe(session: Session, by: Viewer, endpoint: str = "") -> None:
    """No more pushes to this browser; without an endpoint, to none of theirs."""
    own = delete(PushSubscription).where(col(PushSubscription.citizen_id) == by.id)
    session.exec(own.where(col(PushSubscription.endpoint) == endpoint) if endpoint else own)


def leave_browser(session: Session, hash: str) -> None:
    """Who signs out of a shared phone must not be told of on it."""
    session.exec(delete(PushSubscription).where(col(PushSubscription.session) == hash))


def reader(session: Session, id: int, ref: str) -> PushSubscription | None:
    """This browser, if it is alive and whoever it belongs to filed this complaint."""
    theirs = select(PushSubscription).join(Complaint, col(Complaint.citizen_id) == PushSubscription.citizen_id)
    alive = theirs.where(PushSubscription.id == id, col(PushSubscription.gone_at).is_(None))
    return session.exec(alive.where(Complaint.ref == ref)).first()


def gone(session: Session, id: int) -> None:
    """Its push service knows it no more: nothing is sent there again, and its keys are worth nothing."""
    if browser := session.get(PushSubscription, id):
        browser.gone_at, browser.p256dh, browser.auth = now(), "", ""


def all_gone(session: Session) -> None:
    """Our own key is another one: no push service takes a push for a subscription made with the old one."""
    for id in session.exec(select(PushSubscription.id).where(col(PushSubscription.gone_at).is_(None))).all():
        gone(session, id)


def browsers_of(session: Session, by: Viewer) -> list[PushSubscription]:
    """The living ones, newest first."""
    if by.role != Role.CITIZEN:
        return []
    living = select(PushSubscription).where(
        PushSubscription.citizen_id == by.id, col(PushSubscription.gone_at).is_(None)
    )
    return list(session.exec(living.order_by(col(PushSubscription.added_at).desc(), col(PushSubscription.id).desc())))


def forget_gone(session: Session) -> None:
    session.exec(delete(PushSubscription).where(col(PushSubscription.gone_at) < now() - timedelta(days=7)))


def _tell(session: Session, step: str, citizen_id: int, ref: str, sensitive: bool, undone: datetime | None) -> None:
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
    if citizen.erased_at is None and _within_budget(session, citizen.phone):
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
