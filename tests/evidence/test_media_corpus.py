"""Every picture that ever broke Pillow, and films with bytes knocked out: an answer each, and nothing left over.

The whole intake works here as it does for an upload; only the children are forked (tests/support/children.py).
"""

import asyncio
import io
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Literal

import pytest
from PIL import Image

from console.evidence.kinds import Kind, Photo, Reason, Rendered, Unreadable, Video, kind_of
from console.evidence.store import Received, Store
from models.incidents.uploads import VIDEO_BYTES
from tests.support import films
from tests.support.children import End, forking
from tests.support.pillow_images import pictures

SIZES: tuple[Literal["view", "thumb", "veil"], ...] = ("view", "thumb", "veil")
PICTURE_KIB, FILM_KIB = 160 * 1024, 64 * 1024  # a child's most: far below its limit; one film here is 64 x 48
MUTATIONS = 120
# What their makers broke on purpose: cut off, or without the part that holds the picture.
BROKEN = {
    "zero_width.gif", "decompression_bomb.gif", "apng/chunk_no_fctl.png", "apng/syntax_num_frames_zero.png", "broken.png", "broken_data_stream.png",
    "png_decompression_dos.png", "truncated_end_chunk.png", "truncated_image.png", "truncated_jpeg.jpg",
    "ultrahdr.jpg", "unknown_compression_method.png",
}  # fmt: skip
# How metadata is marked in a JPEG, a PNG and a WEBP.
METADATA = {
    "exif": (b"Exif\0\0", b"eXIf", b"EXIF"), "xmp": (b"http://ns.adobe.com/xap/", b"XML:com.adobe.xmp", b"XMP "),
    "colour profile": (b"ICC_PROFILE", b"iCCP", b"ICCP"), "words": (b"tEXt", b"zTXt", b"iTXt", b"Photoshop 3.0"),
}  # fmt: skip
WORDS = re.compile(rb"[ -~]{8,}")


@dataclass(frozen=True)
class Seen:
    """A file as the intake took it: what its first bytes are (None: no evidence), and what its child answered."""

    name: str
    kind: Kind | None
    received: Received
    answer: Photo | Video | Unreadable

    @property
    def shown(self) -> bool:
        return not isinstance(self.answer, Unreadable)


@dataclass
class Intake:
    store: Store
    seen: list[Seen] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    handles: list[int] = field(default_factory=list)  # files this process had open after each

    async def take(self, name: str, content: bytes, otherwise: Kind) -> Seen:
        """What is refused by its first bytes goes on all the same, as if they had been believed to be `otherwise`."""

        async def stream() -> AsyncIterator[bytes]:
            yield content

        received = await self.store.receive(stream(), limit_bytes=VIDEO_BYTES)
        kind = kind_of(received.head, "")
        self.seen.append(Seen(name, kind, received, await self.store.process(received.sha256, kind or otherwise)))
        self.handles.append(len(os.listdir("/dev/fd")))
        return self.seen[-1]

    def derivatives(self, seen: Seen) -> dict[str, bytes]:
        return {size: self.store.derived(seen.received.sha256, size).read_bytes() for size in SIZES}


@contextmanager
def opened(folder: Path) -> Iterator[Intake]:
    """An intake whose children are forked, on a disk that nobody waits for."""
    intake = Intake(Store(folder))
    with pytest.MonkeyPatch.context() as patched, forking(intake.store) as children:
        patched.setattr(os, "fsync", lambda handle: None)
        intake.ends = children.ends
        yield intake


# --- every file of Pillow's own tests ---


@pytest.fixture(scope="module")
def pillows(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    claims = cycle((Kind.JPEG, Kind.PNG, Kind.WEBP, Kind.HEIC))

    async def take_all(intake: Intake) -> None:
        for name, content in pictures():
            await intake.take(name, content, next(claims))

    with opened(tmp_path_factory.mktemp("pillow")) as intake:
        asyncio.run(take_all(intake))
    return intake


def test_no_picture_of_pillows_tests_takes_its_child_down(pillows: Intake) -> None:
    assert len(pillows.ends) == len(pillows.seen) > 1000
    assert {end.code for end in pillows.ends} == {0}
    assert max(end.memory_kib for end in pillows.ends) < PICTURE_KIB


def test_what_is_a_photo_is_shown_and_what_is_not_is_refused_whatever_it_claims(pillows: Intake) -> None:
    photos = {seen.name for seen in pillows.seen if seen.kind}
    assert {seen.name for seen in pillows.seen if seen.shown} == photos - BROKEN and photos > BROKEN
    assert all(isinstance(seen.answer, Photo) for seen in pillows.seen if seen.shown)
    refused = {seen.answer.reason for seen in pillows.seen if isinstance(seen.answer, Unreadable)}
    assert refused == {Reason.BROKEN, Reason.KIND, Reason.BOMB}


def test_the_intake_does_not_grow(pillows: Intake) -> None:
    """An original and its three derivatives are left of a photo, the original of anything else."""
    assert pillows.handles[0] == pillows.handles[-1] == max(pillows.handles)
    assert list(pillows.store.incoming.iterdir()) == []
    expected = {seen.received.path for seen in pillows.seen}
    expected |= {
        pillows.store.derived(seen.received.sha256, size) for seen in pillows.seen if seen.shown for size in SIZES
    }
    assert {path for path in pillows.store.folder.rglob("*") if path.is_file()} == expected


def test_a_derivative_is_one_chunk_of_pixels_and_no_word_of_its_original_is_in_it(pillows: Intake) -> None:
    met, told = set(), set()
    for seen in (one for one in pillows.seen if one.shown):
        content = seen.received.path.read_bytes()
        met |= {what for what, marks in METADATA.items() if any(mark in content for mark in marks)}
        words = set(WORDS.findall(content))
        for size, made in pillows.derivatives(seen).items():
            riff, pixels = made[:20], made[20:]
            assert riff == b"RIFF%sWEBPVP8 %s" % (le32(len(made) - 8), le32(len(pixels))), (seen.name, size)
            image = Image.open(io.BytesIO(made))
            assert set(image.info) == {"loop", "background"} and not image.getexif(), (seen.name, size)
            told |= {(seen.name, size, word) for word in words if word in pixels}
    assert met == set(METADATA) and told == set()


def le32(number: int) -> bytes:
    return number.to_bytes(4, "little")


# --- damaged films ---


SMALL = {"seconds": 0.5, "width": 64, "height": 48}


def damaged() -> Iterator[bytes]:
    """Some bytes are other bytes; of every fifth the end is missing."""
    whole = (
        films.film(**SMALL), films.film(**SMALL, options=(("movflags", "+faststart"),)),
        films.turned(films.film("mov", **SMALL)), films.film("mov", "libx265", **SMALL),
        films.film("webm", "libvpx", "libopus", **SMALL), films.film("webm", "libvpx-vp9", "libopus", **SMALL),
    )  # fmt: skip
    random = Random(24)
    for count in range(MUTATIONS):
        content = bytearray(whole[count % len(whole)])
        for _ in range(random.choice((1, 5, 25, 100))):
            content[random.randrange(len(content))] = random.randrange(256)
        if count % 5 == 0:
            del content[random.randrange(len(content)) :]
        yield bytes(content)


def test_a_hundred_and_twenty_damaged_films_end_in_an_answer_each(tmp_path: Path) -> None:
    rendered: list[Rendered | Unreadable] = []

    async def take_all(intake: Intake) -> None:
        for count, content in enumerate(damaged()):
            seen = await intake.take(f"film {count}", content, Kind.MP4)
            if isinstance(seen.answer, Video) and not seen.answer.playable:
                rendered.append(await intake.store.render(seen.received.sha256))

    with opened(tmp_path) as intake:
        asyncio.run(take_all(intake))
    assert {end.code for end in intake.ends} == {0} and len(intake.ends) == MUTATIONS + len(rendered)
    assert max(end.memory_kib for end in intake.ends) < FILM_KIB
    assert intake.handles[0] == max(intake.handles) and list(intake.store.incoming.iterdir()) == []
    shown = [seen for seen in intake.seen if seen.shown]
    assert len(shown) > MUTATIONS // 3 and rendered.count(Rendered(True)) > MUTATIONS // 6  # damaged, yet often films
    made = [path.read_bytes() for path in tmp_path.rglob("*.*")]
    assert len(made) == len(shown) * (len(SIZES) + 1) - (len(rendered) - rendered.count(Rendered(True)))
    for mark in (films.SECRET, films.PLACE, films.TAKEN):
        assert not any(mark.encode() in content for content in made), mark
