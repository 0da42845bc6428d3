"""Leftovers: files whose rows went, to be removed once nothing else names them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session, col, delete, select

from models.command.bulletin import Bulletin
from models.command.retention import Leftover
from models.incidents.evidence import Evidence


def leftovers(session: Session) -> list[str]:
    """Files whose rows went, to be removed."""
    return list(session.exec(select(Leftover.sha256).order_by(Leftover.sha256)))


def is_named(session: Session, sha256: str) -> bool:
    """Does another row name it, or one that came since? Then it is nothing that was left."""
    if named := bool(known_files(session, [sha256])):
        left_nothing(session, sha256)
    return named


def left_nothing(session: Session, sha256: str) -> None:
    session.exec(delete(Leftover).where(col(Leftover.sha256) == sha256))


def leave(session: Session, files: dict[int, Row[Any]]) -> None:
    for sha256 in {row.sha256 for row in files.values()}:
        session.merge(Leftover(sha256=sha256))


def known_files(session: Session, sums: Collection[str]) -> set[str]:
    """Which of these SHA-256 a piece of evidence or a bulletin names."""
    own = select(Evidence.sha256).where(col(Evidence.sha256).in_(sums))
    told = select(Bulletin.picture).where(col(Bulletin.picture).in_(sums))
    return {*session.exec(own), *session.exec(told)}
