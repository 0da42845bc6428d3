"""Numbers of accounts that were erased with strikes against them: a keyed hash each, which the caller makes.

The number of a blocked one may not register; any other comes back to its strikes (models/incidents/strikes.py, inherit).
"""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, delete, select

from models.people.citizens import Citizen
from models.time import now


class BlockedNumber(SQLModel, table=True):
    __tablename__ = "blocked_number"
    hash: str = Field(primary_key=True)
    citizen_id: int = Field(foreign_key="citizen.id", index=True)  # the empty row that is left of the account
    at: datetime = Field(default_factory=now)


def number_blocked(session: Session, hash: str) -> bool:
    left = left_by(session, hash)
    return left is not None and session.get_one(Citizen, left).blocked_at is not None


def left_by(session: Session, hash: str) -> int | None:
    """Whose number this was: the row that is left of the account."""
    return session.exec(select(BlockedNumber.citizen_id).where(BlockedNumber.hash == hash)).first()


def keep_number(session: Session, hash: str, citizen_id: int) -> None:
    session.merge(BlockedNumber(hash=hash, citizen_id=citizen_id))


def free_number(session: Session, citizen_id: int) -> None:
    """No strike stands against it any more, here: its number may register anew, with nothing held against it."""
    session.exec(delete(BlockedNumber).where(col(BlockedNumber.citizen_id) == citizen_id))
