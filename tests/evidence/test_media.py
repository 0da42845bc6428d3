"""Evidence intake: what is kept, what is shown, and that nothing hostile gets further than the child."""

import asyncio
import io
import os
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from console.demo.photos import photo
from console.evidence import children
from console.evidence import store as media
from console.evidence.children import CHILD
from console.evidence.kinds import HEAD_BYTES, Kind, Photo, Reason, Unreadable, Video, kind_of
from console.evidence.picture_child import position
from console.evidence.store import Store, TooLarge
from models.incidents.uploads import PHOTO_BYTES
from tests.support import corpus, films


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


async def stream(content: bytes, size: int = 64 * 1024) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def keep(store: Store, content: bytes, limit_bytes: int = PHOTO_BYTES) -> media.Received:
    return asyncio.run(store.receive(stream(content), limit_bytes=limit_bytes))


def look(store: Store, content: bytes, kind: Kind | None = None) -> tuple[str, Photo | Video | Unreadable]:
    """Takes a file in and looks at it, as an upload does."""
    received = keep(store, content)
    kind = kind or kind_of(received.head, "")
    assert kind
    return received.sha256, asyncio.run(store.process(received.sha256, kind))


def shown(store: Store, sha256: str, size: Literal["veil", "thumb", "view"] = "view") -> Image.Image:
    return Image.open(io.BytesIO(store.derived(sha256, size).read_bytes()))


def files(store: Store) -> list[Path]:
    return sorted(path for path in store.folder.rglob("*") if path.is_file())


# --- keeping ---


def test_an_original_is_kept_untouched_and_read_only(store):
    content = corpus.jpeg()
    received = keep(store, content)
    asyncio.run(store.process(received.sha256, Kind.JPEG))
    assert received.path == store.path(received.sha256) and received.size == len(content)
    assert received.path.read_bytes() == content
    assert stat.S_IMODE(received.path.stat().st_mode) == 0o400
    assert received.path.relative_to(store.folder).parts == (received.sha256[:2], received.sha256[2:4], received.sha256)


def test_the_same_content_twice_is_one_file(store):
    first, again = keep(store, corpus.jpeg()), keep(store, corpus.jpeg())
    assert first.sha256 == again.sha256
    assert files(store) == [first.path]


def test_two_senders_of_the_same_content_at_once_both_succeed(store):
    async def both() -> list[media.Received]:
        return await asyncio.gather(*(store.receive(stream(corpus.jpeg(), 100), limit_bytes=10**6) for _ in range(8)))

    paths = {received.path for received in asyncio.run(both())}
    assert set(files(store)) == paths and len(paths) == 1


def test_over_the_limit_leaves_nothing_behind(store):
    with pytest.raises(TooLarge):
        keep(store, bytes(1001), limit_bytes=1000)
    assert files(store) == []
    assert keep(store, bytes(1000), limit_bytes=1000).size == 1000


def test_a_sender_who_leaves_leaves_nothing_behind(store):
    async def leaving() -> AsyncIterator[bytes]:
        yield corpus.jpeg()[:1000]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        asyncio.run(store.receive(leaving(), limit_bytes=10**6))
    assert files(store) == []


def test_a_crash_in_between_leaves_a_file_in_incoming_only_and_the_sweep_takes_it(store):
    code = (
        "import asyncio, os, pathlib, sys; from console.evidence.store import Store\n"
        "async def half():\n"
        "    yield b'half a photo'\n"
        "    os._exit(9)\n"
        "asyncio.run(Store(pathlib.Path(sys.argv[1])).receive(half(), limit_bytes=100))"
    )
    root = Path(media.__file__).parents[2]
    assert (
        os.spawnve(
            os.P_WAIT,
            sys.executable,
            [sys.executable, "-c", code, str(store.folder.parent)],
            os.environ | {"PYTHONPATH": str(root)},
        )
        == 9
    )
    (left,) = files(store)
    assert left.parent == store.incoming
    assert asyncio.run(store.sweep()) == 0 and left.exists()  # it might still be on its way
    yesterday = time.time() - media.STALE_SECONDS - 1
    os.utime(left, (yesterday, yesterday))
    assert asyncio.run(store.sweep()) == 1 and files(store) == []


def test_a_whole_upload_is_adopted_where_it_lies(store):
    part = store.incoming / "resumed"
    part.write_bytes(corpus.mp4())
    received = asyncio.run(store.adopt(part))
    assert received.path.read_bytes() == corpus.mp4() and files(store) == [received.path]


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "", "0" * 63])
def test_a_path_is_only_ever_a_hash(store, name):
    with pytest.raises(ValueError):
        store.path(name)


# --- what it is ---


@pytest.mark.parametrize(
    ("content", "declared", "kind"),
    [
        (corpus.jpeg(), "image/jpeg", Kind.JPEG),
        (corpus.jpeg(), "text/html", Kind.JPEG),
        (corpus.png(), "", Kind.PNG),
        (corpus.animated("PNG"), "", Kind.PNG),
        (corpus.webp(), "", Kind.WEBP),
        (corpus.heic(), "", Kind.HEIC),
        (corpus.mp4(), "", Kind.MP4),
        (corpus.mp4(b"qt  "), "", Kind.MOV),
        (corpus.webm(), "", Kind.WEBM),
        (corpus.mp4(b"iso9"), "video/mp4; codecs=hvc1", Kind.MP4),  # a brand too new for the list
        (corpus.mp4(b"heix"), "", Kind.HEIC),
        (corpus.mp4(b"3gp5"), "video/3gpp", Kind.MP4),
        (films.film("avi", "mpeg4", "mp2"), "", Kind.AVI),
        (films.film("mpegts"), "application/octet-stream", Kind.TS),
        (films.film("mpegts", options=(("mpegts_m2ts_mode", "1"),)), "video/mp2t", Kind.TS),
        (films.film("matroska"), "", Kind.MKV),
        (corpus.mp4(b"iso9"), "image/jpeg", None),
        (corpus.mp4(b"avif"), "", Kind.AVIF),
        (corpus.HTML, "image/jpeg", None),
        (corpus.SVG, "image/svg+xml", None),
        (corpus.GIF, "image/gif", Kind.GIF),
        (corpus.GIF_SCRIPT, "image/jpeg", Kind.GIF),
        (corpus.HTML + corpus.jpeg(), "image/jpeg", None),
        (b"PK\x03\x04" + corpus.jpeg(), "image/jpeg", None),
        (b"%PDF-1.7 " + corpus.jpeg(), "image/jpeg", None),
        (b"#!/bin/sh\n", "video/mp4", None),
        (b"", "image/jpeg", None),
    ],
)
def test_the_first_bytes_say_what_it_is(content, declared, kind):
    assert kind_of(content[:HEAD_BYTES], declared) is kind


# --- what is shown ---


@pytest.mark.parametrize("make", [corpus.jpeg, corpus.png, corpus.webp, corpus.heic, corpus.avif])
def test_a_photo_is_shown_without_anything_that_tells_on_its_reporter(store, make):
    content = make()
    assert b"Exif" in content or b"EXIF" in content or b"eXIf" in content
    sha256, seen = look(store, content)
    assert seen == Photo(640, 480, datetime(2026, 11, 24, 14, 3, 5, tzinfo=UTC), corpus.LAT, corpus.LON)
    for size, side in (("view", 640), ("thumb", 320)):
        shown = store.derived(sha256, size).read_bytes()
        for mark in (b"EXIF", b"Exif", b"XMP ", b"ICCP", b"GPS", b"Samsung", corpus.SECRET, corpus.TAKEN.encode()):
            assert mark not in shown
        image = Image.open(io.BytesIO(shown))
        assert image.size == (side, side * 3 // 4) and not image.getexif()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright(store, orientation):
    sha256, seen = look(store, corpus.jpeg(400, 200, orientation))
    assert (seen.width, seen.height) == ((400, 200) if orientation < 5 else (200, 400))
    view = shown(store, sha256)
    assert view.size == (seen.width, seen.height)
    red = {
        1: (200, 20),
        2: (200, 20),
        3: (200, 180),
        4: (200, 180),
        5: (20, 200),
        6: (180, 200),
        7: (180, 200),
        8: (20, 200),
    }[orientation]
    assert view.getpixel(red)[0] > 200


def test_a_large_photo_is_made_small(store):
    sha256, seen = look(store, corpus.jpeg(4000, 3000))
    assert (seen.width, seen.height) == (4000, 3000)
    assert shown(store, sha256).size == (2560, 1920)
    assert shown(store, sha256, "thumb").size == (320, 240)
    assert shown(store, sha256, "veil").size == (20, 15)


def test_a_time_without_an_offset_is_local_time(tmp_path):
    _, seen = look(Store(tmp_path, zone="Asia/Jayapura"), corpus.jpeg(offset=None))
    assert seen.taken_at == datetime(2026, 11, 24, 12, 3, 5, tzinfo=UTC)


def test_crooked_metadata_does_not_cost_the_picture(store):
    _, seen = look(store, corpus.crooked_exif())
    assert seen == Photo(640, 480, None, None, None)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "GIF", "AVIF"])
def test_an_animation_shows_its_first_picture(store, format):
    sha256, _ = look(store, corpus.animated(format))
    view = shown(store, sha256)
    assert getattr(view, "n_frames", 1) == 1 and view.getpixel((10, 10))[0] > 200


@pytest.mark.parametrize(("make", "brightness"), [(corpus.see_through, 255), (corpus.deep_grey, 128)])
def test_unusual_pixels_come_out_as_one_sees_them(store, make, brightness):
    sha256, _ = look(store, make())
    assert abs(shown(store, sha256).getpixel((5, 5))[0] - brightness) < 3


def test_a_colour_profile_is_applied_and_left_behind(store):
    sha256, _ = look(store, corpus.wide_colours())
    assert "icc_profile" not in shown(store, sha256).info


@pytest.mark.parametrize("make", [corpus.with_trailer, corpus.with_page])
def test_a_photo_with_something_else_behind_it_is_shown_without_that(store, make):
    sha256, seen = look(store, make())
    assert isinstance(seen, Photo) and corpus.SECRET in store.path(sha256).read_bytes()
    for size in ("view", "thumb", "veil"):
        made = store.derived(sha256, size).read_bytes()
        assert corpus.SECRET not in made and corpus.HTML not in made


# --- what is refused ---


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (corpus.png_bomb(14_000, 14_000), Kind.PNG, Reason.BOMB),
        (corpus.png_bomb(5001, 5000), Kind.PNG, Reason.BOMB),
        (corpus.text_bomb(), Kind.PNG, Reason.BROKEN),
        *((corpus.giant(kind.name), kind, Reason.BOMB) for kind in (Kind.JPEG, Kind.PNG, Kind.HEIC)),
        (corpus.giant("WEBP"), Kind.WEBP, Reason.BROKEN),  # libwebp itself cannot make room for it
        (corpus.huge_webp(), Kind.WEBP, Reason.BROKEN),
        (corpus.jpeg()[:2000], Kind.JPEG, Reason.BROKEN),
        (corpus.png()[:-200], Kind.PNG, Reason.BROKEN),
        (corpus.heic()[:-200], Kind.HEIC, Reason.BROKEN),
        (corpus.png(), Kind.JPEG, Reason.BROKEN),
        (corpus.HTML, Kind.JPEG, Reason.BROKEN),
        (corpus.GIF_SCRIPT, Kind.GIF, Reason.BROKEN),
        (corpus.SVG, Kind.WEBP, Reason.BROKEN),
        (b"", Kind.JPEG, Reason.BROKEN),
        (corpus.with_archive(), Kind.JPEG, Reason.KIND),
    ],
)
def test_what_cannot_be_trusted_is_refused_and_its_original_kept(store, content, kind, reason):
    sha256, seen = look(store, content, kind)
    assert seen == Unreadable(reason)
    assert files(store) == [store.path(sha256)]


def test_a_bomb_is_refused_before_it_is_decoded(store):
    content = corpus.png_bomb(14_000, 14_000)
    assert len(content) < 64 * 1024
    bomb = keep(store, content).path
    # Asked from a process of its own: a child's figure starts at its parent's, and pytest is larger than the child.
    measure = (
        "import resource, subprocess, sys\n"
        "print(subprocess.run(sys.argv[1:], env={}, capture_output=True, text=True).stdout)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", measure, sys.executable, "-I", str(CHILD), "PNG"]
    with bomb.open("rb") as source:
        told = subprocess.run(
            command, cwd=store.incoming, stdin=source, capture_output=True, text=True, check=True
        ).stdout
    assert '"bomb"' in told
    assert int(told.split()[-1]) < 100 * 1024  # KiB


# --- a child that was taken over ---


def child(store: Store, monkeypatch, code: str, wall_seconds: float = 10) -> Photo | Video | Unreadable:
    script = store.folder / "child.py"
    script.write_text(code)
    monkeypatch.setattr(media, "CHILD", script)
    monkeypatch.setattr(children, "MOST_TRIES", 1)
    monkeypatch.setattr(media, "WALL_SECONDS", wall_seconds)
    received = keep(store, corpus.jpeg())
    seen = asyncio.run(store.process(received.sha256, Kind.JPEG))
    assert list(store.incoming.iterdir()) == []
    return seen


CONFINED = f"""
import sys
sys.path.insert(0, {str(CHILD.parent)!r})
import guard
guard.confine(5, 700 * 1024 * 1024, 16 * 1024 * 1024, threads=False)
"""


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("while True: pass", Reason.SLOW),
        ("import signal; signal.pause()", Reason.SLOW),
        ("print('x' * 10**7)", Reason.BROKEN),
        ('print(\'{"width": 1, "height": 1, "taken_at": null, "lat": 1e9, "lon": 0}\')', Reason.BROKEN),
        ('print(\'{"reason": "<script>"}\')', Reason.BROKEN),
        ("import os; os.abort()", Reason.BROKEN),
        ("", Reason.BROKEN),
    ],
)
def test_a_child_that_misbehaves_is_ended_and_not_believed(store, monkeypatch, code, reason):
    assert child(store, monkeypatch, code, wall_seconds=0.5 if reason is Reason.SLOW else 10) == Unreadable(reason)


def test_a_child_is_held_to_its_memory(store, monkeypatch):
    greedy = 'try: bytearray(700 * 1024 * 1024)\nexcept MemoryError: print(\'{"reason": "memory"}\')'
    assert child(store, monkeypatch, CONFINED + greedy) == Unreadable(Reason.MEMORY)


def test_a_child_is_held_to_its_processor_time(store, monkeypatch):
    patient = CONFINED.replace("confine(5,", "confine(1,") + "while True: pass"
    assert child(store, monkeypatch, patient) == Unreadable(Reason.SLOW)


def test_a_child_cannot_fill_the_disk(store, monkeypatch):
    endless = """
import os
try:
    with open("view.webp", "wb") as file:
        while True: file.write(bytes(1 << 20))
except OSError: print('{"reason": "%s"}' % ("bomb" if os.stat("view.webp").st_size <= 16 * 1024 * 1024 else "broken"))
"""
    assert child(store, monkeypatch, CONFINED + endless) == Unreadable(Reason.BOMB)


def test_a_child_knows_nothing_of_its_parent(store, monkeypatch):
    monkeypatch.setenv("SIAGA_SECRET_KEY", "canary")
    nosy = "import os, sys; print('{\"reason\": \"%s\"}' % ('kind' if 'SIAGA_SECRET_KEY' in os.environ else 'bomb'))"
    assert child(store, monkeypatch, nosy) == Unreadable(Reason.BOMB)


def test_no_more_than_two_children_live_at_once(store, monkeypatch):
    alive = most = 0

    async def counted(*_: object) -> Unreadable:
        nonlocal alive, most
        alive += 1
        most = max(most, alive)
        for _turn in range(5):
            await asyncio.to_thread(lambda: None)
        alive -= 1
        return Unreadable(Reason.BROKEN)

    async def many(sha256s: list[str]) -> None:
        await asyncio.gather(*(store.process(sha256, Kind.JPEG) for sha256 in sha256s))

    monkeypatch.setattr(store.children, "look", counted)
    asyncio.run(many([keep(store, bytes([n])).sha256 for n in range(8)]))
    assert most == children.CHILDREN


def test_a_lost_original_is_said_aloud(store):
    with pytest.raises(FileNotFoundError):
        asyncio.run(store.process("0" * 64, Kind.JPEG))


# --- the demo's pictures ---


@pytest.mark.parametrize("kind", ["KEBAKARAN", "BENCANA", "CURAS_BEGAL", "CURAT", "LAKA", "something new"])
def test_a_demo_photo_passes_as_evidence(store, kind):
    at = datetime(2026, 11, 24, 21, 3, 5, tzinfo=ZoneInfo("Asia/Jakarta"))
    content = photo(kind, 7, taken_at=at, lat=corpus.LAT, lon=corpus.LON)
    assert content == photo(kind, 7, taken_at=at, lat=corpus.LAT, lon=corpus.LON) != photo(kind, 8)
    assert 50_000 < len(content) < 160_000
    assert look(store, content)[1] == Photo(1280, 960, at, corpus.LAT, corpus.LON)


def test_seconds_of_nothing_keep_degrees_and_minutes(tmp_path: Path) -> None:
    """Phones that count minutes with decimals write their seconds as 0/0."""
    data, none = Image.Exif(), IFDRational(0, 0)
    data[0x8825] = {1: "N", 2: (3.0, 35.5, none), 3: "E", 4: (98.0, 40.25, none)}
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg", exif=data)
    with Image.open(tmp_path / "a.jpg") as picture:
        assert position(picture.getexif()) == {"lat": 3.591667, "lon": 98.670833}
