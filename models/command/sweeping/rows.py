"""Rows that belong to no incident: alarms, the outbox, sessions, devices."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, SQLModel, col, delete, func, or_, select

from models.command.retention import ALARMS, OUTBOX, SESSIONS, Periods
from models.command.sweeping.lots import BATCH, SWEEP, Lot, iso
from models.incidents import alarms
from models.incidents.alarms import Alarm
from models.people.browsers import PushSubscription
from models.people.citizens import Citizen
from models.people.devices import Device
from models.people.sessions import SignIn
from models.record.event import record
from models.record.outbox import Parcel
from models.time import now
from models.viewer import Viewer


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


def past_rows(session: Session, here: Periods, kind: str) -> Lot | None:
    days = here.of(kind)
    if days is None:
        return None
    _, key, moment, which = _rows(kind, days)
    count, oldest = session.exec(select(func.count(key), func.min(moment)).where(which)).one()
    return Lot(kind, count, oldest) if count else None


def sweep_rows(session: Session, by: Viewer, kind: str, here: Periods) -> int:
    days = here.of(kind)
    if days is None:
        return 0
    table, key, moment, which = _rows(kind, days)
    rows = session.exec(select(key, moment).where(which).order_by(moment).limit(BATCH)).all()
    session.exec(delete(table).where(key.in_([row[0] for row in rows])))
    if rows:
        record(session, SWEEP, by, kind=kind, count=len(rows), oldest=iso(rows[0][1]))
    return len(rows)
