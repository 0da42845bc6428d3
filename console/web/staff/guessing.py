"""Where an incident may be, beside where it stands: what its reporter's words may mean, and what they sent since. Shown as
guesses; an officer takes one by a press."""

from dataclasses import dataclass

from sqlmodel import Session

from console.ground.places import Candidate, Place, Places, distance_m
from console.web.doubts import question
from models.incidents.incident import Incident
from models.record.event import Event, newest

MOST = 3


@dataclass(frozen=True)
class Guess:
    """`label`: of a place that the gazetteer knows, else it is a point that was sent. `away_m`: from where it stands."""

    lat: float
    lon: float
    name: str
    where: str
    label: str = ""
    metres: int | None = None
    estimated: bool = False
    outside: str = ""
    away_m: float | None = None
    sent: Event | None = None


def guesses(session: Session, places: Places, incident: Incident) -> list[Guess]:
    if not incident.open:
        return []
    asked = question(places, incident, incident.landmark)
    sent = _sent(session, places, incident)
    return [*([sent] if sent else []), *(_known(incident, one) for one in (asked.candidates if asked else ())[:MOST])]


def _known(incident: Incident, one: Candidate) -> Guess:
    return Guess(
        one.lat, one.lon, one.name, one.label.removeprefix(f"{one.name}, "), one.label, one.precision_m, one.estimated,
        one.neighbour or "" if one.outside else "", distance_m(incident.point, one) if incident.point else None,
    )  # fmt: skip


def _sent(session: Session, places: Places, incident: Incident) -> Guess | None:
    """What a reporter sent after an officer had put it where it stands."""
    last = newest(session, incident.id, ("locate", "relocate"))
    if last is None or not last.body.get("kept") or last.body["lat"] is None:
        return None
    at = Place(last.body["lat"], last.body["lon"])
    spot = places.describe(at.lat, at.lon)
    off = last.body.get("accuracy_m")
    away = distance_m(incident.point, at) if incident.point else None
    return Guess(
        at.lat, at.lon, spot.kelurahan or spot.kecamatan or f"{at.lat:.5f}, {at.lon:.5f}", last.body.get("words", ""),
        metres=round(off) if off else None, outside=spot.neighbour or "" if spot.outside else "", away_m=away, sent=last,
    )  # fmt: skip
