"""Station: where personnel start from."""

from datetime import datetime

from sqlmodel import Field

from models.version import Versioned


class Station(Versioned, table=True):
    """`strength`: personnel on this shift, as `stated_by` said at `stated_at`; none: nobody has said it yet.

    `approximate`: the point is a district's centre, not surveyed. Not `active`: closed; its name stays in what was.
    """

    id: int = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    lat: float
    lon: float
    strength: int | None = None
    stated_at: datetime | None = None
    stated_by: str = ""  # as they were called then
    approximate: bool = False
    active: bool = True
