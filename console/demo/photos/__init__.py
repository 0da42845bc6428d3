"""Pictures for the demo: night streets of Medan as a phone would take them, drawn, the same for the same seed.

    photo("KEBAKARAN", seed=7, taken_at=now, lat=3.59, lon=98.67)  # the bytes of a JPEG, 1280 x 960

Nobody real is on them. `scenes` says what happened, `street` and `things` draw it, `night` is the canvas.
"""

import io
from datetime import datetime
from random import Random

from PIL import Image

from console.demo.photos.night import Night
from console.demo.photos.scenes import SCENES, quiet


def photo(
    kind: str, seed: int, *, taken_at: datetime | None = None, lat: float | None = None, lon: float | None = None
) -> bytes:
    """A JPEG of the kind of incident (a category's code, or its first word); what is unknown is a quiet street."""
    rng = Random(f"{kind} {seed}")
    night = Night(rng)
    SCENES.get(kind.split("_")[0], quiet)(night, rng)
    buffer = io.BytesIO()
    night.developed().save(buffer, "JPEG", quality=66, exif=exif(taken_at, lat, lon))
    return buffer.getvalue()


def exif(taken_at: datetime | None, lat: float | None, lon: float | None) -> Image.Exif:
    data = Image.Exif()
    data[0x010F], data[0x0110] = "Siaga", "Demo"
    if taken_at:
        offset = taken_at.strftime("%z")
        data[0x8769] = {0x9003: taken_at.strftime("%Y:%m:%d %H:%M:%S")} | (
            {0x9011: f"{offset[:3]}:{offset[3:5]}"} if offset else {}
        )
    if lat is not None and lon is not None:
        data[0x8825] = {
            1: "N" if lat >= 0 else "S",
            2: sexagesimal(lat),
            3: "E" if lon >= 0 else "W",
            4: sexagesimal(lon),
        }
    return data


def sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes, seconds = divmod(round(abs(degrees) * 3600, 2), 60)
    return float(minutes // 60), float(minutes % 60), seconds
