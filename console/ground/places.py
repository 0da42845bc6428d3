"""Places: everything the console asks about the ground, in one object made once at start.

`points` judges and measures points, `ground/atlas` knows whose they are, `ground/gazetteer` finds them by name.
"""

from pathlib import Path
from typing import Any

from geopy.location import Location

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
    "Atlas", "Chain", "Fault", "Gazetteer", "HasPoint", "Place", "Places", "Precision", "Spot", "WrongFile",
    "WrongPlace", "atlas", "candidates", "chain", "describe", "distance_m", "district_at", "import_boundaries",
    "import_places", "nearest", "point_of", "rough_distance_m", "valid_point", "village_at",
]  # fmt: skip


class Places:
    """`find` may ask a server when one is configured: run it in a thread. All else is memory and microseconds."""

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

    def find(self, words: str, near: HasPoint | None = None) -> list[Location]:
        """What the words may mean, likeliest first, [] when nothing. See `Gazetteer.geocode` for `raw`."""
        return candidates(self._chain.geocode(words, exactly_one=False, near=near))

    def describe(self, lat: float, lon: float) -> Spot:
        return self.atlas.describe(lat, lon)

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
