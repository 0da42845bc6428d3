"""What a phone is told before it picks: what we can show, how much of it is taken, and how endings are read."""

import json

from console.evidence.kinds import ENDINGS, Kind
from models.incidents.filing import MOST_EVIDENCE
from models.incidents.uploads import FORM_PHOTO_BYTES, PHOTO_BYTES, VIDEO_BYTES

MEGABYTE = 1024 * 1024
PNG_PIXELS = 25_000_000  # the most that picture_child.py decodes of one: its first bytes tell
OFTEN_SAID = {"image/jpg": Kind.JPEG, "video/avi": Kind.AVI, "video/3gpp": Kind.MP4, "video/x-m4v": Kind.MP4}
PICKING = {
    "most": MOST_EVIDENCE,
    "photo_bytes": PHOTO_BYTES,
    "form_bytes": FORM_PHOTO_BYTES,
    "film_bytes": VIDEO_BYTES,
    "photo": PHOTO_BYTES // MEGABYTE,
    "form": FORM_PHOTO_BYTES // MEGABYTE,
    "film": VIDEO_BYTES // MEGABYTE,
    "png_pixels": PNG_PIXELS,
    "endings": json.dumps(ENDINGS),
    "types": " ".join([*Kind, *OFTEN_SAID]),
    "photos": ", ".join(kind for kind in Kind if not kind.video),  # `accept` of a form that carries them itself
}
