"""What can happen, how fast it must be answered, and how many it usually takes."""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam
from sqlmodel import Field, Session, SQLModel, col, select

from models.city.station import Station
from models.errors import N_, WrongValue

URGENT = "DARURAT_NYAWA"  # behind Respons Cepat: it waits for no words
RESTRICTED = "OKNUM"  # complaints about officers: supervisors only


class Category(SQLModel, table=True):
    """`personnel` is the base of the suggestion; `sensitive` narrows who learns the reporter's name."""

    code: str = Field(primary_key=True)
    label_id: str
    label_en: str
    short_id: str = ""  # as it stands on a card, a tag and a wall; empty: the label is short enough
    short_en: str = ""
    tile: str  # as people say it, on the phone
    tile_en: str = ""
    advice_id: str = ""  # to whoever reported it and waits; empty: nothing that is right for all of them
    advice_en: str = ""
    priority: int  # 1 to 4
    personnel: int
    choosable: bool = True
    sensitive: bool = False
    lead_unit: str = ""
    partner: str = ""
    position: int = 0
    proposed: bool = True  # the numbers are the seed's; nobody of this command has set them yet

    def label(self, locale: str = "id") -> str:
        return self.label_en if locale == "en" else self.label_id

    def short(self, locale: str = "id") -> str:
        return (self.short_en if locale == "en" else self.short_id) or self.label(locale)

    def plain(self, locale: str = "id") -> str:
        """As whoever reports it would say it."""
        return (self.tile_en if locale == "en" else self.tile) or self.label(locale)

    def advice(self, locale: str = "id") -> str:
        return (self.advice_en if locale == "en" else self.advice_id) or self.advice_id


class Target(SQLModel, table=True):
    """How many seconds after filing an incident of this priority is to be claimed, and reached."""

    priority: int = Field(primary_key=True)
    label_id: str
    label_en: str
    claim_s: int
    arrive_s: int | None
    proposed: bool = True  # as above

    def label(self, locale: str = "id") -> str:
        return self.label_en if locale == "en" else self.label_id


class Modifier(SQLModel, table=True):
    """Something seen in the evidence that asks for more personnel. Not `active`: closed, its name stays in what was."""

    code: str = Field(primary_key=True)
    label_id: str
    label_en: str
    personnel: int
    position: int = 0
    active: bool = True

    def label(self, locale: str = "id") -> str:
        return self.label_en if locale == "en" else self.label_id


def modifiers(session: Session, *, closed: bool = False) -> list[Modifier]:
    """In the order in which they are ticked; with the `closed` ones where they are administered."""
    rows = select(Modifier).order_by(Modifier.position, Modifier.code)  # type: ignore[arg-type]
    return list(session.exec(rows if closed else rows.where(Modifier.active)))


def categories(session: Session, *, choosable: bool = True) -> list[Category]:
    rows = select(Category).order_by(Category.position, Category.code)  # type: ignore[arg-type]
    return list(session.exec(rows.where(Category.choosable) if choosable else rows))


class Chosen(NamedTuple):
    """What is reported, how fast it is to be answered, and the id of the station whose area it is in."""

    category: Category
    target: Target
    station_id: int | None


def choose(session: Session, code: str, station: str = "") -> Chosen:
    """The category of this code, if people may choose it. One question for all that is looked up by a code."""
    chosen = session.execute(_question(), {"code": code, "station": station}).first()
    if chosen is None or not chosen[0].choosable:
        raise WrongValue("category", N_("Pilih jenis kejadian."))
    return Chosen(*chosen)


@cache
def _question() -> Any:
    by_both = select(Category, Target, Station.id).join(Target, col(Target.priority) == Category.priority)
    return by_both.outerjoin(Station, col(Station.code) == bindparam("station")).where(
        col(Category.code) == bindparam("code")
    )
