"""How many of the complaints are pranks, and whose: the numbers a supervisor reads before a word with anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from models.incidents.complaint import Complaint
from models.incidents.strikes import LIFTED, Strike
from models.time import local, now

DAYS, WEEKS = 7, 8
REPEAT_DAYS = 90


@dataclass(frozen=True)
class Span:
    """What accounts filed in it, and how many of these were struck since; what was taken back is not counted."""

    begins: datetime
    filed: int
    struck: int

    @property
    def share(self) -> float:
        """In percent."""
        return 100 * self.struck / self.filed if self.filed else 0.0


@dataclass(frozen=True)
class Pranks:
    """`repeat`: accounts with two and more strikes within 90 days."""

    days: list[Span]
    weeks: list[Span]
    repeat: int


def pranks(session: Session) -> Pranks:
    """The newest first; days and weeks begin at midnight here, weeks on Monday."""
    today = local(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    days = [_span(session, today - timedelta(days=n), timedelta(days=1)) for n in range(DAYS)]
    weeks = [_span(session, monday - timedelta(weeks=n), timedelta(weeks=1)) for n in range(WEEKS)]
    return Pranks(days, weeks, _repeat(session))


def _span(session: Session, begins: datetime, length: timedelta) -> Span:
    sent = col(Complaint.citizen_id).is_not(None) & col(Complaint.filed_by_id).is_(None)  # by the account itself
    here = (Complaint.filed_at >= begins, Complaint.filed_at < begins + length, sent)
    filed = select(func.count()).select_from(Complaint).where(*here, col(Complaint.exercise).is_(False))
    struck = select(func.count()).select_from(Strike).join(Complaint, col(Complaint.id) == Strike.complaint_id)
    return Span(begins, session.exec(filed).one(), session.exec(struck.where(*here, Strike.state != LIFTED)).one())


def _repeat(session: Session) -> int:
    recent = select(Strike.citizen_id).where(Strike.at > now() - timedelta(days=REPEAT_DAYS), Strike.state != LIFTED)
    again = recent.group_by(col(Strike.citizen_id)).having(func.count() > 1).subquery()
    return session.exec(select(func.count()).select_from(again)).one()
