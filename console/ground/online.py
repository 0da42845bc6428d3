"""An online geocoder behind the gazetteer, for operators who have one of their own."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import URLLibAdapter
from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim
from geopy.location import Location
from geopy.point import Point

from console.ground.entries import Precision
from console.ground.gazetteer import AGENT, LONGEST_QUERY, Gazetteer
from console.ground.points import HasPoint, Place
from models.city.seed.facts import load

log = logging.getLogger(__name__)

ONLINE_SECONDS = 3


class Chain:
    """The gazetteer first; an online geocoder only for what it knows no better than by area.

    Calls block (3 s at most for the network): run them in a thread. Never more than one call a second
    goes out, and whoever would have to wait for it gets the offline answer at once.
    """

    def __init__(self, offline: Gazetteer, online: Nominatim | None = None):
        self.offline, self.online = offline, online
        self._turn = threading.Lock()
        if online is not None:
            limits: dict[str, Any] = {"min_delay_seconds": 1, "max_retries": 0, "swallow_exceptions": False}
            self._geocode = RateLimiter(online.geocode, **limits)

    def geocode(
        self, query: str, *, exactly_one: bool = True, near: HasPoint | None = None
    ) -> Location | list[Location] | None:
        known = self.offline.geocode(query, exactly_one=exactly_one, near=near)
        first = known[0] if isinstance(known, list) else known
        if self.online is None or (first and first.raw["precision"] == Precision.LANDMARK):
            return known
        finer = self._ask(query)
        if finer is None:
            return known
        return finer if exactly_one else [finer]

    def reverse(self, query: Any, *, exactly_one: bool = True) -> Location | list[Location] | None:
        """Offline alone: the ground a point is on is our own knowledge, and the point is nobody else's business."""
        return self.offline.reverse(query, exactly_one=exactly_one)

    def _ask(self, query: str) -> Location | None:
        """A building or street the server knows inside our area; None, and a line in the log, when it fails."""
        if not self._turn.acquire(blocking=False):
            return None
        west, south, east, north = load().city.service_bbox
        try:
            answer = self._geocode(
                query[:LONGEST_QUERY],
                country_codes="id",
                viewbox=(Point(south, west), Point(north, east)),
                bounded=True,
                timeout=ONLINE_SECONDS,
            )
        except GeopyError as error:
            log.warning("The online geocoder did not answer (%s); the gazetteer did.", type(error).__name__)
            return None
        finally:
            self._turn.release()
        if answer is None or not (south <= answer.latitude <= north and west <= answer.longitude <= east):
            return None
        ground = self.offline.reverse(answer.point)
        area = ground.raw if isinstance(ground, Location) else {"kelurahan": "", "kecamatan": ""}
        return Location(answer.address, answer.point, {**area, "precision": Precision.PLACE.value, "score": 100})


def chain(geocoder_url: str = "", data_dir: Path | None = None) -> Chain:
    """The geocoder of an installation. `geocoder_url`: a Nominatim server, such as https://peta.example/nominatim."""
    if not geocoder_url:
        return Chain(Gazetteer(data_dir))
    url = urlsplit(geocoder_url)
    if url.scheme not in ("http", "https") or not url.netloc:
        raise ValueError(f"SIAGA_GEOCODER_URL is not an http(s) address: {geocoder_url!r}")
    online = Nominatim(
        user_agent=AGENT, scheme=url.scheme, domain=url.netloc + url.path.rstrip("/"),
        timeout=ONLINE_SECONDS, adapter_factory=URLLibAdapter,
    )  # fmt: skip
    return Chain(Gazetteer(data_dir), online)


def candidates(answer: Location | Sequence[Location] | None) -> list[Location]:
    """Any answer of a geocoder as a list."""
    return [] if answer is None else [answer] if isinstance(answer, Location) else list(answer)


def point_of(location: Location) -> Place:
    return Place(location.latitude, location.longitude)
