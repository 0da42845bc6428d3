"""Bookmarks: an event that a debriefing is to come back to, in a word, by whom and when."""

from datetime import datetime

from sqlmodel import Field, Relationship, Session, SQLModel, col, select

from models.acts import act
from models.errors import N_, NotFound, bounded, need
from models.incidents.sight import MOST_ID
from models.people.officers import Officer
from models.record.event import Event, record, words_print
from models.time import now
from models.viewer import Viewer

LONGEST = 60


class Bookmark(SQLModel, table=True):
    """`seq`: the event after which the board is as it was marked."""

    id: int = Field(default=None, primary_key=True)
    seq: int = Field(index=True)
    words: str
    officer_id: int = Field(foreign_key="officer.id")
    at: datetime = Field(default_factory=now)

    officer: Officer = Relationship(sa_relationship_kwargs={"lazy": "joined"})


@act
def bookmark(session: Session, by: Viewer, seq: int, words: str) -> Bookmark:
    """Its word stands beside the record, which keeps a print of it: it may name somebody."""
    words = bounded(need(words.strip(), "words", N_("Tulis satu kata untuk menemukannya lagi.")), "words", LONGEST)
    if session.exec(select(Event.seq).where(Event.seq == min(seq, MOST_ID))).first() is None:
        raise NotFound()
    row = Bookmark(seq=seq, words=words, officer_id=by.id or 0)
    session.add(row)
    session.flush()
    record(session, "bookmark", by, bookmark=row.id, of=seq, words_print=words_print(session, words))
    return row


def bookmarks(session: Session, after: int, until: int) -> list[Bookmark]:
    """Those of the events from the one on, to the other."""
    here = col(Bookmark.seq).between(after, until)
    return list(session.exec(select(Bookmark).where(here).order_by(col(Bookmark.seq), col(Bookmark.id))))
