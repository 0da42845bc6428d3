"""What a member of the staff changes of their own account: the password, and where they are signed in."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.acts import act
from models.errors import N_, NotAllowed, Outdated
from models.people.browsers import device_name
from models.people.devices import end_sessions
from models.people.factors import FactorKind, kinds_by_person, opens_door_of
from models.people.locking import unlock
from models.people.officers import Officer, find_officer
from models.people.sessions import SignIn
from models.record.event import record
from models.roles import STAFF
from models.time import now
from models.viewer import Viewer


def own_account(session: Session, by: Viewer) -> Officer:
    if by.role not in STAFF:
        raise NotAllowed()
    return find_officer(session, by.id)


@act
def change_own_password(session: Session, by: Viewer, was: str, password: str) -> None:
    """Both hashed; `was`: the one that was proved just now. Every other session of theirs has to prove itself anew."""
    officer = own_account(session, by)
    if officer.password != was:
        raise Outdated(N_("Kata sandi ini baru saja diganti di tempat lain. Masuk lagi."))
    officer.password, officer.must_change = password, False
    record(session, "change_password", by, person=officer.id)
    end_other_seats(session, by)
    unlock(session, by)


@act
def end_other_seats(session: Session, by: Viewer) -> None:
    """Signed out everywhere but here; those screens close."""
    end_sessions(session, by, [opened for opened in _sessions(session, by) if opened.hash != by.session])


@dataclass(frozen=True)
class Seat:
    """Where they are signed in, as /me shows it."""

    name: str
    opened_at: datetime
    used_at: datetime | None
    here: bool


def seats(session: Session, by: Viewer) -> list[Seat]:
    rows = _sessions(session, by)
    return [Seat(device_name(row.agent), row.opened_at, row.used_at, row.hash == by.session) for row in rows]


@dataclass(frozen=True)
class Colleague:
    """One of the staff, as who answers for their door sees them."""

    person: Officer
    kinds: list[FactorKind]  # their second factors
    seats: list[Seat]
    mine_to_change: bool


def colleagues(session: Session, by: Viewer) -> list[Colleague]:
    """Everyone who may sign in, by name; an administrator is another administrator's to change."""
    kinds, seats = kinds_by_person(session), defaultdict[int, list[Seat]](list)
    open_now = select(SignIn).where(col(SignIn.officer_id).is_not(None), col(SignIn.expires_at) > now())
    for row in session.exec(open_now.order_by(col(SignIn.seen_at).desc())):
        seats[row.officer_id or 0].append(
            Seat(device_name(row.agent), row.opened_at, row.used_at, row.hash == by.session)
        )
    people = session.exec(select(Officer).where(Officer.active).order_by(col(Officer.name), col(Officer.id)))
    return [
        Colleague(one, kinds.get(one.id, []), seats[one.id], opens_door_of(by, one)) for one in people if one.admitted
    ]


def _sessions(session: Session, by: Viewer) -> list[SignIn]:
    """Here first, then the last used."""
    own = select(SignIn).where(SignIn.officer_id == own_account(session, by).id, col(SignIn.expires_at) > now())
    rows = session.exec(own).all()
    return sorted(rows, key=lambda opened: (opened.hash != by.session, -opened.seen_at.timestamp()))
