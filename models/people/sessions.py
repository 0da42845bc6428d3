"""Sessions: who came in, in which browser, for how long, and when their screen locks."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Index, delete, update
from sqlmodel import Field, Session, SQLModel, col, select

from models.people.citizens import Citizen
from models.people.machines import Wall
from models.people.officers import Officer
from models.record.event import record
from models.roles import RIGHTS, STAFF, Role
from models.time import now
from models.viewer import CLOCK, Viewer


class SignIn(SQLModel, table=True):
    """A session: a row, so that it can be ended from anywhere. The cookie holds the secret, this its hash."""

    __tablename__ = "sign_in"
    __table_args__ = (
        Index("ix_sign_in_officer", "officer_id"),
        Index("ix_sign_in_citizen", "citizen_id"),
        Index("ix_sign_in_wall", "wall_id"),
        Index("ix_sign_in_complaint", "complaint_id"),
    )
    hash: str = Field(primary_key=True)  # SHA-256 of the cookie's 32 random bytes
    officer_id: int | None = Field(default=None, foreign_key="officer.id")
    citizen_id: int | None = Field(default=None, foreign_key="citizen.id")
    wall_id: int | None = Field(default=None, foreign_key="wall.id")
    # Of a guest: the one complaint that this session is a grant to.
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id")
    device_id: int | None = Field(default=None, foreign_key="device.id")  # the browser of a citizen's
    agent: str = ""  # what the browser of staff calls itself
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    used_at: datetime | None = None  # when a person last did something in it; none: locked by hand
    proved_at: datetime | None = None  # when its owner's password was last given


def sign_in(
    session: Session,
    who: Officer | Citizen | Wall,
    hash: str,
    device_id: int | None = None,
    agent: str = "",
    complaint_id: int | None = None,
) -> SignIn:
    """Open a session for someone who has proved who they are; or for a guest, who has nothing but a complaint."""
    at = now()
    key = {Officer: "officer_id", Citizen: "citizen_id", Wall: "wall_id"}[type(who)]
    life = RIGHTS[who.viewer.role].life
    opened = SignIn(
        hash=hash, opened_at=at, seen_at=at, expires_at=at + life, used_at=at, proved_at=at, device_id=device_id,
        agent=agent, complaint_id=complaint_id, **{key: who.id},
    )  # fmt: skip
    session.add(opened)
    return opened


def came_in(session: Session, by: Viewer) -> None:
    """Staff through the door is an event; a reporter's comings and goings are nobody's business."""
    if by.role in STAFF:
        record(session, "sign_in", by)


def note_wrong(session: Session, login: str) -> None:
    """A wrong password for this member of the staff. By nobody: who typed it is not known."""
    officer = session.exec(select(Officer).where(Officer.login == login)).first()
    if officer:
        record(session, "wrong_password", CLOCK, person=officer.id)


def sign_out(session: Session, by: Viewer, hash: str) -> None:
    """End one session: its row goes, and every open screen of it closes."""
    session.exec(delete(SignIn).where(col(SignIn.hash) == hash))
    record(session, "sign_out", by, session=hash)


def revoke(
    session: Session, by: Viewer, *, officer: int | None = None, citizen: int | None = None, wall: int | None = None,
    told: bool = False,
) -> None:  # fmt: skip
    """End every session of somebody: after a change of role or password, a block, an unpaired wall.

    `told`: the rows stay, over for ever, so that the door can tell this very browser why (`shut_out`).
    """
    owners = ((SignIn.officer_id, officer), (SignIn.citizen_id, citizen), (SignIn.wall_id, wall))
    for column, id in owners:
        if id is not None:
            mine = col(column) == id
            session.exec(update(SignIn).where(mine).values(expires_at=now()) if told else delete(SignIn).where(mine))
    record(session, "revoke", by, officer=officer, citizen=citizen, wall=wall)


def viewer_by_session(session: Session, hash: str) -> Viewer | None:
    """Who comes with this session, or None when it is unknown, over or its owner gone."""
    opened = session.get(SignIn, hash)
    if opened is None or opened.expires_at <= now():
        return None
    who: Officer | Citizen | Wall | None
    if opened.officer_id:
        who = session.get(Officer, opened.officer_id)
        if who is None or not who.admitted:
            return None
    elif opened.citizen_id:
        who = session.get(Citizen, opened.citizen_id)
    else:
        who = session.get(Wall, opened.wall_id)
    if who is None:
        return None
    viewer = who.viewer
    if opened.complaint_id:
        viewer = replace(viewer, role=Role.GUEST, complaint_id=opened.complaint_id)
    if opened.seen_at + RIGHTS[viewer.role].idle <= now():
        return None
    idle = RIGHTS[viewer.role].locks
    locks_at = (opened.used_at + idle if opened.used_at else opened.opened_at) if idle else None
    return replace(viewer, session=hash, locks_at=locks_at, proved_at=opened.proved_at)


def shut_out(session: Session, hash: str) -> bool:
    """Was this a session of a liaison whose agency has been closed?"""
    opened = session.get(SignIn, hash)
    owner = session.get(Officer, opened.officer_id) if opened and opened.officer_id else None
    return owner is not None and owner.shut_out


def touch(session: Session, hash: str) -> None:
    """Note that a session is in use (at most once an hour: the caller looks at `seen_at`)."""
    session.exec(update(SignIn).where(col(SignIn.hash) == hash).values(seen_at=now()))
