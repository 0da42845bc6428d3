"""Draft: what somebody filled in before signing in, kept a day for a browser without JavaScript."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Column, delete
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.errors import N_, TooOften
from models.time import now

KEPT = timedelta(hours=24)
MOST = 20_000  # at a time; each is bounded by its fields (console/web/citizen/reports.py)


class Draft(SQLModel, table=True):
    """`hash`: SHA-256 of the random token that the browser holds. Nobody else can find it."""

    hash: str = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    until: datetime = Field(index=True)


def keep_draft(session: Session, hash: str, body: dict[str, Any]) -> None:
    if session.exec(select(func.count()).select_from(Draft)).one() >= MOST:
        raise TooOften(60, N_("Terlalu banyak laporan menunggu. Masuk dulu, lalu kirim lagi."))
    session.add(Draft(hash=hash, body=body, until=now() + KEPT))


def take_draft(session: Session, hash: str) -> dict[str, Any] | None:
    """The draft, once: it is gone with the commit that uses it."""
    draft = session.get(Draft, hash)
    if draft is None:
        return None
    session.delete(draft)
    return draft.body if draft.until > now() else None


def read_draft(session: Session, hash: str) -> dict[str, Any] | None:
    draft = session.get(Draft, hash)
    return draft.body if draft and draft.until > now() else None


def drafts_of(session: Session, hashes: Collection[str]) -> set[str]:
    """Which of these are here."""
    return set(session.exec(select(Draft.hash).where(col(Draft.hash).in_(hashes))))


def forget_drafts(session: Session) -> None:
    session.exec(delete(Draft).where(col(Draft.until) < now()))
