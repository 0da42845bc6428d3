"""Incident: what officers work on, and the one gate its steps go through."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, String, case
from sqlalchemy.orm import object_session
from sqlmodel import Field, Relationship, Session, UTCDateTime, col

from models.asked import check
from models.city.category import Category, Target
from models.city.site import Point
from models.city.worded import ground_first
from models.errors import N_, NotAllowed, NotFound, NotYours, Outdated, WrongMoment
from models.incidents.complaint import Complaint
from models.incidents.ranking import place
from models.incidents.referral import ENDED, Referral
from models.incidents.telling import tell
from models.people.officers import Officer
from models.record.event import Event, newest, record
from models.record.tail import tail
from models.roles import REPORTERS, Role
from models.time import now, was_lately
from models.versioned import Versioned
from models.viewer import Viewer
from models.workflow import AFTERWARDS, EFFECTS, HELD, OPEN, ROLES, ROWS, STEPS, Status, Step, Who

ROUGH_M = 200
MOST_LANDMARK = 200  # letters: it stands on every card
SLIP_MINUTES = 10  # so long an officer may open again what they closed
NOT_NOTED = {"seq", "version", "decided"}  # counted, not decided
# What a decision rests on. Whoever decides on a page that is older in anything else (a photo, a reporter's word, the clock) is not refused.
COUNTS = {"status", "officer_id", "category_code", "priority", "lat", "lon", "personnel", "into_id"}


class Incident(Versioned, table=True):
    """What happened somewhere, as the command works on it. Holds no word and no name of a reporter."""

    __table_args__ = (
        Index("ix_incident_board", "status", "priority", "filed_at"),
        Index("ix_incident_filed", "filed_at"),
        Index("ix_incident_holder", "officer_id", "status"),
        Index("ix_incident_alike", "category_code", "status", "closed_at"),
        Index("ix_incident_closed", "closed_at"),
    )
    id: int = Field(default=None, primary_key=True)
    number: str = Field(unique=True)  # 2611-0418: year, month, running; spoken on the radio
    status: Status = Field(default=Status.NEW, sa_type=String)
    status_before: str | None = None  # what it was before it was merged
    priority: int
    category_code: str = Field(foreign_key="category.code")
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    precision: str  # device, pin, place, area: how the point was found; none: there is no point yet
    centre_lat: float | None = None  # of its kelurahan: what a wall shows of a sensitive category
    centre_lon: float | None = None
    kelurahan: str = ""
    kecamatan: str = ""
    landmark: str = ""
    outside: bool = False  # beyond this command's area
    neighbour: str | None = None  # whose area it is then
    doubt: str = ""  # another place, which the reporter's words name: until they or an officer said which
    station_id: int | None = Field(default=None, foreign_key="station.id")  # the polsek of the place
    officer_id: int | None = Field(default=None, foreign_key="officer.id")  # the holder
    stale: bool = False  # the holder's console has been silent: anyone may reclaim
    filed_at: datetime
    opened_at: datetime  # filed, or nobody's again: targets count from here (`wait_again`)
    claimed_at: datetime | None = None
    handled_at: datetime | None = None  # first question, note or referral
    dispatched_at: datetime | None = None
    arrived_at: datetime | None = None
    closed_at: datetime | None = None
    unheard_at: datetime | None = Field(default=None, index=True)  # words came once it was closed (unheard.py)
    given_at: datetime | None = None  # by somebody else, to the holder
    known_at: datetime | None = None  # since when the holder knows of that
    untold: str = (
        ""  # ids of officers to whom it was given, or who lost it, and do not know yet (models/incidents/handing.py)
    )
    due_at: datetime | None = Field(default=None, index=True)  # target of the step that comes next
    alerted_at: datetime | None = None  # since when it sounds at the supervisor's desk (models/command/ladder.py)
    noticed_at: datetime | None = None  # the supervisor knows; it comes back by itself (models/incidents/shelving.py)
    shelved_until: datetime | None = None  # and wants to hear of it again then
    escalated_for: datetime | None = None  # the due time whose lateness was escalated already
    personnel: int = 0  # out now
    arrived: int = 0  # of these, how many are there already
    photos: int = 0
    videos: int = 0
    uploading: int | None = None  # percent
    complaint_count: int = 1
    standing: str = "known"  # of the first reporter: new, known, caller, guest
    strikes: int = 0
    flagged: bool = False  # their device was seen on an account that is blocked
    outcome: str | None = None
    dismissal: str | None = None
    into_id: int | None = Field(default=None, foreign_key="incident.id", index=True)
    # The open incident that it seems to tell of too (likeness.py): the oldest of its group.
    like_id: int | None = Field(default=None, foreign_key="incident.id", index=True)
    preserved_at: datetime | None = None  # a case needs it: nothing of it is swept (models/incidents/preserving.py)
    exercise: bool = False
    quiet: bool = False  # a reporter of it is in Mode senyap: nobody phones them (hushing.py)
    muted: bool = False  # filed over the rate: it lands, but rings no bell
    seq: int = 0  # its newest event
    decided: int = 0  # the version since which all that a decision rests on stands as it is

    category: Category = Relationship(sa_relationship_kwargs={"lazy": "joined"})
    officer: Officer | None = Relationship(sa_relationship_kwargs={"lazy": "joined"})
    complaints: list[Complaint] = Relationship(
        back_populates="incident",
        sa_relationship_kwargs={"foreign_keys": "Complaint.incident_id", "order_by": "Complaint.id"},
    )
    referrals: list[Referral] = Relationship(sa_relationship_kwargs={"order_by": "Referral.id"})

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def rank(self) -> int:
        """The order of `by_rank` as one number."""
        part = 0 if self.status == Status.NEW else 1 if self.stale else 2
        return place(part, self.exercise, self.priority, self.opened_at)

    @property
    def point(self) -> Point | None:
        """Where it is; None while nobody knows."""
        return None if self.lat is None or self.lon is None else Point(self.lat, self.lon)

    @property
    def rough(self) -> bool:
        """It may be off by more than anybody sees from where they stand: distances from it say so."""
        return (self.accuracy_m or 0) > ROUGH_M

    @property
    def place(self) -> str:
        if self.landmark.startswith(self.kelurahan):  # chosen from a list: it says both
            return self.landmark or self.kelurahan
        return ground_first(self.landmark, self.kelurahan)

    @property
    def opened_again(self) -> Event | None:
        """By whom, when and with which words it was opened again; None where it was not, and once it is over."""
        waited = self.open and self.opened_at != self.filed_at
        return newest(session_of(self), self.id, ("reopen",)) if waited else None

    @property
    def giver(self) -> str:
        """Who gave it to its holder; "" when they took it themselves."""
        given = self.given_at and newest(session_of(self), self.id, ("assign", "reassign", "hand_back"))
        officer = session_of(self).get(Officer, given.by_id) if given else None
        return officer.title if officer else ""

    @property
    def noticer(self) -> tuple[str, str]:
        """Who knows of it at the desk, and why it is shelved; blank when nobody does, or it is not."""
        last = self.noticed_at and newest(session_of(self), self.id, ("notice", "shelve"))
        officer = session_of(self).get(Officer, last.by_id) if last else None
        return (officer.title, last.body.get("note", "")) if last and officer else ("", "")

    @property
    def partner_gone(self) -> str:
        """A partner whose agency was closed over this open case, until somebody refers it anew or notes what comes of it."""
        gone = [row.agency.name for row in self.referrals if row.state == ENDED and not row.agency.active]
        last = newest(session_of(self), self.id, ("unrefer", "refer", "note")) if gone and self.open else None
        return gone[-1] if last and last.step == "unrefer" else ""

    @property
    def reporter_wrote(self) -> int:
        """The number of its reporter's newest words, while nobody has written back and somebody holds it; else 0."""
        if self.status not in HELD:
            return 0
        last = newest(session_of(self), self.id, ("reply", "locate", "ask"))
        return last.seq if last and last.step != "ask" else 0

    @property
    def left_by(self) -> str:
        """Who let it go, while it waits again because of that."""
        if self.status != Status.NEW or self.opened_at == self.filed_at:
            return ""
        last = newest(session_of(self), self.id, ("release", "recategorise", "reopen"))
        who = None if last is None or last.step == "reopen" else last.body.get("was") or last.by_id
        officer = session_of(self).get(Officer, who) if who else None
        return officer.title if officer else ""

    @property
    def coming(self) -> int:
        """Out, and not there yet."""
        return self.personnel - self.arrived

    def put_back(self, values: dict[str, Any]) -> None:
        """Columns as an event noted them."""
        columns = type(self).__table__.columns  # type: ignore[attr-defined]
        dates = {column.name for column in columns if isinstance(column.type, UTCDateTime)}
        for name, value in values.items():
            setattr(self, name, datetime.fromisoformat(value) if name in dates and value else value)
        if "officer_id" in values:
            self.officer = session_of(self).get(Officer, self.officer_id) if self.officer_id else None
        self.status = Status(self.status)

    def handled(self) -> None:
        """Somebody does more than look at it: the reporter reads "Sedang ditindaklanjuti"."""
        if self.status != Status.NEW and self.handled_at is None:
            self.handled_at = now()

    def wait_again(self) -> None:
        """It is nobody's again, whatever made it so: it waits, and is late, from now on. Its age does not begin anew."""
        self.opened_at = now()
        self.officer, self.officer_id, self.stale = None, None, False
        self.claimed_at = self.handled_at = self.dispatched_at = self.arrived_at = self.alerted_at = None

    def take(self, step: str, by: Viewer, /, *, version: int | None = None, **given: Any) -> "Incident":
        """Take a step, if the law allows it to this viewer now; note it in the same commit.

        Raises NotFound for a step that does not exist, NotAllowed when the role has no such
        step, WrongMoment (NotYours, Outdated) when it is not the time, WrongValue for a field.
        """
        row = STEPS.get(step)
        if row is None or step not in EFFECTS:
            raise NotFound()
        if step == "claim" and by.on_duty and self.status in HELD and self.officer_id == by.id:
            return self  # claiming what you hold is a plain yes
        self.allow(row, by)
        if not (row.anyhow or version is None or self.decided <= version <= self.version):
            raise Outdated(N_("Kejadian ini baru saja berubah. {who}"), who=self._whose(by))
        check(row.carries, given)
        before = self.values()
        noted = EFFECTS[step](self, by, **given)
        if noted is None:
            return self
        if row.end:
            self.status = row.end
        self.due_at = self.due()
        for follow in AFTERWARDS:
            noted |= follow(self, by, step, before) or {}
        self.note(step, by, before, **noted)
        return self

    def note(
        self, step: str, by: Viewer, before: dict[str, Any], /, complaint_id: int | None = None, **noted: Any
    ) -> None:
        """Record a step with the values it changed since `before`, so that folding gives the incident."""
        session = session_of(self)
        if not self.id:  # a new one
            session.flush()
        if not ROWS[step].calm and (self.noticed_at or self.shelved_until):
            self.noticed_at = self.shelved_until = None
        now_is = self.values()
        noted["set"] = {name: value for name, value in now_is.items() if name not in before or before[name] != value}
        # Who takes what nobody has, takes it wherever it is: that its reporter said where refuses no press.
        told = step == "locate" and self.status == Status.NEW
        if before and noted["set"].keys() & COUNTS and not told:
            self.decided = self.version + 1  # the one that storing this makes it
        seq = record(session, step, by, incident_id=self.id, complaint_id=complaint_id, **noted)
        if (
            self.seq != seq
        ):  # a new one carries its number already: set again, it would be looked through and stored again
            self.seq = seq
        tell(session, step, by, self.id, complaint_id)

    def values(self) -> dict[str, Any]:
        """Every column that steps decide, as JSON."""
        names = (name for name in type(self).model_fields if name not in NOT_NOTED)
        return {name: _plain(getattr(self, name)) for name in names}

    def may(self, by: Viewer) -> set[str]:
        """The steps this viewer could take at this moment."""
        return {step.name for step in STEPS.values() if step.name in EFFECTS and self._could(step, by)}

    def allow(self, row: Step, by: Viewer) -> None:
        """Who may, and when: raises what the law says otherwise."""
        if by.role not in ROLES[row.who]:
            raise NotAllowed()
        if self.status not in row.start:
            raise WrongMoment("{who}", who=self._whose(by))
        if row.who is Who.REOPENER and by.role == Role.OFFICER and not self._just_closed(by):
            raise NotYours(
                N_("Pengawas dapat membukanya lagi; yang menutupnya, dalam {minutes} menit."), minutes=SLIP_MINUTES
            )
        if row.who is Who.TAKER and self.officer_id is None:
            return
        if by.role == Role.SUPERVISOR and row.who in (Who.SUPERVISOR, Who.HOLDER_OR_SUPERVISOR):
            return
        if row.who in (Who.HOLDER, Who.TAKER, Who.HOLDER_OR_SUPERVISOR) and self.officer_id != by.id:
            raise NotYours("{who}", who=self._whose(by))

    def _could(self, step: Step, by: Viewer) -> bool:
        try:
            self.allow(step, by)
        except (NotAllowed, WrongMoment):
            return False
        if step.name == "undo":
            return False  # offered where the step was taken, for as long as it may be taken back
        so = {"reclaim": self.stale, "preserve": not self.preserved_at, "unpreserve": bool(self.preserved_at)}
        return so.get(step.name, True)

    def _just_closed(self, by: Viewer) -> bool:
        """Was it this officer who closed it, a few minutes ago?"""
        if self.closed_at is None or not was_lately(self.closed_at, timedelta(minutes=SLIP_MINUTES)):
            return False
        closing = newest(session_of(self), self.id, ("resolve", "dismiss", "forward"))
        return closing is not None and (closing.by_role, closing.by_id) == (by.role, by.id)

    def _whose(self, by: Viewer) -> "Whose":
        return Whose(self.status, self.officer.title if self.officer and by.role not in REPORTERS else "")

    def due(self, target: Target | None = None) -> datetime | None:
        """When the next step is due: the claim, then the arrival; nothing once they are on scene. `target`: that of its
        priority, where somebody has it at hand."""
        target = target or session_of(self).get_one(Target, self.priority)
        seconds = {Status.NEW: target.claim_s, Status.CLAIMED: target.arrive_s, Status.DISPATCHED: target.arrive_s}
        due_s = seconds.get(self.status)
        return self.opened_at + timedelta(seconds=due_s) if due_s else None


Index("ix_incident_ending", tail(col(Incident.number)), col(Incident.filed_at))
WHERE_IT_STANDS = {
    Status.NEW: N_("Kejadian ini belum diambil siapa pun."),
    Status.CLAIMED: N_("Kejadian ini sudah diambil {name}."),
    Status.DISPATCHED: N_("Personel sudah dikirim oleh {name}."),
    Status.ON_SCENE: N_("Personel sudah di TKP, dipegang {name}."),
    Status.RESOLVED: N_("Kejadian ini sudah selesai ({name})."),
    Status.DISMISSED: N_("Kejadian ini sudah ditolak."),
    Status.FORWARDED: N_("Kejadian ini sudah dilimpahkan ke komando lain."),
    Status.MERGED: N_("Kejadian ini sudah digabung ke kejadian lain."),
}


class Whose:
    """A sentence on where an incident stands and who has it, translated when it is read."""

    def __init__(self, status: str, name: str):
        self.sentence, self.values = WHERE_IT_STANDS[Status(status)], {"name": name or N_("petugas")}

    def __str__(self) -> str:
        return self.sentence.format(**self.values)


def by_rank() -> tuple[Any, ...]:
    """What needs somebody first: nobody's, then a silent holder's, then the rest; in each what is true before what is an
    exercise, then by priority, then by when it was opened. Targets count from there, so what is late, or next to be,
    comes first of its priority without being asked."""
    part = case((col(Incident.status) == Status.NEW, 0), (col(Incident.stale), 1), else_=2)
    return part, col(Incident.exercise), col(Incident.priority), col(Incident.opened_at), col(Incident.id)


def session_of(incident: Incident) -> Session:
    session = object_session(incident)
    assert isinstance(session, Session)
    return session


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
