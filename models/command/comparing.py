"""What the record tells against what stands there: folding the events must give the rows.

In pieces by id, so that years of it need no more memory than a day. A sentence for each thing that does not fit;
it names what and where, and quotes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from sqlmodel import Session, col, func, select

from models.command.sweeping.lots import SWEEP
from models.command.sweeping.traces import swept
from models.incidents.complaint import Complaint
from models.incidents.dispatch import Dispatch
from models.incidents.evidence import Evidence
from models.incidents.incident import Incident
from models.incidents.rating import Rating
from models.incidents.referral import Referral
from models.incidents.strikes import BLOCKS_AT, COUNTED, PENDING, Strike
from models.people.citizens import Citizen
from models.reading.folding import Passed, Sent, folded, passed_as, sent_as
from models.record.bodies.kinds import WrongBody
from models.record.chain import print_of
from models.record.event import Event

BATCH = 500
Gone = dict[int, int]  # what was swept, and the number of the event that says so
KeyAt = Callable[[int], bytes | None]  # of the segment that an event's number lies in; None: lost


def differences(session: Session, key_at: KeyAt) -> Iterator[str]:
    gone = swept(session)
    for first, last in _pieces(session, col(Event.incident_id), col(Incident.id)):
        yield from _incidents(session, gone["incidents"], first, last)
        session.expunge_all()
    for first, last in _pieces(session, col(Event.complaint_id), col(Complaint.id)):
        yield from _complaints(session, gone["complaints"], key_at, first, last)
        session.expunge_all()
    yield from _strikes(session)
    yield from _blocks(session)


def _pieces(session: Session, *columns: Any) -> Iterator[tuple[int, int]]:
    top = max(session.exec(select(func.max(column))).one() or 0 for column in columns)
    return ((first, first + BATCH - 1) for first in range(1, top + 1, BATCH))


def _incidents(session: Session, gone: Gone, first: int, last: int) -> Iterator[str]:
    told: dict[int, list[Event]] = defaultdict(list)
    events = select(Event).where(col(Event.incident_id).between(first, last)).order_by(col(Event.seq))
    for event in session.exec(events):
        told[event.incident_id or 0].append(event)
    rows = {row.id: row for row in session.exec(select(Incident).where(col(Incident.id).between(first, last))).unique()}
    beside = [_beside(session, table, first, last) for table in (Dispatch, Referral, Rating)]
    for id in sorted(told.keys() | rows.keys()):
        row, past = rows.get(id), told.get(id, [])
        if id in gone:
            yield from [f"Incident {row.number} ({id}) was swept by event {gone[id]} and stands there."] if row else ()
        elif row is None:
            yield f"Incident {id} is told of by event {past[0].seq} and is gone."
        elif not past:
            yield f"Incident {row.number} ({id}) stands there, and no event tells of it."
        else:
            yield from _incident(row, past, *(rows[id] for rows in beside))


def _beside(session: Session, table: Any, first: int, last: int) -> dict[int, list[Any]]:
    """What hangs on each of these incidents, in the order in which it came."""
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in session.exec(select(table).where(col(table.incident_id).between(first, last)).order_by(col(table.id))):
        rows[row.incident_id].append(row)
    return rows


def _incident(
    row: Incident, past: list[Event], sent: list[Dispatch], referred: list[Referral], rated: list[Rating]
) -> Iterator[str]:
    named = f"Incident {row.number} ({row.id})"
    if row.seq != past[-1].seq:
        yield f"{named} stands at event {row.seq}, and the last one that tells of it is {past[-1].seq}."
    try:
        told = folded(past)
    except WrongBody as error:
        yield f"{named}: an event says what none of its kind does: {error}."
        return
    if told.known:
        now_is = row.values()
        if other := [name for name, value in told.columns.items() if name in now_is and now_is[name] != value]:
            yield f"{named} is not as the events left it: {', '.join(sorted(other))}."
    if not told.emptied:
        yield from _dispatches(named, told.sent, {row.id: row for row in sent})
        yield from _referrals(named, told.referrals, {row.id: row for row in referred})
    yield from _ratings(named, past, rated, whole=not told.emptied)


def _dispatches(named: str, told: dict[int, Sent], there: dict[int, Dispatch]) -> Iterator[str]:
    for id in sorted(told.keys() | there.keys()):
        row = there.get(id)
        if row is None:
            yield f"{named}: dispatch {id} is told of and is gone."
        elif id not in told:
            yield f"{named}: dispatch {id} stands there, and no event tells of it."
        elif told[id] != sent_as(row, told[id]):
            yield f"{named}: dispatch {id} is not as the events left it."


def _referrals(named: str, told: dict[int, Passed], there: dict[int, Referral]) -> Iterator[str]:
    """To whom, at which tier, in which words, how it stands. Where no event told an id, they are in the order of their numbers."""
    ids = iter(sorted(there.keys() - told.keys()))
    known = {key if key > 0 else next(ids, key): one for key, one in sorted(told.items(), key=lambda one: abs(one[0]))}
    here = {id: passed_as(row) for id, row in there.items()}
    given, stand = ({id: (one.agency, one.tier, one.note) for id, one in rows.items()} for rows in (known, here))
    if given != stand:
        yield f"{named}: its referrals are not those that the events tell of."
    elif known != here:
        yield f"{named}: what partners answered is not what the events tell."


def _ratings(named: str, past: list[Event], there: list[Rating], whole: bool) -> Iterator[str]:
    """`whole`: no event of it was emptied, so that stars and words are told too."""
    said = [
        (event.complaint_id, event.body.get("stars"), event.body.get("words")) for event in past if event.step == "rate"
    ]
    known = [(row.complaint_id, row.stars, row.words) for row in there]
    told, stand = (Counter(rows if whole else (row[:1] for row in rows)) for rows in (said, known))
    if told != stand:
        yield f"{named}: its ratings are not those that the events tell of."


def _complaints(session: Session, gone: Gone, key_at: KeyAt, first: int, last: int) -> Iterator[str]:
    told: dict[int, list[Event]] = defaultdict(list)
    steps = col(Event.step).in_(("file", "attach", "erase", SWEEP))
    events = select(Event).where(col(Event.complaint_id).between(first, last), steps).order_by(col(Event.seq))
    for event in session.exec(events):
        told[event.complaint_id or 0].append(event)
    rows = {
        row.id: row for row in session.exec(select(Complaint).where(col(Complaint.id).between(first, last))).unique()
    }
    held: dict[int, list[str]] = defaultdict(list)
    for piece in session.exec(select(Evidence).where(col(Evidence.complaint_id).between(first, last))):
        held[piece.complaint_id].append(piece.sha256)
    for id in sorted(told.keys() | rows.keys()):
        row, past = rows.get(id), told.get(id, [])
        if id in gone:
            yield from [f"Complaint {row.ref} ({id}) was swept by event {gone[id]} and stands there."] if row else ()
        elif row is None:
            yield f"Complaint {id} is told of by event {past[0].seq} and is gone."
        elif not past:
            yield f"Complaint {row.ref} ({id}) stands there, and no event tells of its filing."
        else:
            yield from _complaint(row, past, held[id], key_at)


def _complaint(row: Complaint, past: list[Event], held: list[str], key_at: KeyAt) -> Iterator[str]:
    named = f"Complaint {row.ref} ({row.id})"
    stated = [event for event in past if "words_print" in event.body]
    if not stated:
        return  # from before events told of it
    last = stated[-1]
    key = key_at(last.seq)
    if key is not None and print_of(key, row.words) != last.body["words_print"]:
        yield f"{named}: its words are not those of event {last.seq}."
    later = [event for event in past if event.seq > last.seq]
    after = [event for event in later if event.step == "attach"]
    if any("sha256" not in event.body for event in after):
        return  # emptied since
    wanted = Counter([*last.body["evidence"], *(event.body["sha256"] for event in after)])
    wanted -= Counter(sha256 for event in later if event.step == SWEEP for sha256 in event.body.get("gone", ()))
    # One that was filed before has every later piece in an event of its own; an erasure states them all.
    if missing := (wanted - Counter(held)).total():
        yield f"{named}: {missing} of its pieces of evidence {'is' if missing == 1 else 'are'} gone or exchanged."
    if strange := (Counter(held) - wanted).total():
        yield f"{named}: {strange} of its pieces of evidence {'is' if strange == 1 else 'are'} told of by no event."


def _strikes(session: Session) -> Iterator[str]:
    told: dict[int, tuple[int, bool]] = {}  # the number of the event that struck, and whether it counts
    taken_back: set[int] = set()
    steps = col(Event.step).in_(("strike", "confirm", "acquit", "expire", "lift", "unlift"))
    rows = {row.id: row for row in session.exec(select(Strike))}
    over = {row.complaint_id: row.id for row in rows.values()}
    erased = session.exec(select(Event).where(Event.step == "erase_account"))
    theirs = {seq: event.body["citizen"] for event in erased for seq in event.body.get("emptied", ())}
    for event in session.exec(select(Event).where(steps).order_by(col(Event.seq))):
        id, citizen = event.body.get("strike"), event.body.get("citizen", theirs.get(event.seq))
        if event.step == "acquit" and id is None:  # emptied since: its reason named the reporter
            id = over.get(event.complaint_id or 0)
        if event.step == "strike" and id is not None:
            told[id] = event.seq, True
        elif event.step == "lift" and id is None:
            mine = [one for one in told if one in rows and rows[one].citizen_id == citizen]
            told |= {one: (told[one][0], False) for one in mine}
        elif id in told:
            told[id] = told[id][0], event.step in ("confirm", "unlift")
            taken_back |= {id} if event.step == "lift" else set()
    for id in sorted(told.keys() | rows.keys()):
        row = rows.get(id)
        if row is None and id not in taken_back:
            yield f"Strike {id} is told of by event {told[id][0]} and is gone."
        elif row is not None and id not in told:
            yield f"Strike {id} stands there, and no event tells of it."
        elif row is not None and (row.state in (COUNTED, PENDING)) != told[id][1]:
            yield f"Strike {id} is {row.state}, and the events say otherwise."


def _blocks(session: Session) -> Iterator[str]:
    """An account is blocked by three strikes beyond doubt, and by nothing else."""
    counted = select(Strike.citizen_id).where(Strike.state == COUNTED).group_by(col(Strike.citizen_id))
    struck = set(session.exec(counted.having(func.count() >= BLOCKS_AT)))
    blocked = set(session.exec(select(Citizen.id).where(col(Citizen.blocked_at).is_not(None))))
    for id in sorted(struck ^ blocked):
        yield f"Account {id} is {'blocked' if id in blocked else 'not blocked'}, and its strikes say otherwise."
