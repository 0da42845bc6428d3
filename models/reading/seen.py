"""Who saw a complaint: for its reporter, by role and time. A name would expose the officer and help nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session, col, select

from models.city.agency import Agency
from models.incidents.complaint import Complaint
from models.incidents.referral import Referral
from models.people.officers import Officer
from models.record.event import Event, Look
from models.roles import Role
from models.workflow import STEPS

MOST = 100

What = Literal["handled", "evidence", "identity", "referred"]


@dataclass(frozen=True)
class Seen:
    """`who`: officer, supervisor, or the name of the agency it was referred to; `tier`: how much that agency got."""

    at: datetime
    who: str
    what: What
    tier: str = ""


def seen_of(session: Session, complaint: Complaint) -> list[Seen]:
    """Newest first. Each look at a picture or a name is in it, since each is noted before anything is shown."""
    return sorted(_seen(session, complaint), key=lambda seen: seen.at, reverse=True)[:MOST]


def _seen(session: Session, complaint: Complaint) -> Iterator[Seen]:
    partner = (col(Officer.id) == Look.by_id) & (Look.by_role == Role.LIAISON)
    looks = select(Look, Agency.name).outerjoin(Officer, partner).outerjoin(Agency, col(Agency.id) == Officer.agency_id)
    for look, agency in session.exec(looks.where(Look.complaint_id == complaint.id)):
        yield Seen(look.at, agency or look.by_role, "evidence" if look.what == "evidence" else "identity")
    steps = col(Event.step).in_([step.name for step in STEPS.values() if step.eyes])
    for event in session.exec(select(Event).where(Event.incident_id == complaint.incident_id, steps)):
        if event.step == "merge" and not event.body.get("claimed"):
            continue  # joined, and not taken with the same press
        # One that was joined to others is known to whoever holds them from then on, not before.
        yield Seen(max(event.at, complaint.filed_at), event.by_role, "handled")
    for referral in session.exec(select(Referral).where(Referral.incident_id == complaint.incident_id)):
        yield Seen(max(referral.asked_at, complaint.filed_at), referral.agency.name, "referred", referral.tier)
