"""Photos of 48 megapixels and more, as cheap phones take them, are shown within the same memory; bombs are not."""

import io
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from console.evidence import picture_child
from console.evidence.kinds import Kind, Photo, Reason, Unreadable
from console.evidence.store import Store
from tests.evidence.test_media import look, shown
from tests.support import corpus
from tests.support.children import Children, forking


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def children(store: Store) -> Iterator[Children]:
    with forking(store) as children:
        yield children


@pytest.fixture(scope="module")
def sheet() -> Image.Image:
    """108 megapixels, white above and black below: in grey, for the sake of those who test beside us."""
    image = Image.new("L", (12_000, 9_000), 255)
    ImageDraw.Draw(image).rectangle((0, 4_500, 12_000, 9_000), fill=0)
    return image


@pytest.mark.parametrize("progressive", [False, True])
def test_a_photo_of_108_megapixels_is_shown_and_upright(
    store: Store, children: Children, sheet: Image.Image, progressive: bool
) -> None:
    content = corpus.encode(sheet, "JPEG", quality=20, progressive=progressive, exif=corpus.exif(orientation=6))
    sha256, seen = look(store, content)
    assert isinstance(seen, Photo) and (seen.width, seen.height) == (9_000, 12_000)
    view = shown(store, sha256)
    assert view.size == (1920, 2560) and view.getpixel((1900, 1280))[0] > 250 > 5 > view.getpixel((20, 1280))[0]
    assert children.ends[-1].memory_kib < (320 if progressive else 110) * 1024


def test_a_panorama_keeps_its_pixels_across(store: Store) -> None:
    content = corpus.encode(Image.new("RGB", (18_000, 1_600), "red"), "JPEG")
    assert shown(store, look(store, content)[0]).size == (2560, 228)


@pytest.mark.parametrize(("size", "reason"), [((16_320, 12_240), Reason.BOMB), ((18_000, 18_000), Reason.BOMB)])
def test_what_does_not_fit_is_refused_by_its_header(store: Store, size: tuple[int, int], reason: Reason) -> None:
    """Progressive, in full colours, of 200 megapixels: its coefficients alone are 1.2 GB."""
    content = bytearray(corpus.encode(corpus.scene(), "JPEG", progressive=True, subsampling=0))
    at = content.index(b"\xff\xc2") + 5
    content[at : at + 4] = struct.pack(">HH", *reversed(size))
    assert look(store, bytes(content))[1] == Unreadable(reason)


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_large_heif_by_strips_is_the_same_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, orientation: int
) -> None:
    source, seen = tmp_path / "photo.heic", []
    source.write_bytes(corpus.encode(corpus.scene(), "HEIF", exif=corpus.exif(orientation).tobytes()))
    for most, side in ((25_000_000, 2560), (10_000, 160)):  # as ever; then by strips, at a quarter
        monkeypatch.setattr(picture_child, "OTHER_PIXELS", most)
        monkeypatch.setitem(picture_child.SIZES, "view", (side, 84))
        picture_child.prepare("HEIF")
        with source.open("rb") as file:
            facts = picture_child.develop(file, "HEIF", str(tmp_path))
        view = Image.open(io.BytesIO((tmp_path / "view.webp").read_bytes()))
        assert max(view.size) == min(640, side)
        seen.append((facts, [view.getpixel((view.width * n // 8, view.height * n // 4))[0] > 128 for n in (1, 3)]))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_an_ending_that_people_know(kind: Kind) -> None:
    assert kind.ending not in ("quicktime", "x-matroska", "bin") and len(kind.ending) <= 4
