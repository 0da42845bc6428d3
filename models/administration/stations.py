"""Stations: where they stand, what they are called, how many are stated to be there, and when they close."""

from sqlmodel import Session, col, select

from models.acts import act
from models.administration.entered import coded, found, named
from models.city.names import still_unused, unused
from models.city.station import Station
from models.command.shifts import on_duty
from models.command.strength import put_count
from models.errors import N_, NotFound, Unsure, WrongMoment, WrongValue, need
from models.incidents.dispatch import Dispatch
from models.incidents.incident import Incident
from models.incidents.sending import MOST
from models.record.event import record
from models.time import now
from models.viewer import Viewer

FAR_KM = 10  # a station farther than this from every place of the command is asked about


@act
def open_station(
    session: Session, by: Viewer, *, code: str, name: str, lat: float, lon: float, away_km: float,
    strength: int | None = None, sure: bool = False,
) -> Station:  # fmt: skip
    """`lat`, `lon`: already judged by console.ground.points. `away_km`: how far from the nearest place of this command."""
    code = coded(code)
    if session.exec(select(Station.id).where(Station.code == code)).first():
        raise WrongValue("code", N_("Kode ini sudah dipakai."))
    name = unused(named(name), (other.name for other in stations(session)))
    _asked(away_km, sure)
    station = Station(code=code, name=name, lat=lat, lon=lon)
    _state(station, by, None if strength is None else _strength(strength))
    session.add(station)
    session.flush()
    record(
        session,
        "open_station",
        by,
        station=station.id,
        code=code,
        name=station.name,
        lat=lat,
        lon=lon,
        strength=strength,
    )
    return station


@act
def rename_station(session: Session, by: Viewer, id: int, name: str, version: int | None = None) -> Station:
    station, name = find_station(session, id, version), named(name)
    if name != station.name:
        unused(name, (other.name for other in stations(session) if other.id != id))
        record(session, "rename_station", by, station=id, was=station.name, name=name)
        station.name = name
    return station


@act
def move_station(
    session: Session, by: Viewer, id: int, lat: float, lon: float, away_km: float,
    sure: bool = False, version: int | None = None,
) -> Station:  # fmt: skip
    """A surveyed point: the station is no longer marked approximate."""
    station = find_station(session, id, version)
    _asked(away_km, sure)
    record(session, "move_station", by, station=id, was=[station.lat, station.lon], lat=lat, lon=lon)
    station.lat, station.lon, station.approximate = lat, lon, False
    return station


@act
def strengthen(
    session: Session, by: Viewer, id: int, strength: int, reason: str, version: int | None = None
) -> Station:
    """How many are on shift at this station from now on, with the reason. The same number again is a statement too."""
    station = find_station(session, id, version)
    reason = need(reason)
    record(session, "strength", by, station=id, was=station.strength, strength=_strength(strength), reason=reason)
    _state(station, by, strength)
    shift = on_duty(session)
    station.stated_why, station.stated_until = reason, shift.ends if shift else None
    return station


@act
def count_again(session: Session, by: Viewer, id: int, version: int | None = None) -> Station:
    """What was stated counts no more: the number is the apel's again."""
    station = find_station(session, id, version)
    was = station.strength
    put_count(session, by, station)
    if station.counted or station.strength != was:
        record(session, "count_again", by, station=id, was=was, strength=station.strength)
    return station


@act
def set_least(session: Session, by: Viewer, id: int, least: int | None, version: int | None = None) -> Station:
    """Below so many in the field the desk is warned; none: it is not."""
    station = find_station(session, id, version)
    least = least if least is None else _strength(least)
    if least != station.least:
        record(session, "set_least", by, station=id, was=station.least, least=least)
        station.least = least
    return station


@act
def close_station(session: Session, by: Viewer, id: int, version: int | None = None) -> None:
    """Nobody starts from there any more. Its people who are out come back first: whose would they be?"""
    station = find_station(session, id, version)
    out = select(Dispatch, Incident).join(Incident, col(Incident.id) == Dispatch.incident_id)
    rows = session.exec(out.where(Dispatch.station_id == id, col(Dispatch.cleared_at).is_(None))).all()
    if rows:
        numbers = sorted({incident.number for _, incident in rows})
        raise WrongMoment(
            N_("{n} personel pos ini masih keluar ({numbers}). Tutup sesudah mereka kembali."),
            n=sum(sent.personnel for sent, _ in rows), numbers=", ".join(numbers),
        )  # fmt: skip
    station.active = False
    record(session, "close_station", by, station=id, name=station.name)


@act
def reopen_station(session: Session, by: Viewer, id: int) -> None:
    """Who is on shift there has to be stated anew."""
    station = session.get(Station, id)
    if station is None:
        raise NotFound()
    if not station.active:
        still_unused(station.name, (other.name for other in stations(session)))
        station.active = True
        _state(station, by, None)
        record(session, "reopen_station", by, station=id, name=station.name)


def stations(session: Session, *, active: bool = True) -> list[Station]:
    return list(session.exec(select(Station).where(Station.active == active).order_by(col(Station.id))))


def find_station(session: Session, id: int, version: int | None = None) -> Station:
    station = session.get(Station, id)
    return found(station if station and station.active else None, version)


def _asked(away_km: float, sure: bool) -> None:
    """Far from all that this command knows a point is likelier a slip than a station."""
    if away_km > FAR_KM and not sure:
        raise Unsure(N_("Titik ini {km} km dari wilayah komando ini. Benar di sana?"), km=round(away_km))


def _state(station: Station, by: Viewer, strength: int | None) -> None:
    station.strength = strength
    station.stated_at, station.stated_by = (None, "") if strength is None else (now(), by.name)
    station.stated_why, station.stated_until, station.counted = "", None, False


def _strength(number: int) -> int:
    if not 0 <= number <= MOST:
        raise WrongValue("strength", N_("Antara {least} dan {most}."), least=0, most=MOST)
    return number
