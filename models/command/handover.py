"""Serah terima: one shift gives the city to the next. A list frozen at the number of an event, so that anybody can fold the
record and check it; each case with what happened, what may happen and who goes on; an answer to each; two signatures.

What is not accepted stays with whoever handed over, by name, and is loud until it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index, String, UniqueConstraint
from sqlmodel import Field, Relationship, Session, col, select

from models.city.category import Category
from models.command.shifts import Shift, on_duty
from models.errors import NotFound
from models.incidents.incident import Incident
from models.time import local, now
from models.versioned import Versioned
from models.workflow import OPEN

WORDS = 160  # letters of one field: it is read aloud
NAME = 80  # letters of who goes on


class Answer(StrEnum):
    WAITING = ""
    ACCEPTED = "accepted"
    RETURNED = "returned"


class Side(StrEnum):
    OUT = "out"
    IN = "in"


class Handover(Versioned, table=True):
    """Of one shift that ends. `frozen_seq`: the event after which the list is the fold of the record; `done_seq`: the event
    of the second signature. `carried`: what went along, as it was then (`Carried`)."""

    id: int = Field(default=None, primary_key=True)
    shift_id: int = Field(foreign_key="shift.id", unique=True)
    to_id: int | None = Field(default=None, foreign_key="shift.id")
    begun_at: datetime = Field(default_factory=now)
    frozen_at: datetime | None = None
    frozen_seq: int | None = None
    carried: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    out_at: datetime | None = None
    out_id: int | None = Field(default=None, foreign_key="officer.id")
    out_name: str = ""  # as they were called then
    in_at: datetime | None = None
    in_id: int | None = Field(default=None, foreign_key="officer.id")
    in_name: str = ""
    done_seq: int | None = None
    shift: Shift = Relationship(sa_relationship_kwargs={"foreign_keys": "Handover.shift_id", "lazy": "joined"})
    to: Shift | None = Relationship(sa_relationship_kwargs={"foreign_keys": "Handover.to_id", "lazy": "joined"})


class HandedCase(Versioned, table=True):
    """One open case in it. From `number` to `holder`: as it was when the list was frozen, after event `seq`."""

    __tablename__ = "handed_case"
    __table_args__ = (
        UniqueConstraint("handover_id", "incident_id"),
        Index("ix_handed_case_incident", "incident_id"),
    )
    id: int = Field(default=None, primary_key=True)
    handover_id: int = Field(foreign_key="handover.id")
    incident_id: int = Field(foreign_key="incident.id")
    happened: str = ""
    may_happen: str = ""
    goes_on: str = ""  # who goes on with it
    seq: int | None = None  # none: noted beforehand, and not frozen yet
    number: str = ""
    priority: int = 4
    category_code: str = ""
    place: str = ""
    opened_at: datetime | None = None  # its age counts from here
    late: bool = False
    holder: str = ""
    answer: Answer = Field(default=Answer.WAITING, sa_type=String)
    answered_at: datetime | None = None
    answered_by: str = ""
    question: str = ""
    reply: str = ""
    replied_at: datetime | None = None
    replied_by: str = ""
    incident: Incident = Relationship(sa_relationship_kwargs={"lazy": "joined"})

    @property
    def asks(self) -> bool:
        """It was sent back, and nobody has answered yet."""
        return self.answer == Answer.RETURNED and not self.reply


@dataclass(frozen=True)
class Carried:
    """What goes along with the cases, counted when the list was frozen. Names and callsigns as they are read aloud."""

    total: int
    present: int
    uncalled: int
    why: dict[str, int]
    uncalled_at: list[str]  # stations where no apel was held yet
    units: int
    ready: int
    out: list[str]
    broken: list[str]  # with what is broken
    overnight: list[str]  # numbers of cases from before the last midnight
    tired: list[str]  # who is on duty for more than 24 hours
    briefs: list[str] = field(default_factory=list)  # atensi that hold
    # With the second signature: cases that came since, and incidents that nobody had accepted.
    since: list[dict[str, Any]] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Noted:
    happened: str = ""
    may_happen: str = ""
    goes_on: str = ""


# What one reads


def handover_of(session: Session, shift: Shift) -> Handover | None:
    return session.exec(select(Handover).where(Handover.shift_id == shift.id)).first()


def newest_handover(session: Session) -> Handover | None:
    """Of the shift on duty, else the last that was finished."""
    shift = on_duty(session)
    here = handover_of(session, shift) if shift else None
    done = select(Handover).where(col(Handover.in_at).is_not(None)).order_by(col(Handover.id).desc()).limit(1)
    return here or session.exec(done).first()


def find_handover(session: Session, id: int) -> Handover:
    found = session.get(Handover, id)
    if found is None:
        raise NotFound()
    return found


def cases(session: Session, handover: Handover) -> list[HandedCase]:
    """As they are read aloud: by priority, what is late first, then the oldest."""
    rows = session.exec(select(HandedCase).where(HandedCase.handover_id == handover.id)).all()
    return sorted(rows, key=lambda row: (row.priority, not row.late, row.incident_id))


def unaccepted(session: Session) -> list[HandedCase]:
    """Of handovers that were signed: what nobody of the next shift has accepted, and is open still."""
    rows = select(HandedCase).join(Handover, col(Handover.id) == HandedCase.handover_id)
    rows = rows.join(Incident, col(Incident.id) == HandedCase.incident_id)
    left = (col(Handover.in_at).is_not(None), HandedCase.answer != Answer.ACCEPTED, col(Incident.status).in_(OPEN))
    return list(session.exec(rows.where(*left).order_by(col(HandedCase.priority), col(HandedCase.id))))


def open_incidents(session: Session) -> Sequence[Incident]:
    """What there is to hand over: an exercise is not."""
    rows = select(Incident).where(col(Incident.status).in_(OPEN), col(Incident.exercise).is_(False))
    return session.exec(rows.order_by(col(Incident.priority), col(Incident.id))).all()


@dataclass(frozen=True)
class Line:
    """A case of the list as one reads it: frozen as it was then, before that as it is now. `id` is missing of what nobody
    has written of; `closed`: over by now."""

    incident_id: int
    number: str
    priority: int
    category: Category
    place: str
    opened_at: datetime
    late: bool
    holder: str
    closed: bool
    said: HandedCase | None

    @property
    def id(self) -> int | None:
        return self.said.id if self.said else None

    @property
    def answer(self) -> str:
        return self.said.answer if self.said else Answer.WAITING

    @property
    def goes_on(self) -> str:
        """Who goes on with it: whoever has it, where nobody wrote another name."""
        return (self.said.goes_on if self.said else "") or self.holder

    @property
    def held_by(self) -> str:
        """Whoever has it, where somebody else is to go on with it."""
        return self.holder if self.holder != self.goes_on else ""

    @property
    def overnight(self) -> bool:
        """It has seen a midnight."""
        return self.opened_at < local(now()).replace(hour=0, minute=0, second=0, microsecond=0)


def lines(session: Session, handover: Handover | None) -> list[Line]:
    said = {row.incident_id: row for row in (cases(session, handover) if handover else [])}
    if handover is not None and handover.frozen_seq is not None:
        kinds = {kind.code: kind for kind in session.exec(select(Category))}
        return [_frozen(row, kinds) for row in said.values()]
    return [_open(incident, said.get(incident.id or 0)) for incident in open_incidents(session)]


def is_late(incident: Incident) -> bool:
    return incident.due_at is not None and incident.due_at <= now()


def holder_of(incident: Incident) -> str:
    return incident.officer.title if incident.officer else ""


def _frozen(row: HandedCase, kinds: dict[str, Category]) -> Line:
    closed = row.incident.status not in OPEN
    return Line(
        row.incident_id, row.number, row.priority, kinds[row.category_code], row.place, row.opened_at or now(), row.late,
        row.holder, closed, row,
    )  # fmt: skip


def _open(incident: Incident, row: HandedCase | None) -> Line:
    return Line(
        incident.id or 0, incident.number, incident.priority, incident.category, incident.kelurahan, incident.opened_at,
        is_late(incident), holder_of(incident), False, row,
    )  # fmt: skip
