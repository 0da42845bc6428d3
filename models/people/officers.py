"""Officers: the staff, liaisons of partners included, and whose console is open."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, and_, or_
from sqlmodel import Field, Relationship, Session, SQLModel, col, select

from models.acts import act
from models.city.agency import Agency
from models.errors import N_, NotFound, WrongValue
from models.record.event import record
from models.roles import Role
from models.time import lately, now, was_lately
from models.versioned import Versioned
from models.viewer import CLOCK, SINGLE_KEYS, VOLUMES, Viewer, power

SILENT_SECONDS = 45  # a console unseen for so long has lost its lease (docs/design.md#the-law)


class Officer(Versioned, table=True):
    """Anyone of the staff, liaisons of partner agencies included."""

    id: int = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    rank: str = ""
    role: Role = Field(sa_type=String)
    password: str  # argon2id
    must_change: bool = False  # somebody else knows it: made by an administrator or a command
    factor_due: bool = False  # a second factor is asked of them
    has_factor: bool = False  # kept by factors.py, so that no request has to count
    locale: str = "id"
    active: bool = True
    station_id: int | None = Field(default=None, foreign_key="station.id")
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    agency: Agency | None = Relationship()
    keys: str = "single"  # one of SINGLE_KEYS
    volume: str = "full"  # one of VOLUMES
    minor: bool = True  # what waits of priority 3 and 4 sounds for them
    # Pejabat sementara (models/command/deputy.py): until when, from whom and why they have a supervisor's power.
    lent_until: datetime | None = None
    lent_by: int | None = Field(default=None, foreign_key="officer.id")
    lent_why: str = ""
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
    def power(self) -> Role:
        return power(Role(self.role), self.lent_until)

    @property
    def acts_until(self) -> datetime | None:
        """Until when they are a supervisor for a while; none: they are not."""
        return self.lent_until if self.power != self.role else None

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
        who = Viewer(self.power, self.id, self.locale, self.title, self.agency_id, lent_until=self.acts_until)
        who = replace(who, keys=self.keys, volume=self.volume, minor=self.minor)
        return replace(who, must_change=self.must_change, must_add=self.factor_due and not self.has_factor)


def supervises() -> ColumnElement[bool]:
    """`Officer.power`, in a query: a supervisor, also one for a while."""
    lent = and_(col(Officer.role) == Role.OFFICER, col(Officer.lent_until) > now())
    return or_(col(Officer.role) == Role.SUPERVISOR, lent)


class Presence(SQLModel, table=True):
    """When an officer's console was last open. Not an event: it says nothing but 'still here'."""

    officer_id: int = Field(primary_key=True, foreign_key="officer.id")
    seen_at: datetime
    heard_at: datetime | None = None  # when an alarm would last have sounded there
    sat_at: datetime | None = None  # since when they sit there; none: nobody does, or nobody saw them come

    @property
    def silent(self) -> bool:
        return not was_lately(self.seen_at, timedelta(seconds=SILENT_SECONDS))


@act
def choose_keys(session: Session, by: Viewer, keys: str) -> None:
    """How single keys act for this person, on every screen they sign in on."""
    if keys not in SINGLE_KEYS:
        raise WrongValue("keys", N_("Pilih salah satu."))
    session.get_one(Officer, by.id).keys = keys


@act
def choose_sounds(session: Session, by: Viewer, volume: str, minor: bool = True) -> None:
    """How alarms sound for this person, on every screen they sign in on. What is urgent has no switch."""
    if volume not in VOLUMES:
        raise WrongValue("volume", N_("Pilih salah satu."))
    officer = session.get_one(Officer, by.id)
    officer.volume, officer.minor = volume, minor


def note_presence(session: Session, officer_ids: list[int], hearing: list[int] | None = None) -> None:
    """Their consoles are open, and those of `hearing` (all of them, unless it is said) have a sound that runs. Sitting down is an event; that they still sit there, said every fifteen seconds, is none."""
    at = now()
    for id in officer_ids:
        leave_desk(session, id)  # who was away while nobody looked sits down anew
        here = session.get(Presence, id) or Presence(officer_id=id, seen_at=at)
        if here.sat_at is None:
            here.sat_at = at
            record(session, "sit", session.get_one(Officer, id).viewer, officer=id)
        here.seen_at = at
        here.heard_at = at if hearing is None or id in hearing else here.heard_at
        session.add(here)


def left_desks(session: Session) -> list[int]:
    """Who sat down and has not been heard of since."""
    sat = select(Presence).where(col(Presence.sat_at).is_not(None))
    return [row.officer_id for row in session.exec(sat) if row.silent]


def leave_desk(session: Session, id: int, for_good: bool = False) -> None:
    """Their console fell silent: they left when it was last heard of, whenever that is noticed. Or their account ended."""
    here = session.get(Presence, id)
    if here and here.sat_at and (for_good or here.silent):
        record(session, "leave", CLOCK, officer=id, sat_at=here.sat_at.isoformat(), seen_at=here.seen_at.isoformat())
        here.sat_at = None


class OnDuty(NamedTuple):
    """An officer whose console was open lately; `silent`: it has not been heard of for 45 s."""

    officer: Officer
    silent: bool
    sat_at: datetime | None


def on_duty(session: Session) -> list[OnDuty]:
    """Officers whose consoles were open within two minutes."""
    rows = select(Officer, Presence).join(Presence, col(Presence.officer_id) == Officer.id)
    recent = rows.where(lately(Presence.seen_at, timedelta(minutes=2)), Officer.active).order_by(col(Officer.id))
    return [OnDuty(officer, here.silent, here.sat_at) for officer, here in session.exec(recent)]


def find_officer(session: Session, id: int | None, *conditions: ColumnElement[bool]) -> Officer:
    officer = session.exec(select(Officer).where(Officer.id == id, Officer.active, *conditions)).first()
    if officer is None:
        raise NotFound()
    return officer
