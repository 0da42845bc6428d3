"""What is asked of an account when it reports: who it is, how often it did so before, and what stands against it.

One question, made once: every complaint asks it, and while the writer waits for the answer everybody else does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, exists, select

from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.incidents.sight import known_to
from models.incidents.standing import Record, strikes_of
from models.people.citizens import Citizen
from models.people.devices import on_a_blocked_one
from models.roles import Role
from models.time import APART, now, was_lately
from models.viewer import Viewer

BURST, BURST_MINUTES, DAILY = 5, 10, 20  # beyond these an account's complaints land muted (docs/trust.md#web)
CARDS = Viewer(Role.OFFICER)  # the same stands on a card for all who read it: what any officer may know


@dataclass(frozen=True)
class Reporter:
    """An account that reports. `fifth`, `twentieth`: when the complaint was filed that is so many back, if there is one."""

    citizen: Citizen
    record: Record  # what the card of the next report says of it
    flagged: bool
    fifth: datetime | None
    twentieth: datetime | None

    @property
    def over_the_rate(self) -> bool:
        burst = self.fifth and was_lately(self.fifth, timedelta(minutes=BURST_MINUTES))
        return bool(burst or (self.twentieth and was_lately(self.twentieth, timedelta(days=1))))


def reporter(session: Session, id: int | None) -> Reporter:
    # What lies ahead is no recent one: the clock was wrong then, and was put right.
    citizen, filed, flagged, fifth, twentieth = session.execute(_question(), {"id": id, "soon": now() + APART}).one()
    struck = strikes_of(session, CARDS, {citizen.id}) if citizen.strikes else {}
    return Reporter(citizen, Record(1 + filed, struck.get(citizen.id, 0)), flagged, fifth, twentieth)


@cache
def _question() -> Any:
    known = select(Complaint.id).join(Incident, col(Incident.id) == Complaint.incident_id)
    filed = exists(known.where(Complaint.citizen_id == Citizen.id, known_to(CARDS)))
    columns: Any = (Citizen, filed, on_a_blocked_one(Citizen.id), _nth(BURST), _nth(DAILY))
    return select(*columns).where(col(Citizen.id) == bindparam("id"))


def _nth(back: int) -> Any:
    """When this account's own complaint of so many back was filed."""
    own = select(Complaint.filed_at).where(
        Complaint.citizen_id == Citizen.id,
        col(Complaint.filed_by_id).is_(None),
        col(Complaint.filed_at) <= bindparam("soon"),
    )
    return own.order_by(col(Complaint.filed_at).desc()).offset(back - 1).limit(1).scalar_subquery()
