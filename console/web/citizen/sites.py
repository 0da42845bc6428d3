"""Where a report says it is: a pin on the map, a point pasted among words, the device's point, or words; in that order."""

import asyncio
import math
from dataclasses import replace

from console.ground.pasted import point_of
from console.ground.places import Fault, Place, Places, WrongPlace
from console.pages.decimals import decimal
from console.web.doubts import doubt_of
from models.city.seed.facts import load
from models.city.site import Site
from models.city.worded import joined
from models.errors import N_, WrongValue

FARTHEST_M = 100_000  # an accuracy beyond this says nothing


async def site_of(
    places: Places, lat: str, lon: str, place: str, landmark: str = "", accuracy: str = "", precision: str = "device",
    point: str = "",
) -> Site:  # fmt: skip
    """Raises WrongValue when neither point nor words say where.

    Words that mean no one place still count: there is no place yet, and the officer reads the words.
    """
    said = joined(place, landmark)
    known = precision if precision in ("device", "pin") else "pin"
    pasted = _pasted(point=point, place=place, landmark=landmark)
    if pasted and (known == "device" or not lat):
        places.reach(pasted.lat, pasted.lon)
        return places.site(pasted.lat, pasted.lon, precision="pin", landmark=said)
    if point and not pasted:
        raise WrongPlace("point", Fault.NAN)
    if lat or lon:
        at = _number(lat, "lat"), _number(lon, "lon")
        places.reach(*at)
        site = places.site(*at, precision=known, accuracy_m=metres(accuracy), landmark=said)
        return replace(site, doubt=await asyncio.to_thread(doubt_of, places, site, said))
    if not place:
        raise WrongValue("place", N_("Kirim lokasi, geser peta, atau tulis tempatnya."))
    if chosen := places.labelled(place):
        return places.site_of(chosen, said)
    return await asyncio.to_thread(places.locate, said) or Site.unknown(said)


def _pasted(**fields: str) -> Place | None:
    """Raises WrongPlace, beside the field it was pasted into."""
    city = load().city
    return next(
        (at for name, words in fields.items() if (at := point_of(name, words, Place(city.lat, city.lon)))), None
    )


def _number(typed: str, field: str) -> float:
    try:
        return float(decimal(typed))
    except ValueError:
        raise WrongValue(field, N_("Titik lokasi tidak terbaca.")) from None


def metres(typed: str) -> float | None:
    try:
        metres = float(decimal(typed))
    except ValueError:
        return None
    return metres if math.isfinite(metres) and 0 <= metres <= FARTHEST_M else None
