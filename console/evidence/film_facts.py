"""What a film says of itself: when and where the phone says it was."""

import re
from datetime import datetime
from typing import Any

PLACE = re.compile(r"([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)")  # ISO 6709


def taken(film: Any) -> str | None:
    """When the phone says it was: ISO 8601."""
    told = film.metadata.get("com.apple.quicktime.creationdate") or film.metadata.get("creation_time") or ""
    try:
        moment = datetime.fromisoformat(told)
        return moment.isoformat() if moment.year > 1990 else None  # many write their clock's zero
    except ValueError:
        return None


def place(film: Any) -> dict[str, float | None]:
    """Where the phone says it was, in degrees (WGS 84)."""
    told = film.metadata.get("com.apple.quicktime.location.ISO6709") or film.metadata.get("location") or ""
    if found := PLACE.match(told):
        lat, lon = float(found[1]), float(found[2])
        if (lat or lon) and abs(lat) <= 90 and abs(lon) <= 180:
            return {"lat": lat, "lon": lon}
    return {"lat": None, "lon": None}
