"""Places: everything the console asks about the ground, in one object made once at start.

`points` judges and measures points, `ground/atlas` knows whose they are, `ground/gazetteer` finds them by name.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from geopy.location import Location

from console.ground.answers import Answer, Candidate, Why, labelled, suggest
from console.ground.atlas import Atlas, Spot, atlas
from console.ground.boundaries import import_boundaries
from console.ground.entries import Precision
from console.ground.files import WrongFile
from console.ground.gazetteer import Gazetteer
from console.ground.landmarks import import_places
from console.ground.online import Chain, candidates, chain, point_of
from console.ground.points import Fault, HasPoint, Place, WrongPlace, distance_m, nearest, rough_distance_m, valid_point
from models.city.seed.facts import District, Village, load
from models.city.site import Site

__all__ = [
    "Answer",
    "Atlas",
    "Candidate",
    "Chain",
    "Fault",
    "Gazetteer",
    "HasPoint",
    "Place",
    "Places",
    "Precision",
    "Spot",
    "Why",
    "WrongFile",
    "WrongPlace",
    "atlas",
    "candidates",
    "chain",
    "describe",
    "distance_m",
    "district_at",
    "import_boundaries",
    "import_places",
    "nearest",
    "point_of",
    "rough_distance_m",
    "valid_point",
    "village_at",
]  # fmt: skip


# Beyond every outline: another regency's police, or another country's, and nobody here has a number of theirs.
FAR_KM = 25


class Places:
    """Points are microseconds of memory. Words (`answer`, `suggest`, `locate`, `find`) take up to 10 ms, and `find` may ask
    a server when one is configured: run them in a thread."""

    def __init__(self, data_dir: Path | None = None, geocoder_url: str = ""):
        self._data_dir = data_dir
        self._chain = chain(geocoder_url, data_dir)
        self.level0_json()  # drawn and read now, so that no request waits for it
        self._chain.offline.geocode(load().city.name)

    @property
    def atlas(self) -> Atlas:
        return atlas(self._data_dir)

    def away_km(self, lat: float, lon: float) -> float:
        """How far from the nearest place that this command answers for."""
        facts, here = load(), Place(lat, lon)
        ours: list[HasPoint] = [*facts.villages]
        ours += [place for place in facts.neighbours if place.polres == facts.headquarters.name]
        return min(rough_distance_m(here, place) for place in ours) / 1000

    def command_away_m(self, name: str, at: HasPoint) -> float | None:
        """How far from the ground of the command that is called so; None where no outline of it is known."""
        return self.atlas.command_away_m(name, at.lat, at.lon)

    def answer(self, words: str, near: HasPoint | None = None) -> Answer:
        """What the words mean, by memory alone: one place that is sure, or what is to be asked."""
        return self._chain.offline.answer(words, near)

    def suggest(self, typed: str, limit: int = 6) -> tuple[Candidate, ...]:
        """How what is being typed may go on; () for less than two letters."""
        return suggest(typed, self._chain.offline.index, limit)

    def labelled(self, label: str) -> Candidate | None:
        """What was chosen from a list of candidates, by its label."""
        return labelled(label.strip(), self._chain.offline.index)

    def find(self, words: str, near: HasPoint | None = None) -> list[Location]:
        """What the words mean, [] when that is not sure. See `Gazetteer.geocode` for `raw`."""
        found = candidates(self._chain.geocode(words, exactly_one=False, near=near))
        return [one for one in found if not one.raw.get("ambiguous")]

    def describe(self, lat: float, lon: float) -> Spot:
        return self.atlas.describe(lat, lon)

    def reach(self, lat: float, lon: float) -> Place:
        """The point, where anybody of this command could be asked about it. Raises WrongPlace for one beyond."""
        at = valid_point(lat, lon)
        if self.atlas.away_km(lat, lon) > FAR_KM:
            raise WrongPlace("lat", Fault.FAR)
        return at

    def site(
        self, lat: float, lon: float, *, precision: str, accuracy_m: float | None = None, landmark: str = ""
    ) -> Site:
        """The point as the law keeps it. Raises WrongPlace for one that cannot be."""
        valid_point(lat, lon)
        spot = self.describe(lat, lon)
        centre = spot.centre or (lat, lon)
        return Site(
            lat,
            lon,
            precision,
            *centre,
            accuracy_m,
            spot.kelurahan,
            spot.kecamatan,
            landmark,
            spot.outside,
            spot.neighbour,
            spot.station,
        )

    def site_of(self, candidate: Candidate, landmark: str = "") -> Site:
        """A place that was answered or chosen. Of an area only the area is known, and no metres are claimed."""
        exact = candidate.precision == Precision.LANDMARK
        site = self.site(
            candidate.lat, candidate.lon, precision="place" if exact else "area",
            accuracy_m=float(candidate.precision_m) if exact else None, landmark=landmark or candidate.name,
        )  # fmt: skip
        return site if candidate.kelurahan else replace(site, kelurahan="")  # the middle of a kecamatan lies in one

    def locate(self, words: str) -> Site | None:
        """Where words mean, None when that is not sure. May ask a server when one is configured: run it in a thread."""
        sure = self.answer(words).sure
        if sure is None or sure.precision != Precision.LANDMARK:
            for finer in self.find(words):
                if finer.raw["precision"] == Precision.PLACE:
                    return self.site(finer.latitude, finer.longitude, precision="place", landmark=words)
        return self.site_of(sure, words) if sure else None

    def village_at(self, lat: float, lon: float) -> Village | None:
        return self.atlas.village_at(lat, lon)

    def district_at(self, lat: float, lon: float) -> District | None:
        return self.atlas.district_at(lat, lon)

    def level0(self) -> dict[str, Any]:
        return self.atlas.level0

    def level0_json(self) -> bytes:
        return self.atlas.level0_json


def describe(lat: float, lon: float, data_dir: Path | None = None) -> Spot:
    return atlas(data_dir).describe(lat, lon)


def village_at(lat: float, lon: float, data_dir: Path | None = None) -> Village | None:
    return atlas(data_dir).village_at(lat, lon)


def district_at(lat: float, lon: float, data_dir: Path | None = None) -> District | None:
    return atlas(data_dir).district_at(lat, lon)
