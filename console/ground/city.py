"""The city that an installation serves: a folder of facts, the one that Siaga brings unless an operator names another."""

import shutil
from pathlib import Path

from sqlmodel import Session, select

from console.ground.atlas import atlas
from console.ground.files import WrongFile
from console.ground.landmarks import read_places, read_seeded
from console.ground.outlines import Outlines
from console.ground.points import WrongPlace, valid_point
from console.server.data_folder import own
from console.settings import Settings, WrongSettings
from models.city.seed import checking
from models.city.seed.facts import FILES, LANDMARKS, MEDAN, OUTLINES, PLACES, Facts, WrongSeed, in_use, load, read, use
from models.city.station import Station
from models.record.database import empty, reading_engine
from models.time import keep_time

BROUGHT = "seed"  # in the data folder: what `admin seed` took over


def folder_of(settings: Settings) -> Path:
    """The demo is Medan's, wherever it is shown."""
    if settings.demo:
        return MEDAN
    brought = settings.data_dir / BROUGHT
    return Path(settings.seed) if settings.seed else brought if brought.exists() else MEDAN


def settle(settings: Settings) -> None:
    """This process serves that city, by its time."""
    use(folder_of(settings))
    keep_time(settings.zone or load().city.timezone)


def fault_of(folder: Path) -> str | None:
    """What is wrong with it, in one sentence; nothing is about the one that Siaga brings."""
    if folder == MEDAN:
        return None
    before = in_use()
    try:
        facts = read(folder)
        ours = read(MEDAN)
        if facts.headquarters.code == ours.headquarters.code and facts.city.code != ours.city.code:
            # A database knows its city by that code: with Medan's, another city would be served over Medan's record.
            return (
                f"city.json: {ours.headquarters.code} is {ours.headquarters.name}: give the stations codes of their own"
            )
        checking.fits(facts)
        use(folder)
        _on_the_ground(facts, folder)
    except (WrongSeed, WrongFile) as wrong:
        return str(wrong)
    finally:
        use(before)
    return None


def _on_the_ground(facts: Facts, folder: Path) -> None:
    west, south, east, north = facts.city.service_bbox
    for lat, lon in ((south, west), (north, east)):
        try:
            valid_point(lat, lon)
        except WrongPlace as wrong:
            raise WrongSeed(
                f"city.json: `service_bbox` holds {lat}, {lon}: {wrong.reason.value.replace('_', ' ')}"
            ) from None
    ground = atlas()
    _outlined(facts, ground.outlines)
    for where, station in checking.rows(facts, "stations"):
        if ground.describe(station.lat, station.lon).outside:
            raise WrongSeed(
                f"{where}: {station.lat}, {station.lon} lies outside of the ground of {facts.headquarters.name}"
            )
    for name in LANDMARKS:
        if (file := folder / name).exists():
            read_places(file)
    if (file := folder / PLACES).exists():
        read_seeded(file)


def _outlined(facts: Facts, outlines: Outlines) -> None:
    """An outline for every village and for nothing unknown. (GeoJSON is held against the names as it is read.)"""
    for kind in ("villages", "districts", "neighbours"):
        drawn = {area.code for area in getattr(outlines, kind)}
        known = {place.code: place.name for place in getattr(facts, kind)}
        if strange := sorted(drawn - known.keys()):
            raise WrongSeed(f"{OUTLINES[0]}: {strange[0]} is none of {kind}.json")
        if drawn and kind == "villages" and (missing := sorted(known.keys() - drawn)):
            raise WrongSeed(f"{OUTLINES[0]}: no outline of {missing[0]} ({known[missing[0]]})")


def take(folder: Path, settings: Settings) -> str:
    """`admin seed`: the folder becomes this installation's. Raises WrongSettings, and then nothing has changed."""
    if settings.seed:
        raise WrongSettings(f"SIAGA_SEED names {settings.seed} already: unset it, or change what is in there.")
    if fault := fault_of(folder):
        raise WrongSettings(f"{folder.name} is no city to serve: {fault}.")
    if fault := _another(settings, read(folder)):
        raise WrongSettings(fault)
    own(settings.data_dir)
    here, half = settings.data_dir / BROUGHT, settings.data_dir / f"{BROUGHT}.half"
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir()
    for name in (*FILES, *OUTLINES, *LANDMARKS, PLACES):
        if (folder / name).exists():
            shutil.copyfile(folder / name, half / name)
    shutil.rmtree(here, ignore_errors=True)
    half.rename(here)
    facts = read(folder)
    counts = f"{len(facts.districts)} districts, {len(facts.stations)} stations, {len(facts.categories)} categories"
    return f"{facts.headquarters.name}, {facts.city.name}: {counts} taken over. Restart the server to serve it."


def check_city(settings: Settings) -> None:
    """Before anything is served: a database that another city's facts were planted in would know none of this one's."""
    if fault := another_city(settings):
        raise WrongSettings(fault)


def another_city(settings: Settings) -> str | None:
    return _another(settings, read(folder_of(settings)))


def _another(settings: Settings, facts: Facts) -> str | None:
    if empty(settings.database):
        return None
    engine = reading_engine(settings.database, 1)
    try:
        with Session(engine) as session:
            codes = set(session.exec(select(Station.code)))
    finally:
        engine.dispose()
    if codes and facts.headquarters.code not in codes:
        return f"This database is another city's: it knows no {facts.headquarters.code} ({facts.headquarters.name}). Name an empty one."
    return None
