"""Finds the place that words mean, without a network: names of the city, typed in a hurry.

A geopy geocoder like any other, so an online one can stand behind it (`chain`). Words of a police
complaint never leave the machine unless an operator names a server to ask.
"""

from pathlib import Path
from typing import Any, NoReturn

from geopy.adapters import BaseSyncAdapter
from geopy.exc import GeocoderUnavailable
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from console.ground.answers import LONGEST_QUERY, Answer, Candidate, Why, answer
from console.ground.atlas import Atlas, atlas
from console.ground.entries import Index, Precision, index
from console.ground.names import LANDMARKS
from console.ground.points import HasPoint

__all__ = ["AGENT", "LONGEST_QUERY", "Gazetteer"]
AGENT = "siaga/1 (police command console)"


class NoNetwork(BaseSyncAdapter):
    """An adapter that cannot reach anything: offline by construction, not by promise."""

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> NoReturn:
        raise GeocoderUnavailable("this geocoder has no network")

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> NoReturn:
        raise GeocoderUnavailable("this geocoder has no network")


class Gazetteer(Geocoder):
    """geopy's interface over the names of the city, its police, its streets, crossings and landmarks."""

    def __init__(self, data_dir: Path | None = None):
        super().__init__(user_agent=AGENT, adapter_factory=NoNetwork)
        self._data_dir = data_dir

    def geocode(
        self,
        query: str,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        near: HasPoint | None = None,
    ) -> Location | list[Location] | None:
        """Where these words mean, None when nowhere we know. `near` decides between places of one name.

        `raw` of a location: precision, kelurahan, kecamatan, score (0 to 100), ambiguous.
        """
        found = self.answer(query, near)
        if not found.candidates or found.why == Why.LONG_STREET:
            return None
        meant = [found.sure] if found.sure else list(found.candidates)
        locations = [_location(one, ambiguous=found.sure is None) for one in meant]
        return locations[0] if exactly_one else locations

    def answer(self, query: str, near: HasPoint | None = None) -> Answer:
        return answer(query, self.index, self._atlas, near)

    def reverse(
        self, query: Any, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """What the ground at a point is called, None far from the city."""
        point = query if isinstance(query, Point) else Point(query)
        spot = self._atlas.describe(point.latitude, point.longitude)
        if not spot.kecamatan:
            return None
        precision = Precision.KELURAHAN if spot.kelurahan else Precision.KECAMATAN
        raw = {"precision": precision.value, "kelurahan": spot.kelurahan, "kecamatan": spot.kecamatan, "score": 100}
        address = ", ".join(part for part in (spot.kelurahan, spot.kecamatan) if part)
        location = Location(address, point, raw)
        return location if exactly_one else [location]

    @property
    def _atlas(self) -> Atlas:
        return atlas(self._data_dir)

    @property
    def index(self) -> Index:
        """Everything by name; read again only when its landmarks or the ground beneath them change."""
        file = self._data_dir / LANDMARKS if self._data_dir else None
        try:
            return index(file, file.stat().st_mtime_ns, self._atlas) if file else index(None, 0, self._atlas)
        except FileNotFoundError:
            return index(None, 0, self._atlas)


def _location(found: Candidate, *, ambiguous: bool) -> Location:
    raw = {
        "precision": found.precision.value,
        "kelurahan": found.kelurahan,
        "kecamatan": found.kecamatan,
        "score": found.score,
        "ambiguous": ambiguous,
    }
    return Location(found.label, Point(found.lat, found.lon), raw)
