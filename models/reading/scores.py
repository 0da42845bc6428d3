"""How reporters found the help, in numbers: what a supervisor reads at the end of a shift and of a month."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, func, select

from models.acts import act
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.incidents.rating import STARS, Rating
from models.incidents.sight import visible_to
from models.time import now
from models.viewer import Viewer

DAYS = (7, 30, 90)
NEWEST = 30  # words that are shown


@dataclass(frozen=True)
class Score:
    """The last so many days. `given`: how many ratings of each number of stars; `filed`: complaints of accounts."""

    days: int
    given: dict[int, int]
    filed: int

    @property
    def count(self) -> int:
        return sum(self.given.values())

    @property
    def mean(self) -> float | None:
        return sum(stars * n for stars, n in self.given.items()) / self.count if self.count else None

    def share(self, stars: int) -> float:
        """In percent."""
        return 100 * self.given[stars] / self.count if self.count else 0.0


Said = tuple[Rating, Incident]


@act
def scores(session: Session, by: Viewer) -> list[Score]:
    return [score(session, days) for days in DAYS]


def score(session: Session, days: int) -> Score:
    since = now() - timedelta(days=days)
    rated = select(Rating.stars, func.count()).where(Rating.at >= since, col(Rating.exercise).is_(False))
    filed = select(func.count()).where(col(Complaint.filed_at) >= since, col(Complaint.citizen_id).is_not(None))
    given = dict.fromkeys(STARS, 0) | dict(session.exec(rated.group_by(col(Rating.stars))).all())
    return Score(days, given, session.exec(filed.where(col(Complaint.exercise).is_(False))).one())


@act
def said(session: Session, by: Viewer) -> list[Said]:
    """What reporters wrote lately, the newest first."""
    rows = select(Rating, Incident).join(Incident, col(Incident.id) == Rating.incident_id)
    lately = Rating.at >= now() - timedelta(days=max(DAYS))
    rows = rows.where(lately, Rating.words != "", col(Rating.exercise).is_(False), visible_to(by.audience))
    return list(session.exec(rows.order_by(col(Rating.at).desc(), col(Rating.id).desc()).limit(NEWEST)).all())
