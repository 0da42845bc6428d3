"""What came of an exercise: its own figures, which are in no others. Case by case, since it has few of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.acts import act
from models.incidents.exercise import Exercise
from models.incidents.incident import Incident
from models.reading.measures import Span
from models.reading.rounds import Round, rounds
from models.time import now
from models.viewer import Viewer

STEPS = ("taken", "sent", "arrived", "closed")


@dataclass(frozen=True)
class Case:
    incident: Incident
    round: Round

    def after(self, step: str) -> float | None:
        """Seconds from its filing; None: it did not come to that."""
        at: datetime | None = getattr(self.round, step)
        return (at - self.round.begun).total_seconds() if at else None


@dataclass(frozen=True)
class Practised:
    cases: Sequence[Case]

    def came(self, step: str) -> int:
        return sum(case.after(step) is not None for case in self.cases)

    def span(self, step: str) -> Span:
        times = (case.after(step) for case in self.cases)
        return Span(tuple(seconds for seconds in times if seconds is not None))


@act
def practised(session: Session, by: Viewer, exercise: Exercise) -> Practised:
    told = rounds(session, exercise.began_at, exercise.ended_at or now(), exercise=True)
    here = select(Incident).where(col(Incident.id).in_({one.incident_id for one in told}))
    by_id = {row.id: row for row in session.exec(here)}
    return Practised([Case(by_id[one.incident_id], one) for one in told])
