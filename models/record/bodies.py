"""The bodies of events, one class for each kind, named after its step: all that the record can say, on one page.

`record` refuses what does not fit. Ids stand beside names: a name is what it was called then, an id is what it is.
What a kind came to tell later has a default, so that sealed bodies, which nobody may change, are read as they are.
"""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.workflow import STEPS

Value = bool | int | float | str | None  # of a column, as JSON
Ids = list[int]
Ended = list[tuple[int, str]]  # referrals, and what each was


class Body(BaseModel):
    """Of an event about nothing on the board, unless it is a Step."""

    # Built when the first of its kind is stored or read: a start need not wait for all of them.
    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True, defer_build=True
    )


class Step(Body):
    """Of one about an incident. `set`: the columns that it changed. The rest may come with whichever step led there."""

    set: dict[str, Value] = {}
    cleared: Ids = []  # dispatches that are back
    ended: Ended = []
    was: int | None = None  # whose it was


class Plain(Step):
    reason: str = ""


# An incident comes in, and what belongs to it


class _Held(BaseModel):
    """What stands beside an event and is proved by it. `words_print`: a keyed hash; `evidence`: by SHA-256."""

    evidence: list[str] = []
    words_print: str = ""


class File(Step, _Held):
    source: str


class Attach(Step):
    kind: str
    sha256: str = ""


class Upload(Step):
    """How far it is, in percent, stands in `set`."""


class Develop(Step):
    evidence: int
    state: str


class Like(Step):
    """Whom it seems to tell of the same as stands in `set`."""


class Read(Step):
    """The reporter read the thread."""


class Hush(Step):
    quiet: bool


class Prove(Step):
    """Who pressed without a number has one now. `guest`: the reporter without a number it was until then."""

    guest: int
    citizen: int


class Erase(Step, _Held):
    """Every column anew. `emptied`: events whose bodies were."""

    emptied: Ids = []


# Who has it


class Claim(Step):
    officer: int | None


class Reclaim(Claim): ...


class TakeOver(Claim):
    reason: str


class Assign(Claim):
    """`absent`: they were not at the desk, and whoever gave it was asked."""

    by: int | None
    reason: str = ""
    absent: bool = False


class Reassign(Assign): ...


class HandBack(Claim):
    reason: str


class Release(Claim):
    reason: str


class Lapse(Claim): ...


class Renew(Claim): ...


class Acknowledge(Step): ...


class Notice(Step): ...


class Shelve(Step):
    minutes: int
    note: str


class Escalate(Step):
    due: str


class Alert(Step):
    """Somebody was told that it waits, or words there, or could not be. `to`: as they were called then, nobody for a desk, the command's phone
    and where nobody was found."""

    rung: str
    to: str = ""
    delivered: bool
    fault: str = ""
    way: str = "message"  # push: a push service took it
    about: str = ""  # written: of words after closing; else nobody has taken it


# Personnel


class Out(BaseModel):
    """Personnel of one station. `station_id` is missing where only its name was told. `free`: how many it had just before.
    `units`: callsigns of those that went along."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dispatch: int
    station_id: int | None = None
    station: str
    personnel: int
    free: int | None = None
    units: list[str] = []


class Reinforce(Step):
    """`free`, here and of each station: who could have gone at this moment; none where nobody stated a strength."""

    sent: list[Out]
    reason: str = ""
    free: int | None = None


class Part(BaseModel):
    """Of a suggestion: the base of the category, or what was ticked, and how many it is worth."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    n: int


class Dispatch(Reinforce):
    """`median`: of what was sent to the last `median_of` like cases."""

    suggested: int
    parts: list[Part] = []
    median: int | None = None
    median_of: int = 0
    modifiers: list[str] = []
    seen_in: dict[str, int] = {}


class Arrive(Step):
    dispatches: Ids
    personnel: int


class Clear(Step): ...


class Recall(Step):
    reason: str


# It is closed, and is not


class Forgiven(BaseModel):
    """A strike that went. `stood`: all of the account's, and what each was before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    citizen: int
    strike: int
    stood: dict[str, str]
    freed: bool


class Resolve(Step):
    """`told`: the reporters, in one sentence."""

    outcome: str
    note: str = ""
    told: str = ""
    forgiven: list[Forgiven] = []


class Dismiss(Step):
    reason: str
    note: str = ""
    told: str = ""
    forgiven: list[Forgiven] = []
    strike: int | None = None


class Forward(Step):
    """`phone`: the number that reporters were told with it; "" where none was known."""

    agency: int
    name: str
    phone: str = ""
    reason: str = ""
    forgiven: list[Forgiven] = []


class Reopen(Step):
    reason: str


class StandDown(Step):
    """Its exercise is over."""


class Undo(Step):
    """`of`: the event that is taken back; missing on one that stands apart again because of it."""

    what: str
    of: int | None = None
    personnel: int | None = None
    number: str | None = None
    name: str | None = None
    released: int | None = None


class Merge(Step):
    """Told of both: of the one that goes `into`, and of the one that absorbed it, or several at once."""

    number: str
    into: int | None = None
    absorbed: int | Ids | None = None
    claimed: bool = False


class Unmerge(Step):
    number: str
    from_: int | None = Field(None, alias="from")
    released: int | None = None


class Preserve(Step):
    reason: str


class Unpreserve(Preserve): ...


# Partners


class _Partner(Step):
    """Of a partner. `referral` is missing where only the agency was told."""

    referral: int | None = None
    agency: int
    name: str
    note: str = ""


class Refer(_Partner):
    tier: str
    reason: str = ""


class Accept(_Partner): ...


class Decline(_Partner): ...


class Finish(_Partner): ...


class Unrefer(_Partner):
    """`why`: of one that the clock ended, or whoever referred it by a slip."""

    why: str = ""


class Extend(_Partner): ...


class Link(_Partner):
    """`to`: as much of the number as may be read."""

    to: str


class Linked(Link):
    fault: str = ""


class Heed(_Partner): ...


class Consult(_Partner):
    words: str


class Respond(Consult): ...


# Words


class Ask(Step):
    words: str
    way: str = ""
    everyone: int | None = None


class Reply(Step):
    words: str


class HearOut(Step): ...


class Note(Step):
    words: str


class Rate(Step):
    stars: int
    words: str = ""


# Put right


class Reprioritise(Step):
    reason: str


class Relocate(Step):
    reason: str


class Locate(Step):
    """What the reporter sent. `kept`: the point stands nevertheless; `unknown`: words that no gazetteer knows; `answer`: to
    what they were asked."""

    lat: float | None
    lon: float | None
    accuracy_m: float | None = None
    words: str = ""
    kept: bool = False
    unknown: bool = False
    answer: str = ""


class Recategorise(Step):
    """`number`: of the incident that took this one along."""

    reason: str = ""
    raised: int | None = None
    number: str | None = None


# Strikes


class _OfCitizen(Body):
    citizen: int


class _OfStrike(_OfCitizen):
    strike: int


class Strike(_OfStrike):
    nth: int
    state: str


class Confirm(_OfStrike): ...


class Acquit(_OfStrike):
    reason: str


class Unlift(_OfStrike): ...


class Expire(_OfStrike): ...


class Lift(_OfCitizen):
    """Without a strike: all of the account's."""

    strike: int | None = None
    reason: str = ""


class Block(_OfCitizen): ...


class Appeal(_OfCitizen):
    appeal: int
    words: str


class Answer(_OfCitizen):
    """To an appeal."""

    appeal: int
    granted: bool
    words: str


# Doors


class Revoke(Body):
    """Every session of one of these is over."""

    officer: int | None = None
    citizen: int | None = None
    wall: int | None = None


class SignIn(Body): ...


class SignOut(Body):
    session: str


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


class Lock(Body): ...


class Unlock(Body): ...


class SendCode(Body): ...


class ProveCode(Body): ...


class SpendCode(Body):
    failed: int


class SignUp(_OfCitizen): ...


class Rename(_OfCitizen): ...


class EraseAccount(_OfCitizen):
    emptied: Ids = []


class ChangePassword(Body):
    """Of the staff, or of a citizen."""

    person: int | None = None
    citizen: int | None = None


class _OfPerson(Body):
    person: int


class WrongPassword(_OfPerson): ...


class WrongFactor(_OfPerson): ...


class AddFactor(_OfPerson):
    factor: str
    name: str


class DropFactor(AddFactor): ...


class RenewCodes(_OfPerson): ...


class UseCode(_OfPerson): ...


class RequireFactor(_OfPerson):
    due: bool


class ResetFactors(_OfPerson): ...


class ResetPassword(_OfPerson): ...


class Retire(_OfPerson): ...


class Reinstate(_OfPerson): ...


class Person(BaseModel):
    name: str
    rank: str
    role: str
    station: int | None
    agency: int | None


class Enlist(_OfPerson, Person):
    login: str


class Reappoint(_OfPerson, Person):
    was: Person


# What the command is made of


class _OfStation(Body):
    station: int


class OpenStation(_OfStation):
    code: str
    name: str
    lat: float
    lon: float
    strength: int | None


class RenameStation(_OfStation):
    was: str
    name: str


class MoveStation(_OfStation):
    was: tuple[float, float]
    lat: float
    lon: float


class Strength(_OfStation):
    was: int | None
    strength: int
    reason: str


class CloseStation(_OfStation):
    name: str


class ReopenStation(_OfStation):
    name: str


class CountAgain(_OfStation):
    """What was stated of a station counts no more: the apel's number does."""

    was: int | None
    strength: int | None


class SetLeast(_OfStation):
    was: int | None
    least: int | None


# Who serves, who is here, what they drive


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


class _OfAgency(Body):
    agency: int
    name: str


class AddAgency(_OfAgency):
    code: str
    kind: str = "institution"


class RenameAgency(_OfAgency):
    was: str


class LineAgency(_OfAgency):
    was: str
    to: str


class NumberAgency(_OfAgency):
    was: str
    phone: str


class CloseAgency(_OfAgency):
    ended: int = 0
    reason: str = ""


class ReopenAgency(_OfAgency): ...


class ChangeCategory(Body):
    """What changed alone."""

    category: str
    was: dict[str, Value] = {}
    label_id: str | None = None
    label_en: str | None = None
    short_id: str | None = None
    short_en: str | None = None
    tile: str | None = None
    tile_en: str | None = None
    advice_id: str | None = None
    advice_en: str | None = None
    priority: int | None = None
    personnel: int | None = None
    choosable: bool | None = None


class AddCategory(ChangeCategory):
    sensitive: bool


class ChangeModifier(Body):
    modifier: str
    was: dict[str, Value] = {}
    label_id: str | None = None
    label_en: str | None = None
    personnel: int | None = None
    active: bool | None = None


class AddModifier(ChangeModifier): ...


class ChangeTarget(Body):
    priority: int
    was: dict[str, Value] = {}
    claim_s: int | None = None
    arrive_s: int | None = None


class MakeKey(Body):
    key: int
    name: str


class RevokeKey(MakeKey): ...


class SetPeriod(Body):
    kind: str
    category: str
    was: int | None
    days: int | None


class Unpair(Body):
    wall: int
    name: str


class PutAway(Unpair): ...


class Pair(Unpair):
    distance_m: float
    px_per_mm: float
    view: str = ""
    mapless: bool = False


class Adjust(Pair): ...


class Withdraw(Body):
    bulletin: int
    title: str


class Publish(Withdraw):
    words: str
    kind: str
    district: str
    pinned: bool
    picture: str | None
    alt: str
    since: str | None
    until: str | None


class Rewrite(Publish): ...


class AddBrief(Body):
    brief: int
    until: str
    words_print: str


class ReadBrief(Body):
    brief: int


class EndBrief(Body):
    brief: int


class Deputise(Body):
    officer: int
    until: str
    reason: str


class EndDeputy(Body):
    """`over`: its time was over."""

    officer: int
    over: bool = False


class Bookmark(Body):
    """`of`: the event that is marked. `words_print`: a keyed hash of the word, which stands beside."""

    bookmark: int
    of: int
    words_print: str


class Highlight(Body):
    """`day`: on which the day from seven to seven begins. `words_print`: as of a bookmark; "": taken back."""

    highlight: int
    day: str
    words_print: str


# The record itself


class Sweep(Step):
    """What was past its period. `looks`: runs of them (first, last, hash of the last)."""

    kind: str
    count: int
    oldest: str | None = None
    gone: list[str] = []
    numbers: list[str] = []
    categories: list[str] = []
    incidents: Ids = []
    complaints: Ids = []
    evidence: int = 0
    emptied: Ids = []
    looks: list[tuple[int, int, str]] = []


class CloseSegment(Body):
    next: str


class BeginSegment(Body):
    old: str
    looks: int
    look_hash: str
    was: str


class WrongBody(Exception):
    """No event of this kind says such a thing. A fault of ours and not of who typed something; nothing of it is quoted."""


def body_of(step: str, body: dict[str, Any]) -> Body:
    """A step of the law that gives a reason at most needs no class of its own. Raises WrongBody."""
    kind = BODIES.get(step) or (Plain if step in STEPS else None)
    if kind is None:
        raise WrongBody(f"no event is called {step}")
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, fault['loc']))} ({fault['type']})" for fault in error.errors(include_url=False))
        raise WrongBody(f"{step}: {', '.join(faults)}") from None


def as_stored(body: Body) -> dict[str, Any]:
    """What was said of it and nothing else, as JSON."""
    return body.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _kinds(parent: type[Body]) -> Iterator[tuple[str, type[Body]]]:
    for one in parent.__subclasses__():
        if one not in (Step, Plain) and not one.__name__.startswith("_"):
            yield re.sub(r"(?<=.)(?=[A-Z])", "_", one.__name__).lower(), one
        yield from _kinds(one)


BODIES = dict(_kinds(Body))
