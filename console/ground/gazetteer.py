"""Finds the place that words mean, without a network: names of the city, typed in a hurry.

A geopy geocoder like any other, so an online one can stand behind it (`chain`). Words of a police
complaint never leave the machine unless an operator names a server to ask.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from geopy.adapters import BaseSyncAdapter
from geopy.exc import GeocoderUnavailable
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point
from rapidfuzz import fuzz, process

from console.ground.atlas import Atlas, atlas
from console.ground.entries import Entry, Precision, entries
from console.ground.names import LANDMARKS, Mark, spelled, words_of
from console.ground.points import HasPoint, rough_distance_m
from models.city.seed.facts import load

LONGEST_QUERY = 300
GOOD, SHORT_GOOD = 82, 95  # of 100; in a short word one wrong letter is another word
AGENT = "siaga/1 (police command console)"


@dataclass(frozen=True)
class Match:
    entry: Entry
    name: str
    score: float
    start: int
    end: int
    bonus: float = field(default=0.0, compare=False)
    everyday: bool = False

    @property
    def rank(self) -> float:
        """Long names first, if well met: "helvetia tengha" is Helvetia Tengah, but "belawan" is not Belawan I."""
        return self.score + 9 * min(self.end - self.start, len(self.name.split())) + self.bonus


class NoNetwork(BaseSyncAdapter):
    """An adapter that cannot reach anything: offline by construction, not by promise."""

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> NoReturn:
        raise GeocoderUnavailable("this geocoder has no network")

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> NoReturn:
        raise GeocoderUnavailable("this geocoder has no network")


class Gazetteer(Geocoder):
    """geopy's interface over the names of the city, its police, its hospitals and imported landmarks."""

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
        words = words_of(query[:LONGEST_QUERY])
        best = self._best(words, street_words=2) or self._best(words, street_words=1)
        if near is not None:
            best.sort(key=lambda match: rough_distance_m(near, match.entry))
        found = [_location(match, ambiguous=len(best) > 1) for match in best]
        if not found:
            return None
        return found[0] if exactly_one else found

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
    def _entries(self) -> dict[str, list[Entry]]:
        """Everything by name; read again only when its landmarks or the ground beneath them change."""
        file = self._data_dir / LANDMARKS if self._data_dir else None
        try:
            return entries(file, file.stat().st_mtime_ns, self._atlas) if file else entries(None, 0, self._atlas)
        except FileNotFoundError:
            return entries(None, 0, self._atlas)

    def _best(self, words: list[str], street_words: int) -> list[Match]:
        """The matches that share the first rank; several when one name stands for several places."""
        matches = list(self._matches(*spelled(words, street_words)))
        districts = [match for match in matches if match.entry.precision == Precision.KECAMATAN]
        agreeing = [match for match in matches if any(_within(match, district) for district in districts)]
        meant = [match for match in matches if not match.everyday]
        ranked = sorted(agreeing or meant, key=lambda match: (match.rank, -match.start), reverse=True)
        unique: dict[Entry, Match] = {}
        for match in ranked:
            if match.rank > ranked[0].rank - 1:  # so a name and another place's alias are both offered
                unique.setdefault(match.entry, match)
        return list(unique.values())

    def _matches(self, words: list[str], marks: list[Mark]) -> Iterator[Match]:
        """Every name that some stretch of the words resembles."""
        known, everyday = self._entries, load().words.everyday
        alone = " ".join(word for word, mark in zip(words, marks, strict=True) if not mark.street)
        for start in range(len(words)):
            for end in range(start + 1, min(start + 6, len(words) + 1)):
                mark = marks[start]
                if any(other.segment != mark.segment for other in marks[start:end]) or mark.street:
                    continue
                stretch = " ".join(words[start:end])
                for name, score, _ in process.extract(
                    stretch, known.keys(), scorer=fuzz.ratio, score_cutoff=GOOD, limit=5
                ):
                    if len(name) <= 5 and score < SHORT_GOOD:
                        continue
                    for entry in known[name]:
                        besides = name in everyday and alone != stretch and mark.sign != "village"
                        if (bonus := _fits(entry, name, mark)) is not None:
                            yield Match(entry, name, score, start, end, bonus, besides)


def _fits(entry: Entry, name: str, mark: Mark) -> float | None:
    """A bonus when the words say what kind of name this is, None when it cannot be meant."""
    village = entry.precision == Precision.KELURAHAN
    if mark.sign == "village":
        return 12.0 if village and not entry.kind else None
    if mark.sign == "district":
        return 12.0 if entry.precision == Precision.KECAMATAN and not entry.kind else None
    if name in load().words.never_alone:
        return None
    if entry.precision == Precision.LANDMARK or entry.kind:
        return 4.0
    own = name == entry.names[0]  # its name, not an alias that another place may bear
    return (2.0 if village else 0.0) + (0.5 if own else 0.0)


def _within(match: Match, district: Match) -> bool:
    """Whether other words of the same text name the district that this finer match lies in."""
    return (
        match.entry.precision != Precision.KECAMATAN
        and match.entry.kecamatan == district.entry.kecamatan
        and (match.end <= district.start or district.end <= match.start)
    )


def _location(match: Match, *, ambiguous: bool) -> Location:
    entry = match.entry
    raw = {
        "precision": entry.precision.value,
        "kelurahan": entry.kelurahan,
        "kecamatan": entry.kecamatan,
        "score": round(match.score),
        "ambiguous": ambiguous,
    }
    return Location(entry.address, Point(entry.lat, entry.lon), raw)
