"""Devices: the browsers a citizen signed in with, each known by a long-lived cookie whose hash is kept here.

A device on which a code was given is remembered for 30 days: when its session has run out, the number alone
lets it in again, for a second cookie, new with every code, shows that the code was given on it. Signing out
ends that. A password lets in without a code on any device, and makes none remembered.

Two cookies, for the long-lived one is whatever the browser brings: whoever could plant it beforehand would
know it afterwards. It only says "the same browser as before", and nothing opens with it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Index, UniqueConstraint
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, exists, select

from models.acts import act
from models.errors import NotFound
from models.people.browsers import PushSubscription, device_name, leave_browser
from models.people.citizens import Citizen
from models.people.sessions import SignIn
from models.record.event import record
from models.time import now
from models.viewer import Viewer

REMEMBERED = timedelta(days=30)
JUST_NOW = timedelta(minutes=15)  # so long a code, once given, stands for a password
MOST_AGENT = 200


class Device(SQLModel, table=True):
    """One browser as one account knows it: two accounts on a shared phone are two rows with one hash."""

    __table_args__ = (UniqueConstraint("hash", "citizen_id"), Index("ix_device_citizen", "citizen_id"))
    id: int = Field(default=None, primary_key=True)
    hash: str  # SHA-256 of the long-lived cookie
    trust: str = ""  # SHA-256 of the cookie that was set with the last code
    citizen_id: int = Field(foreign_key="citizen.id")
    agent: str = ""  # what the browser calls itself
    first_at: datetime
    seen_at: datetime
    proved_at: datetime | None = None  # when a code was last given on it; none: not remembered

    @property
    def name(self) -> str:
        return device_name(self.agent)


@dataclass(frozen=True)
class Seat:
    """A device as /account shows it. `until`: how long it is remembered; `here`: the one that asks."""

    id: int
    name: str
    seen_at: datetime
    inside: bool
    until: datetime | None
    here: bool


def note_device(session: Session, hash: str, citizen_id: int, agent: str, trust: str = "") -> Device:
    """This account signs in with this browser; with `trust`, by a code."""
    at = now()
    device = _device(session, hash, citizen_id) or Device(hash=hash, citizen_id=citizen_id, first_at=at, seen_at=at)
    device.agent, device.seen_at = agent[:MOST_AGENT], at
    if trust:
        device.trust, device.proved_at = trust, at
    session.add(device)
    session.flush()
    return device


def take_over(session: Session, seat: Device, hash: str) -> None:
    """The newest session of a browser is the one whose end ends its pushes: theirs follow it, another account's stop.

    Sessions run out by themselves, and their pushes then would outlive every signing out on that browser.
    """
    here = select(SignIn.hash).join(Device, col(Device.id) == SignIn.device_id).where(Device.hash == seat.hash)
    for pushed in session.exec(select(PushSubscription).where(col(PushSubscription.session).in_(here))):
        if pushed.citizen_id == seat.citizen_id:
            pushed.session = hash
        else:
            session.delete(pushed)


def remembered(session: Session, trust: str, citizen_id: int) -> bool:
    """Does this account remember whoever brings this cookie?"""
    own = select(Device.id).where(
        Device.citizen_id == citizen_id, Device.trust == trust, col(Device.proved_at) > now() - REMEMBERED
    )
    return bool(trust) and session.exec(own).first() is not None


def proved_just_now(session: Session, by: Viewer) -> bool:
    """Was a code given on this very device within a quarter of an hour?"""
    here = session.get(SignIn, by.session)
    device = session.get(Device, here.device_id) if here and here.device_id else None
    return bool(device and device.proved_at and device.proved_at > now() - JUST_NOW)


def forget_here(session: Session, hash: str) -> None:
    """Who signs out is out: the number alone lets nobody in on this browser any more."""
    opened = session.get(SignIn, hash)
    if opened and opened.device_id and (device := session.get(Device, opened.device_id)):
        _forget(device)


def seats(session: Session, by: Viewer) -> list[Seat]:
    """Where this account is signed in or remembered, the newest first. A session without a device stands as 0."""
    at = now()
    here = session.get(SignIn, by.session)
    open_ = session.exec(select(SignIn).where(SignIn.citizen_id == by.id, SignIn.expires_at > at)).all()
    inside = {opened.device_id for opened in open_}
    rows = session.exec(select(Device).where(Device.citizen_id == by.id)).all()
    found = [
        Seat(row.id, row.name, row.seen_at, row.id in inside, _until(row, at), bool(here and here.device_id == row.id))
        for row in rows
        if row.id in inside or _until(row, at)
    ]
    if unnamed := [opened for opened in open_ if opened.device_id is None]:
        seen_at = max(opened.seen_at for opened in unnamed)
        found.append(Seat(0, "", seen_at, True, None, bool(here and here.device_id is None)))
    return sorted(found, key=lambda seat: (not seat.here, -seat.seen_at.timestamp()))


@act
def end_device(session: Session, by: Viewer, id: int) -> None:
    """Every session of this account on that device ends, and it is not remembered; its screens close."""
    device = session.get(Device, id) if id else None
    if id and (device is None or device.citizen_id != by.id):
        raise NotFound()
    if device:
        _forget(device)
    own = select(SignIn).where(SignIn.citizen_id == by.id, SignIn.device_id == (id or None))
    end_sessions(session, by, list(session.exec(own)))


@act
def end_others(session: Session, by: Viewer) -> None:
    """Every session but the one that asks, and no other device is remembered: after a new password."""
    here = session.get(SignIn, by.session)
    for device in session.exec(select(Device).where(Device.citizen_id == by.id)):
        if here is None or device.id != here.device_id:
            _forget(device)
    own = select(SignIn).where(SignIn.citizen_id == by.id, SignIn.hash != by.session)
    end_sessions(session, by, list(session.exec(own)))


def end_sessions(session: Session, by: Viewer, rows: list[SignIn]) -> None:
    for opened in rows:
        leave_browser(session, opened.hash)
        session.delete(opened)
        record(session, "sign_out", by, session=opened.hash)


def on_a_blocked_one(citizen_id: Any) -> ColumnElement[bool]:
    """Has a device of this account (its column) been seen on another one that is blocked?"""
    theirs, other = aliased(Device), aliased(Citizen)
    mine = select(Device.hash).where(Device.citizen_id == citizen_id)
    shared = select(theirs.id).join(other, col(other.id) == theirs.citizen_id)
    return exists(
        shared.where(col(theirs.hash).in_(mine), theirs.citizen_id != citizen_id, col(other.blocked_at).is_not(None))
    )


def seen_before(session: Session, citizen_id: int, span: timedelta) -> bool:
    """Has a browser of this account been here for longer than that, under whichever account?"""
    mine = select(Device.hash).where(Device.citizen_id == citizen_id)
    older = select(Device.id).where(col(Device.hash).in_(mine), Device.first_at < now() - span)
    return session.exec(older.limit(1)).first() is not None


def _device(session: Session, hash: str, citizen_id: int) -> Device | None:
    return session.exec(select(Device).where(Device.hash == hash, Device.citizen_id == citizen_id)).first()


def _forget(device: Device) -> None:
    device.trust, device.proved_at = "", None


def _until(device: Device, at: datetime) -> datetime | None:
    until = device.proved_at + REMEMBERED if device.proved_at else None
    return until if until and until > at else None
