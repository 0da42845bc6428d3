"""Arrivals: how many bytes of files each account sent within the day, kept or not. What was only announced is none."""

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from models.errors import N_, TooMuch
from models.time import now
from models.viewer import Viewer

DAY = timedelta(hours=24)
DAY_BYTES = 500 * 1024 * 1024  # of one citizen


class Arrival(SQLModel, table=True):
    """One row for an account and an hour."""

    citizen_id: int = Field(primary_key=True, foreign_key="citizen.id")
    hour: datetime = Field(primary_key=True)
    bytes: int = 0


def arrived(session: Session, by: Viewer, count: int) -> None:
    """So many more have come."""
    hour = now().replace(minute=0, second=0, microsecond=0)
    row = session.get(Arrival, (by.id, hour)) or Arrival(citizen_id=by.id or 0, hour=hour)
    row.bytes += count
    session.add(row)


def within_the_day(session: Session, by: Viewer, coming: int) -> None:
    """Raises TooMuch when with so many more the day's limit is passed."""
    today = select(func.sum(Arrival.bytes)).where(Arrival.citizen_id == by.id, Arrival.hour > now() - DAY)
    if (session.exec(today).one() or 0) + coming > DAY_BYTES:
        raise TooMuch(N_("Batas hari ini tercapai: 500 MB. Coba lagi besok."))


def forget_arrivals(session: Session) -> None:
    session.exec(delete(Arrival).where(col(Arrival.hour) < now() - DAY))
