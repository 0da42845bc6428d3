"""Views: what of the city a wall shows. The same words for one incident and for a query."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

URGENT = 1


class Part(StrEnum):
    ALL = ""
    DISTRICT = "district"
    STATION = "station"
    URGENT = "urgent"


@dataclass(frozen=True)
class View:
    """`of`: the kecamatan's name; the polsek's id."""

    part: Part = Part.ALL
    of: str = ""

    @classmethod
    def read(cls, scope: str) -> "View":
        part, _, of = scope.partition(":")
        return cls(Part(part), of)

    def __str__(self) -> str:
        return f"{self.part}:{self.of}" if self.of else str(self.part)

    def holds(self, row: Any) -> Any:
        """Of an incident, or of anything that says as much of one: is it in here? Of the class: the same as a query."""
        match self.part:
            case Part.DISTRICT:
                return row.kecamatan == self.of
            case Part.STATION:
                return row.station_id == int(self.of)
            case Part.URGENT:
                return row.priority == URGENT
            case Part.ALL:
                return True
