"""How the record is sealed: each hash goes over the one before, under the server's key.

The key lies outside the database. What the database holds of it is a fingerprint, so that another key is refused
instead of beginning a chain that nobody could follow.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

FINGERPRINT_LETTERS = 32


class WrongKey(Exception):
    """The key is not the one that sealed this database, or none; the message says what to do."""


def fingerprint(key: bytes) -> str:
    """Names a key without telling it."""
    return hmac.new(key, b"the key of this record", hashlib.sha256).hexdigest()[:FINGERPRINT_LETTERS]


def body_hash(body: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(body)).hexdigest()


def event_hash(key: bytes, previous: str, event: Any) -> str:
    """`event`: a mapping with the columns of an Event."""
    names = ("seq", "at", "step", "incident_id", "complaint_id", "by_role", "by_id", "body_hash")
    return _sealed(key, previous, [event[name] for name in names])


def look_hash(key: bytes, previous: str, look: Any) -> str:
    names = ("seq", "at", "what", "incident_id", "complaint_id", "evidence_id", "by_role", "by_id")
    return _sealed(key, previous, [look[name] for name in names])


def ends_hash(key: bytes, ends: Any) -> str:
    """Of the head row: how many events and looks there are, the hashes of the last ones, and when that was so."""
    names = ("seq", "hash", "look_seq", "look_hash", "sealed_at")
    return _sealed(key, "ends", [ends[name] for name in names])


def print_of(key: bytes, text: str) -> str:
    """A keyed hash of words that stand elsewhere: it shows that they were changed and tells nothing of them."""
    return _sealed(key, "words", [text])


def canonical(value: Any) -> bytes:
    """The same bytes for the same value, whichever database it came from."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def _sealed(key: bytes, previous: str, values: list[Any]) -> str:
    return hmac.new(key, previous.encode() + canonical(values), hashlib.sha256).hexdigest()


def _plain(value: Any) -> str:
    # PostgreSQL and SQLite both keep microseconds; the text is the same on both.
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
