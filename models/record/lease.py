"""Who owns the clock: one process at a time, by a row that must be renewed."""

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel

from models.time import now

LEASE_SECONDS = 5


class Lease(SQLModel, table=True):
    name: str = Field(primary_key=True)
    owner: str
    until: datetime


def hold(session: Session, name: str, owner: str) -> bool:
    """Take or renew the lease; False when another owner's has not run out.

    One that lasts for longer than a lease does was made by a clock that has been put right since: it is none.
    """
    lease = session.get(Lease, name)
    at = now()
    longest = at + timedelta(seconds=LEASE_SECONDS)
    if lease and lease.owner != owner and at < lease.until <= longest:
        return False
    session.merge(Lease(name=name, owner=owner, until=longest))
    return True
