"""Conferring: officers and a partner's liaison write to each other about a referral. Its reporter reads none of it, another
agency neither. That something was read is said by whoever read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from models.asked import Message, Which
from models.errors import N_, WrongMoment
from models.incidents.incident import Incident, session_of
from models.incidents.referral import Referral
from models.incidents.referring import readable
from models.record.event import Event
from models.roles import Role
from models.viewer import Viewer
from models.workflow import effect

WRITTEN, READ = ("consult", "respond"), "heed"


@dataclass(frozen=True)
class Line:
    """One message. `ours`: of an officer; `read_at`: when the other side said so, or wrote back."""

    at: datetime
    ours: bool
    words: str
    read_at: datetime | None = None


@effect
def consult(incident: Incident, by: Viewer, words: Message, referral: Which = None) -> dict[str, Any]:
    """To the partner of this referral; without a number, of the first that lasts."""
    row = readable(incident, referral)
    row.to_partner, row.to_police = row.to_partner + 1, 0
    return _said(row, words)


@effect
def respond(incident: Incident, by: Viewer, words: Message) -> dict[str, Any]:
    row = next((row for row in _own(incident, by) if row.lasts), None)
    if row is None:
        raise WrongMoment(N_("Rujukan ini sudah berakhir."))
    row.to_police, row.to_partner = row.to_police + 1, 0
    return _said(row, words)


@effect
def heed(incident: Incident, by: Viewer, referral: Which = None) -> dict[str, Any] | None:
    """They have read what the other side wrote."""
    theirs = by.role == Role.LIAISON
    rows = _own(incident, by) if theirs else [row for row in incident.referrals if referral in (None, row.id)]
    row = next((row for row in rows if (row.to_partner if theirs else row.to_police)), None)
    if row is None:
        return None
    row.to_partner, row.to_police = (0, row.to_police) if theirs else (row.to_partner, 0)
    return {"referral": row.id, "agency": row.agency_id, "name": row.agency.name}


def conference(incident: Incident, referral: Referral) -> list[Line]:
    """What was written about this referral, oldest first."""
    told = select(Event).where(Event.incident_id == incident.id, col(Event.step).in_((*WRITTEN, READ)))
    lines: list[Line] = []
    unread: list[int] = []
    for event in session_of(incident).exec(told.order_by(col(Event.seq))):
        if event.body.get("referral") != referral.id:
            continue
        ours = event.by_role != Role.LIAISON
        for at in [at for at in unread if lines[at].ours != ours]:
            lines[at] = Line(lines[at].at, lines[at].ours, lines[at].words, event.at)
            unread.remove(at)
        if event.step in WRITTEN:
            unread.append(len(lines))
            lines.append(Line(event.at, ours, event.body.get("words", "")))
    return lines


def _own(incident: Incident, by: Viewer) -> list[Referral]:
    return [row for row in incident.referrals if row.agency_id == by.agency_id and row.shows]


def _said(row: Referral, words: str) -> dict[str, Any]:
    row.stay()
    return {"referral": row.id, "agency": row.agency_id, "name": row.agency.name, "words": words.strip()}
