"""Proof of an alarm: console by console, what was received, what sounded or why not, who looked; and who had it not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from models.incidents.alarms import alarms_of
from models.incidents.incident import Incident
from models.incidents.sight import seen_by
from models.people.officers import Officer
from models.record.event import Event
from models.roles import STAFF_LIFE


@dataclass(frozen=True)
class Console:
    """Of one officer. Without `received_at` it had nothing: `heard_at` is when it was last heard of, if it fell silent."""

    officer: Officer
    received_at: datetime | None = None
    sounded_at: datetime | None = None
    silent: str = ""
    behind: bool = False
    looked_at: datetime | None = None
    heard_at: datetime | None = None


@dataclass(frozen=True)
class Proof:
    consoles: Sequence[Console]

    @property
    def received(self) -> int:
        return sum(one.received_at is not None for one in self.consoles)

    @property
    def sounded(self) -> int:
        return sum(one.sounded_at is not None for one in self.consoles)

    @property
    def looked(self) -> list[datetime]:
        """When each did, first come first."""
        return sorted(one.looked_at for one in self.consoles if one.looked_at)


def proof(session: Session, incident: Incident) -> Proof:
    """Of the last time it began to wait."""
    had = [
        Console(officer, row.received_at, row.sounded_at, row.silent, row.behind, row.looked_at)
        for row, officer in alarms_of(session, incident)
    ]
    answered = {console.officer.id for console in had}
    sat = {id: heard for id, heard in sitting(session, incident.opened_at).items() if id not in answered}
    rows = session.exec(select(Officer).where(col(Officer.id).in_(sat)).order_by(Officer.name))
    return Proof(
        [*had, *(Console(one, heard_at=sat[one.id]) for one in rows if seen_by(incident, one.viewer.audience))]
    )


def sitting(session: Session, moment: datetime) -> dict[int, datetime | None]:
    """Who sat at a console then, as the record tells; and when it was last heard of, where it had fallen silent by then or
    did so before anybody noticed."""
    told = select(Event.step, Event.at, Event.body).where(
        col(Event.at).between(moment - STAFF_LIFE, moment + timedelta(minutes=5)), col(Event.step).in_(("sit", "leave"))
    )
    here: dict[int, datetime | None] = {}
    for step, at, body in session.execute(told.order_by(col(Event.seq))):
        if at <= moment:
            here.pop(body["officer"], None)
            if step == "sit":
                here[body["officer"]] = None
        elif step == "leave" and body["officer"] in here:
            here[body["officer"]] = datetime.fromisoformat(body["seen_at"])
    return here
