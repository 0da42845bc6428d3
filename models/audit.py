"""The audit: is the record whole, and does it tell of what stands there?"""

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

from sqlmodel import Session, select

from models.chain import body_hash, event_hash, look_hash
from models.event import Event, Head, Look
from models.segments import segments

Keys = Sequence[bytes | None]  # of each segment, oldest first; None: lost


def verify(session: Session, *keys: bytes | None) -> str | None:
    """Walks both chains; names the first bad number, or None when all is well."""
    ends, seams = session.get_one(Head, 1), segments(session)
    if len(keys) != len(seams) + 1:
        return f"Event {seams[-1].seq if seams else 1}"
    return _verify(session, keys, [seam.seq for seam in seams], Event, event_hash, (ends.seq, ends.hash)) or _verify(
        session, keys, [seam.looks + 1 for seam in seams], Look, look_hash, (ends.look_seq, ends.look_hash)
    )


def _verify(
    session: Session, keys: Keys, seams: list[int], table: Any, seal: Callable[[bytes, str, Any], str],
    end: tuple[int, str],
) -> str | None:  # fmt: skip
    """`seams`: the numbers that begin a segment each."""
    digest, expected = "", 1
    with closing(session.scalars(select(table).order_by(table.seq).execution_options(yield_per=1000))) as rows:
        for row in rows:
            values = row.model_dump()
            key = keys[sum(seam <= row.seq for seam in seams)]
            digest = seal(key, digest, values) if key is not None else row.hash
            # An erased body keeps its hash: what was said is gone, that it was said is not.
            intact = table is Look or not values["body"] or body_hash(values["body"]) == values["body_hash"]
            if row.seq != expected or row.hash != digest or not intact:
                return f"{table.__name__} {expected}"
            expected += 1
    return None if (expected - 1, digest) == end else f"{table.__name__} {expected}"
