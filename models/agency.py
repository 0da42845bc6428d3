"""Agency: a partner. Referral: what was passed to it, at which tier, and how it answered."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Field, Relationship, col

from models.version import Versioned

PRESENCE, SUMMARY, FULL = TIERS = ("presence", "summary", "full")  # full is still without the reporter
ASKED, ACCEPTED, DECLINED, FINISHED = "asked", "accepted", "declined", "finished"
CLOSED = "closed"  # by us, while the partner was at work: it may still write how that ended, and reads no more
ENDED = "ended"  # by us: the incident is over


class Agency(Versioned, table=True):
    """Not `active`: closed. It gets nothing new, its liaisons are out, its name stays in what was."""

    id: int = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    active: bool = True


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

    @property
    def shows(self) -> bool:
        return self.lasts or self.state == CLOSED

    @classmethod
    def showing(cls) -> ColumnElement[bool]:
        return col(cls.state).in_((ASKED, ACCEPTED, CLOSED))
