"""Evidence: a photo or video of a complaint. The original is kept untouched, by its hash. Transfer: one on its way."""

import secrets
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, func, select

from models.time import now


class Evidence(SQLModel, table=True):
    """`state`: waiting until the media child has looked at it, then ready or unreadable (`fault`)."""

    id: int = Field(default=None, primary_key=True)
    key: str = Field(unique=True, default_factory=lambda: secrets.token_urlsafe(16))  # its URL
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    kind: str  # photo, video
    name: str = ""
    mime: str
    size: int  # bytes
    sha256: str
    state: str = Field(default="waiting", index=True)
    fault: str | None = None
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    playable: bool | None = None  # of a video: None until every browser's copy is made, or was found impossible
    taken_at: datetime | None = None  # from the picture itself: for officers only, like lat and lon
    lat: float | None = None
    lon: float | None = None
    added_at: datetime = Field(default_factory=now)


class Transfer(SQLModel, table=True):
    """An upload: what was announced, and how much of it is here. The bytes themselves lie in a part file.

    A finished one stays for a day: it counts for the day's limit, and whoever missed its answer may ask again.
    """

    id: str = Field(primary_key=True, default_factory=lambda: secrets.token_urlsafe(16))  # its URL
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    citizen_id: int = Field(foreign_key="citizen.id", index=True)
    key: str = ""  # the sender's own: announced twice, it is one upload
    name: str = ""
    declared: str = ""  # the type its sender says it has
    sha256: str = ""  # of the whole, if its sender told
    size: int  # bytes
    offset: int = 0  # as last told on the card; the file on the disk is ahead of it
    told_at: datetime
    began_at: datetime
    expires_at: datetime = Field(index=True)
    finished_at: datetime | None = None


def percent(session: Session, complaint_ids: list[int]) -> int | None:
    """How much of what is on its way to these complaints has come; None when nothing is."""
    sums = select(func.sum(Transfer.offset), func.sum(Transfer.size)).where(
        col(Transfer.complaint_id).in_(complaint_ids), col(Transfer.finished_at).is_(None)
    )
    offset, size = session.exec(sums).one()
    return int(100 * offset // size) if size else None


def coming(session: Session, complaint_ids: list[int]) -> dict[int, list[Transfer]]:
    """What is on its way now, by complaint, in the order it was begun."""
    rows = select(Transfer).where(
        col(Transfer.complaint_id).in_(complaint_ids), col(Transfer.finished_at).is_(None), Transfer.expires_at > now()
    )
    found: dict[int, list[Transfer]] = {}
    for row in session.exec(rows.order_by(col(Transfer.began_at))):
        found.setdefault(row.complaint_id, []).append(row)
    return found
