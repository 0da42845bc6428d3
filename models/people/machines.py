"""Walls and keys: who is let in and is no person."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.roles import Role
from models.time import now
from models.versioned import Versioned
from models.viewer import Viewer


class Wall(Versioned, table=True):
    """A wall screen. Unpaired it shows its code; a supervisor types the code to let it in."""

    id: int = Field(default=None, primary_key=True)
    name: str = ""
    code: str | None = Field(default=None, unique=True)
    code_until: datetime | None = None
    secret: str | None = Field(default=None, unique=True)  # SHA-256 of the cookie of a screen that waits
    paired_at: datetime | None = None
    paired_by_id: int | None = Field(default=None, foreign_key="officer.id")
    distance_m: float = 6.0  # from the screen to the eye
    px_per_mm: float = 1.157  # a 75-inch screen at 1920 pixels
    view: str = ""  # what of the city it shows (views.py)
    mapless: bool = False  # the list alone
    hangs_as: str | None = Field(default=None, unique=True)  # its name as it is read, while it hangs: it is its own

    @property
    def viewer(self) -> Viewer:
        return Viewer(Role.WALL, self.id, "id", self.name, view=self.view)


class Key(SQLModel, table=True):
    """An API key of an existing app's back end. Only its hash is kept."""

    id: int = Field(default=None, primary_key=True)
    name: str
    hash: str = Field(unique=True)
    added_at: datetime = Field(default_factory=now)
    revoked_at: datetime | None = None

    @property
    def viewer(self) -> Viewer:
        return Viewer(Role.INTAKE, self.id, "id", self.name)
