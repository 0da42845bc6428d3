"""The lock of a staff session: after a while without a deed of a person's it asks for the password, and goes on.

A deed is what a person does: an act, a key, a press. Pages that fetch themselves anew and a socket that only
listens are none. A locked session keeps its place: the board, its socket, its alarms and its leases go on.
"""

from datetime import timedelta

from sqlmodel import Session, col, update

from models.people.sessions import SignIn
from models.record.event import record
from models.roles import RIGHTS
from models.time import now
from models.viewer import Viewer

NOTED_EVERY = timedelta(seconds=30)  # not each deed is worth a write


def worth_noting(viewer: Viewer) -> bool:
    """Is what this session knows of its last deed old enough to be told of another?"""
    idle = RIGHTS[viewer.role].locks
    return bool(idle and viewer.locks_at and not viewer.locked and viewer.locks_at - idle < now() - NOTED_EVERY)


def use(session: Session, by: Viewer) -> None:
    """A person did something. Never opens what was locked meanwhile, by the clock or by hand."""
    at, idle = now(), RIGHTS[by.role].locks
    if idle is None:
        return  # never locks
    open_still = col(SignIn.used_at) > at - idle
    session.exec(update(SignIn).where(col(SignIn.hash) == by.session, open_still).values(used_at=at))


def lock(session: Session, by: Viewer) -> None:
    """By hand: whoever gets up need not wait for the clock."""
    was_open = col(SignIn.used_at).is_not(None)
    if session.execute(update(SignIn).where(col(SignIn.hash) == by.session, was_open).values(used_at=None)).rowcount:  # type: ignore[attr-defined]
        record(session, "lock", by)


def unlock(session: Session, by: Viewer) -> None:
    """The password was right: the session goes on, and for a short while it counts as proved afresh."""
    at = now()
    session.exec(update(SignIn).where(col(SignIn.hash) == by.session).values(used_at=at, proved_at=at))
    record(session, "unlock", by)
