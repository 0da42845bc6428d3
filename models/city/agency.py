"""Agency: a partner."""

from enum import StrEnum

from sqlalchemy import String
from sqlmodel import Field

from models.versioned import Versioned


class Kind(StrEnum):
    INSTITUTION = "institution"
    LEADER = "leader"
    COMMAND = "command"  # of the police, on the ground beside ours


class Agency(Versioned, table=True):
    """Not `active`: closed. It gets nothing new, its liaisons are out, its name stays in what was.

    A community leader is a person: what is referred to one is for this one's eyes, so each has an agency of their own, and
    it has one liaison at most. `phone`: of a command, for whoever reported what was forwarded there.
    """

    id: int = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    active: bool = True
    kind: Kind = Field(default=Kind.INSTITUTION, sa_type=String)
    phone: str = ""
    line: str = ""  # sealed: where a link to a referral goes, while nobody there signs in
    line_shown: str = ""  # as much of it as whoever presses may read

    @property
    def short(self) -> str:
        """As it is spoken, and typed into a list to find it."""
        return self.code.replace("_", " ")

    @property
    def spoken(self) -> str:
        return self.name if self.name.casefold().startswith(self.short.casefold()) else f"{self.short} · {self.name}"
