"""The people: citizens who report, officers who answer, and what a viewer may be."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, String, delete, update
from sqlmodel import Field, Relationship, Session, SQLModel, col, select

from models.agency import Agency
from models.errors import N_, NotAllowed, NotFound, WrongValue, need
from models.event import now, record
from models.version import Versioned

SINGLE_KEYS = ("single", "alt", "off")  # as they are, with Alt, not at all: what is dictated or scanned presses letters
SILENT_SECONDS = 45  # a console unseen for so long has lost its lease (DESIGN.md 3)


class Role(StrEnum):
    CITIZEN = "citizen"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    LIAISON = "liaison"
    WALL = "wall"
    INTAKE = "intake"
    CLOCK = "clock"


DUTY = (Role.OFFICER, Role.SUPERVISOR)
STAFF = (*DUTY, Role.ADMIN, Role.LIAISON)


@dataclass(frozen=True)
class Audience:
    """Those who see the same: staff of a role, one citizen, one agency, one kind of wall.

    `scope` is '' for staff, the citizen's id, the agency's id, the wall's view.
    """

    role: Role
    scope: str
    locale: str


@dataclass(frozen=True)
class Viewer:
    """Who is looking or acting. `id` is of an Officer, a Citizen, a Wall or a Key by `role`."""

    role: Role
    id: int | None = None
    locale: str = "id"
    name: str = ""
    agency_id: int | None = None
    session: str = ""  # hash of the session this viewer came with
    locks_at: datetime | None = None  # when that session locks, unless it is used (models/locking.py); none: never
    proved_at: datetime | None = None  # when the password was last given in it
    keys: str = "single"  # how single keys act for this person: one of SINGLE_KEYS
    must_change: bool = False  # their password is somebody else's making: a new one comes before anything else

    @property
    def audience(self) -> Audience:
        scopes = {Role.CITIZEN: self.id, Role.LIAISON: self.agency_id, Role.WALL: "console"}
        return Audience(self.role, str(scopes.get(self.role, "")), self.locale)

    @property
    def on_duty(self) -> bool:
        return self.role in DUTY

    @property
    def locked(self) -> bool:
        """Nobody has used this screen for a while: who sits there now has to say the password first."""
        return self.locks_at is not None and self.locks_at <= now()

    @property
    def proved(self) -> bool:
        """Was the password given just now?"""
        return self.proved_at is not None and self.proved_at + PROOF_LASTS > now()


CLOCK = Viewer(Role.CLOCK)


class Officer(Versioned, table=True):
    """Anyone of the staff, liaisons of partner agencies included."""

    id: int = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    rank: str = ""
    role: Role = Field(sa_type=String)
    password: str  # argon2id
    must_change: bool = False  # somebody else knows it: made by an administrator or a command
    locale: str = "id"
    active: bool = True
    station_id: int | None = Field(default=None, foreign_key="station.id")
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    agency: Agency | None = Relationship()
    keys: str = "single"  # one of SINGLE_KEYS
    added_at: datetime = Field(default_factory=now)

    @property
    def admitted(self) -> bool:
        """May they sign in? A liaison of a closed agency may not."""
        return self.active and not self.shut_out

    @property
    def shut_out(self) -> bool:
        """Nothing is wrong with them: their agency was closed."""
        return self.active and self.agency is not None and not self.agency.active

    @property
    def title(self) -> str:
        return f"{self.rank} {self.name}".strip()

    @property
    def short(self) -> str:
        first, *rest = self.name.split()
        return f"{first} {rest[-1][0]}." if rest else first

    @property
    def initials(self) -> str:
        words = self.name.split()
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @property
    def viewer(self) -> Viewer:
        who = Viewer(Role(self.role), self.id, self.locale, self.title, self.agency_id)
        return replace(who, must_change=self.must_change, keys=self.keys)


class Citizen(Versioned, table=True):
    """A reporter. The phone number is the account."""

    id: int = Field(default=None, primary_key=True)
    phone: str = Field(unique=True)  # E.164
    name: str
    password: str = ""  # argon2id; empty: they sign in by code alone
    locale: str = "id"
    strikes: int = 0
    blocked_at: datetime | None = Field(default=None, index=True)
    added_at: datetime = Field(default_factory=now)
    erased_at: datetime | None = None  # asked to be forgotten: name and number are gone (models/erasing.py)

    @property
    def viewer(self) -> Viewer:
        return Viewer(Role.CITIZEN, self.id, self.locale, self.name)


class SignIn(SQLModel, table=True):
    """A session: a row, so that it can be ended from anywhere. The cookie holds the secret, this its hash."""

    __tablename__ = "sign_in"
    __table_args__ = (
        Index("ix_sign_in_officer", "officer_id"),
        Index("ix_sign_in_citizen", "citizen_id"),
        Index("ix_sign_in_wall", "wall_id"),
    )
    hash: str = Field(primary_key=True)  # SHA-256 of the cookie's 32 random bytes
    officer_id: int | None = Field(default=None, foreign_key="officer.id")
    citizen_id: int | None = Field(default=None, foreign_key="citizen.id")
    wall_id: int | None = Field(default=None, foreign_key="wall.id")
    device_id: int | None = Field(default=None, foreign_key="device.id")  # the browser of a citizen's
    agent: str = ""  # what the browser of staff calls itself
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    used_at: datetime | None = None  # when a person last did something in it; none: locked by hand
    proved_at: datetime | None = None  # when its owner's password was last given


class Presence(SQLModel, table=True):
    """When an officer's console was last open. Not an event: it says nothing but 'still here'."""

    officer_id: int = Field(primary_key=True, foreign_key="officer.id")
    seen_at: datetime


class Wall(Versioned, table=True):
    """A wall screen. Unpaired it shows its code; a supervisor types the code to let it in."""

    id: int = Field(default=None, primary_key=True)
    name: str = ""
    code: str | None = Field(default=None, unique=True)
    code_until: datetime | None = None
    secret: str | None = Field(default=None, unique=True)  # SHA-256 of the cookie of a screen that waits
    paired_at: datetime | None = None
    paired_by_id: int | None = Field(default=None, foreign_key="officer.id")
    distance_m: float = 6.0  # from the screen to the eye
    px_per_mm: float = 1.157  # a 75-inch screen at 1920 pixels

    @property
    def viewer(self) -> Viewer:
        return Viewer(Role.WALL, self.id, "id", self.name)


class Key(SQLModel, table=True):
    """An API key of an existing app's back end. Only its hash is kept."""

    id: int = Field(default=None, primary_key=True)
    name: str
    hash: str = Field(unique=True)
    added_at: datetime = Field(default_factory=now)
    revoked_at: datetime | None = None

    @property
    def viewer(self) -> Viewer:
        return Viewer(Role.INTAKE, self.id, "id", self.name)


# Absolute and idle life of a session by role (TRUST.md, Web). Staff: a 24-hour duty and an hour.
SESSION_LIFE = {Role.CITIZEN: timedelta(days=30), Role.WALL: timedelta(days=30)}
SESSION_IDLE = {Role.CITIZEN: timedelta(days=14)}
STAFF_LIFE = timedelta(hours=25)
MOST_NAME = 80  # letters of a citizen's name
# How long staff may do nothing before their screen locks; citizens' phones have a lock of their own.
LOCKS_AFTER = {
    Role.OFFICER: timedelta(minutes=30),
    Role.LIAISON: timedelta(minutes=30),
    Role.SUPERVISOR: timedelta(minutes=15),
    Role.ADMIN: timedelta(minutes=15),
}
PROOF_LASTS = timedelta(minutes=5)


def choose_keys(session: Session, by: Viewer, keys: str) -> None:
    """How single keys act for this person, on every screen they sign in on."""
    if by.role not in STAFF:
        raise NotAllowed()
    if keys not in SINGLE_KEYS:
        raise WrongValue("keys", N_("Pilih salah satu."))
    session.get_one(Officer, by.id).keys = keys


def sign_in(
    session: Session, who: Officer | Citizen | Wall, hash: str, device_id: int | None = None, agent: str = ""
) -> SignIn:
    """Open a session for someone who has proved who they are."""
    at = now()
    key = {Officer: "officer_id", Citizen: "citizen_id", Wall: "wall_id"}[type(who)]
    life = SESSION_LIFE.get(who.viewer.role, STAFF_LIFE)
    opened = SignIn(
        hash=hash, opened_at=at, seen_at=at, expires_at=at + life, used_at=at, proved_at=at, device_id=device_id,
        agent=agent, **{key: who.id},
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
    if who is None or opened.seen_at + SESSION_IDLE.get(who.viewer.role, STAFF_LIFE) <= now():
        return None
    viewer = who.viewer
    idle = LOCKS_AFTER.get(viewer.role)
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


def citizen_by(session: Session, phone: str) -> Citizen | None:
    """Whose number this is, in E.164."""
    return session.exec(select(Citizen).where(Citizen.phone == phone)).first()


def name_of(typed: str) -> str:
    """A citizen's name, if it can be one."""
    name = need(typed, "name", N_("Tulis nama Anda."))
    if len(name) > MOST_NAME:
        raise WrongValue("name", N_("Paling banyak 80 huruf."))
    return name


def sign_up(session: Session, *, phone: str, name: str, password: str = "", locale: str = "id") -> Citizen:
    """`phone` in E.164 and proved by a code, `password` already hashed, or none."""
    if citizen_by(session, phone):
        raise WrongValue("phone", N_("Nomor ini sudah terdaftar. Silakan masuk."))
    citizen = Citizen(phone=phone, name=name_of(name), password=password, locale=locale)
    session.add(citizen)
    session.flush()
    record(session, "sign_up", citizen.viewer, citizen=citizen.id)
    return citizen


def note_presence(session: Session, officer_ids: list[int]) -> None:
    """Their consoles are open. No event: fifteen seconds later it is said again."""
    at = now()
    for id in officer_ids:
        session.merge(Presence(officer_id=id, seen_at=at))


def on_duty(session: Session) -> list[tuple[Officer, bool]]:
    """Officers whose consoles were open within two minutes, and whether each has gone silent."""
    at = now()
    rows = select(Officer, Presence.seen_at).join(Presence, col(Presence.officer_id) == Officer.id)
    recent = rows.where(Presence.seen_at > at - timedelta(minutes=2), Officer.active).order_by(col(Officer.id))
    return [(officer, seen_at < at - timedelta(seconds=SILENT_SECONDS)) for officer, seen_at in session.exec(recent)]


def find_officer(session: Session, id: int | None, *conditions: ColumnElement[bool]) -> Officer:
    officer = session.exec(select(Officer).where(Officer.id == id, Officer.active, *conditions)).first()
    if officer is None:
        raise NotFound()
    return officer
