"""Numbers that stay blocked after their account was erased: a keyed hash each, which the caller makes."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, delete

from models.event import now


class BlockedNumber(SQLModel, table=True):
    __tablename__ = "blocked_number"
    hash: str = Field(primary_key=True)
    citizen_id: int = Field(foreign_key="citizen.id", index=True)  # the empty row that is left of the account
    at: datetime = Field(default_factory=now)


def number_blocked(session: Session, hash: str) -> bool:
    return session.get(BlockedNumber, hash) is not None


def block_number(session: Session, hash: str, citizen_id: int) -> None:
    session.merge(BlockedNumber(hash=hash, citizen_id=citizen_id))


def free_number(session: Session, citizen_id: int) -> None:
    """The account is given back, or its strikes have run out: its number may register anew."""
    session.exec(delete(BlockedNumber).where(col(BlockedNumber.citizen_id) == citizen_id))
