"""Members: everybody who serves in this command, by their NRP. A sign-in is something else, which few of them have."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String
from sqlmodel import Field, Relationship, Session, col, select

from models.acts import act
from models.city.names import read_as
from models.city.seed.facts import load
from models.city.station import Station
from models.errors import N_, NotFound, Outdated, WrongValue, bounded, need
from models.people.officers import Officer
from models.record.event import record
from models.time import now
from models.versioned import Versioned
from models.viewer import Viewer

NRP = re.compile(r"\d{8}")
LONGEST = 80  # letters of a name
REGU_LONGEST = 16
CHANGED_MEANWHILE = N_("Data ini baru saja diubah orang lain. Muat ulang, lalu coba lagi.")


class Function(StrEnum):
    """As the police call them; in the order in which an apel is read."""

    SPKT = "SPKT"
    SAMAPTA = "Samapta"
    LANTAS = "Lantas"
    RESKRIM = "Reskrim"
    INTELKAM = "Intelkam"
    BINMAS = "Binmas"
    PROPAM = "Propam"


class Member(Versioned, table=True):
    """`phone`: sealed by the server's key, empty when nobody gave one. `officer_id`: their sign-in, if they have one."""

    id: int = Field(default=None, primary_key=True)
    nrp: str = Field(unique=True)
    rank: str
    name: str
    station_id: int = Field(foreign_key="station.id")
    function: Function = Field(sa_type=String)
    regu: str = Field(default="", index=True)
    at_desk: bool = False
    phone: str = ""
    officer_id: int | None = Field(default=None, foreign_key="officer.id", unique=True)
    active: bool = True
    added_at: datetime = Field(default_factory=now)
    station: Station = Relationship(sa_relationship_kwargs={"lazy": "joined"})

    @property
    def title(self) -> str:
        return f"{self.rank} {self.name}"


@dataclass(frozen=True)
class Enrolled:
    """What is said of a member. `at_desk`: at a console and not in the field."""

    nrp: str
    rank: str
    name: str
    station_id: int
    function: str
    regu: str = ""
    at_desk: bool = False
    phone: str = ""
    officer_id: int | None = None


@act
def add_member(session: Session, by: Viewer, given: Enrolled) -> Member:
    said = checked(session, given)
    member = Member(**vars(said))
    session.add(member)
    session.flush()
    record(session, "add_member", by, member=member.id, **_told(said))
    return member


@act
def change_member(session: Session, by: Viewer, id: int, given: Enrolled, version: int | None = None) -> Member:
    member = find_member(session, id, version)
    said = checked(session, given, member)
    was, phone = _told(member), member.phone
    for name, value in vars(said).items():
        setattr(member, name, value)
    if was != _told(said) or phone != said.phone:
        record(session, "change_member", by, member=id, was=was, **_told(said))
    return member


@act
def retire_member(session: Session, by: Viewer, id: int) -> None:
    """On no roster any more. Their sign-in, if they have one, is another matter."""
    member = find_member(session, id)
    if member.active:
        member.active = False
        record(session, "retire_member", by, member=id, name=member.title)


@act
def reinstate_member(session: Session, by: Viewer, id: int) -> None:
    member = find_member(session, id)
    if not member.active:
        member.active = True
        record(session, "reinstate_member", by, member=id, name=member.title)


def members(session: Session, *, active: bool = True) -> list[Member]:
    rows = select(Member).where(Member.active == active).order_by(col(Member.name), col(Member.id))
    return list(session.exec(rows))


def regus(session: Session) -> list[str]:
    rows = select(Member.regu).where(Member.active, Member.regu != "").distinct().order_by(col(Member.regu))
    return list(session.exec(rows))


def find_member(session: Session, id: int, version: int | None = None) -> Member:
    member = session.get(Member, id)
    if member is None:
        raise NotFound()
    if version is not None and version != member.version:
        raise Outdated(CHANGED_MEANWHILE)
    return member


def rank_of(typed: str) -> str:
    """As it is written: aipda → Aipda."""
    for rank in load().ranks:
        if read_as(rank.abbr) == read_as(typed):
            return rank.abbr
    raise WrongValue("rank", N_("Pangkat {typed} tidak dikenal."), typed=typed or "–")


def function_of(typed: str) -> Function:
    for function in Function:
        if read_as(function) == read_as(typed):
            return function
    raise WrongValue("function", N_("Fungsi {typed} tidak dikenal."), typed=typed or "–")


def nrp_of(typed: str) -> str:
    """Blanks and dots between its digits are how people write it."""
    bare = re.sub(r"[\s.]", "", typed)
    if not NRP.fullmatch(bare):
        raise WrongValue("nrp", N_("NRP adalah 8 angka."))
    return bare


def checked(session: Session, given: Enrolled, known: Member | None = None) -> Enrolled:
    """The same as it will be kept. Raises WrongValue beside the field that cannot be."""
    nrp = nrp_of(given.nrp)
    taken = select(Member).where(Member.nrp == nrp)
    if (other := session.exec(taken).first()) and other is not known:
        raise WrongValue("nrp", N_("NRP ini sudah dipakai {name}."), name=other.title)
    station = session.get(Station, given.station_id)
    if station is None or not (station.active or (known and known.station_id == station.id)):
        raise WrongValue("station", N_("Pilih pos yang ada."))
    if given.officer_id is not None:
        _sign_in(session, given.officer_id, known)
    return Enrolled(
        nrp=nrp,
        rank=rank_of(given.rank),
        name=bounded(need(given.name, "name", N_("Tulis namanya.")), "name", LONGEST),
        station_id=given.station_id,
        function=function_of(given.function),
        regu=bounded(given.regu.strip().upper(), "regu", REGU_LONGEST),
        at_desk=given.at_desk,
        phone=given.phone,
        officer_id=given.officer_id,
    )


def _sign_in(session: Session, officer_id: int, known: Member | None) -> None:
    if session.get(Officer, officer_id) is None:
        raise WrongValue("officer", N_("Pilih akun yang ada."))
    other = session.exec(select(Member).where(Member.officer_id == officer_id)).first()
    if other and other is not known:
        raise WrongValue("officer", N_("Akun ini sudah milik {name}."), name=other.title)


def _told(said: Enrolled | Member) -> dict[str, Any]:
    """What the record keeps of it: no number of a phone."""
    return {
        "nrp": said.nrp,
        "rank": said.rank,
        "name": said.name,
        "station": said.station_id,
        "function": str(said.function),
        "regu": said.regu,
        "at_desk": said.at_desk,
        "officer": said.officer_id,
    }
