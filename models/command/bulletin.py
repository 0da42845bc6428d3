"""Bulletin: what the command tells everybody. Written by supervisors; public while its time lasts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Index, case, or_
from sqlmodel import Field, Relationship, Session, col, select

from models.acts import act
from models.city.seed.facts import load
from models.errors import N_, NotFound, WrongMoment, WrongValue, need
from models.people.officers import Officer
from models.record.event import record
from models.roles import Role
from models.time import now
from models.versioned import Versioned
from models.viewer import Viewer

MOST_TITLE, MOST_WORDS, MOST_ALT = 120, 4000, 200  # characters
ON_HOME, IN_FEED, IN_LIST = 5, 20, 200


class Kind(StrEnum):
    ACTIVITY = "kegiatan"
    WARNING = "peringatan"
    NEWS = "berita"


class Bulletin(Versioned, table=True):
    """`district`: a kecamatan it concerns, or '' for the whole city. `until` None: until it is withdrawn."""

    __table_args__ = (Index("ix_bulletin_shown", "withdrawn_at", "since"),)
    id: int = Field(default=None, primary_key=True)
    title: str
    words: str
    kind: str
    district: str = ""
    pinned: bool = False
    picture: str | None = None  # SHA-256 of the file in the store
    alt: str = ""  # what the picture shows, for those who do not see it
    since: datetime  # shown from then on
    until: datetime | None = None
    author_id: int = Field(foreign_key="officer.id")
    added_at: datetime
    changed_at: datetime
    withdrawn_at: datetime | None = None

    author: Officer = Relationship(sa_relationship_kwargs={"lazy": "joined"})

    @property
    def state(self) -> str:
        """shown, coming, over or withdrawn."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.since > max(now(), self.changed_at):
            return "coming"
        return "over" if self.until and self.until <= now() else "shown"


@dataclass(frozen=True)
class Draft:
    """What a bulletin says. `picture`: a file in the store, '' to leave the one it has, None for none."""

    title: str
    words: str
    kind: str
    district: str = ""
    pinned: bool = False
    since: datetime | None = None  # None: from now on
    until: datetime | None = None
    picture: str | None = ""
    alt: str = ""


@act
def publish(session: Session, by: Viewer, draft: Draft) -> Bulletin:
    """A new one. Supervisors speak for the command, nobody else."""
    at = now()
    row = Bulletin(
        title=draft.title,
        words=draft.words,
        kind=draft.kind,
        since=at,
        author_id=by.id or 0,
        added_at=at,
        changed_at=at,
    )
    _write(row, draft)
    session.add(row)
    session.flush()
    record(session, "publish", by, bulletin=row.id, **_values(row))
    return row


@act
def rewrite(session: Session, by: Viewer, id: int, draft: Draft) -> Bulletin:
    row = _own(session, by, id)
    _write(row, draft)
    row.changed_at = now()
    record(session, "rewrite", by, bulletin=row.id, **_values(row))
    return row


@act
def withdraw(session: Session, by: Viewer, id: int) -> None:
    """Gone from every page at once; what it said stays in the event log."""
    row = _own(session, by, id)
    row.withdrawn_at = now()
    record(session, "withdraw", by, bulletin=row.id, title=row.title)


def in_force(session: Session, district: str = "", limit: int = ON_HOME) -> list[Bulletin]:
    """What is on now: the pinned first, then those for this district, then the newest."""
    mine = [case((col(Bulletin.district) == district, 0), else_=1)] if district else []
    order = [col(Bulletin.pinned).desc(), *mine, col(Bulletin.since).desc(), col(Bulletin.id).desc()]
    return list(session.exec(select(Bulletin).where(*_on_now()).order_by(*order).limit(limit)))


@act
def written(session: Session, by: Viewer) -> list[Bulletin]:
    """All of them, for those who write them, newest first."""
    return list(session.exec(select(Bulletin).order_by(col(Bulletin.id).desc()).limit(IN_LIST)))


def find_bulletin(session: Session, by: Viewer | None, id: int) -> Bulletin:
    """One that is on now; to a supervisor any."""
    row = session.get(Bulletin, min(id, 2**31 - 1))
    if row is None or (row.state != "shown" and not (by and by.role == Role.SUPERVISOR)):
        raise NotFound()
    return row


def districts() -> list[str]:
    return sorted(district.name for district in load().districts)


def _on_now() -> tuple[ColumnElement[bool], ...]:
    at = now()
    # What was on when it was written is on, by whatever clock that was.
    begun = or_(col(Bulletin.since) <= at, col(Bulletin.since) <= col(Bulletin.changed_at))
    lasting = or_(col(Bulletin.until).is_(None), col(Bulletin.until) > at)
    return col(Bulletin.withdrawn_at).is_(None), begun, lasting


def _own(session: Session, by: Viewer, id: int) -> Bulletin:
    row = find_bulletin(session, by, id)
    if row.withdrawn_at:
        raise WrongMoment(N_("Pengumuman ini sudah ditarik."))
    return row


def _write(row: Bulletin, draft: Draft) -> None:
    row.title = need(draft.title, "title", N_("Tulis judulnya."))
    row.words = need(draft.words, "words", N_("Tulis isinya."))
    for name, said, most in (
        ("title", row.title, MOST_TITLE),
        ("words", row.words, MOST_WORDS),
        ("alt", draft.alt, MOST_ALT),
    ):
        if len(said) > most:
            raise WrongValue(name, N_("Paling banyak {most} huruf."), most=most)
    if draft.kind not in tuple(Kind):
        raise WrongValue("kind", N_("Pilih jenis pengumuman."))
    if draft.district and draft.district not in districts():
        raise WrongValue("district", N_("Pilih kecamatan."))
    since = draft.since or row.since
    if draft.until and draft.until <= since:
        raise WrongValue("until", N_("Akhirnya harus setelah mulainya."))
    picture = row.picture if draft.picture == "" else draft.picture
    if picture and not draft.alt:
        raise WrongValue("alt", N_("Tulis apa yang terlihat di gambar."))
    row.kind, row.district, row.pinned, row.since, row.until = (
        draft.kind,
        draft.district,
        draft.pinned,
        since,
        draft.until,
    )
    row.picture, row.alt = picture, draft.alt if picture else ""


def _values(row: Bulletin) -> dict[str, Any]:
    moments = {name: at.isoformat() if (at := getattr(row, name)) else None for name in ("since", "until")}
    names = ("title", "words", "kind", "district", "pinned", "picture", "alt")
    return {name: getattr(row, name) for name in names} | moments
