"""Station: where personnel start from."""

from sqlmodel import Field

from models.version import Versioned


class Station(Versioned, table=True):
    """`strength`: personnel on this shift. `approximate`: the point is a district's centre, not surveyed."""

    id: int = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    lat: float
    lon: float
    strength: int = 0
    approximate: bool = False
    active: bool = True
