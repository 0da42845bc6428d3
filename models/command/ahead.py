"""What lies ahead: every stored moment that opens, holds or shuts something has a bound.

A clock that was wrong by hours, or years, and was put right leaves moments in the future behind: a session that never
ends, an upload nobody may go on with, a presence that keeps a silent holder alive. Nothing real is further ahead than
its own length, so that is where each of them ends. What tells of the past (events, incidents, ratings …) stays as it
was noted; who asks whether something was "lately" says no to what lies ahead (models/record/event.py).
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col

from models.command import deputy
from models.command.calling import Telling
from models.command.walls import CODE_MINUTES
from models.incidents import draft, telling, uploads
from models.incidents.alarms import Alarm
from models.incidents.arrivals import Arrival
from models.incidents.draft import Draft
from models.incidents.evidence import Transfer
from models.incidents.exercise import LONGEST, Exercise
from models.incidents.referral import SIGHT, Referral
from models.people import codes
from models.people.browsers import PushSubscription
from models.people.called import CalledBrowser
from models.people.codes import Code
from models.people.devices import Device
from models.people.factors import Factor, RecoveryCode
from models.people.machines import Wall
from models.people.officers import Officer, Presence
from models.people.sessions import SignIn
from models.record import outbox
from models.record.idempotency import Receipt
from models.record.lease import LEASE_SECONDS, Lease
from models.record.outbox import Parcel
from models.roles import RIGHTS, STAFF_LIFE, Role
from models.time import now

AT_ONCE = timedelta()
OF_STAFF = col(SignIn.officer_id).is_not(None)
NOT_YET = col(Parcel.next_at) <= col(Parcel.added_at)  # was to go as soon as it was put in

BOUNDS: tuple[tuple[Any, timedelta, *tuple[Any, ...]], ...] = (  # column, how far ahead it may lie, of which rows
    (Lease.until, timedelta(seconds=LEASE_SECONDS)),
    (Presence.seen_at, AT_ONCE),
    (Presence.sat_at, AT_ONCE),
    (Presence.heard_at, AT_ONCE),
    (SignIn.opened_at, AT_ONCE),
    (SignIn.seen_at, AT_ONCE),
    (SignIn.used_at, AT_ONCE),
    (SignIn.proved_at, AT_ONCE),
    (SignIn.expires_at, STAFF_LIFE, OF_STAFF),
    (SignIn.expires_at, RIGHTS[Role.CITIZEN].life),
    (Device.seen_at, AT_ONCE),
    (Device.proved_at, AT_ONCE),
    (Factor.used_at, AT_ONCE),  # else nobody's password would be fresh enough beside it (models/people/factors.py)
    (RecoveryCode.used_at, AT_ONCE),
    (Wall.code_until, timedelta(minutes=CODE_MINUTES)),
    (Code.sent_at, AT_ONCE),
    (Code.until, codes.LIFE),
    (Code.hour_at, AT_ONCE),
    (Code.failed_at, AT_ONCE),
    (Draft.until, draft.KEPT),
    (Transfer.told_at, AT_ONCE),
    (Transfer.expires_at, uploads.KEPT),
    (Transfer.finished_at, AT_ONCE),
    (Parcel.next_at, AT_ONCE, NOT_YET),
    (Parcel.next_at, outbox.LONGEST_PAUSE),
    (Parcel.until, telling.LIFE),
    (Parcel.added_at, AT_ONCE),
    (PushSubscription.added_at, AT_ONCE),
    (PushSubscription.gone_at, AT_ONCE),
    (CalledBrowser.added_at, AT_ONCE),
    (CalledBrowser.gone_at, AT_ONCE),
    (Receipt.at, AT_ONCE),
    (Referral.until, SIGHT),
    (Referral.finished_at, AT_ONCE),  # the day for a last note begins there
    (Alarm.received_at, AT_ONCE),
    (Telling.made_at, AT_ONCE),
    (Exercise.ends_at, LONGEST),
    (Officer.lent_until, deputy.LONGEST),
)


def put_right(session: Session) -> None:
    """Bring back what lies further ahead than it may. Without an event: nobody took a step."""
    at = now()
    for column, length, *which in BOUNDS:
        ahead = update(column.class_).where(col(column) > at + length, *which)
        session.connection().execute(ahead.values({column.key: at + length}))
    session.connection().execute(delete(Arrival).where(col(Arrival.hour) > at))
