"""What a follow page shows of one complaint: read in one snapshot; the timeline, in the order in which it happened."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlmodel import Session, col, select

from console.pages.retold import retold
from console.web.citizen.reports import PRESSED
from models.incidents.closing import Forwarded, forwarded, reopenable_until, told
from models.incidents.complaint import Complaint
from models.incidents.filing import find_complaint
from models.incidents.incident import Incident
from models.incidents.rating import Rating, rating_of
from models.incidents.standing import Warned, warning
from models.incidents.talking import URGES, Line, thread
from models.reading.board import position
from models.reading.seen import Seen, seen_of
from models.record.event import Event, newest
from models.roles import REPORTERS
from models.viewer import Viewer
from models.workflow import Status

AHEAD = ("claimed", "handled", "dispatched", "on_scene", "resolved")
MOVES = (
    "dispatch",
    "reinforce",
    "arrive",
    "recall",
    "recategorise",
)  # the steps of the personnel; one that was undone never was


@dataclass(frozen=True)
class Step:
    """A line of the timeline. `sent`: personnel and the station they come from; `who`: to whom it was referred, with
    its `answer`, and when that came; `beside`: it moves nothing on; `final`: nothing comes after it, and `told` is what
    was said of it.
    """

    stage: str
    at: datetime | None
    state: Literal["past", "now", "ahead"]
    sent: tuple[tuple[int, str], ...] = ()
    who: str = ""
    answer: str = ""
    answered_at: datetime | None = None
    beside: bool = False
    final: bool = False
    told: str = ""


@dataclass(frozen=True)
class Followed:
    """A complaint with all its page shows; `seq` and `epoch` are where its socket goes on from."""

    complaint: Complaint
    incident: Incident
    lines: list[Line]
    moves: list[Event]
    seen: list[Seen]
    rating: Rating | None
    seq: int
    epoch: str
    reopen_until: datetime | None
    warned: Warned | None
    reopened_at: datetime | None = None
    again: str = ""  # with which words this reporter opened it again
    told: str = ""  # what was done about it, by whoever closed it
    forwarded: Forwarded | None = None
    located: Event | None = None  # where its reporter said it is, or they are, last
    place_said: str = ""  # and in which words of their own

    @property
    def pressed(self) -> bool:
        """Respons Cepat, and not over: help is asked for with presses, words may come beside them."""
        return self.incident.open and self.complaint.words.startswith(PRESSED)

    @property
    def urged(self) -> dict[str, datetime]:
        """Which quick words were said, in whichever language, and when first."""
        said = [(retold("id", line.words), line.at) for line in reversed(self.lines) if not line.ours]
        return {words: at for words, at in said if words in URGES}

    @property
    def after(self) -> Line | None:
        """The last that its reporter wrote since it was closed; None while it is open."""
        closed_at = None if self.incident.open else self.incident.closed_at
        late = [line for line in self.lines if not line.ours and closed_at and line.at > closed_at]
        return late[-1] if late else None

    @property
    def stage(self) -> str:
        handled = self.incident.status == Status.CLAIMED and self.incident.handled_at
        return "handled" if handled else str(self.incident.status)

    @property
    def handled_at(self) -> datetime | None:
        """A question asked once they are on their way takes nobody a step back."""
        incident = self.incident
        late = incident.handled_at and incident.dispatched_at and incident.handled_at > incident.dispatched_at
        return None if late and incident.status != Status.CLAIMED else incident.handled_at


def followed(session: Session, viewer: Viewer, ref: str) -> Followed:
    seq, epoch = position(session)  # first: what comes after, the socket catches up on
    complaint = find_complaint(session, viewer, ref)
    incident = load(complaint)
    again = newest(session, incident.id, ("reopen",))
    own = again and incident.open and again.by_role in REPORTERS and again.by_id == viewer.id  # nobody reads another's
    places = _places(session, complaint)
    here = (Event.incident_id == incident.id, Event.seq > (again.seq if again else 0))
    rows = session.exec(select(Event).where(*here, col(Event.step).in_((*MOVES, "undo"))).order_by(col(Event.seq)))
    events = list(rows)
    undone = {event.body.get("of") for event in events if event.step == "undo"}
    return Followed(
        complaint,
        incident,
        thread(session, complaint),
        [event for event in events if event.step in MOVES and event.seq not in undone],
        seen_of(session, complaint),
        rating_of(session, complaint, incident),
        seq,
        epoch,
        reopenable_until(incident, viewer),
        warning(session, complaint),
        again.at if again else None,
        again.body.get("reason", "") if own and again else "",
        told(incident),
        forwarded(incident),
        places[0] if places else None,
        next((said for said in map(_own_words, places) if said), complaint.landmark),
    )


def _places(session: Session, complaint: Complaint) -> list[Event]:
    """Where its reporter said it is, newest first."""
    mine = select(Event).where(Event.complaint_id == complaint.id, Event.step == "locate")
    return list(session.exec(mine.order_by(col(Event.seq).desc())))


def _own_words(located: Event) -> str:
    """Of what was answered by a press the words are ours."""
    return "" if located.body.get("answer") else str(located.body.get("words", ""))


def load(complaint: Complaint) -> Incident:
    """What a card and the page name, read before the session closes."""
    incident = complaint.incident
    assert incident is not None
    _ = complaint.category.code, complaint.evidence, [referral.agency.name for referral in incident.referrals]
    _ = complaint.unread
    return incident


def timeline(seen: Followed) -> list[Step]:
    """What happened, and what is to come. One that was joined to others begins with its own filing."""
    past = sorted(_past(seen), key=lambda step: step.at or seen.complaint.filed_at)
    if not seen.incident.open:
        return [*past, Step(str(seen.incident.status), seen.incident.closed_at, "now", final=True, told=seen.told)]
    at = max((place for place, step in enumerate(past) if step.stage == seen.stage), default=0)
    past[at] = replace(past[at], state="now")
    if seen.incident.outside:
        return past  # another command's ground: what never comes is not promised
    reached = AHEAD.index(seen.stage) + 1 if seen.stage in AHEAD else 0
    return [*past, *(Step(stage, None, "ahead") for stage in AHEAD[reached:])]


def _past(seen: Followed) -> Iterator[Step]:
    incident, began = seen.incident, seen.complaint.filed_at
    yield Step("new", began, "past")
    if seen.reopened_at:
        yield Step("reopened", seen.reopened_at, "past", told=seen.again)
    for stage, at in (("claimed", incident.claimed_at), ("handled", seen.handled_at)):
        if at:
            yield Step(stage, max(at, began), "past")
    yield from _moved(seen)
    for referral in incident.referrals:
        answered_at = referral.finished_at or referral.answered_at
        at = max(referral.asked_at, began)
        answer = referral.state if answered_at else ""
        yield Step("referred", at, "past", (), referral.agency.name, answer, answered_at, beside=True)


def _moved(seen: Followed) -> Iterator[Step]:
    """Who set out from where, who came after, who arrived: each as it was noted."""
    there = False
    for event in seen.moves:
        at = max(event.at, seen.complaint.filed_at)
        sent = tuple((row["personnel"], row["station"]) for row in event.body.get("sent", ()))
        match event.step:
            case "dispatch":
                there = False
                yield Step("dispatched", at, "past", sent)
            case "reinforce":
                yield Step("reinforced", at, "past", sent, beside=True)
            case "arrive":
                arrived = ((event.body.get("personnel", 0), ""),)
                yield Step("joined" if there else "on_scene", at, "past", arrived, beside=there)
                there = True
            case "recall" | "recategorise" if event.body.get("cleared"):
                yield Step("recalled", at, "past", beside=True)
