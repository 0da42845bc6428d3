"""Versioned: an update of a row that somebody else changed since it was read is refused."""

from typing import Any

from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel


class Versioned(SQLModel):
    """The belt beside the one writer's braces: a stale write raises StaleDataError."""

    version: int = Field(default=None, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]
