"""Agency: a partner."""

from sqlmodel import Field

from models.versioned import Versioned


class Agency(Versioned, table=True):
    """Not `active`: closed. It gets nothing new, its liaisons are out, its name stays in what was."""

    id: int = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    active: bool = True
