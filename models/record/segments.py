"""Segments of the record: each is sealed with a key of its own, and a new one begins when the key is turned.

The last event of a segment is sealed with the old key, the first of the next one with the new key over the hash of
that last one: whoever has only one of the two keys can move no seam. The old key lies, sealed with the new one, in
the event that begins the segment, so that all of the record can be checked as long as the newest key is known.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlmodel import Session, col

from models.record.chain import WrongKey, ends_hash, event_hash, fingerprint
from models.record.event import Event, Head, Ledger, record
from models.time import now
from models.viewer import Viewer

CLOSE, BEGIN = "close_segment", "begin_segment"
LOST = "lost"  # in place of the old key, when nobody has it any more


class Segment(NamedTuple):
    """`seq`: of the event that begins it; `looks`: how many there were. `old`: the key before, sealed; or `lost`."""

    seq: int
    looks: int
    old: str


def segments(session: Session) -> list[Segment]:
    """All but the first, oldest first."""
    rows = session.scalars(select(Event).where(col(Event.step) == BEGIN).order_by(col(Event.seq)))
    return [Segment(row.seq, row.body.get("looks", 0), row.body.get("old", LOST)) for row in rows]


def known_print(session: Session) -> str:
    """Fingerprint of the key that seals this database; empty when it is still anybody's."""
    return str(_head(session)["key_print"])


def claim(session: Session, key: bytes) -> None:
    """From now on this is the key. Raises WrongKey when another one is, or when what stands there is not sealed with it."""
    head = session.get_one(Head, 1, with_for_update=True)
    mine = fingerprint(key)
    if head.key_print == mine:
        return
    if head.key_print or not _sealed_with(session, head, key):
        raise WrongKey()
    head.key_print = mine
    if head.seq or head.look_seq:  # from before there were fingerprints
        session.flush()
        _seal(session, key)


def turn(session: Session, by: Viewer, old: bytes | None, new: bytes, sealed: str = LOST, **noted: Any) -> None:
    """Begin a segment. `sealed`: the old key, sealed with the new one; without an old key it is lost for good."""
    session.flush()
    if old is not None:
        _write(session, old, lambda: record(session, CLOSE, by, next=fingerprint(new)))
    head = _head(session)
    session.execute(update(Head).where(col(Head.id) == 1).values(key_print=fingerprint(new)))
    ends = {"looks": head["look_seq"], "look_hash": head["look_hash"], "was": head["key_print"]}
    _write(session, new, lambda: record(session, BEGIN, by, old=sealed, **ends, **noted))


def _write(session: Session, key: bytes, act: Callable[[], int]) -> None:
    session.info["ledger"] = ledger = Ledger(session.connection(), key)
    act()
    ledger.seal()


def _head(session: Session) -> dict[str, Any]:
    """As it is in the database now, whatever this session has loaded."""
    return dict(session.execute(select(Head.__table__)).mappings().one())  # type: ignore[attr-defined]


def _sealed_with(session: Session, head: Head, key: bytes) -> bool:
    """Is the last event, if there is one, sealed with this key?"""
    last = session.scalars(select(Event).order_by(col(Event.seq).desc()).limit(2)).all()
    if not last:
        return True
    previous = last[1].hash if len(last) > 1 else ""
    return event_hash(key, previous, last[0].model_dump()) == last[0].hash


def _seal(session: Session, key: bytes) -> None:
    """Over the ends as they stand."""
    ends = _head(session) | {"sealed_at": now()}
    values = {"sealed_at": ends["sealed_at"], "seal": ends_hash(key, ends)}
    session.execute(update(Head).where(col(Head.id) == 1).values(**values))
