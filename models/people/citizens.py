"""Citizens: who report. The phone number is the account."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, Session, col, select

from models.errors import N_, WrongValue, need
from models.record.event import record
from models.record.tail import tail
from models.roles import Role
from models.time import now
from models.versioned import Versioned
from models.viewer import Viewer


class Citizen(Versioned, table=True):
    """A reporter. The phone number is the account."""

    id: int = Field(default=None, primary_key=True)
    phone: str = Field(unique=True)  # E.164; where there is none, something that no number is
    name: str
    password: str = ""  # argon2id; empty: they sign in by code alone
    locale: str = "id"
    quiet: bool = False  # Mode senyap (models/incidents/hushing.py)
    strikes: int = 0
    blocked_at: datetime | None = Field(default=None, index=True)
    added_at: datetime = Field(default_factory=now)
    erased_at: datetime | None = None  # asked to be forgotten: name and number are gone (models/command/erasing.py)

    @property
    def proved(self) -> bool:
        """Is it known that this is somebody's number?"""
        return not self.phone.startswith(UNPROVED)

    @property
    def viewer(self) -> Viewer:
        role = Role.CITIZEN if self.proved else Role.GUEST
        return Viewer(role, self.id, self.locale, self.name, quiet=self.quiet)


Index("ix_citizen_ending", tail(col(Citizen.phone)))
UNPROVED = "?"  # begins what stands for the number of a reporter who has not proved one (models/people/guests.py)
MOST_NAME = 80  # letters of a citizen's name


def citizen_by(session: Session, phone: str) -> Citizen | None:
    """Whose number this is, in E.164."""
    return session.exec(select(Citizen).where(Citizen.phone == phone)).first()


def hushed(session: Session, phone: str) -> bool:
    """Is whoever has this number in Mode senyap?"""
    citizen = citizen_by(session, phone)
    return citizen is not None and citizen.quiet


def name_of(typed: str) -> str:
    """A citizen's name, if it can be one."""
    name = need(typed, "name", N_("Tulis nama Anda."))
    if len(name) > MOST_NAME:
        raise WrongValue("name", N_("Paling banyak 80 huruf."))
    return name


def sign_up(session: Session, *, phone: str, name: str | None, password: str = "", locale: str = "id") -> Citizen:
    """`phone` in E.164 and proved by a code, `password` already hashed, or none; `name` None: not asked yet."""
    if citizen_by(session, phone):
        raise WrongValue("phone", N_("Nomor ini sudah terdaftar. Silakan masuk."))
    citizen = Citizen(phone=phone, name="" if name is None else name_of(name), password=password, locale=locale)
    session.add(citizen)
    session.flush()
    record(session, "sign_up", citizen.viewer, citizen=citizen.id)
    return citizen
