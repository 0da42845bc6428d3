"""How far a handover has come, as a wall says it: counted over what that wall may show, and nobody is named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models.command.handover import Answer, cases, handover_of, open_incidents
from models.command.handover_steps import EARLY
from models.command.shifts import on_duty
from models.incidents.incident import Incident
from models.incidents.sight import seen_by
from models.time import now
from models.viewer import Audience
from models.workflow import OPEN


@dataclass(frozen=True)
class Handing:
    """From an hour before the shift ends, or from the freezing, until both have signed. `to`: none before it is frozen."""

    regu: str
    to: str | None
    said: Sequence[tuple[Incident, str]]  # each open case, with the answer, or before that with what is noted of it

    def within(self, audience: Audience) -> "Progress":
        said = [answer for incident, answer in self.said if seen_by(incident, audience)]
        done = sum(bool(answer) if self.to is None else answer == Answer.ACCEPTED for answer in said)
        return Progress(self.regu, self.to, done, said.count(Answer.RETURNED) if self.to else 0, len(said))


@dataclass(frozen=True)
class Progress:
    regu: str
    to: str | None
    done: int  # accepted; noted, before the list is frozen
    returned: int
    total: int


def handing(session: Session) -> list[Handing]:
    """One, while there is one."""
    shift = on_duty(session)
    handover = handover_of(session, shift) if shift else None
    if shift is None or handover is None or handover.in_at:
        return []
    listed = cases(session, handover)
    if handover.to and handover.frozen_seq is not None:
        said = [
            (row.incident, str(row.answer))
            for row in listed
            if row.answer == Answer.ACCEPTED or row.incident.status in OPEN
        ]
        return [Handing(shift.regu, handover.to.regu, said)]
    if now() < shift.ends - EARLY:
        return []
    noted = {row.incident_id: row.happened for row in listed}
    return [Handing(shift.regu, None, [(one, noted.get(one.id or 0, "")) for one in open_incidents(session)])]


def progress(rows: Iterable[Handing], audience: Audience) -> list[Progress]:
    return [row.within(audience) for row in rows]
