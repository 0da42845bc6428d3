"""The house listens for those who listen: while no console is open whose sound runs the house itself tells the supervisor's phone, then the
command's, and every page and wall says so, until somebody sits down again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from models.command.calling import Fate, Rung, Silence, Telling, call, say
from models.command.ladder import Ladder
from models.incidents.incident import Incident
from models.people.officers import Officer, Presence
from models.record.event import record
from models.time import now
from models.viewer import CLOCK
from models.workflow import Status

URGENT = 1  # what is told of how much waits, and whose ladder says when the command's phone is told


@dataclass(frozen=True)
class Deaf:
    """As the band says it. `waiting`: P1 that nobody has taken; `command_at`: when the command's phone will be told."""

    silence: Silence
    last: Officer
    waiting: int
    tellings: Sequence[Telling]
    command_at: datetime | None

    @property
    def mark(self) -> tuple[object, ...]:
        told = tuple((telling.id, telling.fate) for telling in self.tellings)
        return self.silence.id, self.waiting, told, self.command_at


def deaf(session: Session, ladder: Ladder) -> list[Deaf]:
    """One, while it lasts."""
    silence = _now(session)
    if silence is None:
        return []
    urgent = select(func.count()).where(Incident.status == Status.NEW, Incident.priority == URGENT)
    rows = select(Telling).where(Telling.silence_id == silence.id).order_by(col(Telling.id))
    tellings = session.exec(rows).all()
    command = None if any(one.rung == Rung.COMMAND for one in tellings) else _command_at(silence, ladder)
    last = session.get_one(Officer, silence.officer_id)
    return [Deaf(silence, last, session.exec(urgent).one(), tellings, command)]


def house_due(session: Session, ladder: Ladder) -> bool:
    """Is there anything to do about who listens?"""
    silence, quiet = _now(session), _quiet(session, ladder)
    if silence is None or quiet is None:
        return (silence is None) != (quiet is None)
    return _command_due(session, silence, ladder)


def watch_house(session: Session, ladder: Ladder) -> None:
    """Does it, if it is still so. Nobody who was ever at a console: nobody is missed."""
    silence, quiet = _now(session), _quiet(session, ladder)
    if silence is None and quiet and (since := quiet.heard_at):
        silence = Silence(since=since, officer_id=quiet.officer_id, raised_at=now())
        session.add(silence)
        session.flush()
        record(session, "fall_silent", CLOCK, silence=silence.id, officer=quiet.officer_id, since=since.isoformat())
        _call(session, Rung.LEAD, silence)
    elif silence and quiet is None:
        silence.ended_at = now()
        record(session, "hear_again", CLOCK, silence=silence.id)
    elif silence and _command_due(session, silence, ladder):
        _call(session, Rung.COMMAND, silence)


def _call(session: Session, rung: Rung, silence: Silence) -> None:
    about = {"kind": "deaf", "since": silence.since.isoformat()}
    for telling in call(session, rung, f"silence {silence.id}", silence.since, about, silence_id=silence.id):
        if telling.fate == Fate.FAILED:
            say(session, telling)


def _now(session: Session) -> Silence | None:
    return session.exec(select(Silence).where(col(Silence.ended_at).is_(None))).first()


def _quiet(session: Session, ladder: Ladder) -> Presence | None:
    """Whose console was the last one that an alarm would have sounded at, if that is too long ago."""
    ever = select(Presence).where(col(Presence.heard_at).is_not(None))
    last = session.exec(ever.order_by(col(Presence.heard_at).desc()).limit(1)).first()
    late = now() - timedelta(seconds=ladder.deaf_s)
    return last if ladder.deaf_s and last and last.heard_at and last.heard_at <= late else None


def _command_at(silence: Silence, ladder: Ladder) -> datetime | None:
    seconds = ladder.of(URGENT).get(Rung.COMMAND)
    return silence.since + timedelta(seconds=max(seconds, ladder.deaf_s)) if seconds else None


def _command_due(session: Session, silence: Silence, ladder: Ladder) -> bool:
    at = _command_at(silence, ladder)
    if at is None or at > now():
        return False
    return (
        session.exec(select(Telling.id).where(Telling.silence_id == silence.id, Telling.rung == Rung.COMMAND)).first()
        is None
    )
