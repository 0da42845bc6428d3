"""What keeps this server from storing or telling is said: to the operator, to the desk, and to who sends a photo."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select
from starlette.testclient import TestClient

from console.app import create_app
from console.evidence.pieces import Part
from console.server import vitals
from console.settings import Settings
from console.writer import NotStored, Writer
from models.record.database import writing_engine
from models.record.event import record
from models.record.outbox import Parcel, State, put
from models.viewer import CLOCK
from tests.evidence.test_uploads import evidence, send, sending
from tests.support.house import wait_until
from tests.support.patience import PATIENCE_SECONDS
from tests.support.town import REPORT, Town, jpeg, ref_of

ENDLESS = 10**18  # more than any disk has
TYPED = REPORT | {"description": "Tiga orang di gang"}


def test_a_group_that_was_not_stored_is_remembered_until_one_is(sqlite_url: str) -> None:
    writer = Writer(writing_engine(sqlite_url), b"for tests", lambda rings: None)

    def fail(session: Session) -> None:
        session.connection().invalidate()
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    try:
        with pytest.raises(NotStored):
            writer.submit(fail).result(PATIENCE_SECONDS)
        assert writer.failing
        writer.submit(lambda session: None).result(PATIENCE_SECONDS)
        assert not writer.failing
    finally:
        writer.close()


@pytest.mark.parametrize(
    "wrong, red, says",
    [
        ("RESERVE", True, "Ruang simpan server hampir penuh"),
        ("LEAST_FREE", False, "Ruang simpan server menipis"),
        ("failing", True, "Server gagal menyimpan"),
        ("waited", True, "Server lambat menyimpan"),
    ],
)
def test_what_is_wrong_is_said_by_ready_and_at_the_desk(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch, wrong: str, red: bool, says: str
) -> None:
    well = sqlite_town.anyone.get("/ready")
    assert (well.status_code, well.text.splitlines()[0]) == (200, "ok")
    assert says not in sqlite_town.sari.get("/duty").text
    given = {"failing": property(lambda self: True, lambda self, value: None), "waited": lambda self: 3.0}
    monkeypatch.setattr(Writer if wrong in given else vitals, wrong, given.get(wrong, ENDLESS), raising=False)
    ready = sqlite_town.anyone.get("/ready")
    assert (ready.status_code, ready.text.splitlines()[0] != "ok") == ((503, True) if red else (200, False))
    for page in ("/duty", "/duty/server"):
        assert says in sqlite_town.sari.get(page, headers={"hx-request": "true"}).text


def test_the_last_of_the_disk_is_for_words(sqlite_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    film = sending(sqlite_town)
    monkeypatch.setattr(vitals, "RESERVE", ENDLESS)
    refused = [
        send(sqlite_town.ann, film.url, 0, film.content),
        sqlite_town.ann.post(f"/complaints/{film.ref}/photos", files={"photo": ("a.jpg", jpeg(), "image/jpeg")}),
        sqlite_town.ann.post(
            f"/complaints/{film.ref}/photos", files={"photo": ("a.jpg", jpeg(), "image/jpeg")},
            headers={"hx-request": "true"},
        ),
        sqlite_town.ann.post(
            "/complaints", data=TYPED, files={"photo": ("a.jpg", jpeg(), "image/jpeg")}
        ),
    ]  # fmt: skip
    for answer in refused:
        assert (answer.status_code, answer.headers["retry-after"]) == (507, "60"), answer.text[:300]
    assert "Tiga orang di gang" in refused[-1].text and "ruang kami penuh" in refused[-1].text  # words stay as typed
    assert film.offset() == 0 and evidence(sqlite_town) == []
    assert ref_of(sqlite_town.ann.file())  # words go on
    before_the_door = sqlite_town.anyone.post(
        "/complaints", data=TYPED, files={"photo": ("a.jpg", jpeg(), "image/jpeg")}
    )
    assert before_the_door.headers["location"] == "/sign-in"  # its photo stays on the phone, and the door says so
    store = sqlite_town.client.app_state["store"]
    assert [path.name for path in store.waiting.folder.iterdir()] == []


def test_a_disk_that_is_full_in_the_middle_of_a_film_is_no_fault_of_ours_and_nothing_is_believed(
    sqlite_town: Town,
) -> None:
    film = sending(sqlite_town)
    film.part.symlink_to("/dev/full")
    answer = send(sqlite_town.ann, film.url, 0, film.content)
    assert (answer.status_code, answer.headers["retry-after"]) == (507, "60")
    film.part.unlink()
    assert film.offset() == 0
    assert send(sqlite_town.ann, film.url, 0, film.content).status_code == 204


def test_a_write_that_took_only_a_part_is_gone_on_with(sqlite_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A raw write may take fewer bytes than it is given: what the disk still had room for."""
    begin = Part.__init__

    class Few:
        def __init__(self, file):  # type: ignore[no-untyped-def]
            self._file = file

        def write(self, some: bytes) -> int:
            return int(self._file.write(bytes(some[:1000])))

        def __getattr__(self, name: str) -> object:
            return getattr(self._file, name)

    monkeypatch.setattr(Part, "__init__", lambda self, id, file, *rest: begin(self, id, Few(file), *rest))
    film = sending(sqlite_town)
    assert send(sqlite_town.ann, film.url, 0, film.content).status_code == 204
    assert evidence(sqlite_town)[0].size == len(film.content)


@pytest.mark.parametrize(
    "number, status", [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EIO, 503), (errno.EROFS, 503)]
)
def test_a_sick_disk_is_never_a_500(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch, number: int, status: int
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, "for tests")

    ref = ref_of(sqlite_town.ann.file())
    monkeypatch.setattr("console.evidence.store.os.fsync", fail)
    answer = sqlite_town.ann.post(f"/complaints/{ref}/photos", files={"photo": ("a.jpg", jpeg(), "image/jpeg")})
    assert answer.status_code == status and answer.headers["retry-after"]
    assert [path.name for path in sqlite_town.client.app_state["store"].incoming.iterdir()] == []


def _news(session: Session) -> None:
    put(session, "news", "+6281200004471", {"text": "Kabar", "locale": "id"}, life=timedelta(hours=1))
    record(session, "send_code", CLOCK)  # as with whatever puts something there: it is what the bell rings for


def test_a_real_server_without_a_channel_says_so_and_its_log_holds_no_code(
    tmp_path: Path, sqlite_url: str, redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(
        data_dir=tmp_path, database_url=sqlite_url, redis_url=redis_url, public_url="https://siaga.example"
    )
    with TestClient(create_app(settings), base_url="https://siaga.example", follow_redirects=False) as client:
        town = Town(client)
        for person in (town.sari, town.dewi):
            person.cookies = {"__Host-siaga": person.cookies["siaga"]}
        assert "SIAGA_NOTIFY names no channel" in caplog.text
        assert "SMS belum dipasang" in town.sari.get("/duty").text
        assert "atur SIAGA_NOTIFY" in town.dewi.get("/admin/messages").text
        asked = town.anyone.post("/sign-up", data={"phone": "0812 7777 8888"})
        assert asked.status_code == 429 and "Kode lewat SMS belum tersedia" in asked.text
        assert town.anyone.get("/ready").text.splitlines()[0] == "ok"  # nothing is lost
        # What waits from before is not made into words either.
        town.write(_news)
        wait_until(lambda: [one.state for one in town.read(lambda s: list(s.exec(select(Parcel))))] == [State.FAILED])
        assert "Kabar" not in caplog.text
