"""Browsers: those that a reporter hears through by Web Push, and what they are called."""

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, delete, select

from models.acts import act
from models.errors import N_, WrongValue
from models.roles import REPORTERS
from models.time import now
from models.viewer import Viewer

VOID = N_("Langganan ini sudah tidak berlaku. Nyalakan pemberitahuan sekali lagi.")
MOST_BROWSERS = 10  # of one citizen


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


@act
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


@act
def unsubscribe(session: Session, by: Viewer, endpoint: str = "") -> None:
    """No more pushes to this browser; without an endpoint, to none of theirs."""
    own = delete(PushSubscription).where(col(PushSubscription.citizen_id) == by.id)
    session.exec(own.where(col(PushSubscription.endpoint) == endpoint) if endpoint else own)


def leave_browser(session: Session, hash: str) -> None:
    """Who signs out of a shared phone must not be told of on it."""
    session.exec(delete(PushSubscription).where(col(PushSubscription.session) == hash))


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
    if by.role not in REPORTERS:
        return []
    living = select(PushSubscription).where(
        PushSubscription.citizen_id == by.id, col(PushSubscription.gone_at).is_(None)
    )
    return list(session.exec(living.order_by(col(PushSubscription.added_at).desc(), col(PushSubscription.id).desc())))


def forget_gone(session: Session) -> None:
    session.exec(delete(PushSubscription).where(col(PushSubscription.gone_at) < now() - timedelta(days=7)))
