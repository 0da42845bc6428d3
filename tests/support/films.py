"""Videos for the tests, made here so that no binary lies in the repository: red above, blue below, a beep."""

import math
import struct
import tempfile
from array import array
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import av

from tests.support.corpus import scene

SECRET = "CANARY-7f3a"  # planted in every metadata field; no derivative may carry it
PLACE = "+03.5897+098.6738/"
TAKEN = "2026-11-24T14:03:05.000000Z"
IDENTITY = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
UPRIGHT = struct.pack(">9I", 0, 0x10000, 0, 0xFFFF0000, 0, 0, 0, 0, 0x40000000)  # a phone held upright


@cache
def film(
    format: str = "mp4",
    codec: str = "libx264",
    sound: str = "aac",
    seconds: float = 2,
    width: int = 320,
    height: int = 240,
    rate: int = 10,
    pix_fmt: str = "yuv420p",
    pictures: bool = True,
    options: tuple[tuple[str, str], ...] = (),
) -> bytes:
    muxing = {"movflags": "+use_metadata_tags"} if format in ("mp4", "mov") else {}
    encoding = {"preset": "ultrafast", "x265-params": "log-level=none"} if codec in ("libx264", "libx265") else {}
    with (
        tempfile.NamedTemporaryFile() as file,
        av.open(file.name, "w", format=format, options=muxing | dict(options)) as made,
    ):
        made.metadata.update({"title": SECRET, "comment": SECRET, "creation_time": TAKEN, "location": PLACE})
        made.metadata["com.apple.quicktime.location.ISO6709"] = PLACE
        shown = heard = None
        if pictures:
            shown = made.add_stream(codec, rate=rate, options=encoding)
            shown.width, shown.height, shown.pix_fmt = width, height, pix_fmt
            shown.metadata.update({"title": SECRET, "handler_name": SECRET})
            shown.thread_count = 1
        if sound:
            heard = made.add_stream(sound, rate=48_000, layout="mono")
            heard.metadata["title"] = SECRET
        if shown:
            picture = av.VideoFrame.from_image(scene(width, height))
            for count in range(int(seconds * rate)):
                picture.pts = count
                made.mux(shown.encode(picture))
            made.mux(shown.encode(None))
        if heard:
            _beep(made, heard, seconds)
        made.close()
        return Path(file.name).read_bytes()


def _beep(made: Any, heard: Any, seconds: float) -> None:
    for start in range(0, int(seconds * 48_000), 960):
        frame = av.AudioFrame("s16", "mono", 960)
        wave = (int(6000 * math.sin(at * 440 * math.tau / 48_000)) for at in range(start, start + 960))
        frame.planes[0].update(array("h", wave).tobytes())
        frame.sample_rate, frame.pts = 48_000, start
        made.mux(heard.encode(frame))
    made.mux(heard.encode(None))


def turned(content: bytes) -> bytes:
    """The same film as a phone held upright writes it: the pictures lie, and the header says so."""
    at = content.index(b"tkhd")
    matrix = content.index(IDENTITY, at)
    return content[:matrix] + UPRIGHT + content[matrix + len(IDENTITY) :]


def noise(megabytes: int, seconds: int = 4) -> bytes:
    """A film that is as large as one likes: what follows its last box is nobody's business."""
    plain = film(seconds=seconds)
    random = Random(7).randbytes(megabytes * 1_000_000 - len(plain) - 8)
    return plain + struct.pack(">I", len(random) + 8) + b"free" + random
