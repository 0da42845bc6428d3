"""Referral: what was passed to a partner, at which tier, and how it answered."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Field, Relationship, col

from models.city.agency import Agency
from models.versioned import Versioned

PRESENCE, SUMMARY, FULL = TIERS = ("presence", "summary", "full")  # full is still without the reporter
ASKED, ACCEPTED, DECLINED, FINISHED = "asked", "accepted", "declined", "finished"
CLOSED = "closed"  # by us, while the partner was at work: it keeps what it had until it has written how that ended
ENDED = "ended"  # by us: the incident is over
DESK = (ASKED, ACCEPTED, CLOSED)  # in this order


class Referral(Versioned, table=True):
    """Visible to the agency's liaisons while it lasts (asked or accepted), and until they wrote their last note."""

    id: int = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    agency_id: int = Field(foreign_key="agency.id", index=True)
    tier: str
    note: str = ""
    state: str = ASKED
    answer: str = ""
    asked_at: datetime
    answered_at: datetime | None = None
    finished_at: datetime | None = None
    agency: Agency = Relationship()

    @property
    def lasts(self) -> bool:
        return self.state in (ASKED, ACCEPTED)

    @classmethod
    def lasting(cls) -> ColumnElement[bool]:
        return col(cls.state).in_((ASKED, ACCEPTED))

    def rank(self, priority: int) -> int:
        """Its place on the partner's desk: what waits for an answer, what is at work, what owes its last note; in each by
        priority, then by when it was asked. A tier that hides the priority does not tell it by the place: it may be the gravest."""
        part = DESK.index(self.state) if self.state in DESK else len(DESK)
        told = priority if self.tier != PRESENCE else 1
        return part * 10**14 + told * 10**13 + int(self.asked_at.timestamp() * 1000)

    @property
    def shows(self) -> bool:
        return self.state in DESK

    @classmethod
    def showing(cls) -> ColumnElement[bool]:
        return col(cls.state).in_(DESK)
