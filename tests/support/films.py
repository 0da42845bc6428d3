"""Videos for the tests, made here so that no binary lies in the repository: red above, blue below, a beep."""

import math
import struct
import tempfile
from array import array
from fractions import Fraction
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

WAVES = 1200  # samples: eleven whole ones of 440 Hz


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
    sound_seconds: float = 0,  # longer than the pictures
    wide: int = 1,  # how many times as wide as high a pixel is
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
            if wide > 1:
                shown.codec_context.sample_aspect_ratio = Fraction(wide)
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
            _beep(made, heard, sound_seconds or seconds)
        made.close()
        return Path(file.name).read_bytes()


def _beep(made: Any, heard: Any, seconds: float) -> None:
    for start in range(0, int(seconds * 48_000), 960):
        frame = av.AudioFrame("s16", "mono", 960)
        at = start % WAVES
        frame.planes[0].update(_waves()[at : at + 960].tobytes())
        frame.sample_rate, frame.pts = 48_000, start
        made.mux(heard.encode(frame))
    made.mux(heard.encode(None))


@cache
def _waves() -> "array[int]":
    """Twice over, so that a frame may begin anywhere. Eight million of them one by one took seconds."""
    return array("h", (int(6000 * math.sin(at * 440 * math.tau / 48_000)) for at in range(2 * WAVES)))


def turned(content: bytes, into: bytes = UPRIGHT) -> bytes:
    """The same film as a phone held upright writes it: the pictures lie, and the header says so."""
    at = content.index(b"tkhd")
    matrix = content.index(IDENTITY, at)
    return content[:matrix] + into + content[matrix + len(IDENTITY) :]


def matrix(a: int, b: int, c: int, d: int) -> bytes:
    """x' = ax + cy, y' = bx + dy."""
    one = 0x10000
    return struct.pack(">9i", a * one, b * one, 0, c * one, d * one, 0, 0, 0, 0x40000000)


@cache
def growing(format: str) -> bytes:
    """Half-way the size changes, as it does when a call is recorded: 320 x 240, then 160 x 240, red above all along."""
    with tempfile.NamedTemporaryFile() as file, av.open(file.name, "w", format=format) as made:
        shown = made.add_stream("libx264", rate=10, options={"preset": "ultrafast", "tune": "zerolatency"})
        shown.width, shown.height, shown.pix_fmt, shown.thread_count = 320, 240, "yuv420p", 1
        other: Any = av.CodecContext.create("libx264", "w")
        other.width, other.height, other.pix_fmt, other.framerate = 160, 240, "yuv420p", Fraction(10)
        other.time_base, other.thread_count = Fraction(1, 10), 1
        other.options = {"preset": "ultrafast", "tune": "zerolatency"}  # no picture before another
        for encoder, first in ((shown, 0), (other, 10)):
            picture = av.VideoFrame.from_image(scene(encoder.width, 240))
            for count in range(first, first + 10):
                picture.pts, picture.time_base = count, Fraction(1, 10)
                _mux(made, shown, encoder.encode(picture))
            _mux(made, shown, encoder.encode(None))
        made.close()
        return Path(file.name).read_bytes()


def _mux(made: Any, shown: Any, packets: Any) -> None:
    for packet in packets:
        packet.stream = shown
        made.mux(packet)


@cache
def bright(transfer: int, levels: tuple[float, ...]) -> bytes:
    """Grey bars of these levels of the signal, in BT.2020 of ten bits; `transfer`: 16 is PQ, 18 is HLG."""
    with tempfile.NamedTemporaryFile() as file, av.open(file.name, "w", format="mov") as made:
        shown = made.add_stream("libx265", rate=10, options={"preset": "ultrafast", "x265-params": "log-level=none"})
        shown.width, shown.height, shown.pix_fmt, shown.thread_count = 320, 240, "yuv420p10le", 1
        told = shown.codec_context
        told.color_primaries, told.color_trc, told.colorspace, told.color_range = 9, transfer, 9, 1
        picture = av.VideoFrame(320, 240, "yuv420p10le")
        bar = 320 // len(levels)
        row = b"".join(struct.pack("<H", round(64 + 876 * level)) * bar for level in levels)
        luma, *chroma = picture.planes
        luma.update(row.ljust(luma.line_size, b"\0") * 240)
        for plane in chroma:
            plane.update(struct.pack("<H", 512) * (plane.buffer_size // 2))
        picture.colorspace = 9
        for count in range(5):
            picture.pts = count
            made.mux(shown.encode(picture))
        made.mux(shown.encode(None))
        made.close()
        return Path(file.name).read_bytes()


def noise(megabytes: int, seconds: int = 4) -> bytes:
    """A film that is as large as one likes: what follows its last box is nobody's business."""
    plain = film(seconds=seconds)
    random = Random(7).randbytes(megabytes * 1_000_000 - len(plain) - 8)
    return plain + struct.pack(">I", len(random) + 8) + b"free" + random
