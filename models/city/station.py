"""Station: where personnel start from."""

from datetime import datetime

from sqlmodel import Field, Session, select

from models.versioned import Versioned

AMBIGUOUS = ("Baru",)  # ordinary words besides


class Station(Versioned, table=True):
    """`strength`: personnel in the field on this shift, as `stated_by` said at `stated_at`; none: nobody has said it yet.

    `counted`: an apel's own number, which follows every state there (models/command/strength.py). Else it was stated,
    with `stated_why`; while a shift is on duty it counts for that one alone, which is to end at `stated_until`.
    `least`: below so many the desk is warned. `approximate`: the point is a district's centre, not surveyed. Not `active`: closed; its name stays in what was.
    """

    id: int = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    lat: float
    lon: float
    strength: int | None = None
    stated_at: datetime | None = None
    stated_by: str = ""  # as they were called then
    stated_why: str = ""
    stated_until: datetime | None = None
    counted: bool = False
    least: int | None = None
    approximate: bool = False
    active: bool = True


def station_by(session: Session, code: str) -> int | None:
    """The id of the one with this code, if it is one of ours."""
    return session.exec(select(Station.id).where(Station.code == code)).first()


def is_command(station: Station) -> bool:
    """The headquarters itself: Polrestabes, Polresta, Polres."""
    return station.name.startswith("Polres")


def short_names(stations: list[Station]) -> dict[int, str]:
    """By id, as one says them over the radio: Sunggal, Polrestabes. The city is the one its command is named after.

    Medan Baru keeps its city: "Baru" alone would be read as "new".
    """
    command = next((s.name for s in stations if is_command(s)), "")
    city = command.partition(" ")[2]
    return {s.id: _short(s.name, city) for s in stations}


def _short(name: str, city: str) -> str:
    rank, _, rest = name.partition(" ")
    if rank.startswith("Polres"):
        return rank if rest == city else name
    place = rest if rank == "Polsek" and rest else name
    bare = place.removeprefix(f"{city} ") if city else place
    return place if bare in AMBIGUOUS else bare
