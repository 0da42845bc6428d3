"""An act that comes twice with the same key is done once and answered twice."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Column, bindparam, delete, insert
from sqlmodel import Field, Session, SQLModel, col, select

from models.errors import KeyReused
from models.time import now
from models.viewer import Viewer

KEPT_DAYS = 7


class Receipt(SQLModel, table=True):
    """The answer that was given to a key. Keys of different people never meet."""

    owner: str = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=200)
    asked: str  # SHA-256 of what was asked
    answer: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime = Field(index=True)


GIVEN: Any = select(Receipt.asked, Receipt.answer).where(
    col(Receipt.owner) == bindparam("by"), col(Receipt.key) == bindparam("with")
)


def once(
    session: Session, by: Viewer, key: str | None, asked: Any, act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """The answer of act(), or the one stored for this key; in the same transaction as the act itself."""
    if not key:
        return act()
    owner = f"{by.role.value}:{by.id}"
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
    if receipt := session.connection().execute(GIVEN, {"by": owner, "with": key}).first():
        if receipt.asked != digest:
            raise KeyReused()
        return dict(receipt.answer)
    answer = act()
    session.connection().execute(
        insert(Receipt), {"owner": owner, "key": key, "asked": digest, "answer": answer, "at": now()}
    )
    return answer


def forget_receipts(session: Session) -> None:
    session.exec(delete(Receipt).where(col(Receipt.at) < now() - timedelta(days=KEPT_DAYS)))
