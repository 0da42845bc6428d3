"""Duty: members, shifts, handovers, units, consoles, exercises; briefs and what stood out."""

from pydantic import BaseModel, ConfigDict

from models.record.bodies.body import Body, Ids


class Sit(Body):
    """At a console: it opened, and was not open before."""

    officer: int


class Leave(Sit):
    """The console fell silent. `sat_at`: since when they sat there; `seen_at`: when it was last heard of."""

    sat_at: str
    seen_at: str


class _OfExercise(Body):
    exercise: int
    reason: str


class StartExercise(_OfExercise):
    """`until`: when it ends by itself."""

    until: str


class EndExercise(_OfExercise):
    """`by_itself`: its time was over; `stood_down`: cases of it that were open."""

    by_itself: bool
    stood_down: int


class _OfSilence(Body):
    silence: int


class FallSilent(_OfSilence):
    """No console listens. `officer`: whose was the last, heard of at `since`."""

    officer: int
    since: str


class HearAgain(_OfSilence): ...


class WarnOfSilence(_OfSilence):
    """Somebody was told of it, or could not be: as Alert."""

    rung: str
    to: str = ""
    delivered: bool
    fault: str = ""
    way: str = "message"


class Serving(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    nrp: str
    rank: str
    name: str
    station: int
    function: str
    regu: str
    at_desk: bool
    officer: int | None = None


class AddMember(Body, Serving):
    member: int


class ChangeMember(AddMember):
    was: Serving


class RetireMember(Body):
    member: int
    name: str


class ReinstateMember(RetireMember): ...


class _OfShift(Body):
    shift: int


class _OfHandover(Body):
    handover: int


class Freeze(_OfHandover):
    """`at`: the event after which the list is the fold of the record."""

    to: int
    at: int
    cases: int


class AcceptCase(_OfHandover):
    incident: int


class NoteCase(AcceptCase):
    """`print`: of words that stand in the handover, and go with the case when its time is over."""

    print: str


class SendBack(NoteCase): ...


class ReplyCase(NoteCase): ...


class SignHandover(_OfHandover):
    side: str
    person: int
    name: str
    cases: int


class OpenShift(_OfShift):
    regu: str
    pattern: str
    starts: str
    ends: str
    lead: int
    members: Ids


class StartShift(_OfShift):
    regu: str
    relieved: int = 0


class ChangeLead(_OfShift):
    was: int
    lead: int
    name: str


class CloseShift(_OfShift):
    regu: str
    reason: str
    left: int = 0


class Muster(_OfShift):
    """How one member was when called. `was`: none, if nobody had called them."""

    duty: int
    name: str
    was: str | None
    state: str
    note: str = ""


class AddToShift(_OfShift):
    member: int
    name: str


class TakeOffShift(AddToShift): ...


class SendHome(_OfShift):
    duty: int
    name: str


class Relieve(SendHome):
    """Somebody stands in their place: `follower` is a duty, `by` what whoever it is was called."""

    follower: int
    by: str


class ChangeUnit(Body):
    unit: int
    callsign: str
    kind: str
    seats: int
    station: int


class AddUnit(ChangeUnit): ...


class RetireUnit(Body):
    unit: int
    callsign: str


class ReportUnit(RetireUnit):
    was: str
    state: str
    note: str = ""


class AddBrief(Body):
    brief: int
    until: str
    words_print: str


class ReadBrief(Body):
    brief: int


class EndBrief(Body):
    brief: int


class Highlight(Body):
    """`day`: on which the day from seven to seven begins. `words_print`: as of a bookmark; "": taken back."""

    highlight: int
    day: str
    words_print: str
