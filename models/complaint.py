"""Complaint: what one citizen sent. Known to its reporter and the officers, to nobody else."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Optional

from sqlalchemy import Index
from sqlmodel import Field, Relationship, SQLModel

from models.category import Category
from models.evidence import Evidence
from models.people import Citizen
from models.version import Versioned

if TYPE_CHECKING:
    from models.incident import Incident

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
    incident_id: int = Field(foreign_key="incident.id")
    home_id: int = Field(foreign_key="incident.id")
    category_code: str = Field(foreign_key="category.code")
    words: str
    lat: float
    lon: float
    accuracy_m: float | None = None
    place: str = ""
    landmark: str = ""
    source: str  # web, caller, walk_in, intake
    citizen_id: int | None = Field(default=None, foreign_key="citizen.id")
    caller_name: str = ""
    caller_phone: str = Field(default="", index=True)
    external_id: str | None = None
    key_id: int | None = Field(default=None, foreign_key="key.id")
    filed_by_id: int | None = Field(default=None, foreign_key="officer.id")
    filed_at: datetime
    read_seq: int = 0  # newest event of the thread its reporter has read
    exercise: bool = False

    category: Category = Relationship(sa_relationship_kwargs={"lazy": "joined"})
    citizen: Citizen | None = Relationship(sa_relationship_kwargs={"lazy": "joined"})
    evidence: list[Evidence] = Relationship(sa_relationship_kwargs={"order_by": "Evidence.id"})
    incident: Optional["Incident"] = Relationship(
        back_populates="complaints", sa_relationship_kwargs={"foreign_keys": "Complaint.incident_id"}
    )

    @property
    def reporter_name(self) -> str:
        return self.citizen.name if self.citizen else self.caller_name

    @property
    def reporter_phone(self) -> str:
        return self.citizen.phone if self.citizen else self.caller_phone


class Counter(SQLModel, table=True):
    """The running number of a month's incidents."""

    month: str = Field(primary_key=True)  # 2611
    last: int = 0
