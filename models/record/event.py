"""Event: what happened. The diary, the audit log and the source of every push in one table.

Events are numbered without a gap, in the order of their commits, by the head row, and each
carries a hash over the one before. `Look` is the second chain: who read what. It is never rung.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Column, Connection, Index, insert, select, update
from sqlmodel import Field, Session, SQLModel, col

from models.record.bodies.kinds import as_stored, body_of
from models.record.chain import WrongKey, body_hash, ends_hash, event_hash, fingerprint, look_hash, print_of
from models.time import lately, now
from models.viewer import Viewer

LOOK_AGAIN = timedelta(minutes=10)


class Head(SQLModel, table=True):
    """The ends of both chains, and the lock that makes all writers queue. One row."""

    id: int = Field(primary_key=True)
    seq: int = 0
    hash: str = ""
    look_seq: int = 0
    look_hash: str = ""
    epoch: str  # changes when a backup is restored: what screens know is then void
    key_print: str = ""  # fingerprint of the key that seals; empty until the first event
    sealed_at: datetime | None = None
    seal: str = ""  # over both ends and `sealed_at`: whoever shortens the record without the key cannot make another


class Event(SQLModel, table=True):
    """One step that was taken. `body` holds the new values; folding 1..n gives the state at n."""

    __table_args__ = (
        Index("ix_event_incident", "incident_id", "seq"),
        Index("ix_event_complaint", "complaint_id", "seq"),
        Index("ix_event_at", "at"),
    )
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    step: str
    incident_id: int | None = None
    complaint_id: int | None = None
    by_role: str
    by_id: int | None = None
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    body_hash: str  # kept apart, so that lawful erasure of a body leaves the chain valid
    hash: str


class Look(SQLModel, table=True):
    """Somebody read an identity, a phone number or a piece of evidence."""

    __table_args__ = (
        Index("ix_look_complaint", "complaint_id", "seq"),
        Index("ix_look_incident", "incident_id", "seq"),
    )
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    what: str  # identity, evidence, phone (searched for), panel (with the reporter's words)
    incident_id: int | None = None
    complaint_id: int | None = None
    evidence_id: int | None = None
    by_role: str
    by_id: int | None = None
    hash: str


ENDS: Any = select(Head.seq, Head.hash, Head.look_seq, Head.look_hash, Head.key_print).where(Head.id == 1)  # type: ignore[call-overload]


class Ledger:
    """What one group of writes adds to both chains: numbered as it comes, sealed at the end.

    The head row is locked first, so the numbers are known at once and a stored row may carry
    its own. What a refused function added is taken back by `rewind`, and its numbers with it.
    """

    def __init__(self, connection: Connection, key: bytes):
        self._connection, self._key = connection, key
        row = connection.execute(ENDS.with_for_update()).one()
        self._seq, self._hash, self._look_seq, self._look_hash, known = row
        self._print = fingerprint(key)
        if known not in ("", self._print):  # turned, or another machine's, since this process began
            raise WrongKey("this database is sealed with another key than this server's")
        self.events: list[dict[str, Any]] = []
        self.looks: list[dict[str, Any]] = []

    def mark(self) -> tuple[int, int]:
        return len(self.events), len(self.looks)

    def rewind(self, mark: tuple[int, int]) -> None:
        del self.events[mark[0] :], self.looks[mark[1] :]

    @property
    def coming(self) -> int:
        """The number that the next event will have."""
        return self._seq + len(self.events) + 1

    def add(self, values: dict[str, Any]) -> int:
        seq = self.coming
        self.events.append({"seq": seq, **values})
        return seq

    def look(self, values: dict[str, Any]) -> int:
        seq = self._look_seq + len(self.looks) + 1
        self.looks.append({"seq": seq, **values})
        return seq

    def print_of(self, words: str) -> str:
        return print_of(self._key, words)

    def seal(self) -> None:
        """Chain and store what was added; the last statements before COMMIT."""
        digest, look_digest = self._hash, self._look_hash
        for event in self.events:
            event["body_hash"] = body_hash(event["body"])
            digest = event["hash"] = event_hash(self._key, digest, event)
        for look in self.looks:
            look_digest = look["hash"] = look_hash(self._key, look_digest, look)
        if self.events:
            self._connection.execute(insert(Event), self.events)
        if self.looks:
            self._connection.execute(insert(Look), self.looks)
        if self.events or self.looks:
            ends = {
                "seq": self._seq + len(self.events),
                "hash": digest,
                "look_seq": self._look_seq + len(self.looks),
                "look_hash": look_digest,
                "sealed_at": datetime.now(UTC),
            }
            ends |= {"key_print": self._print, "seal": ends_hash(self._key, ends)}
            self._connection.execute(update(Head).where(col(Head.id) == 1), ends)


def record(
    session: Session,
    step: str,
    by: Viewer,
    /,
    *,
    incident_id: int | None = None,
    complaint_id: int | None = None,
    **body: Any,
) -> int:
    """Note that a step was taken, in the commit of the change itself. Returns its number.

    The time is taken here, under the head row's lock, so that times follow the numbers.
    Raises WrongBody for what no event of this kind says (bodies/).
    """
    said = as_stored(body_of(step, body))
    values = {"at": now(), "step": step, "incident_id": incident_id, "complaint_id": complaint_id}
    return session.info["ledger"].add({**values, "by_role": by.role.value, "by_id": by.id, "body": said})


def coming(session: Session) -> int:
    """The number that the next event of this group of writes will have."""
    return int(session.info["ledger"].coming)


def history(session: Session, incident_id: int) -> list[Event]:
    """All that happened to an incident so far, oldest first; what this group of writes adds to it included."""
    stored = select(Event).where(col(Event.incident_id) == incident_id).order_by(col(Event.seq))
    rows = session.scalars(stored).all()
    return [*rows, *_coming(session, incident_id)]


def newest(session: Session, incident_id: int, steps: Collection[str]) -> Event | None:
    """The last of these steps that was taken on an incident."""
    if coming := [event for event in _coming(session, incident_id) if event.step in steps]:
        return coming[-1]
    here = (col(Event.incident_id) == incident_id, col(Event.step).in_(steps))
    return session.scalars(select(Event).where(*here).order_by(col(Event.seq).desc()).limit(1)).first()


def _coming(session: Session, incident_id: int) -> list[Event]:
    """What this group of writes noted of it, and no table holds yet."""
    ledger = session.info.get("ledger")
    noted = [values for values in ledger.events if values["incident_id"] == incident_id] if ledger else []
    return [Event(**values, body_hash="", hash="") for values in noted]


def coming_seq(session: Session) -> int:
    """What `record` will return next: a new row may carry it from the start."""
    return int(session.info["ledger"].coming)


def words_print(session: Session, words: str) -> str:
    """What an event holds of words that stand elsewhere: enough to see that they were changed since."""
    return str(session.info["ledger"].print_of(words))


def note_look(session: Session, what: str, by: Viewer, **about: int | None) -> None:
    """Note that somebody looked: once for each person, thing and ten minutes.

    `about`: incident_id, complaint_id, evidence_id.
    """
    values = {"incident_id": None, "complaint_id": None, "evidence_id": None} | about
    ledger = session.info["ledger"]
    mine = {"what": what, **values, "by_role": by.role.value, "by_id": by.id}
    # What this group of writes added is not in the table yet: a film is asked for in several pieces at once.
    if looked(session, what, by, **about) or any(mine.items() <= look.items() for look in ledger.looks):
        return
    ledger.look({"at": now(), **mine})


def looked(session: Session, what: str, by: Viewer, **about: int | None) -> bool:
    """Is this look noted already? A complaint is one wherever it was merged to; without one it is the incident."""
    thing = (
        (Look.complaint_id == about["complaint_id"], Look.evidence_id == about.get("evidence_id"))
        if about.get("complaint_id")
        else (Look.incident_id == about.get("incident_id"), col(Look.complaint_id).is_(None))
    )
    by_them = (Look.what == what, Look.by_role == by.role.value, Look.by_id == by.id, lately(Look.at, LOOK_AGAIN))
    return session.execute(select(Look.seq).where(*thing, *by_them)).first() is not None  # type: ignore[call-overload]
