"""What is taken as evidence, by its first bytes; the endings of names; and what a media child may answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import filetype
from pydantic import Field, TypeAdapter

HEAD_BYTES = 4096  # enough for every magic number in Kind


class Kind(StrEnum):
    """The value is the type it is served as."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    HEIF = "image/heif"
    AVIF = "image/avif"
    GIF = "image/gif"
    MP4 = "video/mp4"
    MOV = "video/quicktime"
    WEBM = "video/webm"
    MKV = "video/x-matroska"
    AVI = "video/x-msvideo"
    TS = "video/mp2t"

    @property
    def video(self) -> bool:
        return self.value.startswith("video/")

    @property
    def decoder(self) -> str:
        """Pillow's name for the one decoder that may open it."""
        return "HEIF" if self in (Kind.HEIC, Kind.HEIF) else self.name

    @property
    def ending(self) -> str:
        """Of every name that is made for such a file."""
        return next(ending for ending, kind in ENDINGS.items() if kind is self)


# The one table of endings. The first of a kind is the one that we write, every one is understood at picking.
ENDINGS = {
    "jpg": Kind.JPEG, "jpeg": Kind.JPEG, "png": Kind.PNG, "webp": Kind.WEBP, "heic": Kind.HEIC, "heif": Kind.HEIF,
    "avif": Kind.AVIF, "gif": Kind.GIF, "mp4": Kind.MP4, "m4v": Kind.MP4, "3gp": Kind.MP4, "mov": Kind.MOV,
    "webm": Kind.WEBM, "mkv": Kind.MKV, "avi": Kind.AVI, "ts": Kind.TS, "mts": Kind.TS, "m2ts": Kind.TS,
}  # fmt: skip
SYNONYMS = {"image/apng": Kind.PNG, "video/x-m4v": Kind.MP4}
BRANDS = {
    "3gp": Kind.MP4,
    "3g2": Kind.MP4,
    "avi": Kind.AVIF,
    "hei": Kind.HEIC,
}  # avis, heix …: of several pictures, or ten bits
FAMILY = frozenset({Kind.HEIC, Kind.HEIF, Kind.AVIF, Kind.MP4, Kind.MOV})
PACKET, STAMPED = 188, 192  # bytes from one mark of an MPEG-TS to the next; cameras set a stamp of four before it


def kind_of(head: bytes, declared: str) -> Kind | None:
    """What the first bytes are, or None when that is not taken. A name is never asked; `declared` is a hint that
    only tells apart files of the MP4 family (HEIF, MP4, MOV) whose brand is younger than our list of magic numbers.
    """
    if _beats(head, 0, PACKET) or _beats(head, 4, STAMPED):
        return Kind.TS
    found = filetype.guess_mime(head)
    if found is None and head[4:8] == b"ftyp":
        hint = declared.partition(";")[0].strip().lower()
        found = BRANDS.get(head[8:11].decode("latin-1"), hint if hint in FAMILY else None)
    found = SYNONYMS.get(found, found)
    return Kind(found) if found in frozenset(Kind) else None


def _beats(head: bytes, first: int, step: int) -> bool:
    """Does a packet of an MPEG-TS begin at each step?"""
    marks = head[first::step]
    return len(marks) >= 4 and set(marks) == {0x47}


class Reason(StrEnum):
    """Why a photo or video cannot be shown; the original is kept all the same."""

    BOMB = "bomb"  # more pixels than 700 MiB can hold (picture_child.py); a video's picture over 9 megapixels
    BROKEN = "broken"  # truncated, empty, or no decoder makes sense of it
    KIND = "kind"  # is not what its first bytes say, or is something else besides
    LOCKED = "locked"  # a video that is encrypted
    SILENT = "silent"  # a video without pictures
    SLOW = "slow"  # over 5 s of CPU or 15 s in all; a video over 60 s of CPU
    MEMORY = "memory"  # over 700 MiB


@dataclass(frozen=True)
class Photo:
    """Upright size of the original in pixels; when and where the phone says it was (for officers only)."""

    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]
    taken_at: datetime | None
    lat: Annotated[float, Field(ge=-90, le=90)] | None
    lon: Annotated[float, Field(ge=-180, le=180)] | None


@dataclass(frozen=True)
class Video(Photo):
    """Its first good picture's size, its true length, and whether `.play.mp4` is there already: a phone's usual
    H.264 is only wrapped anew, anything else has to be rendered (`Store.render`). Either shows its first two minutes.
    """

    seconds: Annotated[float, Field(ge=0, le=7 * 24 * 3600)]
    playable: bool


@dataclass(frozen=True)
class Unreadable:
    reason: Reason


@dataclass(frozen=True)
class Rendered:
    rendered: bool


PHOTO_ANSWER: TypeAdapter[Any] = TypeAdapter(Photo | Unreadable)
VIDEO_ANSWER: TypeAdapter[Any] = TypeAdapter(Video | Unreadable)
RENDER_ANSWER: TypeAdapter[Any] = TypeAdapter(Rendered | Unreadable)
