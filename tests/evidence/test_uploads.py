"""Uploads: a file arrives whole, however often the line breaks, and nobody but its sender knows of it."""

import fcntl
import hashlib
import io
import os
import socket
import time
import zipfile
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import Session, select

from console.clock import Clock
from console.evidence import completing as arriving
from models.incidents import arrivals
from models.incidents import uploads as law
from models.incidents.arrivals import Arrival
from models.incidents.evidence import Evidence, Transfer
from models.incidents.incident import Incident
from models.record.event import Event
from models.time import now
from tests.support import corpus, films
from tests.support.house import wait_until
from tests.support.serving import browser, cast_of, in_thread, report
from tests.support.town import Town, Visitor, jpeg, ref_of

TUS = {"tus-resumable": "1.0.0"}
BYTES = TUS | {"content-type": "application/offset+octet-stream"}
MB = 1024 * 1024


def told(**metadata: str) -> str:
    return ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in metadata.items())


def sum_of(content: bytes) -> str:
    return f"sha256 {b64encode(hashlib.sha256(content).digest()).decode()}"


def ask(who: Visitor, method: str, url: str, **more: Any) -> Response:
    headers = TUS | more.pop("headers", {})
    return who._ask(method, url, headers=headers, **more)


def announce(
    who: Visitor, ref: str, size: int, type: str = "video/mp4", name: str = "film.mp4", **more: str
) -> Response:
    metadata = told(complaint=ref, filename=name, filetype=type, **more)
    return ask(who, "POST", "/uploads", headers={"upload-length": str(size), "upload-metadata": metadata})


def send(who: Visitor, url: str, offset: int, content: bytes, **headers: str) -> Response:
    return who._ask("PATCH", url, headers=BYTES | {"upload-offset": str(offset)} | headers, content=content)


@dataclass
class Sending:
    """Ann's complaint, and a film of hers that is announced."""

    town: Town
    ref: str
    url: str
    content: bytes

    def offset(self, who: Visitor | None = None) -> int:
        return int(ask(who or self.town.ann, "HEAD", self.url).headers["upload-offset"])

    @property
    def part(self) -> Path:
        return self.town.client.app_state["store"].parts.path(self.url.rpartition("/")[2])

    @property
    def incident(self) -> Incident:
        return self.town.incident_of(self.ref)


def sending(town: Town, content: bytes | None = None, **more: str) -> Sending:
    content = films.film() if content is None else content
    ref = ref_of(town.ann.file())
    answer = announce(town.ann, ref, len(content), **more)
    assert answer.status_code == 201, answer.text
    return Sending(town, ref, answer.headers["location"], content)


def evidence(town: Town) -> list[Evidence]:
    return town.read(lambda session: list(session.exec(select(Evidence).order_by(Evidence.id))))


def kept(town: Town, one: Evidence) -> bytes:
    return town.client.app_state["store"].path(one.sha256).read_bytes()


# --- what a protocol promises ---


def test_a_file_arrives_in_pieces_and_becomes_evidence(town: Town) -> None:
    film = sending(town, type="video/mp4; codecs=avc1")
    middle = len(film.content) // 2
    assert film.incident.uploading == 0  # the officers know that something is on its way
    first = send(town.ann, film.url, 0, film.content[:middle], **{"upload-checksum": sum_of(film.content[:middle])})
    assert (first.status_code, first.headers["upload-offset"]) == (204, str(middle))
    assert film.offset() == middle and evidence(town) == []
    last = send(town.ann, film.url, middle, film.content[middle:])
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(film.content)))
    (one,) = evidence(town)
    assert (one.kind, one.name, one.mime, one.size) == ("video", "film.mp4", "video/mp4", len(film.content))
    assert kept(town, one) == film.content and one.sha256 == hashlib.sha256(film.content).hexdigest()
    assert not film.part.exists()
    assert (film.incident.uploading, film.incident.videos) == (None, 1)
    wait_until(lambda: evidence(town)[0].state == "ready")


def test_the_server_says_what_it_can(sqlite_town: Town) -> None:
    offered = sqlite_town.anyone._ask("OPTIONS", "/uploads")
    assert offered.status_code == 204 and offered.headers["tus-version"] == "1.0.0"
    assert set(offered.headers["tus-extension"].split(",")) == {"creation", "termination", "checksum", "expiration"}
    assert offered.headers["tus-checksum-algorithm"] == "sha256" and int(offered.headers["tus-max-size"]) == 100 * MB
    film = sending(sqlite_town)
    other = sqlite_town.ann._ask("HEAD", film.url, headers={"tus-resumable": "0.2.2"})
    assert other.status_code == 412 and other.headers["tus-version"] == "1.0.0"
    head = ask(sqlite_town.ann, "HEAD", film.url)
    assert head.headers["upload-length"] == str(len(film.content)) and head.headers["cache-control"] == "no-store"
    assert head.headers["connection"] == "close"  # a browser repeats by itself what breaks on a line it used before
    assert head.headers["upload-expires"].endswith("GMT") and head.headers["tus-resumable"] == "1.0.0"


@pytest.mark.parametrize("offset", ["1", "99999999", "-1", "x", ""])
def test_a_wrong_offset_changes_nothing(sqlite_town: Town, offset: str) -> None:
    film = sending(sqlite_town)
    answer = send(sqlite_town.ann, film.url, 0, b"abc", **{"upload-offset": offset})
    assert answer.status_code == (409 if offset.isdigit() else 400)
    assert film.offset() == 0


def test_a_damaged_piece_is_thrown_away_and_asked_for_again(sqlite_town: Town) -> None:
    film = sending(sqlite_town)
    assert send(sqlite_town.ann, film.url, 0, film.content[:100]).status_code == 204
    wrong = {"upload-checksum": sum_of(film.content)}
    assert send(sqlite_town.ann, film.url, 100, film.content[100:], **wrong).status_code == 460
    assert film.offset() == 100 and evidence(sqlite_town) == []
    assert send(sqlite_town.ann, film.url, 100, film.content[100:]).status_code == 204
    assert kept(sqlite_town, evidence(sqlite_town)[0]) == film.content
    for nonsense in ("md5 AAAA", "sha256 ?", "sha256 AAAA"):
        assert send(sqlite_town.ann, film.url, 0, b"", **{"upload-checksum": nonsense}).status_code == 400


def test_a_whole_that_is_not_what_was_announced_is_sent_anew(sqlite_town: Town) -> None:
    film = sending(sqlite_town, sha256=hashlib.sha256(films.film()).hexdigest())
    assert send(sqlite_town.ann, film.url, 0, bytes(len(film.content))).status_code == 460
    assert film.offset() == 0 and evidence(sqlite_town) == []
    assert send(sqlite_town.ann, film.url, 0, film.content).status_code == 204
    assert kept(sqlite_town, evidence(sqlite_town)[0]) == film.content


def test_more_than_was_announced_is_refused_and_nothing_of_it_stays(sqlite_town: Town) -> None:
    film = sending(sqlite_town)
    assert send(sqlite_town.ann, film.url, 0, film.content + b"x").status_code == 413
    assert film.offset() == 0 and evidence(sqlite_town) == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"upload-length": "x"}, 400),
        ({"upload-length": ""}, 400),
        ({"upload-length": "9" * 30}, 400),
        ({"upload-length": str(2**63)}, 400),
        ({"upload-length": "-1"}, 400),
        ({"upload-length": "+5"}, 400),
        ({"upload-length": "1e3"}, 400),
        ({"upload-length": str(10**14)}, 413),
        ({"upload-length": "0"}, 422),
        ({"upload-metadata": "complaint ###"}, 400),
        ({"upload-metadata": f"filename {b64encode(bytes([0xFF])).decode()}"}, 400),
        ({"upload-metadata": ""}, 404),
    ],
)
def test_nonsense_is_refused(sqlite_town: Town, headers: dict[str, str], status: int) -> None:
    ref = ref_of(sqlite_town.ann.file())
    given = {"upload-length": "10", "upload-metadata": told(complaint=ref, filetype="image/jpeg")} | headers
    assert ask(sqlite_town.ann, "POST", "/uploads", headers=given).status_code == status
    assert announce(sqlite_town.ann, ref, 10, "text/html").status_code == 415
    film = sending(sqlite_town)
    assert send(sqlite_town.ann, film.url, 0, b"a", **{"content-type": "text/plain"}).status_code == 415


# --- whose it is ---


def test_an_upload_is_its_senders_alone(sqlite_town: Town) -> None:
    town, film = sqlite_town, sending(sqlite_town)
    for who, create, touch in (
        (town.zed, 404, 404), (town.bob, 404, 404), (town.hendra, 403, 403), (town.sari, 403, 403),
        (town.dewi, 403, 403), (town.anyone, 401, 401),
    ):  # fmt: skip
        assert announce(who, film.ref, 10).status_code == create
        assert ask(who, "HEAD", film.url).status_code == touch
        assert send(who, film.url, 0, b"abc").status_code == touch
        assert ask(who, "DELETE", film.url).status_code == touch
    assert film.offset() == 0
    assert ask(town.ann, "HEAD", "/uploads/nowhere").status_code == 404
    foreign = send(town.ann, film.url, 0, b"abc", **{"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403 and film.offset() == 0


def test_its_sender_may_end_it(sqlite_town: Town) -> None:
    film = sending(sqlite_town)
    send(sqlite_town.ann, film.url, 0, film.content[:100])
    assert film.incident.uploading is not None
    assert ask(sqlite_town.ann, "DELETE", film.url).status_code == 204
    assert film.incident.uploading is None
    gone(film)


def gone(film: Sending) -> None:
    """Nobody can go on with it, its sender least of all."""
    for answer in (
        ask(film.town.ann, "HEAD", film.url), send(film.town.ann, film.url, 100, film.content[100:]),
        send(film.town.ann, film.url, 0, film.content), ask(film.town.ann, "DELETE", film.url),
    ):  # fmt: skip
        assert answer.status_code == 404
    assert evidence(film.town) == [] and not film.part.exists()


# --- twice, at once, and cut off ---


def test_announced_twice_it_is_one_upload(sqlite_town: Town) -> None:
    ref = ref_of(sqlite_town.ann.file())
    first, again = (announce(sqlite_town.ann, ref, 10, key="one").headers["location"] for _ in range(2))
    assert first == again != announce(sqlite_town.ann, ref, 10, key="two").headers["location"]


def test_the_same_film_twice_is_one_piece_of_evidence(sqlite_town: Town) -> None:
    film = sending(sqlite_town)
    again = announce(sqlite_town.ann, film.ref, len(film.content)).headers["location"]
    for url in (film.url, again):
        assert send(sqlite_town.ann, url, 0, film.content).status_code == 204
    assert len(evidence(sqlite_town)) == 1 and film.incident.uploading is None
    assert send(sqlite_town.ann, again, len(film.content), b"").status_code == 204  # its answer was lost: asked again


def test_two_senders_of_one_upload_never_mix(sqlite_town: Town) -> None:
    film = sending(sqlite_town, films.noise(2))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(sqlite_town.ann, film.url, 0, film.content).status_code, range(4)))
    assert set(answers) <= {204, 409, 423}
    if 204 not in answers:  # each was sent away by a later one: whoever asks now goes on from what is here
        here = film.offset()
        assert send(sqlite_town.ann, film.url, here, film.content[here:]).status_code == 204
    assert kept(sqlite_town, evidence(sqlite_town)[0]) == film.content


def test_another_process_at_work_is_waited_for(sqlite_town: Town) -> None:
    film = sending(sqlite_town)
    send(sqlite_town.ann, film.url, 0, film.content[:10])
    with film.part.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        busy = send(sqlite_town.ann, film.url, 10, film.content[10:])
        assert busy.status_code == 423 and busy.headers["retry-after"]
    assert send(sqlite_town.ann, film.url, 10, film.content[10:]).status_code == 204


@pytest.mark.parametrize("by", ["a question", "the next start", "a last piece"])
def test_cut_off_between_the_last_byte_and_its_row_it_arrives_all_the_same(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    film = sending(sqlite_town)
    store, writer = (sqlite_town.client.app_state[name] for name in ("store", "writer"))

    def die(*_: object) -> None:
        raise OSError("killed here")

    with monkeypatch.context() as patched:
        patched.setattr(arriving, "finish", die)
        assert send(sqlite_town.ann, film.url, 0, film.content).status_code == 500
    assert evidence(sqlite_town) == [] and film.part.stat().st_size == len(film.content)
    if by == "a question":
        assert film.offset() == len(film.content)
    elif by == "the next start":
        assert sqlite_town.client.portal
        count = sqlite_town.client.portal.call(arriving.arrive_late, store, sqlite_town._read, writer)
        assert count == 1
    else:
        assert send(sqlite_town.ann, film.url, len(film.content), b"").status_code == 204
    (one,) = evidence(sqlite_town)
    assert kept(sqlite_town, one) == film.content and not film.part.exists()


def test_a_dead_line_that_nobody_hung_up_keeps_no_newer_one_waiting(
    tmp_path: Path, sqlite_url: str, redis_url: str
) -> None:
    """On a phone's network the old connection dies without a word: the server still waits for its bytes."""
    with cast_of(sqlite_url, redis_url) as cast, in_thread(cast, tmp_path / "data", redis_url) as server:
        content = films.noise(1)
        with browser(server, cast.cookies["ann"], **TUS) as ann:
            ref = ann.post("/complaints", data=report()).headers["location"].rpartition("/")[2]
            given = {"upload-length": str(len(content)), "upload-metadata": told(complaint=ref, filetype="video/mp4")}
            url = ann.post("/uploads", headers=given).headers["location"]
            with socket.create_connection(("127.0.0.1", server.port)) as dead:
                head = "".join(f"{name}: {value}\r\n" for name, value in (BYTES | {
                    "host": "x", "cookie": cast.cookies["ann"], "upload-offset": "0", "content-length": str(len(content)),
                }).items())  # fmt: skip
                dead.sendall(f"PATCH {url} HTTP/1.1\r\n{head}\r\n".encode() + content[:600_000])
                wait_until(lambda: int(ann.head(url).headers["upload-offset"]) >= 250_000)
                started = time.monotonic()
                here = int(ann.head(url).headers["upload-offset"])
                answers = [ann.patch(url, headers=BYTES | {"upload-offset": str(here)}, content=content[here:])]
                if answers[0].status_code == 409:  # what the dead line had still brought
                    here = int(answers[0].headers["upload-offset"])
                    answers.append(ann.patch(url, headers=BYTES | {"upload-offset": str(here)}, content=content[here:]))
                assert answers[-1].status_code == 204 and time.monotonic() - started < 5
        (one,) = cast.read(lambda session: list(session.exec(select(Evidence))))
        assert one.sha256 == hashlib.sha256(content).hexdigest()


# --- how much, how long ---


def _a_day_later(session: Session) -> None:
    for transfer in session.exec(select(Transfer)):
        transfer.expires_at -= timedelta(hours=25)


def test_limits(sqlite_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town, ref = sqlite_town, ref_of(sqlite_town.ann.file())
    assert announce(town.ann, ref, 50 * MB + 1, "image/jpeg").status_code == 413
    assert announce(town.ann, ref, 50 * MB + 1, "").status_code == 413
    assert announce(town.ann, ref, 100 * MB + 1).status_code == 413
    for _ in range(10):
        assert announce(town.ann, ref, 10, "image/jpeg").status_code == 201
    full = announce(town.ann, ref, 10, "image/jpeg")
    assert full.status_code == 413 and "10 file" in full.json()["detail"]
    monkeypatch.setattr(arrivals, "DAY_BYTES", 300)
    other = ref_of(town.ann.file())
    assert announce(town.ann, other, 200).status_code == 201
    assert announce(town.ann, other, 1).status_code == 413
    assert announce(town.zed, ref_of(town.zed.file()), 200).status_code == 201  # each has their own day
    town.write(_a_day_later)
    assert announce(town.ann, other, 200).status_code == 201


def test_the_days_limit_counts_the_bytes_that_came(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "DAY_BYTES", 300)
    ref = ref_of(town.ann.file())
    for _ in range(3):  # announced and taken back: nothing came
        url = announce(town.ann, ref, 250, "image/jpeg").headers["location"]
        assert ask(town.ann, "DELETE", url).status_code == 204
    one, other = (announce(town.ann, ref, 150, "image/jpeg").headers["location"] for _ in range(2))
    send(town.ann, one, 0, b"x" * 140)
    assert ask(town.ann, "DELETE", one).status_code == 204  # it came all the same
    assert announce(town.ann, ref, 11, "image/jpeg").status_code == 413
    assert (
        send(
            town.ann, other, 0, b"x" * 60, **{"upload-checksum": f"sha256 {b64encode(bytes(32)).decode()}"}
        ).status_code
        == 460
    )
    send(town.ann, other, 0, b"x" * 120)
    town.write(lambda session: None)  # what came is counted after the answer
    assert town.read(lambda s: s.exec(select(Arrival)).one().bytes) == 320
    assert send(town.ann, other, 120, b"x" * 30).status_code == 413
    assert announce(town.zed, ref_of(town.zed.file()), 200).status_code == 201
    town.write(
        lambda s: [setattr(row, "hour", row.hour - timedelta(hours=25)) for row in s.exec(select(Arrival))] and None
    )
    assert send(town.ann, other, 120, b"x" * 30).status_code == 204


def test_a_photo_does_not_come_in_as_a_video(sqlite_town: Town) -> None:
    film = sending(sqlite_town, jpeg() + bytes(50 * MB))
    assert send(sqlite_town.ann, film.url, 0, film.content).status_code == 413
    assert evidence(sqlite_town) == [] and film.incident.uploading is None and not film.part.exists()


@pytest.mark.parametrize(("type", "kind"), [("image/jpeg", "photo"), ("video/mp4", "video")])
def test_what_is_no_picture_costs_nothing_and_the_complaint_says_so(sqlite_town: Town, type: str, kind: str) -> None:
    film = sending(sqlite_town, b"<script>alert(1)</script>", type=type)
    assert send(sqlite_town.ann, film.url, 0, film.content).status_code == 204
    wait_until(lambda: evidence(sqlite_town)[0].state == "unreadable")
    assert evidence(sqlite_town)[0].kind == kind
    assert "tidak terbaca" in sqlite_town.ann.get(f"/complaints/{film.ref}").text


def test_the_bytes_say_what_it_is(sqlite_town: Town) -> None:
    photo = sending(sqlite_town, jpeg(), type="video/mp4")
    send(sqlite_town.ann, photo.url, 0, photo.content)
    assert (evidence(sqlite_town)[0].kind, photo.incident.photos, photo.incident.videos) == ("photo", 1, 0)


def _over_tus(town: Town, name: str) -> str:
    photo = sending(town, jpeg(), type="image/jpeg", name=name)
    assert send(town.ann, photo.url, 0, photo.content).status_code == 204
    return photo.ref


def _by_form(town: Town, name: str) -> str:
    """As a hostile program would: what a browser would have quoted stands there as it is."""
    ref, head = ref_of(town.ann.file()), b'--x\r\ncontent-disposition: form-data; name="photo"; filename="%s"\r\n\r\n'
    content = head % name.replace("\n", " ").encode() + jpeg() + b"\r\n--x--\r\n"
    form = {"content-type": "multipart/form-data; boundary=x"}
    assert town.ann._ask("POST", f"/complaints/{ref}/photos", content=content, headers=form).status_code == 303
    return ref


@pytest.mark.parametrize("come", [_over_tus, _by_form])
def test_a_name_is_only_ever_a_name(town: Town, come: Callable[[Town, str], str]) -> None:
    name = "../../etc/" + "<img src=x onerror=alert(1)>\n\0\u202e" * 122
    assert len(name.encode()) > 4000
    ref = come(town, name)
    (one,) = evidence(town)
    assert one.name and len(one.name) <= 200 and not set(one.name) & set("/\\\n\0\u202e")
    for page in (town.ann.get(f"/complaints/{ref}"), town.hendra.get(f"/incidents/{town.incident_of(ref).id}")):
        assert page.status_code == 200 and "<img src=x" not in page.text


def test_an_upload_that_fell_silent_goes_and_the_card_says_so(sqlite_town: Town) -> None:
    film = sending(sqlite_town)
    send(sqlite_town.ann, film.url, 0, film.content[:100])
    old = now().timestamp() - 25 * 3600
    os.utime(film.part, (old, old))
    store = sqlite_town.client.app_state["store"]
    clock = Clock(sqlite_town._read, sqlite_town.writer, store)

    def tidy() -> None:
        assert sqlite_town.client.portal
        sqlite_town.client.portal.call(clock.tidy)

    tidy()
    assert film.incident.uploading is not None  # not yet
    sqlite_town.write(lambda session: setattr(session.exec(select(Transfer)).one(), "expires_at", now()))
    assert send(sqlite_town.ann, film.url, 100, film.content[100:]).status_code == 404
    tidy()
    assert film.incident.uploading is None
    gone(film)


# --- what the officers see ---


def test_the_card_moves_rarely_and_claims_nobodys_version(sqlite_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    film = sending(sqlite_town, films.noise(4))
    version = film.incident.version

    def steps() -> list[int | None]:
        def bodies(session: Session) -> list[int | None]:
            rows = session.exec(select(Event).where(Event.step == "upload").order_by(Event.seq))
            return [row.body["set"]["uploading"] for row in rows]

        return sqlite_town.read(bodies)

    send(sqlite_town.ann, film.url, 0, film.content[:1_000_000])
    assert steps() == [0]  # within two seconds of the last
    monkeypatch.setattr(law, "TOLD_EVERY", timedelta())
    send(sqlite_town.ann, film.url, 1_000_000, film.content[1_000_000:3_000_000])
    wait_until(lambda: steps()[-1] == 75)
    assert len(steps()) <= 6 and film.incident.uploading == 75
    assert film.incident.version == version
    claim = {"version": str(version)}
    answer = sqlite_town.hendra.post(f"/incidents/{film.incident.id}/claim", data=claim, headers={"hx-request": "true"})
    assert answer.status_code == 204
    send(sqlite_town.ann, film.url, 3_000_000, film.content[3_000_000:])
    assert film.incident.uploading is None and film.incident.videos == 1


def test_the_percent_follows_a_complaint_that_is_merged(sqlite_town: Town) -> None:
    film = sending(sqlite_town)
    other = ref_of(sqlite_town.zed.file())
    sqlite_town.act(film.ref, "merge", sqlite_town.hendra, into=sqlite_town.incident_of(other).id)
    assert sqlite_town.incident_of(other).uploading == 0
    send(sqlite_town.ann, film.url, 0, film.content)
    assert (sqlite_town.incident_of(other).uploading, sqlite_town.incident_of(other).videos) == (None, 1)


@pytest.mark.parametrize(
    ("type", "content", "ending"),
    [("video/quicktime", films.film("mov"), "mov"), ("image/heif", corpus.mp4(b"mif1"), "heif")],
)
def test_a_file_keeps_its_own_ending_wherever_a_name_is_made(
    sqlite_town: Town, type: str, content: bytes, ending: str
) -> None:
    film = sending(sqlite_town, content, type=type)
    send(sqlite_town.ann, film.url, 0, content)
    (one,) = evidence(sqlite_town)
    original = sqlite_town.hendra.get(f"/evidence/{one.key}/original")
    assert original.headers["content-disposition"] == f'attachment; filename="{one.key}.{ending}"'
    with zipfile.ZipFile(io.BytesIO(sqlite_town.ann.get("/account/export").content)) as archive:
        assert archive.read(f"evidence/{film.ref}/1.{ending}") == content
