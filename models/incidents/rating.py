"""Rating: how the reporter found the help, once for each time it was closed."""

from datetime import datetime
from typing import Annotated, Any

from sqlmodel import Field, Session, SQLModel, col, select

from models.asked import Asked, Which
from models.errors import N_, WrongMoment, WrongValue, bounded
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident, session_of
from models.incidents.talking import own_complaint
from models.incidents.unheard import keep_waiting
from models.time import now
from models.viewer import Viewer
from models.workflow import effect

STARS = range(1, 6)
THANKS = range(4, 6)  # words beside so many stars are thanks: see DECISIONS.md, 2026-12-01
MOST_WORDS = 1000  # characters
NO_STARS = N_("Pilih satu sampai lima bintang.")


class Rating(SQLModel, table=True):
    """One to five stars and a word, for one complaint as it was closed at `closed_at`."""

    id: int = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    stars: int
    words: str = ""
    closed_at: datetime
    at: datetime = Field(index=True)
    exercise: bool = False  # as the incident: nobody's opinion, and counted nowhere


@effect
def rate(
    incident: Incident,
    by: Viewer,
    stars: Annotated[int, Asked("stars", missing=NO_STARS)],
    words: Annotated[str, Asked("said", needed=False)] = "",
    complaint: Which = None,
) -> dict[str, Any]:
    own = own_complaint(incident, by, complaint)
    if stars not in STARS:
        raise WrongValue("stars", NO_STARS)
    bounded(words, "note", MOST_WORDS)
    session = session_of(incident)
    if rating_of(session, own, incident):
        raise WrongMoment(N_("Sudah Anda nilai. Terima kasih."))
    at = now()
    if words.strip() and stars not in THANKS:
        keep_waiting(incident)  # it may be a cry for help
    session.add(
        Rating(
            complaint_id=own.id,
            incident_id=incident.id,
            stars=stars,
            words=words,
            closed_at=incident.closed_at or at,
            at=at,
            exercise=incident.exercise,
        )
    )
    return {"complaint_id": own.id, "stars": stars, "words": words}


def rating_of(session: Session, complaint: Complaint, incident: Incident) -> Rating | None:
    """What its reporter said since it was last closed; None while it is open."""
    if incident.closed_at is None or incident.open:
        return None
    since = select(Rating).where(Rating.complaint_id == complaint.id, Rating.at >= incident.closed_at)
    return session.exec(since.order_by(col(Rating.id).desc())).first()


def ratings_of(session: Session, complaint: Complaint) -> list[Rating]:
    """Every one of its reporter's, oldest first."""
    return list(session.exec(select(Rating).where(Rating.complaint_id == complaint.id).order_by(col(Rating.id))))
