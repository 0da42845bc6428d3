"""Calling: whoever is told that something waits is a row (`Telling`), made in the commit that decides it, once for each rung
of each time of waiting, with what became of it.

A parcel of the outbox says that somebody's gateway took it, or why not, or that nobody knows. Only then the diary says so.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import String
from sqlmodel import Field, Session, SQLModel, col, select

from models.command.members import Member
from models.command.shifts import on_duty
from models.incidents.incident import Incident
from models.people.called import CalledBrowser, callable_browser, called_browsers
from models.people.officers import Officer, supervises
from models.record.event import record
from models.record.outbox import UNKNOWN, put, unanswered
from models.time import now
from models.viewer import CLOCK
from models.workflow import Status

ALARM, CALL = "alarm", "call"  # kinds of the outbox: messages to a phone number, pushes to a browser
LIFE = timedelta(minutes=10)  # of a message: after that another rung, or a claim, has answered it
WRITTEN = "written"  # a kind of what waits: words on a closed case that nobody has read


class Rung(StrEnum):
    DESK = "desk"
    LEAD = "lead"  # the supervisor on shift
    COMMAND = "command"


class Fate(StrEnum):
    WAITING = "waiting"
    TOLD = "told"  # the gateway took it; of a desk: somebody sat there
    FAILED = "failed"
    UNKNOWN = "unknown"  # it may have been taken: no answer was noted, the server died or the gateway hung
    SPARED = "spared"  # somebody looked before it was time, or took it before it left


class Way(StrEnum):
    MESSAGE = "message"
    PUSH = "push"  # told: a push service took it, which is not yet that anybody read it


class Silence(SQLModel, table=True):
    """No console listened. `officer_id`: whose was the last one, heard of at `since` (models/command/house.py)."""

    id: int = Field(default=None, primary_key=True)
    since: datetime
    officer_id: int = Field(foreign_key="officer.id")
    raised_at: datetime
    ended_at: datetime | None = None


class Telling(SQLModel, table=True):
    """Somebody is told of one thing by one way. `member_id` is missing of the desk, of the command's own phone, and where
    nobody was to be found; `to`: as they were called then."""

    id: int = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # what, since when, which rung, whom: nobody is told twice of it
    incident_id: int | None = Field(default=None, foreign_key="incident.id", index=True)
    silence_id: int | None = Field(default=None, foreign_key="silence.id", index=True)
    since: datetime  # since when it has waited
    rung: Rung = Field(sa_type=String)
    member_id: int | None = Field(default=None, foreign_key="member.id")
    to: str = ""
    way: Way = Field(default=Way.MESSAGE, sa_type=String)
    browser_id: int | None = None  # of a push; it may be gone by now
    fate: Fate = Field(default=Fate.WAITING, sa_type=String, index=True)
    fault: str = ""  # why it failed, in a word
    made_at: datetime
    ended_at: datetime | None = None  # when it was known what became of it

    @property
    def of_words(self) -> bool:
        return self.key.startswith(f"{WRITTEN} ")


def call(
    session: Session,
    rung: Rung,
    what: str,
    since: datetime,
    about: dict[str, Any],
    incident_id: int | None = None,
    silence_id: int | None = None,
) -> list[Telling]:
    """Have everybody of a rung told by their phone, and supervisors by their browsers too. Where there is nobody to tell,
    that is a row too."""
    own: dict[str, Any] = {"incident_id": incident_id, "silence_id": silence_id}
    told = _push(session, what, since, about, own) if rung is Rung.LEAD else []
    for member in leads(session) if rung is Rung.LEAD else [None]:
        to = member.title if member else ""
        key = f"{what} {since.isoformat()} {rung} {member.id if member else 0}"
        own["member_id"] = member.id if member else None
        telling = Telling(key=key, since=since, rung=rung, to=to, made_at=now(), **own)
        session.add(telling)
        session.flush()
        told.append(telling)
        if rung is Rung.LEAD and member is None:
            settle(telling, Fate.FAILED, "nobody")
            continue
        locale = _locale(session, member)
        put(session, ALARM, str(telling.id), about | {"locale": locale}, life=LIFE, urgent=True)
    return told


def _push(session: Session, what: str, since: datetime, about: dict[str, Any], own: dict[str, Any]) -> list[Telling]:
    """To the browsers of whoever leads, whether or not a number of theirs is known. It says that something waits and
    nothing of what: anybody may read what a phone shows on a table."""
    said = {"exercise": True} if about.get("exercise") else {}
    told = []
    for officer in lead_accounts(session):
        for browser in called_browsers(session, officer.id):
            key = f"{what} {since.isoformat()} {Rung.LEAD} push {browser.id}"
            to = f"{officer.title}, {browser.device}"
            telling = Telling(
                key=key, since=since, rung=Rung.LEAD, to=to, way=Way.PUSH, browser_id=browser.id, made_at=now(), **own
            )
            session.add(telling)
            session.flush()
            put(session, CALL, str(telling.id), said, life=LIFE, urgent=True)
            told.append(telling)
    return told


def leads(session: Session) -> Sequence[Member | None]:
    """The Pawas of the shift that is on; without a shift, every supervisor whose number is known."""
    shift = on_duty(session)
    if shift and shift.lead.phone:
        return [shift.lead]
    supervisors = select(Officer.id).where(Officer.active, supervises())
    known = (Member.active, Member.phone != "", col(Member.officer_id).in_(supervisors))
    return session.exec(select(Member).where(*known).order_by(col(Member.id))).all() or [None]


def lead_accounts(session: Session) -> Sequence[Officer]:
    """The account of the Pawas of the shift that is on; without one, every supervisor."""
    shift = on_duty(session)
    if shift and shift.lead.officer_id:
        return [session.get_one(Officer, shift.lead.officer_id)]
    supervisors = select(Officer).where(Officer.active, supervises())
    return session.exec(supervisors.order_by(col(Officer.id))).all()


def _locale(session: Session, member: Member | None) -> str:
    officer = session.get(Officer, member.officer_id) if member and member.officer_id else None
    return officer.locale if officer else "id"


def reaches_browser(session: Session, telling_id: int, tried: bool = False) -> CalledBrowser | None:
    """Which browser is to be called now; None when nobody needs to be, or nobody is signed in there any more."""
    telling = _wanted(session, telling_id, tried)
    browser = callable_browser(session, telling.browser_id) if telling else None
    if telling and browser is None:
        told(session, telling_id, UNKNOWN if tried else "signed_out")
    return browser


def reaches(session: Session, telling_id: int, tried: bool = False) -> tuple[Rung, str] | None:
    """Which phone is to be told now, and its sealed number; None when nobody needs to be: it was taken meanwhile, or
    somebody listens again. `tried`: a message may be out already."""
    telling = _wanted(session, telling_id, tried)
    if telling is None:
        return None
    member = session.get(Member, telling.member_id) if telling.member_id else None
    return Rung(telling.rung), member.phone if member else ""


def _wanted(session: Session, telling_id: int, tried: bool) -> Telling | None:
    telling = session.get(Telling, telling_id)
    if telling is None or telling.fate != Fate.WAITING:
        return None
    incident = session.get(Incident, telling.incident_id) if telling.incident_id else None
    if incident and waits_since(incident) != telling.since:
        _spare(session, telling, "read" if telling.of_words else "taken", tried)
        return None
    silence = session.get(Silence, telling.silence_id) if telling.silence_id else None
    if silence and silence.ended_at:
        _spare(session, telling, "heard", tried)
        return None
    return telling


def waits_since(incident: Incident) -> datetime | None:
    """What nobody has taken; or, of a closed one, words that nobody has read. None: nothing waits there."""
    return incident.opened_at if incident.status == Status.NEW else incident.unheard_at


def _spare(session: Session, telling: Telling, why: str, tried: bool) -> None:
    """Nobody needs to be told any more. Who may have been told already was spared nothing."""
    if tried:
        told(session, telling.id, UNKNOWN)
    else:
        settle(telling, Fate.SPARED, why)


def told(session: Session, telling_id: int, fault: str = "") -> None:
    """The gateway took it; or it never will, and why; or nobody knows."""
    telling = session.get(Telling, telling_id)
    if telling is None or telling.fate != Fate.WAITING:
        return
    settle(telling, {"": Fate.TOLD, UNKNOWN: Fate.UNKNOWN}.get(fault, Fate.FAILED), fault)
    say(session, telling)


def run_out(session: Session, telling_id: int) -> None:
    """There is no more use in telling it."""
    told(session, telling_id, UNKNOWN if unanswered(session, (ALARM, CALL), str(telling_id)) else "expired")


def overdue(session: Session) -> list[int]:
    """Tellings whose time ran out before any gateway took them."""
    late = select(Telling.id).where(Telling.fate == Fate.WAITING, Telling.made_at <= now() - LIFE)
    return list(session.exec(late))


def say(session: Session, telling: Telling) -> None:
    """Into the record what became of it: in the diary of its incident, or of the house."""
    said: dict[str, Any] = {"rung": telling.rung, "to": telling.to, "fault": telling.fault, "way": telling.way}
    delivered = telling.fate == Fate.TOLD
    if telling.silence_id:
        record(session, "warn_of_silence", CLOCK, silence=telling.silence_id, delivered=delivered, **said)
    elif incident := session.get(Incident, telling.incident_id):
        said |= {"about": WRITTEN} if telling.of_words else {}
        incident.note("alert", CLOCK, incident.values(), None, delivered=delivered, **said)


def settle(telling: Telling, fate: Fate, fault: str = "") -> None:
    telling.fate, telling.fault, telling.ended_at = fate, fault, now()
