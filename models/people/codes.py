"""One-time codes: six digits that prove a phone number is in somebody's hand.

Neither the code nor the number is kept here, only keyed hashes that the caller makes: a number with an
account and one without leave the same traces, and are answered alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, delete, func, or_, select

from models.errors import N_, TooOften
from models.people.citizens import Citizen, hushed
from models.record.event import record
from models.record.outbox import NEWS, Parcel, put
from models.roles import Role
from models.time import now
from models.viewer import Viewer

CODE = "code"  # kind of the outbox: to a phone number
LIFE = timedelta(minutes=5)
TRIES = 5  # wrong ones that one code bears
AGAIN = timedelta(seconds=60)
HOURLY = 5  # codes to one number
FREE_FAILURES, LONGEST_PAUSE_S = 5, 900  # then 1, 2, 4 … seconds, over all codes of the number
FORGOTTEN = timedelta(days=1)
DAY = timedelta(days=1)

WAIT = N_("Tunggu {seconds} detik, lalu coba lagi.")
USED_UP = N_("Pesan untuk hari ini sudah habis. Masuk dengan kata sandi, atau coba lagi besok.")


class Code(SQLModel, table=True):
    """The newest code of one number, and how often its owner, or somebody else, was wrong."""

    phone: str = Field(primary_key=True)  # keyed hash
    hash: str = ""  # keyed hash of number and code; empty once it was right
    sent_at: datetime = Field(index=True)
    until: datetime
    tries: int = 0  # wrong ones against this code
    hour_at: datetime  # since when `sent` counts
    sent: int = 0
    failed: int = 0  # wrong ones since the last right one, whatever the code
    failed_at: datetime | None = None


class Answer(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    OLD = "old"  # none was sent, it was used, or five minutes are over
    SPENT = "spent"  # too many wrong ones: it is void
    WAIT = "wait"


@dataclass(frozen=True)
class Verdict:
    """`left`: tries after a wrong one, seconds of a pause."""

    answer: Answer
    left: int = 0


def send_code(session: Session, phone: str, phone_hash: str, hash: str, payload: dict[str, Any], budget: int) -> None:
    """A new code for this number, which makes the one before void. `payload`: what its sender needs to write it, and
    whether it was asked for in Mode senyap.

    Raises TooOften: a minute has not passed, five were sent within the hour, a pause after wrong ones is on,
    or this server has said all that it may say in a day.
    """
    at = now()
    row = session.get(Code, phone_hash)
    if row is None:
        row = Code(phone=phone_hash, sent_at=at - AGAIN, until=at, hour_at=at)
        session.add(row)
    if row.hour_at <= at - timedelta(hours=1):
        row.hour_at, row.sent = at, 0
    _wait_until(_pause_ends(row), at)
    _wait_until(row.sent_at + AGAIN, at)
    if row.sent >= HOURLY:
        _wait_until(row.hour_at + timedelta(hours=1), at)
    if _said_today(session, at) >= budget:
        raise TooOften(3600, USED_UP)
    row.hash, row.sent_at, row.until, row.tries, row.sent = hash, at, at + LIFE, 0, row.sent + 1
    quiet = payload.get("quiet", False) or hushed(session, phone)
    put(session, CODE, phone, payload | {"quiet": quiet}, life=LIFE, topic=CODE, urgent=True)
    record(session, "send_code", _owner(session, phone))


def check_code(session: Session, phone: str, phone_hash: str, hash: str) -> Verdict:
    """Is it the code? A wrong one is counted, hence an answer and not a refusal, which would take the count back."""
    at, row = now(), session.get(Code, phone_hash)
    if row is None:
        return Verdict(Answer.OLD)
    if (pause := _pause_ends(row)) > at:
        return Verdict(Answer.WAIT, _seconds(pause, at))
    if row.tries >= TRIES:
        return Verdict(Answer.SPENT)
    if not row.hash or row.until <= at:
        return Verdict(Answer.OLD)
    if row.hash == hash:  # of keyed hashes: what their comparison takes tells nothing
        row.hash, row.tries, row.failed, row.failed_at = "", 0, 0, None
        record(session, "prove_code", _owner(session, phone))
        return Verdict(Answer.RIGHT)
    row.failed = row.failed + 1 if row.failed_at and row.failed_at > at - FORGOTTEN else 1
    row.tries, row.failed_at = row.tries + 1, at
    if row.tries < TRIES:
        return Verdict(Answer.WRONG, TRIES - row.tries)
    record(session, "spend_code", _owner(session, phone), failed=row.failed)
    return Verdict(Answer.SPENT)


def void_code(session: Session, phone_hash: str) -> None:
    """No code opens anything now. That some were sent is not forgotten: the next one has to wait all the same."""
    if row := session.get(Code, phone_hash):
        row.hash = ""


def forget_codes(session: Session) -> None:
    """Those that nobody has asked for, or been wrong about, for a day."""
    silent = or_(col(Code.failed_at).is_(None), col(Code.failed_at) < now() - FORGOTTEN)
    session.exec(delete(Code).where(col(Code.sent_at) < now() - FORGOTTEN, silent))


def _pause_ends(row: Code) -> datetime:
    """Grows with each failure; it stops codes alone, so nobody can lock an owner with a password out."""
    if row.failed < FREE_FAILURES or row.failed_at is None:
        return row.hour_at
    return row.failed_at + timedelta(seconds=min(2 ** (row.failed - FREE_FAILURES), LONGEST_PAUSE_S))


def _wait_until(moment: datetime, at: datetime) -> None:
    if moment > at:
        raise TooOften(_seconds(moment, at), WAIT)


def _seconds(moment: datetime, at: datetime) -> int:
    return int((moment - at).total_seconds()) + 1


def _said_today(session: Session, at: datetime) -> int:
    said = select(func.count()).where(col(Parcel.kind).in_((CODE, NEWS)), Parcel.added_at > at - DAY)
    return session.exec(said).one()


def _owner(session: Session, phone: str) -> Viewer:
    """Whose number it is; nobody's yet has no id."""
    return Viewer(Role.CITIZEN, session.exec(select(Citizen.id).where(Citizen.phone == phone)).first())
