"""Atensi: what the shift has to keep in mind, a planned demonstration, a guest, a pattern. Pinned on the desk and on every
console until its end, with who has read it; a handover carries it along, and the next shift has it still.

Its words stand beside the record, which keeps a print of them: they may name somebody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Field, Relationship, Session, SQLModel, UniqueConstraint, col, select

from models.acts import act
from models.errors import N_, NotFound, WrongValue, bounded, need
from models.incidents.sight import MOST_ID
from models.people.officers import Officer, on_duty
from models.record.event import record, words_print
from models.time import now
from models.viewer import Viewer

LONGEST = 160
FURTHEST = timedelta(days=7)
END = N_("Sampai kapan? Paling lama tujuh hari, dan tidak di masa lalu.")


class Brief(SQLModel, table=True):
    """`at`: when it begins, where it has a time of its own."""

    id: int = Field(default=None, primary_key=True)
    words: str
    at: datetime | None = None
    until: datetime = Field(index=True)
    officer_id: int = Field(foreign_key="officer.id")
    added_at: datetime = Field(default_factory=now)
    ended_at: datetime | None = None  # before its time

    officer: Officer = Relationship(sa_relationship_kwargs={"lazy": "joined"})


class BriefRead(SQLModel, table=True):
    __tablename__ = "brief_read"
    __table_args__ = (UniqueConstraint("brief_id", "officer_id"),)
    id: int = Field(default=None, primary_key=True)
    brief_id: int = Field(foreign_key="brief.id")
    officer_id: int = Field(foreign_key="officer.id")
    at: datetime = Field(default_factory=now)


@dataclass(frozen=True)
class Pinned:
    """One that holds, who has read it, and who of those at a console has not."""

    brief: Brief
    readers: list[Officer]
    unread: list[Officer]

    @property
    def mark(self) -> tuple[object, ...]:
        return self.brief.id, [one.id for one in self.readers], [one.id for one in self.unread]


def briefs(session: Session) -> list[Pinned]:
    """Those that hold now; what has a time of its own first, by that, then the oldest."""
    holds = (col(Brief.ended_at).is_(None), col(Brief.until) > now())
    rows = session.exec(select(Brief).where(*holds)).all()
    if not rows:
        return []
    said = select(BriefRead.brief_id, Officer).join(Officer, col(Officer.id) == BriefRead.officer_id)
    read: dict[int, list[Officer]] = {row.id: [] for row in rows}
    for id, officer in session.exec(said.where(col(BriefRead.brief_id).in_(read)).order_by(col(BriefRead.id))):
        read[id].append(officer)
    here = [one.officer for one in on_duty(session) if not one.silent]
    ordered = sorted(rows, key=lambda row: (row.at is None, row.at or row.added_at, row.id))
    return [_pinned(row, read[row.id], here) for row in ordered]


def _pinned(brief: Brief, readers: list[Officer], here: list[Officer]) -> Pinned:
    known = {one.id for one in readers}
    return Pinned(brief, readers, [one for one in here if one.id not in known])


@act
def add_brief(session: Session, by: Viewer, words: str, until: datetime | None, at: datetime | None = None) -> Brief:
    """Whoever writes it has read it."""
    words = bounded(need(words, "words", N_("Tulis atensinya.")), "words", LONGEST)
    if until is None or not now() < until <= now() + FURTHEST:
        raise WrongValue("until", END)
    if at is not None and at > until:
        raise WrongValue("at", N_("Mulainya sesudah akhirnya."))
    row = Brief(words=words, at=at, until=until, officer_id=by.id or 0)
    session.add(row)
    session.flush()
    record(session, "add_brief", by, brief=row.id, until=until.isoformat(), words_print=words_print(session, words))
    session.add(BriefRead(brief_id=row.id, officer_id=by.id or 0))
    return row


@act
def read_brief(session: Session, by: Viewer, id: int) -> None:
    """Noted once; the record says who knew, and since when."""
    row = _find(session, id)
    mine = select(BriefRead.id).where(BriefRead.brief_id == row.id, BriefRead.officer_id == by.id)
    if session.exec(mine).first() is None:
        session.add(BriefRead(brief_id=row.id, officer_id=by.id or 0))
        record(session, "read_brief", by, brief=row.id)


@act
def end_brief(session: Session, by: Viewer, id: int) -> None:
    row = _find(session, id)
    if row.ended_at is None and row.until > now():
        row.ended_at = now()
        record(session, "end_brief", by, brief=row.id)


def _find(session: Session, id: int) -> Brief:
    row = session.get(Brief, min(id, MOST_ID))
    if row is None:
        raise NotFound()
    return row
