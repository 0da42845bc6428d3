"""Referral: what was passed to a partner, at which tier, and how it answered."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Field, Relationship, and_, col, or_

from models.city.agency import Agency
from models.incidents.ranking import place
from models.time import now
from models.versioned import Versioned

PRESENCE, SUMMARY, FULL = TIERS = ("presence", "summary", "full")  # full is still without the reporter
ASKED, ACCEPTED, DECLINED, FINISHED = "asked", "accepted", "declined", "finished"
CLOSED = "closed"  # by us, while the partner was at work: it keeps what it had until it has written how that ended
ENDED = "ended"  # by us: the incident is over; or by the clock: nobody said anything for too long
LASTING = (ASKED, ACCEPTED)
DESK = (*LASTING, CLOSED)  # in this order
SIGHT_HOURS, NOTE_HOURS = 12, 24  # after the last word between them; for the last note, after we have closed it
SIGHT, NOTE = timedelta(hours=SIGHT_HOURS), timedelta(hours=NOTE_HOURS)


class Referral(Versioned, table=True):
    """Visible to the agency's liaisons while it lasts (asked or accepted, and somebody said something within SIGHT), and
    until they wrote their last note, for which they have NOTE. Asked whenever somebody reads: no sweeper decides it."""

    id: int = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    agency_id: int = Field(foreign_key="agency.id", index=True)
    tier: str
    note: str = ""
    state: str = Field(default=ASKED, index=True)
    answer: str = ""
    asked_at: datetime
    answered_at: datetime | None = None
    finished_at: datetime | None = None
    until: datetime | None = None  # its sight ends then, while it lasts
    link: str = Field(default="", index=True)  # hash of the secret that answers it without an account (linking.py)
    to_partner: int = 0  # officers' words that nobody there has said to have read
    to_police: int = 0  # and theirs
    agency: Agency = Relationship()

    @property
    def over_at(self) -> datetime | None:
        """When its partner loses sight of it; None: it has."""
        at = self.until if self.state in LASTING else self.finished_at and self.finished_at + NOTE
        return at if self.state in DESK and at and at > now() else None

    def stay(self) -> None:
        """Somebody said something: the time it may be seen begins anew."""
        self.until = now() + SIGHT

    @property
    def lasts(self) -> bool:
        return self.state in LASTING and self.shows

    def rank(self, priority: int, exercise: bool) -> int:
        """Its place on the partner's desk: what waits for an answer, what is at work, what owes its last note; in each what
        is true first, by priority, then by when it was asked. A tier that hides the priority does not tell it by the
        place: it may be the gravest."""
        part = DESK.index(self.state) if self.state in DESK else len(DESK)
        told = priority if self.tier != PRESENCE else 1
        return place(part, exercise, told, self.asked_at)

    @property
    def shows(self) -> bool:
        return self.over_at is not None

    @classmethod
    def showing(cls) -> ColumnElement[bool]:
        lasts = and_(col(cls.state).in_(LASTING), col(cls.until) > now())
        return or_(lasts, and_(col(cls.state) == CLOSED, col(cls.finished_at) > now() - NOTE))
