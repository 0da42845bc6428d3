"""Films that are not as most are come out right, in the poster and in the copy: longer sound, mirrors, wide pixels,
sizes that change, more light than a screen has, and the boxes of CCTV and dashboard cameras."""

import asyncio
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import av
import pytest
from PIL import Image

from console.evidence.film_light import HLG, SIDE, table
from console.evidence.kinds import Kind, Rendered, Video, kind_of
from console.evidence.store import Store
from tests.evidence.test_video import keep, look, shades
from tests.support import films


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def copied(store: Store, content: bytes) -> tuple[Video, Image.Image, list[Image.Image], Any]:
    """(what is known of it, its poster, every picture of its copy as a browser shows it, the copy's facts)."""
    sha256, seen = look(store, content)
    assert isinstance(seen, Video)
    if not seen.playable:
        assert asyncio.run(store.render(sha256)) == Rendered(True)
    return seen, Image.open(store.derived(sha256, "view")).convert("RGB"), *played(store, sha256)


def played(store: Store, sha256: str) -> tuple[list[Image.Image], Any]:
    with av.open(str(store.film(sha256))) as film:
        picture = film.streams.video[0]
        frames = list(film.decode(picture))
        told = picture.codec_context
        facts = {"seconds": float(film.duration / av.time_base), "sar": picture.sample_aspect_ratio in (None, 1),
                 "colours": (told.color_primaries, told.color_trc, told.colorspace, told.color_range),
                 "start": float(picture.start_time * picture.time_base)}  # fmt: skip
        shown = [frame.to_image().rotate(frame.rotation, expand=True) for frame in frames]
    return shown, facts


@pytest.mark.parametrize("format", ["mp4", "mov", "matroska"])
@pytest.mark.parametrize("seconds", [0.1, 2], ids=["a spoken photo", "a screen that stands still"])
def test_sound_that_is_longer_than_the_pictures_is_whole(store: Store, format: str, seconds: float) -> None:
    seen, _, shown, facts = copied(store, films.film(format, seconds=seconds, sound_seconds=9))
    assert seen.seconds == pytest.approx(9, abs=0.2) and facts["seconds"] == pytest.approx(9, abs=0.3)
    assert shades(shown[-1]) == ("red", "blue")


@pytest.mark.parametrize(
    ("turn", "red"),
    [
        ((-1, 0, 0, 1), "above"), ((1, 0, 0, -1), "below"), ((-1, 0, 0, -1), "below"), ((0, 1, -1, 0), "right"),
        ((0, -1, 1, 0), "left"), ((0, 1, 1, 0), "left"), ((0, -1, -1, 0), "right"),
    ],
)  # fmt: skip
def test_every_matrix_is_followed_in_poster_and_copy(store: Store, turn: tuple[int, int, int, int], red: str) -> None:
    seen, poster, shown, _ = copied(store, films.turned(films.film("mov", sound="", seconds=0.5), films.matrix(*turn)))
    for picture in (poster, shown[0]):
        assert picture.size == (seen.width, seen.height) == ((240, 320) if turn[0] == 0 else (320, 240))
        assert reddest(picture) == red


def reddest(picture: Image.Image) -> str:
    wide, high = picture.size
    spots = {"above": (wide // 2, 20), "below": (wide // 2, high - 20), "left": (20, high // 2), "right": (wide - 20, high // 2)}  # fmt: skip
    colours = {side: picture.convert("RGB").getpixel(spot) for side, spot in spots.items()}
    assert sum(colour[0] > 150 > colour[2] for colour in colours.values()) in (1, 3)  # the middle may be either
    return max(colours, key=lambda side: colours[side][0] - colours[side][2])


@pytest.mark.parametrize("format", ["mp4", "matroska", "mpegts"])
def test_pixels_that_are_not_square_become_so(store: Store, format: str) -> None:
    seen, poster, shown, facts = copied(store, films.film(format, seconds=0.5, sound="", wide=2))
    assert (seen.width, seen.height) == poster.size == shown[0].size == (640, 240) and facts["sar"]


@pytest.mark.parametrize("format", ["mp4", "mpegts"])
def test_a_size_that_changes_is_fitted_in_with_bars(store: Store, format: str) -> None:
    _, _, shown, facts = copied(store, films.growing(format))
    assert {picture.size for picture in shown} == {(320, 240)} and facts["seconds"] == pytest.approx(2, abs=0.2)
    assert shades(shown[3]) == shades(shown[-3]) == ("red", "blue")
    for picture, dark in ((shown[3], False), (shown[-3], True)):
        assert (max(picture.getpixel((20, 60))) < 40) is dark  # beside the narrow one there is nothing


def test_more_light_than_a_screen_has_is_brought_down(store: Store) -> None:
    """A shadow, a white page, a lamp: none is cut off. HLG in the poster, PQ in the copy, without the eight seconds of
    work that FFmpeg's own table takes for each. The signals shown as they are would be 49, 190, 227 and 49, 147, 227.
    """
    before = getrusage(RUSAGE_CHILDREN).ru_utime
    sha256, seen = look(store, films.bright(18, (0.0, 0.2, 0.75, 0.9)))
    assert isinstance(seen, Video) and not seen.playable  # it is never copied as it is
    assert bars(Image.open(store.derived(sha256, "view")).convert("RGB")) == pytest.approx([0, 49, 172, 219], abs=8)
    sha256 = keep(store, films.bright(16, (0.0, 0.2, 0.58, 0.9))).sha256
    assert asyncio.run(store.render(sha256)) == Rendered(True)
    shown, facts = played(store, sha256)
    assert bars(shown[0]) == pytest.approx([0, 29, 155, 237], abs=8) and facts["colours"] == (1, 1, 1, 1)
    assert getrusage(RUSAGE_CHILDREN).ru_utime - before < 7


def test_a_colour_brought_down_keeps_its_hue() -> None:
    """Skin, a sky and a lit wall, as FFmpeg's perceptual table shows them."""
    rows = table(HLG).splitlines()[1:]
    seen = {
        (15, 10, 9): (167, 93, 90),
        (8, 12, 18): (9, 116, 185),
        (20, 19, 14): (219, 187, 115),
        (10, 6, 5): (112, 58, 52),
    }
    for signal, shown in seen.items():
        red, green, blue = signal
        told = rows[red + SIDE * green + SIDE * SIDE * blue].split()
        assert [255 * float(one) for one in told] == pytest.approx(shown, abs=10), signal


def bars(picture: Image.Image) -> list[int]:
    return [picture.getpixel((40 + 80 * bar, 120))[1] for bar in range(4)]  # type: ignore[index,misc]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (films.film("avi", "mpeg4", "mp2", seconds=3), Kind.AVI),
        (films.film("avi", "mjpeg", "", seconds=3, pix_fmt="yuvj420p"), Kind.AVI),
        (films.film("mpegts", seconds=3), Kind.TS),
        (films.film("mpegts", "mpeg2video", "mp2", seconds=3, rate=25, options=(("mpegts_m2ts_mode", "1"),)), Kind.TS),
        (films.film("matroska", "libx265", "libopus", seconds=3), Kind.MKV),
    ],
    ids=["avi", "avi of jpegs", "ts", "m2ts", "mkv"],
)
def test_what_cameras_of_streets_and_cars_write_is_shown(store: Store, content: bytes, kind: Kind) -> None:
    assert kind_of(content[:4096], "") is kind
    seen, poster, shown, facts = copied(store, content)
    assert seen.seconds == pytest.approx(3, abs=0.3) and facts["seconds"] == pytest.approx(3, abs=0.3)
    assert facts["start"] < 0.2  # such a clock begins anywhere
    assert shades(poster) == shades(shown[0]) == shades(shown[-1]) == ("red", "blue")
