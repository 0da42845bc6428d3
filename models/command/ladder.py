"""The ladder: what waits and nobody has taken climbs from the consoles to the supervisor's desk, to the supervisor's phone,
to the command's duty phone. A look ends the desk's rung, only a claim ends the phones'. Words on a closed case that nobody
has read climb it too: they stand on the desk at once, and a phone is told while no desk is open.

Who is told on a rung, and what became of it: models/command/calling.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from models.command.calling import WRITTEN, Fate, Rung, Telling, call, say, settle, waits_since
from models.incidents.alarms import Alarm
from models.incidents.exercise import running
from models.incidents.incident import Incident
from models.people.officers import SILENT_SECONDS, Officer, Presence, supervises
from models.time import lately, now
from models.viewer import CLOCK
from models.workflow import CLOSED, Status

WORDS_AS = 2
HORIZON = timedelta(days=1)  # what has waited for longer was told of, or no ladder was there yet


@dataclass(frozen=True)
class Ladder:
    """Seconds until each rung by priority, 0 for never. `deaf_s`: without any console that listens, until the house itself
    tells the supervisor; 0 for never."""

    seconds: dict[int, tuple[int, int, int]]
    deaf_s: int = 0

    def of(self, priority: int) -> dict[Rung, int]:
        """The rungs of a priority, lowest first."""
        return {rung: s for rung, s in zip(Rung, self.seconds.get(priority, (0, 0, 0)), strict=True) if s}

    def of_words(self, priority: int) -> dict[Rung, int]:
        """The phones' rungs of words after closing. Nobody knows yet how grave they are: as P2, or as the case was."""
        return {rung: s for rung, s in self.of(min(priority, WORDS_AS)).items() if rung is not Rung.DESK}


def due_rungs(session: Session, ladder: Ladder) -> list[tuple[int, Rung]]:
    """Incidents that wait, and the rungs whose time has come and that nobody climbed. Of an exercise only while it
    runs: a case that an app files for a test calls nobody. Of words after closing only while no desk is open."""
    at = now()
    soonest = min((s for rungs in ladder.seconds.values() for s in rungs if s), default=None)
    if soonest is None:
        return []
    latest = at - timedelta(seconds=soonest)
    untaken = _waiting(session, col(Incident.opened_at), latest, Incident.status == Status.NEW)
    untaken = untaken.where(col(Incident.muted).is_(False))
    due = [(*one, ladder.of(one.priority)) for one in _told_of(session, untaken)]
    if not desk_open(session):  # there they sound until somebody has read them
        written = _waiting(session, col(Incident.unheard_at), latest, col(Incident.status).in_(CLOSED))
        due += [(*one, ladder.of_words(one.priority)) for one in _told_of(session, written)]
    return [
        (id, rung)
        for id, _, since, climbed, rungs in due
        for rung, seconds in rungs.items()
        if rung not in climbed and since + timedelta(seconds=seconds) <= at
    ]


class _Waits(NamedTuple):
    id: int
    priority: int
    since: datetime
    climbed: set[Rung]


def _waiting(session: Session, since: Any, latest: datetime, *such: ColumnElement[bool] | bool) -> Any:
    """What has waited since that column says, and each rung that was climbed."""
    told = (col(Telling.incident_id) == Incident.id) & (col(Telling.since) == since)
    rows = select(Incident.id, Incident.priority, since, Telling.rung).outerjoin(Telling, told)
    rows = rows.where(*such, *_real(session), since.between(latest - HORIZON, latest))
    return rows.order_by(col(Incident.priority), since)


def _told_of(session: Session, rows: Any) -> list[_Waits]:
    found: dict[int, _Waits] = {}
    for id, priority, since, rung in session.exec(rows):
        found.setdefault(id, _Waits(id, priority, since, set())).climbed.update([Rung(rung)] if rung else [])
    return list(found.values())


def climb(session: Session, ladder: Ladder, id: int, rung: Rung) -> None:
    """If it is still due when the writer comes to it: another process may have been there."""
    if (id, rung) not in due_rungs(session, ladder):
        return
    incident = session.get_one(Incident, id)
    if rung is Rung.DESK:
        _ring_desk(session, incident)
        return
    since = waits_since(incident)
    assert since
    kind, what = ("waits", "incident") if incident.open else (WRITTEN, WRITTEN)
    about = {
        "kind": kind, "priority": incident.priority, "since": since.isoformat(), "exercise": incident.exercise,
    }  # fmt: skip
    for telling in call(session, rung, f"{what} {id}", since, about, incident.id):
        if telling.fate == Fate.FAILED:
            say(session, telling)


def tellings(session: Session, incident: Incident) -> Sequence[Telling]:
    """Of the time it waits, or last waited."""
    rows = select(Telling).where(Telling.incident_id == incident.id, Telling.since == incident.opened_at)
    return session.exec(rows.order_by(col(Telling.id))).all()


def climbed(session: Session) -> list[Telling]:
    """Of everything that waits, of this time of waiting: as the desk shows it under each."""
    rows = select(Telling).join(Incident, col(Incident.id) == Telling.incident_id)
    rows = rows.where(Incident.status == Status.NEW, Telling.since == Incident.opened_at)
    return list(session.exec(rows.order_by(col(Telling.id))))


@dataclass(frozen=True)
class Step:
    """A rung as one reads it at a case: when it is due, and what became of it. `spared`: it will not be climbed any more."""

    rung: Rung
    seconds: int
    due_at: datetime
    tellings: Sequence[Telling]
    spared: bool


def rungs_of(session: Session, ladder: Ladder, incident: Incident) -> list[Step]:
    """None where nobody is told: of what rings for nobody, and of an exercise while none runs."""
    said, waits = tellings(session, incident), incident.status == Status.NEW
    if incident.muted or (incident.exercise and not said and running(session) is None):
        return []
    steps = []
    for rung, seconds in ladder.of(incident.priority).items():
        own = [telling for telling in said if telling.rung == rung]
        spared = (not waits and not own) or any(telling.fate == Fate.SPARED for telling in own)
        steps.append(Step(rung, seconds, incident.opened_at + timedelta(seconds=seconds), own, spared))
    return steps


def _real(session: Session) -> list[ColumnElement[bool]]:
    """What the ladder is climbed for: while an exercise runs, its cases too."""
    return [] if running(session) else [col(Incident.exercise).is_(False)]


def _ring_desk(session: Session, incident: Incident) -> None:
    seen = select(Alarm.id).where(
        Alarm.incident_id == incident.id, Alarm.opened_at == incident.opened_at, col(Alarm.looked_at).is_not(None)
    )
    key = f"incident {incident.id} {incident.opened_at.isoformat()} {Rung.DESK} 0"
    telling = Telling(key=key, incident_id=incident.id, since=incident.opened_at, rung=Rung.DESK, made_at=now())
    session.add(telling)
    if session.exec(seen).first():
        settle(telling, Fate.SPARED, "looked")
        return
    someone = desk_open(session)
    settle(telling, Fate.TOLD if someone else Fate.FAILED, "" if someone else "empty")
    before = incident.values()
    incident.alerted_at = now()
    incident.note("alert", CLOCK, before, rung=Rung.DESK, delivered=someone, fault=telling.fault)


def desk_open(session: Session) -> bool:
    """Does a supervisor sit at a screen?"""
    sits = select(Presence.officer_id).join(Officer, col(Officer.id) == Presence.officer_id)
    here = sits.where(supervises(), lately(Presence.seen_at, timedelta(seconds=SILENT_SECONDS)))
    return session.exec(here).first() is not None
