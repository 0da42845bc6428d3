"""Menonjol: what stood out of a day, in the words of a supervisor, before the numbers on its report.

Written as often as one likes; the newest words stand, and those before them stay in the table.
"""

from datetime import date, datetime

from sqlmodel import Field, Relationship, Session, SQLModel, col, select

from models.acts import act
from models.errors import bounded
from models.people.officers import Officer
from models.reading.periods import period
from models.record.event import record, words_print
from models.time import now
from models.viewer import Viewer

LONGEST = 400  # letters: three or four lines of the sheet


class Highlight(SQLModel, table=True):
    """`day`: on which the day from seven to seven begins. No `words`: whatever was said of it is taken back."""

    id: int = Field(default=None, primary_key=True)
    day: date = Field(index=True)
    words: str
    officer_id: int = Field(foreign_key="officer.id")
    at: datetime = Field(default_factory=now)

    officer: Officer = Relationship(sa_relationship_kwargs={"lazy": "joined"})


@act
def highlight(session: Session, by: Viewer, on: str, words: str) -> Highlight:
    """Its words stand beside the record, which keeps a print of them: they may name somebody. Lines stay lines."""
    told = bounded("\n".join(line for one in words.splitlines() if (line := one.strip())), "words", LONGEST)
    row = Highlight(day=period("day", on).first, words=told, officer_id=by.id or 0)
    session.add(row)
    session.flush()
    print_ = words_print(session, told) if told else ""
    record(session, "highlight", by, highlight=row.id, day=row.day.isoformat(), words_print=print_)
    return row


def highlighted(session: Session, day: date) -> Highlight | None:
    """What stands for this day now."""
    rows = select(Highlight).where(Highlight.day == day).order_by(col(Highlight.id).desc())
    row = session.exec(rows.limit(1)).first()
    return row if row and row.words else None
