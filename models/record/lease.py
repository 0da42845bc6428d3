"""Who owns the clock: one process at a time, by a row that must be renewed."""

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel

from models.time import now

LEASE_SECONDS = 5


class Lease(SQLModel, table=True):
    name: str = Field(primary_key=True)
    owner: str
    until: datetime


def free(session: Session, name: str, owner: str) -> bool:
    """Could this owner hold it now? Asked before `hold`, which is a write.

    One that lasts for longer than a lease does was made by a clock that has been put right since: it is none.
    """
    lease, at = session.get(Lease, name), now()
    return not lease or lease.owner == owner or not at < lease.until <= at + timedelta(seconds=LEASE_SECONDS)


def hold(session: Session, name: str, owner: str) -> bool:
    """Take or renew the lease; False when another owner's has not run out."""
    if not free(session, name, owner):
        return False
    session.merge(Lease(name=name, owner=owner, until=now() + timedelta(seconds=LEASE_SECONDS)))
    return True
