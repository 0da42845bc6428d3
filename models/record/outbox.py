"""The outbox: what is to leave this server, noted in the commit of what it tells of, and sent after it.

A sender takes rows for a while (`lease`), sends them without a transaction open, and notes how it went. A
sender that dies in between leaves its rows to the next one: then something may be said twice, never nothing.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, cast

from sqlalchemy import JSON, Column, ColumnElement, Index, String, bindparam, case, delete, update
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.time import now

UNKNOWN = "unknown"  # a fault: an earlier try may have arrived, nobody noted what came of it
UNANSWERED = ("", "timeout", UNKNOWN)
PUSH, NEWS = "push", "news"  # kinds of the outbox: to a browser, to a phone number
LEASE = timedelta(seconds=30)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
PAUSES_IN_A_LIFE = 60  # a first pause is no longer than this part of it
MOST_ATTEMPTS = 8
KEPT = timedelta(days=7)  # what is over is counted for so long


class State(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"


class Parcel(SQLModel, table=True):
    """One thing to send. `to` and `payload` are as the sender of its kind understands them."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "kind", "state", "next_at"),
        Index("ix_outbox_to", "to", "topic"),
    )
    id: int = Field(default=None, primary_key=True)
    kind: str
    to: str
    topic: str = ""  # of several that wait on one topic, one is sent
    urgent: bool = False
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))  # emptied once it is over
    state: State = Field(default=State.WAITING, sa_type=String)
    fault: str = ""  # why it failed, in a word
    attempts: int = 0  # also whose lease it is: who took it later has a higher number
    added_at: datetime
    next_at: datetime
    until: datetime


def put(
    session: Session,
    kind: str,
    to: str,
    payload: dict[str, Any],
    *,
    life: timedelta,
    topic: str = "",
    urgent: bool = False,
) -> None:
    """Have it sent. What waits untried for the same reader on the same topic takes its place in the queue."""
    at = now()
    untried = (Parcel.kind == kind, Parcel.to == to, Parcel.topic == topic, _waits(), Parcel.attempts == 0)
    waiting = session.exec(select(Parcel).where(*untried)).first() if topic else None
    if waiting is None:
        waiting = Parcel(kind=kind, to=to, topic=topic, payload=payload, added_at=at, next_at=at, until=at + life)
        session.add(waiting)
    waiting.payload, waiting.until = payload, max(waiting.until, at + life)
    waiting.urgent = waiting.urgent or urgent


def take_back(session: Session, *to: str) -> None:
    """What waits for these is not sent. What was counts on, or whoever leaves and comes back would have no limit."""
    here = col(Parcel.to).in_(to)
    _end(session, here, State.EXPIRED)
    session.exec(update(Parcel).where(here).values(to="", topic=""))


def withdraw(session: Session, kind: str, to: str, topic: str, since: datetime) -> bool:
    """What was put in since then and nobody has tried to send is not sent. Was there such a thing?"""
    untried = (Parcel.kind == kind, Parcel.to == to, Parcel.topic == topic, _waits(), Parcel.attempts == 0)
    found = session.exec(select(Parcel.id).where(*untried, Parcel.added_at >= since)).all()
    _end(session, col(Parcel.id).in_(found), State.EXPIRED)
    return bool(found)


def next_due(session: Session, kinds: Collection[str]) -> datetime | None:
    """When there will be something to take, if not now; None: nothing waits. Asked before each lease, which is a write."""
    return cast(datetime | None, session.connection().execute(_next_due(), {"kinds": list(kinds)}).scalar())


@cache
def _next_due() -> Any:
    """Made once: it is asked after each commit."""
    asked = col(Parcel.kind).in_(bindparam("kinds", expanding=True))
    return select(func.min(Parcel.next_at)).where(asked, _waits())


def lease(session: Session, kind: str, most: int) -> list[Parcel]:
    """Take what is due, urgent things first, for LEASE; nobody else gets it before that is over. Of one that was taken
    before and has no answer, that is noted here, and stays: what a later try comes to says nothing of the first."""
    at = now()
    _expire(session, kind, at)
    free = (col(Parcel.kind) == kind, _waits(), col(Parcel.next_at) <= at)
    first = select(Parcel.id).where(*free).order_by(col(Parcel.urgent).desc(), col(Parcel.id)).limit(most)
    taken = update(Parcel).where(col(Parcel.id).in_(first), *free)
    fault = case((_unanswered(), UNKNOWN), else_="")
    held = taken.values(next_at=at + LEASE, attempts=Parcel.attempts + 1, fault=fault).returning(col(Parcel.id))
    ids = list(session.connection().execute(held).scalars())
    return list(session.exec(select(Parcel).where(col(Parcel.id).in_(ids)).order_by(col(Parcel.id)))) if ids else []


def sent(session: Session, parcel: Parcel) -> None:
    """It is out: whoever holds the lease by now need not send it again."""
    _end(session, Parcel.id == parcel.id, State.SENT)


def failed(session: Session, parcel: Parcel, fault: str) -> None:
    """It cannot be sent, now or later."""
    _end(session, _mine(parcel), State.FAILED, fault)


def expired(session: Session, parcel: Parcel) -> None:
    """There is no more use in sending it."""
    _end(session, _mine(parcel), State.EXPIRED)


def later(session: Session, parcel: Parcel, fault: str, after: timedelta | None = None) -> bool:
    """Try again after a pause: the one asked for, else one that doubles each time. In the end it has failed, and it says so.

    What lives for minutes begins with seconds: a code is worth nothing in half a minute's time.
    """
    if parcel.attempts >= MOST_ATTEMPTS:
        failed(session, parcel, fault)
        return True
    first = min(FIRST_PAUSE, (parcel.until - parcel.added_at) / PAUSES_IN_A_LIFE)
    pause = min(first * 2 ** (parcel.attempts - 1), LONGEST_PAUSE) if after is None else after
    again = update(Parcel).where(_mine(parcel), _waits())
    session.connection().execute(again.values(next_at=min(now() + pause, parcel.until), fault=fault))
    return False


def unanswered(session: Session, kinds: Collection[str], to: str) -> bool:
    """May something for them have arrived, though nobody can tell?"""
    tried = select(Parcel.id).where(col(Parcel.kind).in_(kinds), Parcel.to == to, _unanswered())
    return session.exec(tried.where(Parcel.state != State.SENT)).first() is not None


def counts(session: Session) -> dict[tuple[str, str], int]:
    """How many by (kind, state), over the last week."""
    rows = select(Parcel.kind, Parcel.state, func.count()).group_by(Parcel.kind, col(Parcel.state))
    return {(kind, str(state)): count for kind, state, count in session.exec(rows)}


def recent_faults(session: Session, most: int = 20) -> list[Parcel]:
    """What did not go, or not at once: the newest first."""
    rows = select(Parcel).where(Parcel.fault != "").order_by(col(Parcel.id).desc()).limit(most)
    return list(session.exec(rows))


def expire_kind(session: Session, kind: str) -> None:
    """Nothing of this kind that waits has any use now."""
    _end(session, col(Parcel.kind) == kind, State.EXPIRED)


def forget_parcels(session: Session) -> None:
    """What has been over for a week."""
    session.exec(delete(Parcel).where(col(Parcel.until) < now() - KEPT))


def _expire(session: Session, kind: str, at: datetime) -> None:
    _end(
        session,
        (col(Parcel.kind) == kind) & (col(Parcel.until) <= at) & (col(Parcel.next_at) <= at),
        State.EXPIRED,
        None,
    )


def _end(session: Session, which: Any, state: State, fault: str | None = "") -> None:
    """`fault` None: as its last try left it."""
    over = update(Parcel).where(which, _waits()).values(state=state.value, payload={})
    session.connection().execute(over if fault is None else over.values(fault=fault))


def _mine(parcel: Parcel) -> ColumnElement[bool]:
    return (col(Parcel.id) == parcel.id) & (col(Parcel.attempts) == parcel.attempts)


def _unanswered() -> ColumnElement[bool]:
    return (col(Parcel.attempts) > 0) & col(Parcel.fault).in_(UNANSWERED)


def _waits() -> ColumnElement[bool]:
    return col(Parcel.state) == State.WAITING
