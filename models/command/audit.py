"""The audit: is the record whole, does it end where it ended, and does it tell of what stands there?"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import islice
from typing import Any

from sqlmodel import Session, select

from models.command.comparing import differences
from models.command.erasing import HEARD
from models.command.sweeping.lots import SWEEP
from models.command.sweeping.traces import gaps
from models.record.chain import body_hash, ends_hash, event_hash, look_hash, print_of
from models.record.event import Event, Head, Look
from models.record.segments import segments
from models.time import now

Keys = Sequence[bytes | None]  # of each segment, oldest first; None: lost
MOST_TOLD = 100  # whoever has so much to look into needs no more
HASH_LETTERS = 24  # of a hash in a seal: it is typed off paper
SEAL_TIME = "%Y%m%dT%H%M%SZ"
Each = Callable[[dict[str, Any]], object]
Gaps = dict[int, tuple[int, str]]


def audit(session: Session, keys: Keys, kept: str = "") -> list[str]:
    """What does not fit, a sentence each, the chains first; nothing when all is well. `kept`: a seal from before."""
    return list(islice(_audit(session, keys, kept), MOST_TOLD))


def verify(session: Session, *keys: bytes | None, each: Each = bool) -> str | None:
    """Walks both chains; names the first bad number, or None when all is well. `each` sees every event that fits."""
    ends, seams = session.get_one(Head, 1), segments(session)
    if len(keys) != len(seams) + 1:
        return f"Event {seams[-1].seq if seams else 1}"
    swept: Gaps = {}

    def see(event: dict[str, Any]) -> None:
        swept.update(gaps(event))
        each(event)

    return _verify(
        session, keys, [seam.seq for seam in seams], Event, event_hash, (ends.seq, ends.hash), each=see
    ) or _verify(
        session, keys, [seam.looks + 1 for seam in seams], Look, look_hash, (ends.look_seq, ends.look_hash), swept
    )


def seal_of(session: Session, key: bytes) -> str:
    """How far the record goes now, in a line to be kept elsewhere: whoever shortens or rewrites it is found out by it."""
    ends = session.get_one(Head, 1)
    hashes = [(one or "-")[:HASH_LETTERS] for one in (ends.hash, ends.look_hash)]
    said = ".".join([str(ends.seq), str(ends.look_seq), f"{now():{SEAL_TIME}}", *hashes])
    return f"{said}.{print_of(key, said)[:HASH_LETTERS]}"


def _audit(session: Session, keys: Keys, kept: str) -> Iterator[str]:
    emptied: list[dict[str, Any]] = []
    erasures: list[dict[str, Any]] = []  # of old, which did not name what they emptied
    named: set[int] = set()

    def note(event: dict[str, Any]) -> None:
        if not event["body"] and event["body_hash"] != body_hash({}):
            emptied.append(event)
        elif event["step"] in ("erase", "erase_account", SWEEP):
            named.update(event["body"].get("emptied", ()))
            erasures.extend([event] if event["step"] != SWEEP and "emptied" not in event["body"] else [])

    bad = verify(session, *keys, each=note)
    if bad:
        yield f"The chain is broken: the first number that does not fit is {bad}."
    seams, ends = segments(session), session.get_one(Head, 1)
    if (ends.seq or ends.look_seq) and (keys[-1] is None or ends.seal != ends_hash(keys[-1], ends.model_dump())):
        yield f"The end was moved: the head row names event {ends.seq} and look {ends.look_seq}, and its seal does not."
    if kept:
        yield from _against(session, keys, kept, ends)
    for event in emptied:
        if event["seq"] not in named and not any(_erased(event, erasure) for erasure in erasures):
            yield f"The words of event {event['seq']} ({event['step']}) were emptied, and no erasure tells of it."
    starts = [seam.seq for seam in seams]
    yield from differences(session, lambda seq: keys[sum(start <= seq for start in starts)])


def _erased(event: dict[str, Any], erasure: dict[str, Any]) -> bool:
    """By right? An erasure from before they named what they emptied stands for its incident, or account."""
    if erasure["step"] == "erase_account":
        return event["step"] in HEARD
    return event["seq"] < erasure["seq"] and event["incident_id"] == erasure["incident_id"]


def _against(session: Session, keys: Keys, kept: str, ends: Head) -> Iterator[str]:
    said, _, made = kept.strip().rpartition(".")
    if not any(key is not None and print_of(key, said)[:HASH_LETTERS] == made for key in keys):
        yield "The seal that was given is none of this record's: was it copied whole?"
        return
    seq, look_seq, at, hash, look_hash = said.split(".")
    when = f"the seal of {datetime.strptime(at, SEAL_TIME):%Y-%m-%d %H:%M:%S} UTC"
    table: Any
    for table, name, counted, ended, there in (
        (Event, "events", int(seq), hash, ends.seq),
        (Look, "looks", int(look_seq), look_hash, ends.look_seq),
    ):
        if there < counted:
            yield f"The end is gone: {when} counted {counted} {name}, and {there} are here."
        elif counted and not _ended(session, table, counted, ended):
            yield f"The past was rewritten: {name[:-1]} {counted} is not the one of {when}."


def _ended(session: Session, table: Any, counted: int, ended: str) -> bool:
    """Does the row of this number have the hash that was kept? Of looks that were swept since, the last one's is known."""
    if row := session.get(table, counted):
        return str(row.hash).startswith(ended)
    told = select(Event).where(Event.step == SWEEP) if table is Look else None
    for event in session.scalars(told) if told is not None else ():
        for first, (last, hash) in gaps(event.model_dump()).items():
            if first <= counted <= last:
                return counted < last or hash.startswith(ended)
    return False


def _verify(
    session: Session, keys: Keys, seams: list[int], table: Any, seal: Callable[[bytes, str, Any], str],
    end: tuple[int, str], swept: Gaps | None = None, each: Each = bool,
) -> str | None:  # fmt: skip
    """`seams`: the numbers that begin a segment each. `swept`: what events, which fit, say that went by right."""
    digest, expected = "", 1
    with closing(session.scalars(select(table).order_by(table.seq).execution_options(yield_per=1000))) as rows:
        for row in rows:
            expected, digest = _over(swept, expected, digest)
            values = row.model_dump()
            key = keys[sum(seam <= row.seq for seam in seams)]
            digest = seal(key, digest, values) if key is not None else row.hash
            # An erased body keeps its hash: what was said is gone, that it was said is not.
            intact = table is Look or not values["body"] or body_hash(values["body"]) == values["body_hash"]
            if row.seq != expected or row.hash != digest or not intact:
                return f"{table.__name__} {expected}"
            each(values)
            expected += 1
    expected, digest = _over(swept, expected, digest)
    return None if (expected - 1, digest) == end else f"{table.__name__} {expected}"


def _over(swept: Gaps | None, expected: int, digest: str) -> tuple[int, str]:
    """Behind what was swept here: the event that tells of it holds the hash from which the next one goes on."""
    while swept and expected in swept:
        last, digest = swept[expected]
        expected = last + 1
    return expected, digest
