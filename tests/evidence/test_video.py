"""Videos: what is shown of them, what is refused, and that a film tells nothing of who filmed it."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import av
import pytest
from PIL import Image
from sqlmodel import Session, select

from console.evidence import store as media
from console.evidence.children import FILM_CHILD
from console.evidence.kinds import Kind, Reason, Rendered, Unreadable, Video, kind_of
from console.evidence.store import Store
from models.incidents.complaint import Complaint
from models.incidents.evidence import Evidence
from models.incidents.filing import Upload, attach
from models.incidents.uploads import VIDEO_BYTES
from models.people.citizens import Citizen
from tests.support import corpus, films
from tests.support.house import wait_until
from tests.support.town import Town, town_of

ENCRYPTED = tuple(
    {"encryption_scheme": "cenc-aes-ctr", "encryption_key": "0123456789abcdef" * 2, "encryption_kid": "0" * 32}.items()
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def keep(store: Store, content: bytes) -> media.Received:
    async def stream() -> AsyncIterator[bytes]:
        yield content

    return asyncio.run(store.receive(stream(), limit_bytes=VIDEO_BYTES))


def look(store: Store, content: bytes, kind: Kind | None = None) -> tuple[str, Video | Unreadable]:
    received = keep(store, content)
    seen = asyncio.run(store.process(received.sha256, kind or kind_of(received.head, "") or Kind.MP4))
    return received.sha256, seen  # type: ignore[return-value]


def boxes(content: bytes) -> Iterator[str]:
    """The names of an MP4's outermost boxes, in their order."""
    at = 0
    while at < len(content):
        yield content[at + 4 : at + 8].decode()
        at += int.from_bytes(content[at : at + 4], "big")


@pytest.mark.parametrize(
    ("content", "kind", "playable"),
    [
        (films.film(), Kind.MP4, True),
        (films.film(sound=""), Kind.MP4, True),
        (films.film("mov"), Kind.MOV, True),
        (films.film("mov", "libx265"), Kind.MOV, False),
        (films.film("mp4", pix_fmt="yuv422p"), Kind.MP4, False),
        (films.film("webm", "libvpx-vp9", "libopus"), Kind.WEBM, False),
    ],
    ids=["mp4", "mp4 without sound", "mov", "mov hevc", "mp4 of a camera", "webm"],
)
def test_every_browser_can_play_it_and_nothing_of_its_maker_is_in_it(
    store: Store, content: bytes, kind: Kind, playable: bool
) -> None:
    assert films.SECRET.encode() in content
    sha256, seen = look(store, content, kind)
    assert isinstance(seen, Video) and (seen.width, seen.height, seen.playable) == (320, 240, playable)
    assert seen.seconds == pytest.approx(2, abs=0.2)
    assert seen.taken_at == datetime(2026, 11, 24, 14, 3, 5, tzinfo=UTC)
    assert seen.lat is None or (seen.lat, seen.lon) == (3.5897, 98.6738)
    if not playable:
        assert asyncio.run(store.render(sha256)) == Rendered(True)
    made = store.film(sha256).read_bytes()
    assert list(boxes(made))[:2] == ["ftyp", "moov"]  # plays before it has all come
    with av.open(str(store.film(sha256))) as film:
        (picture,) = film.streams.video
        assert picture.codec_context.name == "h264" and picture.codec_context.pix_fmt == "yuv420p"
        assert [stream.codec_context.name for stream in film.streams.audio] in (["aac"], [])
        assert len(film.streams.audio) == (b"soun" in content or kind is Kind.WEBM)
        assert float(film.duration / av.time_base) == pytest.approx(2, abs=0.2)
        upper, lower = shades(next(film.decode(picture)).to_image())
        assert upper == "red" and lower == "blue"
    for derivative in (made, *(store.derived(sha256, size).read_bytes() for size in ("view", "thumb", "veil"))):
        for mark in (films.SECRET, films.PLACE, "03.5897", "2026-11-24", "Lavf"):
            assert mark.encode() not in derivative
    assert store.path(sha256).read_bytes() == content  # the original is untouched


def shades(picture: Image.Image) -> tuple[str, str]:
    """(above, below): which colour is it?"""
    spots = [picture.convert("RGB").getpixel((picture.width // 2, picture.height * part // 4)) for part in (1, 3)]
    return tuple("red" if spot[0] > spot[2] else "blue" for spot in spots)  # type: ignore[index,return-value]


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_film_stands_as_the_phone_was_held(store: Store, codec: str) -> None:
    sha256, seen = look(store, films.turned(films.film("mov", codec)), Kind.MOV)
    assert isinstance(seen, Video) and (seen.width, seen.height) == (240, 320)
    poster = Image.open(store.derived(sha256, "view"))
    assert poster.size == (240, 320)
    assert poster.convert("RGB").getpixel((200, 160))[0] > 200 > poster.convert("RGB").getpixel((40, 160))[0]
    if not seen.playable:
        asyncio.run(store.render(sha256))
    with av.open(str(store.film(sha256))) as film:
        frame = next(film.decode(film.streams.video[0]))
        shown = frame.to_image().rotate(frame.rotation, expand=True)
        assert shown.size == (240, 320)
        assert shown.getpixel((200, 160))[0] > 200 > shown.getpixel((40, 160))[0]


def test_a_large_film_is_made_small(store: Store) -> None:
    sha256, seen = look(store, films.film("webm", "libvpx", "", width=1920, height=1080, seconds=0.5), Kind.WEBM)
    assert isinstance(seen, Video) and (seen.width, seen.height) == (1920, 1080)
    asyncio.run(store.render(sha256))
    with av.open(str(store.film(sha256))) as film:
        assert (film.streams.video[0].width, film.streams.video[0].height) == (1280, 720)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (films.film(pictures=False), Reason.SILENT),
        (films.film(options=ENCRYPTED), Reason.LOCKED),
        (films.film()[:-2000], Reason.BROKEN),
        (films.film(seconds=20, options=(("movflags", "+faststart"),))[:40_000], Reason.BROKEN),
        (films.film(sound="", seconds=0.1, width=4098, height=2306), Reason.BOMB),
        (corpus.mp4(), Reason.BROKEN),
        (corpus.SVG, Reason.BROKEN),
        (corpus.jpeg(), Reason.BROKEN),
        (b"ffconcat version 1.0\nfile /etc/hostname\n", Reason.BROKEN),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:1/a.ts\n#EXT-X-ENDLIST\n", Reason.BROKEN),
        (b"", Reason.BROKEN),
    ],
    ids=["sound alone", "encrypted", "cut off", "cut off early", "too large", "hollow", "svg", "jpeg",
         "ffconcat", "m3u8", "empty"],
)  # fmt: skip
def test_what_is_no_film_of_ours_is_refused_and_its_original_kept(store: Store, content: bytes, reason: Reason) -> None:
    sha256, seen = look(store, content, Kind.MP4)
    assert seen == Unreadable(reason)
    assert sorted(path for path in store.folder.rglob("*") if path.is_file()) == [store.path(sha256)]


def test_a_playlist_reaches_for_nothing(store: Store, tmp_path: Path) -> None:
    (tmp_path / "secret.mp4").write_bytes(films.film())
    for list in (
        f"ffconcat version 1.0\nfile {tmp_path}/secret.mp4\n",
        f"#EXTM3U\n#EXTINF:2,\n{tmp_path}/secret.mp4\n",
    ):
        assert look(store, list.encode(), Kind.MP4)[1] == Unreadable(Reason.BROKEN)


def test_a_header_that_lies_about_its_length_is_not_believed(store: Store) -> None:
    content = films.film(seconds=130, sound="", width=64, height=48)
    at = content.index(b"mvhd")
    lying = content[: at + 20] + (2000).to_bytes(4, "big") + content[at + 24 :]
    seen = look(store, lying, Kind.MP4)[1]
    assert isinstance(seen, Video) and seen.seconds == pytest.approx(130, abs=0.2)


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        (films.film(seconds=130, sound="", width=64, height=48), 130),
        (films.film(seconds=7200, rate=1, sound="", width=64, height=48), 7200),
        (films.film("webm", "libvpx", "libopus", seconds=125, rate=2, width=64, height=48), 125),
    ],
    ids=["wrapped", "two hours", "rendered"],
)
def test_of_a_long_film_the_first_two_minutes_are_shown(store: Store, content: bytes, seconds: int) -> None:
    sha256, seen = look(store, content)
    assert isinstance(seen, Video) and seen.seconds == pytest.approx(seconds, abs=1)
    if not seen.playable:
        assert asyncio.run(store.render(sha256)) == Rendered(True)
    with av.open(str(store.film(sha256))) as film:
        assert float(film.duration / av.time_base) == pytest.approx(120, abs=1)


def test_a_film_whose_sound_lies_in_its_metadata_is_not_copied_as_it_is(store: Store) -> None:
    """Its table says: the sound begins where the phone wrote its name and place. Copied, these would be the sound."""
    content = films.film()
    table = content.rindex(b"stco") + len("stco") + 8
    sha256, seen = look(store, content[:table] + content.index(b"moov").to_bytes(4, "big") + content[table + 4 :])
    assert isinstance(seen, Video) and not seen.playable and not store.film(sha256).exists()
    assert asyncio.run(store.render(sha256)) == Rendered(True)
    assert films.SECRET.encode() not in store.film(sha256).read_bytes()


@pytest.mark.skipif(os.geteuid() != 0, reason="all the other tests run as an ordinary user already")
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_an_ordinary_user_has_no_thread_to_spare_and_needs_none(codec: str) -> None:
    """The kernel lets root off the limit of processes, and so hides what it breaks."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        film = Path(folder, "film.mov")
        film.write_bytes(films.film("mov", codec))
        for task, expected in (("look", '"playable"'), ("render", '"rendered": true')):
            command = [sys.executable, "-c", AS_NOBODY, str(FILM_CHILD.parent), task]
            with film.open("rb") as source:
                done = subprocess.run(command, cwd=folder, stdin=source, capture_output=True, text=True, check=True)
            assert expected in done.stdout


AS_NOBODY = """
import os, sys
sys.path.insert(0, sys.argv.pop(1))
import film_child
film_child.prepare("WEBP", "av.subtitles.codeccontext", "av.subtitles.stream", "logging")  # while it can be read
os.setgid(65534)
os.setuid(65534)
film_child.main()
"""


def test_a_film_is_rendered_beside_the_photos_and_served_in_parts(
    tmp_path: Path, sqlite_url: str, redis_url: str
) -> None:
    with town_of(tmp_path / "data", sqlite_url, redis_url) as town:
        content = films.film("webm", "libvpx-vp9", "libopus")
        key = _filed(town, content)
        wait_until(lambda: _evidence(town).playable)
        play = f"/evidence/{key}/play"
        whole = town.ann.get(play)
        assert whole.status_code == 200 and whole.headers["content-type"] == "video/mp4"
        assert whole.headers["cache-control"] == "no-store" and whole.headers["accept-ranges"] == "bytes"
        for asked, status, expected in (
            ("bytes=0-99", 206, whole.content[:100]), ("bytes=100-", 206, whole.content[100:]),
            ("bytes=-10", 206, whole.content[-10:]), (f"bytes={len(whole.content)}-", 416, None),
        ):  # fmt: skip
            part = town.hendra.get(play, headers={"range": asked})
            assert part.status_code == status and (expected is None or part.content == expected)
        assert town.zed.get(play).status_code == 404 and town.dewi.get(play).status_code == 404
        page = town.hendra.get(f"/incidents/{_evidence(town).complaint_id}").text
        assert f'href="{play}"' in page and "autoplay" not in page
        assert f'src="{play}"' in town.ann.get(f"/complaints/{town.complaints()[0].ref}").text
        original = town.hendra.get(f"/evidence/{key}/original")
        assert original.content == content and original.headers["content-disposition"].startswith("attachment")


def _filed(town: Town, content: bytes) -> str:
    received = keep(town.client.app_state["store"], content)
    upload = Upload("video", "film.webm", Kind.WEBM.value, received.size, received.sha256)

    def add(session: Session) -> None:
        complaint = session.exec(select(Complaint)).one()
        attach(session, session.get_one(Citizen, town.ann.id).viewer, complaint, upload)

    town.ann.file()
    town.write(add)
    return _evidence(town).key


def _evidence(town: Town) -> Evidence:
    return town.read(lambda session: session.exec(select(Evidence)).one())
