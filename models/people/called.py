"""Browsers of the staff that are called by Web Push: a phone in a pocket, on which its owner is signed in.

A subscription lives as long as the session that it was made in: who signs out, is shut out, retires or was not seen for
too long is called there no more, whatever ended the session.
"""

from datetime import datetime

from sqlalchemy import exists
from sqlmodel import Field, Session, SQLModel, col, delete, select

from models.acts import act
from models.errors import N_, NotFound, WrongValue
from models.people.browsers import VOID, device_name
from models.people.officers import Officer, supervises
from models.people.sessions import SignIn
from models.time import now
from models.viewer import Viewer


class CalledBrowser(SQLModel, table=True):
    """Where, and the keys that only this browser can open a push with."""

    __tablename__ = "called_browser"
    id: int = Field(default=None, primary_key=True)
    officer_id: int = Field(foreign_key="officer.id", index=True)
    endpoint: str = Field(unique=True)
    p256dh: str
    auth: str
    agent: str = ""  # what the browser calls itself
    session: str = Field(index=True)  # hash of the session that it was made in
    added_at: datetime = Field(default_factory=now)
    gone_at: datetime | None = None  # its push service knows it no more

    @property
    def device(self) -> str:
        return device_name(self.agent) or N_("Browser tanpa nama")


@act
def be_called(session: Session, by: Viewer, endpoint: str, p256dh: str, auth: str, agent: str = "") -> CalledBrowser:
    """Call this browser from now on. Refused where its service has refused it."""
    found = session.exec(select(CalledBrowser).where(CalledBrowser.endpoint == endpoint)).first()
    if found and found.gone_at:
        raise WrongValue("endpoint", VOID)
    browser = found or CalledBrowser(officer_id=0, endpoint=endpoint, p256dh="", auth="", session="")
    browser.officer_id, browser.p256dh, browser.auth = by.id or 0, p256dh, auth
    browser.agent, browser.session, browser.added_at = agent[:200], by.session, now()
    session.add(browser)
    session.flush()
    return browser


@act
def be_left(session: Session, by: Viewer, endpoint: str = "", id: int | None = None) -> None:
    """One browser of theirs, by its endpoint or its number; without either, all."""
    which = [col(CalledBrowser.endpoint) == endpoint] if endpoint else [col(CalledBrowser.id) == id] if id else []
    if id and session.exec(select(CalledBrowser).where(CalledBrowser.officer_id == by.id, *which)).first() is None:
        raise NotFound()
    session.exec(delete(CalledBrowser).where(col(CalledBrowser.officer_id) == by.id, *which))


def called_browsers(session: Session, officer_id: int | None) -> list[CalledBrowser]:
    """The living ones of whoever may be called, newest first."""
    inside = exists().where(col(SignIn.hash) == CalledBrowser.session, col(SignIn.officer_id) == officer_id)
    serves = exists().where(col(Officer.id) == officer_id, col(Officer.active).is_(True), supervises())
    living = (
        CalledBrowser.officer_id == officer_id, col(CalledBrowser.gone_at).is_(None),
        inside.where(col(SignIn.expires_at) > now()), serves,
    )  # fmt: skip
    return list(session.exec(select(CalledBrowser).where(*living).order_by(col(CalledBrowser.id).desc())))


def callable_browser(session: Session, id: int | None) -> CalledBrowser | None:
    """This one, if it lives."""
    browser = session.get(CalledBrowser, id) if id else None
    return browser if browser and browser in called_browsers(session, browser.officer_id) else None


def never_call(session: Session, id: int | None) -> None:
    """Its push service knows it no more: nothing is sent there again, and its keys are worth nothing."""
    if browser := session.get(CalledBrowser, id) if id else None:
        browser.gone_at, browser.p256dh, browser.auth = now(), "", ""


def call_nobody(session: Session) -> None:
    """Our own key is another one: what was subscribed with the old one is void."""
    session.exec(delete(CalledBrowser))


def forget_called(session: Session) -> None:
    """Those whose session is over, and those whose service said goodbye."""
    over = col(CalledBrowser.session).not_in(select(SignIn.hash).where(col(SignIn.expires_at) > now()))
    session.exec(delete(CalledBrowser).where(over | col(CalledBrowser.gone_at).is_not(None)))
