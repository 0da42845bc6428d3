"""Exercise (latihan): a supervisor starts one, with a reason and an end; whatever runs in it is marked and apart from what is true.

What is filed as an exercise has numbers of its own (LAT-2611-0001). When it is over, ended by somebody or by the clock,
whatever of it is still open stands down with it: nothing of it goes on ringing in a night that is real again.
"""

from datetime import datetime, timedelta

from sqlmodel import Field, Relationship, Session, SQLModel, col, select

from models.acts import act
from models.errors import N_, WrongMoment, WrongValue, bounded, need
from models.incidents.dispatch import bring_back
from models.incidents.incident import Incident
from models.incidents.referring import end_referrals
from models.people.officers import Officer
from models.record.event import record
from models.roles import Role
from models.time import now
from models.viewer import CLOCK, Viewer
from models.workflow import OPEN, effect

MINUTES = (30, 60, 120, 240)  # how long one may be planned for
LONGEST = timedelta(minutes=max(MINUTES))
LONGEST_REASON = 120  # letters: it stands on every screen


class Exercise(SQLModel, table=True):
    """`ends_at`: as planned; `by_itself`: nobody ended it, its time was over."""

    id: int = Field(default=None, primary_key=True)
    officer_id: int = Field(foreign_key="officer.id")
    reason: str
    began_at: datetime
    ends_at: datetime
    ended_at: datetime | None = Field(default=None, index=True)
    ended_by_id: int | None = Field(default=None, foreign_key="officer.id")
    by_itself: bool = False
    stood_down: int = 0  # how many of its cases were open then

    officer: Officer = Relationship(sa_relationship_kwargs={"lazy": "joined", "foreign_keys": "Exercise.officer_id"})


def running(session: Session) -> Exercise | None:
    return session.exec(select(Exercise).where(col(Exercise.ended_at).is_(None))).first()


def practice(session: Session) -> list[Exercise]:
    """What every screen says of it: one while it runs."""
    return [row] if (row := running(session)) else []


def exercises(session: Session, most: int = 20) -> list[Exercise]:
    """The newest first."""
    return list(session.exec(select(Exercise).order_by(col(Exercise.id).desc()).limit(most)))


@act
def start_exercise(session: Session, by: Viewer, reason: str, minutes: int) -> Exercise:
    """At most one at a time."""
    reason = bounded(need(reason, sentence=N_("Tulis apa yang dilatih.")), "reason", LONGEST_REASON)
    if minutes not in MINUTES:
        raise WrongValue("minutes", N_("Pilih berapa lama latihan ini."))
    if other := running(session):
        raise WrongMoment(N_("Latihan {who} sedang berjalan. Akhiri dulu."), who=other.officer.title)
    at = now()
    row = Exercise(officer_id=by.id or 0, reason=reason, began_at=at, ends_at=at + timedelta(minutes=minutes))
    session.add(row)
    session.flush()
    record(session, "start_exercise", by, exercise=row.id, reason=reason, until=row.ends_at.isoformat())
    return row


@act
def end_exercise(session: Session, by: Viewer) -> None:
    """By a supervisor; by the clock only once its time is over."""
    row = running(session)
    if row is None or (by.role == Role.CLOCK and row.ends_at > now()):
        if by.role == Role.CLOCK:
            return  # somebody was faster
        raise WrongMoment(N_("Tidak ada latihan yang sedang berjalan."))
    row.ended_at, row.by_itself = now(), by.role == Role.CLOCK
    row.ended_by_id = None if row.by_itself else by.id
    left = select(Incident).where(col(Incident.exercise).is_(True), col(Incident.status).in_(OPEN))
    for incident in session.exec(left.order_by(col(Incident.id))).all():
        incident.take("stand_down", CLOCK)
        row.stood_down += 1
    told = {"by_itself": row.by_itself, "stood_down": row.stood_down}
    record(session, "end_exercise", by, exercise=row.id, reason=row.reason, **told)


def forgotten(session: Session) -> bool:
    """Is one running whose time is over?"""
    row = running(session)
    return row is not None and row.ends_at <= now()


def may_file(session: Session, by: Viewer) -> None:
    """A case of an exercise is a supervisor's, while one runs; or an app's, whose back end is being tried."""
    if by.role == Role.INTAKE:
        return
    if by.role != Role.SUPERVISOR:
        raise WrongValue("exercise", N_("Kejadian latihan dibuat oleh pengawas."))
    if running(session) is None:
        raise WrongMoment(N_("Tidak ada latihan yang sedang berjalan."))


@effect
def stand_down(incident: Incident, by: Viewer) -> dict[str, object]:
    """Its exercise is over. Whoever was out for it is back, partners read it no more."""
    if not incident.exercise:
        raise WrongMoment(N_("Ini bukan kejadian latihan."))
    incident.outcome, incident.closed_at = "exercise_over", now()
    return {"cleared": bring_back(incident), "ended": end_referrals(incident, closing=True)}
