"""Folding: the board as it was after any event, from what the events tell and from nothing else.

What a body says is models/record/bodies/; what the law then did to personnel and referrals is here.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlmodel import Session, col, or_, select

from models.city.category import RESTRICTED
from models.incidents.dispatch import Dispatch
from models.incidents.referral import ACCEPTED, ASKED, CLOSED, DECLINED, ENDED, FINISHED, Referral
from models.record.bodies import closing, complaints, hands, partners, upkeep
from models.record.bodies.body import Body, Step, Value
from models.record.bodies.kinds import body_of
from models.record.event import Event
from models.workflow import OPEN

ANSWERS: dict[type[Body], str] = {partners.Accept: ACCEPTED, partners.Decline: DECLINED, partners.Finish: FINISHED}
LASTING = {ACCEPTED: (ASKED,), DECLINED: (ASKED, ACCEPTED), FINISHED: (ACCEPTED, CLOSED)}  # what each may follow


@dataclass
class Sent:
    """Personnel of one station; `station_id` is None where only its name was told."""

    station_id: int | None
    station: str
    personnel: int
    arrived: bool = False
    back: bool = False


@dataclass
class Passed:
    """What a partner was given, and how it stands."""

    agency: int
    tier: str
    note: str
    state: str = ASKED
    answer: str = ""


@dataclass
class Told:
    """One incident, as far as its events were taken. Referrals by id; where none was told, by the event's number below zero."""

    seq: int = 0
    columns: dict[str, Value] = field(default_factory=dict)
    sent: dict[int, Sent] = field(default_factory=dict)
    referrals: dict[int, Passed] = field(default_factory=dict)
    emptied: bool = False  # of an event: what it told of personnel and partners nobody knows any more
    known: bool = True  # are the columns? They are told anew after bodies were emptied
    _taken: dict[int, Step] = field(default_factory=dict)  # by the number of the event: it may be taken back
    _closing: Step | None = None

    def take(self, event: Event) -> None:
        self.seq = event.seq
        if not event.body:
            self.emptied, self.known = True, False
            return
        body = body_of(event.step, event.body)
        if not isinstance(body, Step):
            return
        self.columns |= body.set
        self.known = self.known or isinstance(body, complaints.Erase)
        self._taken[event.seq] = body
        match body:
            case closing.Undo():
                self._take_back(self._taken.get(body.of or 0))
            case hands.Reinforce():
                self.sent |= {one.dispatch: Sent(one.station_id, one.station, one.personnel) for one in body.sent}
            case partners.Refer():
                key = -event.seq if body.referral is None else body.referral
                self.referrals[key] = Passed(body.agency, body.tier, body.note)
            case partners.Accept() | partners.Decline() | partners.Finish():
                self._answer(body, ANSWERS[type(body)])
            case partners.Unrefer():
                self._end(body)
            case closing.Reopen() if self._closing and self.columns.get("category_code") != RESTRICTED:
                self._resume(self._closing)
        self._note(body, True)
        self._end_referrals(body)
        if isinstance(body, closing.Resolve | closing.Dismiss):
            self._closing = body

    @property
    def open(self) -> bool:
        return self.columns.get("status") in OPEN

    def _note(self, body: Step, value: bool) -> None:
        """Who arrived, and who is back; or, taken back, is not."""
        for id in body.dispatches if isinstance(body, hands.Arrive) else ():
            if id in self.sent:
                self.sent[id].arrived = value
        for id in body.cleared:
            if id in self.sent:
                self.sent[id].back = value

    def _take_back(self, body: Step | None) -> None:
        match body:
            case hands.Reinforce():
                for one in body.sent:
                    self.sent.pop(one.dispatch, None)
            case Step():
                self._note(body, False)
                self._resume(body)

    def _answer(self, body: partners.Accept | partners.Decline | partners.Finish, state: str) -> None:
        for key, one in self.referrals.items():
            if body.referral == key or (
                body.referral is None and one.agency == body.agency and one.state in LASTING[state]
            ):
                one.state, one.answer = state, body.note
                return

    def _end(self, body: partners.Unrefer) -> None:
        for key, one in self.referrals.items():
            mine = body.referral == key if body.referral else one.agency == body.agency and one.state != DECLINED
            if mine:
                one.state = ENDED

    def _end_referrals(self, body: Step) -> None:
        closes = isinstance(body, closing.Resolve | closing.Dismiss) and self.columns.get("category_code") != RESTRICTED
        for id, was in body.ended:
            if one := self._found(id, was):
                one.state = CLOSED if closes and was == ACCEPTED else ENDED

    def _resume(self, body: Step) -> None:
        """As they were before this step ended them."""
        for id, was in body.ended:
            if (one := self.referrals.get(id)) and one.state in (ENDED, CLOSED):
                one.state = was

    def _found(self, id: int, was: str) -> Passed | None:
        """By its id, which may be told here for the first time: then of the first that stands as this one did."""
        if id not in self.referrals:
            key = next((key for key, one in self.referrals.items() if key < 0 and one.state == was), None)
            if key is not None:
                self.referrals[id] = self.referrals.pop(key)
        return self.referrals.get(id)


@dataclass
class Board:
    """All that there was after one event. Swept incidents are not: their events tell of nothing any more."""

    seq: int
    incidents: dict[int, Told]

    @property
    def cards(self) -> dict[int, Told]:
        return {id: one for id, one in self.incidents.items() if one.open}

    @property
    def out(self) -> dict[int | None, int]:
        """Personnel by station; None: by name alone (`Sent.station`)."""
        away = [one for told in self.incidents.values() for one in told.sent.values() if not one.back]
        counted = Counter[int | None]()
        for one in away:
            counted[one.station_id] += one.personnel
        return dict(counted)


def sent_as(row: Dispatch, told: Sent | None = None) -> Sent:
    """As its row stands there. A station's name is what it was called then, and an id what it was told to be."""
    station, id = (told.station, told.station_id and row.station_id) if told else (row.station.name, row.station_id)
    return Sent(id, station, row.personnel, row.arrived_at is not None, row.cleared_at is not None)


def passed_as(row: Referral) -> Passed:
    """As its row stands there."""
    return Passed(row.agency_id, row.tier, row.note, row.state, row.answer)


def folded(past: Iterable[Event]) -> Told:
    """One incident, after these of its events, oldest first."""
    told = Told()
    for event in past:
        told.take(event)
    return told


def board_at(session: Session, seq: int) -> Board:
    """The board after this event."""
    board = Board(seq, {})
    about = or_(col(Event.incident_id).is_not(None), Event.step == "sweep")
    for event in session.exec(select(Event).where(about, col(Event.seq) <= seq).order_by(col(Event.seq))):
        if event.incident_id is not None:
            board.incidents.setdefault(event.incident_id, Told()).take(event)
        elif event.body and isinstance(body := body_of(event.step, event.body), upkeep.Sweep):
            for id in body.incidents:
                board.incidents.pop(id, None)
    return board
