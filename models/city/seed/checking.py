"""Does a city fit together? Each fault is one sentence that names file and row; `fits` raises the first."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from models.city.category import RESTRICTED, URGENT
from models.city.names import read_as
from models.city.seed.facts import LISTS, Facts, WrongSeed, row_of

CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{1,31}")
PRIORITIES = (1, 2, 3, 4)
ICONS = (
    "bag",
    "people",
    "moto",
    "knife",
    "car",
    "fire",
    "child",
    "lock",
    "sound",
    "wave",
)  # templates/complaints/_phone.html draws them
NAMED = (
    "stations",
    "agencies",
    "districts",
    "neighbours",
)  # told apart by `name`; what has two languages, by both labels
LONGEST, SHORT, MOST = 80, 24, 200  # letters of a name, of one on a card; personnel
Fault = tuple[str, str]  # where, and what


def fits(facts: Facts) -> None:
    for ask in ASKED:
        for where, fault in ask(facts):
            raise WrongSeed(f"{where}: {fault}")


def rows(facts: Facts, name: str) -> Iterator[tuple[str, Any]]:
    return ((row_of(f"{name}.json", number, row), row) for number, row in enumerate(getattr(facts, name), 1))


def _head(facts: Facts) -> Iterator[Fault]:
    city = facts.city
    try:
        ZoneInfo(city.timezone)
    except (KeyError, ValueError, OSError):
        yield "city.json", f"`timezone` is {city.timezone!r}, which no time zone is called"
    for name in ("bbox", "service_bbox"):
        west, south, east, north = getattr(city, name)
        if not (west < east and south < north):
            yield "city.json", f"`{name}` is not west, south, east, north"
    if not city.serves(city.lat, city.lon):
        yield "city.json", "the point of the city lies outside of `service_bbox`"
    for code, icon in facts.tiles.items():
        if icon not in ICONS:
            yield "city.json", f"`tiles` gives {code} the icon {icon}, which is none of {', '.join(ICONS)}"


def _filled(facts: Facts) -> Iterator[Fault]:
    for name in ("districts", "villages", "stations", "categories", "agencies", "ranks"):
        if not getattr(facts, name):
            yield f"{name}.json", "at least one row is needed"


def _unique(facts: Facts) -> Iterator[Fault]:
    for name in LISTS:
        yield from _twice(
            rows(facts, name), lambda row: getattr(row, "code", "") or getattr(row, "priority", ""), "code"
        )
    for name in NAMED:
        yield from _twice(rows(facts, name), lambda row: read_as(row.name), "name")
    for name in ("categories", "modifiers"):
        for locale in ("id", "en"):
            yield from _twice(rows(facts, name), lambda row: read_as(getattr(row, f"label_{locale}")), "name")  # noqa: B023
    for where, station in rows(facts, "stations"):
        if station.code == facts.headquarters.code or read_as(station.name) == read_as(facts.headquarters.name):
            yield where, "is the headquarters, which stands in city.json"


def _twice(rows: Iterable[tuple[str, Any]], read: Callable[[Any], Any], what: str) -> Iterator[Fault]:
    seen: dict[Any, str] = {}
    for where, row in rows:
        if (value := read(row)) and value in seen:
            yield where, f"has the {what} of {seen[value]}"
        seen[value] = where


def _named(facts: Facts) -> Iterator[Fault]:
    for name in ("stations", "agencies", "categories"):
        for where, row in rows(facts, name):
            if not CODE.fullmatch(row.code):
                yield where, "a code is 2 to 32 capital letters, digits, - or _"
    for name in ("categories", "modifiers", "stations", "agencies"):
        for where, row in rows(facts, name):
            for key, most in (
                ("name", LONGEST),
                ("label_id", LONGEST),
                ("label_en", LONGEST),
                ("short_id", SHORT),
                ("short_en", SHORT),
            ):
                said = getattr(row, key, None)
                if said is not None and not (key.startswith("short") or said.strip()):
                    yield where, f"`{key}` is empty"
                if said is not None and len(said) > most:
                    yield where, f"`{key}` has more than {most} letters"


def _refers(facts: Facts) -> Iterator[Fault]:
    stations = {station.code for station in (*facts.stations, facts.headquarters)}
    districts = {district.code for district in facts.districts}
    around = districts | {place.code for place in facts.neighbours}
    for name in ("districts", "neighbours"):
        for where, place in rows(facts, name):
            if place.station is not None and place.station not in stations:
                yield where, f"`station` is {place.station}, which stations.json does not hold"
    for where, village in rows(facts, "villages"):
        if village.district not in districts:
            yield where, f"`district` is {village.district}, which districts.json does not hold"
    peopled = {village.district for village in facts.villages}
    for where, district in rows(facts, "districts"):
        if district.code not in peopled:
            yield where, "villages.json holds no village of it"
    for where, station in rows(facts, "stations"):
        if not station.districts:
            yield where, "`districts` is empty: whose ground is it?"
        for code in station.districts:
            if code not in around:
                yield where, f"`districts` names {code}, which neither districts.json nor neighbours.json holds"
    if all(district.polres != facts.headquarters.name for district in facts.districts):
        yield (
            "districts.json",
            f"no row has the `polres` {facts.headquarters.name}, so every report would be another command's",
        )
    names = {village.name for village in facts.villages}, {district.name for district in facts.districts}
    for where, hospital in rows(facts, "hospitals"):
        *inner, outer = hospital.area.split(", ")
        if not (inner[0] in names[0] if inner else outer in names[1]):
            yield where, f"`area` is {hospital.area}, which is no village and no district here"


def _kinds(facts: Facts) -> Iterator[Fault]:
    codes, agencies = {kind.code: kind for kind in facts.categories}, {agency.code for agency in facts.agencies}
    for where, kind in rows(facts, "categories"):
        if kind.priority not in PRIORITIES:
            yield where, f"`priority` is {kind.priority}, and there are 1 to 4"
        if not 0 <= kind.personnel <= MOST:
            yield where, f"`personnel` is {kind.personnel}: 0 to {MOST}"
        if kind.partner and kind.partner not in agencies:
            yield where, f"`partner` is {kind.partner}, which agencies.json does not hold"
    for code, why in (
        (URGENT, "the button Respons Cepat files"),
        (RESTRICTED, "complaints about officers are kept apart by"),
    ):
        if code not in codes or not codes[code].choosable:
            yield "categories.json", f"a choosable {code} is missing, which {why}"
    known = {*codes}
    for key in ("seen_by_many", "never"):
        for code in getattr(facts.likeness, key):
            if code not in known:
                yield "likeness.json", f"`{key}` names {code}, which categories.json does not hold"
    for code, others in facts.likeness.also_called.items():
        if unknown := {code, *others} - known:
            yield "likeness.json", f"`also_called` names {min(unknown)}, which categories.json does not hold"
    for code in facts.tiles:
        if code not in known:
            yield "city.json", f"`tiles` names {code}, which categories.json does not hold"
    if tuple(sorted(row.priority for row in facts.priorities)) != PRIORITIES:
        yield "priorities.json", "a row for each of the priorities 1 to 4 is needed"
    for where, row in rows(facts, "priorities"):
        if row.claim_s < 10 or (row.arrive_s is not None and row.arrive_s < row.claim_s):
            yield where, "`claim_s` is at least 10, and `arrive_s` no less than it"


def _points(facts: Facts) -> Iterator[Fault]:
    placed = (each for name in ("districts", "villages", "neighbours", "stations") for each in rows(facts, name))
    for where, place in (("city.json, headquarters", facts.headquarters), *placed):
        if not facts.city.serves(place.lat, place.lon):
            yield where, f"{place.lat}, {place.lon} lies outside of `service_bbox` of {facts.city.name}"


ASKED: tuple[Callable[[Facts], Iterator[Fault]], ...] = (_head, _filled, _unique, _named, _refers, _kinds, _points)
