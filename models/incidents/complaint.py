"""Complaint: what one citizen sent. Known to its reporter and the officers, to nobody else."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Optional

from sqlalchemy import ColumnElement, Index, false, func
from sqlalchemy.orm import Session, object_session
from sqlmodel import Field, Relationship, SQLModel, col, select

from models.city.category import Category
from models.incidents.evidence import Evidence
from models.people.citizens import Citizen
from models.record.event import Event
from models.record.tail import tail
from models.roles import Role
from models.versioned import Versioned
from models.viewer import Viewer

if TYPE_CHECKING:
    from models.incidents.incident import Incident

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read aloud without a slip


def new_ref() -> str:
    """Random, 40 bits: 7K3F-92QD."""
    letters = [secrets.choice(CROCKFORD) for _ in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


class Complaint(Versioned, table=True):
    """Words, place and evidence as they came. `home_id` is the incident it was filed with; merging
    moves `incident_id` only, so that unmerging puts it back exactly."""

    __table_args__ = (
        Index("ix_complaint_citizen", "citizen_id", "filed_at"),
        Index("ix_complaint_filed", "filed_at"),
        Index("ix_complaint_incident", "incident_id"),
        Index("ix_complaint_home", "home_id"),
    )
    id: int = Field(default=None, primary_key=True)
    ref: str = Field(unique=True, default_factory=new_ref)
    incident_id: int = Field(default=None, foreign_key="incident.id")
    home_id: int = Field(default=None, foreign_key="incident.id")
    category_code: str = Field(foreign_key="category.code")
    words: str
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    place: str = ""
    landmark: str = ""
    source: str  # web, caller, walk_in, intake
    citizen_id: int | None = Field(default=None, foreign_key="citizen.id")
    caller_name: str = ""
    caller_phone: str = Field(default="", index=True)
    external_id: str | None = None
    key_id: int | None = Field(default=None, foreign_key="key.id")
    origin: str = Field(default="", index=True)  # of a guest: a keyed hash of the address, forgotten after a day
    filed_by_id: int | None = Field(default=None, foreign_key="officer.id")
    filed_at: datetime
    read_seq: int = 0  # newest event of the thread its reporter has read
    exercise: bool = False
    erased_at: datetime | None = None  # its reporter's account was erased, and with it what named them here

    category: Category = Relationship(sa_relationship_kwargs={"lazy": "joined"})
    citizen: Citizen | None = Relationship(sa_relationship_kwargs={"lazy": "joined"})
    evidence: list[Evidence] = Relationship(sa_relationship_kwargs={"order_by": "Evidence.id"})
    home: Optional["Incident"] = Relationship(sa_relationship_kwargs={"foreign_keys": "Complaint.home_id"})
    incident: Optional["Incident"] = Relationship(
        back_populates="complaints", sa_relationship_kwargs={"foreign_keys": "Complaint.incident_id"}
    )

    def is_of(self, viewer: Viewer) -> bool:
        """Is it this reporter's own? The rule of `own_of`, on one object. Ids of citizens and of the staff meet: the
        role decides."""
        if viewer.role == Role.GUEST:
            return self.id == viewer.complaint_id
        return viewer.role == Role.CITIZEN and self.citizen_id == viewer.id

    @property
    def scopes(self) -> dict[Role, str]:
        """Whose audience it is of: of the account's, and of whoever has a grant to it."""
        return {Role.CITIZEN: str(self.citizen_id or ""), Role.GUEST: str(self.id)}

    @property
    def unread(self) -> int:
        """How many messages of officers its reporter has not opened. Counted in its session, and remembered."""
        if "_unread" not in self.__dict__ and (session := object_session(self)):
            count_unread(session, [self])
        return int(self.__dict__.get("_unread", 0))

    @property
    def anonymous(self) -> bool:
        """It came without a number, and nobody has proved one since."""
        return self.citizen is not None and not self.citizen.proved

    @property
    def reporter_name(self) -> str:
        return self.caller_name or (
            self.citizen.name if self.citizen else ""
        )  # who called may not be whose number it is

    @property
    def reporter_phone(self) -> str:
        if self.citizen:
            return "" if self.citizen.erased_at or self.anonymous else self.citizen.phone
        return self.caller_phone


Index("ix_complaint_ending", tail(col(Complaint.caller_phone)), col(Complaint.filed_at))


def own_of(viewer: Viewer) -> ColumnElement[bool]:
    """The complaints that are this reporter's own."""
    if viewer.role == Role.GUEST:
        return col(Complaint.id) == (viewer.complaint_id or 0)
    return col(Complaint.citizen_id) == viewer.id if viewer.role == Role.CITIZEN else false()


def count_unread(session: Session, complaints: Sequence[Complaint]) -> None:
    """What `unread` answers for each of these, in one question."""
    asked = (
        select(Event.complaint_id, func.count())
        .join(Complaint, col(Complaint.id) == Event.complaint_id)
        .where(col(Complaint.id).in_([complaint.id for complaint in complaints]))
        .where(Event.step == "ask", col(Event.seq) > Complaint.read_seq)
        .group_by(col(Event.complaint_id))
    )
    counts = {id: count for id, count in session.execute(asked)}
    for complaint in complaints:
        complaint.__dict__["_unread"] = counts.get(complaint.id, 0)


class Counter(SQLModel, table=True):
    """The running number of a month's incidents."""

    month: str = Field(primary_key=True)  # 2611; of exercises: LAT-2611
    last: int = 0
