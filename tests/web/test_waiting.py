"""What waits before the door: words to their limit, a few photos, gone with their draft; and a draft that holds nobody up."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from console.clock import Clock
from console.door import bodies
from console.door.bodies import WORDS_BYTES
from console.evidence import at_the_door as waiting
from console.evidence import store as media
from console.evidence.store import Received, Store
from console.web.citizen import drafts as kept_drafts
from console.web.citizen.reports import LONGEST, Report
from models.city.category import Category
from models.incidents import arrivals
from models.incidents import draft as drafts
from models.incidents.arrivals import Arrival
from models.incidents.draft import Draft
from models.incidents.evidence import Evidence
from models.time import now
from tests.support.inbox import Inbox, sign_up
from tests.support.town import PASSWORD, REPORT, Town, Visitor, jpeg, ref_of

DOOR = {"login": "0812 0000 4471", "password": PASSWORD}


def photo(colour: str = "red") -> tuple[str, tuple[str, bytes, str]]:
    return "photo", (f"{colour}.jpg", jpeg(colour), "image/jpeg")


def store_of(town: Town) -> Store:
    store: Store = town.client.app_state["store"]
    return store


def files(store: Store) -> list[Path]:
    """The originals in the store, and whatever is under way."""
    return sorted(path for path in store.folder.rglob("*") if path.is_file() and "." not in path.name)


def waits(store: Store) -> list[Path]:
    return sorted(store.waiting.folder.iterdir())


def under_way(store: Store) -> list[Path]:
    """But for the folders of the media child."""
    return [path for path in store.incoming.iterdir() if path.is_file()]


def rows(town: Town) -> list[Draft]:
    return town.read(lambda session: list(session.exec(select(Draft))))


def tidy(town: Town) -> None:
    async def act() -> None:
        await Clock(town.client.app_state["read"], town.writer, store_of(town)).tidy()

    assert town.client.portal
    town.client.portal.call(act)


def old(path: Path, hours: float = 25) -> None:
    at = time.time() - hours * 3600
    os.utime(path, (at, at))


def run(act: Any) -> Any:
    with ThreadPoolExecutor(1) as thread:  # the browser's driver has a loop of its own in this one
        return thread.submit(asyncio.run, act).result()


async def stream(content: bytes) -> AsyncIterator[bytes]:
    yield content


# Before the door


def test_photos_wait_beside_the_evidence_until_the_draft_is_filed(town: Town, inbox: Inbox) -> None:
    store = store_of(town)
    town.anyone.post("/complaints", data=REPORT, files=[photo(), photo("blue")])
    assert len(waits(store)) == 2 and files(store) == waits(store)
    sign_up(town.anyone, inbox)
    assert waits(store) == [] and len(files(store)) == 2 and rows(town) == []
    assert len(town.read(lambda session: session.exec(select(Evidence)).all())) == 2


@pytest.mark.parametrize("field", sorted(Report.model_fields))
def test_a_draft_keeps_no_more_than_its_words(sqlite_town: Town, field: str) -> None:
    """Nothing of a row may be as long as a body."""
    assert sqlite_town.anyone.file(**{field: "1" * 30_000}).status_code == 422
    assert rows(sqlite_town) == [] and field in LONGEST


def test_a_draft_of_a_kind_that_is_none_is_refused_with_all_it_brought(sqlite_town: Town) -> None:
    answer = sqlite_town.anyone.post("/complaints", data={**REPORT, "category": "NOTHING"}, files=[photo()])
    assert answer.status_code == 422 and rows(sqlite_town) == [] and files(store_of(sqlite_town)) == []


@pytest.mark.parametrize("quota", ["EACH_BYTES", "ALL_BYTES"])
def test_photos_without_room_stay_on_the_phone_and_the_words_count(
    sqlite_town: Town, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, quota: str
) -> None:
    town = sqlite_town
    monkeypatch.setattr(waiting, quota, len(jpeg()) + 10)
    assert town.anyone.post("/complaints", data=REPORT, files=[photo(), photo("blue")]).status_code == 303
    assert "1 foto belum ikut" in town.anyone.get("/sign-in").text and len(waits(store_of(town))) == 1
    if quota == "ALL_BYTES":
        other = Visitor(town.client)
        other.post("/complaints", data=REPORT, files=[photo()])
        assert "1 foto belum ikut" in other.get("/sign-in").text and len(waits(store_of(town))) == 1
    sign_up(town.anyone, inbox)
    assert len(town.complaints()) == len(town.read(lambda session: session.exec(select(Evidence)).all())) == 1


@pytest.mark.parametrize("of", ["KIB_OF_AN_ADDRESS", "KIB_OF_A_NETWORK"])
def test_one_phone_takes_no_room_from_all(sqlite_town: Town, monkeypatch: pytest.MonkeyPatch, of: str) -> None:
    monkeypatch.setattr(kept_drafts, of, 3)
    store = store_of(sqlite_town)
    for _ in range(4):
        assert sqlite_town.anyone.post("/complaints", data=REPORT, files=[photo()]).status_code == 303
    assert len(rows(sqlite_town)) == 4 and len(waits(store)) == 3 // (len(jpeg()) // 1024 + 1)
    assert [row.body["left_out"] for row in rows(sqlite_town)].count(1) == 4 - len(waits(store))


def test_drafts_are_so_many_and_no_more(sqlite_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST", 2)
    said = [Visitor(sqlite_town.client).post("/complaints", data=REPORT, files=[photo()]) for _ in range(3)]
    assert [answer.status_code for answer in said] == [303, 303, 429] and "Masuk dulu" in said[2].text
    assert REPORT["description"] in said[2].text  # nothing typed is lost over it
    assert len(rows(sqlite_town)) == len(waits(store_of(sqlite_town))) == 2
    assert sqlite_town.ann.file().status_code == 303  # who is known files on


def test_nobody_sends_more_photos_than_may_wait(sqlite_town: Town) -> None:
    large = [("photo", ("a.jpg", b"\xff\xd8\xff" + bytes(11 << 20), "image/jpeg"))] * 2
    answer = sqlite_town.anyone.post("/complaints", data=REPORT, files=large)
    assert answer.status_code == 413 and "20\xa0MB" in answer.text and rows(sqlite_town) == []
    assert sqlite_town.ann.post("/complaints", data=REPORT, files=large).status_code == 303


def test_a_few_forms_with_photos_at_once_and_words_never_wait_for_them(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "STRANGERS_AT_ONCE", 0)
    large = [("photo", ("a.jpg", jpeg() + bytes(WORDS_BYTES), "image/jpeg"))]
    busy = sqlite_town.anyone.post("/complaints", data=REPORT, files=large)
    assert (busy.status_code, busy.headers["retry-after"]) == (429, "2")
    assert sqlite_town.anyone.file().status_code == 303
    assert sqlite_town.ann.post("/complaints", data=REPORT, files=large).status_code == 303
    monkeypatch.setattr(bodies, "EACH_AT_ONCE", 0)
    assert sqlite_town.ann.post("/complaints", data=REPORT, files=large).status_code == 429
    assert sqlite_town.ann.file().status_code == 303


def test_a_draft_and_its_photos_are_swept_together_and_what_a_crash_left_too(town: Town) -> None:
    store, other = store_of(town), Visitor(town.client)
    town.anyone.post("/complaints", data=REPORT, files=[photo()])
    other.post("/complaints", data=REPORT, files=[photo("blue")])
    gone, stays = (next(p for p in waits(store) if p.read_bytes() == jpeg(colour)) for colour in ("red", "blue"))
    for path in (gone, stays):
        old(path)
    crashed, young = store.waiting.path("f" * 64, 0), store.waiting.path("e" * 64, 0)
    for path in (crashed, young):
        path.write_bytes(b"x")
    old(crashed, 2)  # without a row; the other one's may be written in a moment
    hash = gone.name.rpartition("-")[0]
    town.write(lambda s: setattr(s.get_one(Draft, hash), "until", now() - timedelta(seconds=1)))
    tidy(town)
    assert waits(store) == sorted([stays, young]) and len(rows(town)) == 1
    other.post("/sign-out")  # who leaves takes it along
    assert waits(store) == [young]


# What is refused


def test_a_refused_form_leaves_no_file(town: Town) -> None:
    store, ann = store_of(town), town.ann
    for wrong in ({"category": "NOTHING"}, {"description": ""}, {"lat": "51.5", "lon": "0"}):
        answer = ann.post("/complaints", data={**REPORT, **wrong}, files=[photo()])
        assert answer.status_code == 422 and files(store) == [], wrong
    ref = ref_of(ann.post("/complaints", data={**REPORT, "idempotency_key": "k"}, files=[photo()]))
    again = ann.post("/complaints", data={**REPORT, "idempotency_key": "k"}, files=[photo(), photo("blue")])
    assert again.status_code == 422 and len(files(store)) == 1  # the one that was here before stays
    big = ("photo", ("big.jpg", bytes(15 * 1024 * 1024 + 1), "image/jpeg"))
    for url in ("/complaints", f"/complaints/{ref}/photos"):
        assert ann.post(url, data=REPORT, files=[photo("green"), big]).status_code == 413
    assert town.bob.post("/complaints", data=REPORT, files=[photo("green")]).status_code == 403
    picture = {"picture": ("a.jpg", jpeg("green"), "image/jpeg")}
    assert town.sari.post("/bulletins", data={"title": ""}, files=picture).status_code == 422
    assert len(files(store)) == 1 and ann.get(f"/complaints/{ref}").status_code == 200


def test_what_another_came_for_since_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)

    def receive() -> Received:
        return run(store.receive(stream(b"bytes"), limit_bytes=100))

    first, second = receive(), receive()
    assert first.fresh and not second.fresh
    run(store.discard(first))
    run(store.discard(second))
    assert first.path.read_bytes() == b"bytes"
    first.path.unlink()
    alone, rename = receive(), Path.rename

    def late(path: Path, target: Path) -> Path:
        os.utime(path)  # the same bytes arrive just now
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", late)
    run(store.discard(alone))
    assert alone.path.read_bytes() == b"bytes" and list(store.incoming.iterdir()) == []
    monkeypatch.undo()
    alone.path.unlink()
    run(store.discard(receive()))
    assert not alone.path.exists()


def test_what_a_crash_left_between_file_and_row_goes_and_evidence_stays(town: Town) -> None:
    store = store_of(town)
    ref = ref_of(town.ann.post("/complaints", data=REPORT, files=[photo()]))
    assert under_way(store) == []

    async def crash() -> list[Received]:
        return [await store.receive(stream(jpeg(name)), limit_bytes=10**6, stays=True) for name in ("green", "blue")]

    assert town.client.portal
    known, unknown = town.client.portal.call(crash)
    row = Evidence(
        complaint_id=town.complaints()[0].id,
        kind="photo",
        mime="image/jpeg",
        size=1,
        state="ready",
        sha256=known.sha256,
    )
    town.write(lambda session: session.add(row))  # this far it came, and its part stayed
    for one in (known, unknown):
        old(one.part)
    tidy(town)
    assert known.path.exists() and not unknown.path.exists() and under_way(store) == []
    assert town.ann.get(f"/complaints/{ref}").status_code == 200


def test_the_days_limit_counts_what_came_in_forms_too(sqlite_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "DAY_BYTES", 3 * len(jpeg()))
    ann = sqlite_town.ann
    assert ann.post("/complaints", data={**REPORT, "category": "NOTHING"}, files=[photo()]).status_code == 422
    ref = ref_of(ann.post("/complaints", data=REPORT, files=[photo("blue")]))
    sqlite_town.write(lambda session: None)  # what came is counted after the answer
    assert sqlite_town.read(lambda s: s.exec(select(Arrival)).one().bytes) >= 2 * len(jpeg()) - 10
    for url in ("/complaints", f"/complaints/{ref}/photos"):
        full = ann.post(url, data=REPORT, files=[photo("green"), photo("white")])
        assert full.status_code == 413 and "500\xa0MB" in full.text
    assert ann.file().status_code == 303  # words always
    assert sqlite_town.zed.post("/complaints", data=REPORT, files=[photo("green")]).status_code == 303


# What cannot be filed any more


def close_category(session: Session) -> None:
    session.get_one(Category, REPORT["category"]).choosable = False


def test_a_draft_that_cannot_be_filed_any_more_holds_nobody_up(town: Town) -> None:
    rina, store = town.anyone, store_of(town)
    rina.post("/complaints", data={**REPORT, "idempotency_key": "k"}, files=[photo()])
    town.write(close_category)
    inside = rina.post("/sign-in", data=DOOR)
    assert (inside.status_code, inside.headers["location"]) == (303, "/complaints/new?draft=1")
    assert town.complaints() == [] and len(rows(town)) == len(waits(store)) == 1
    assert "belum terkirim" in rina.get("/").text
    page = rina.get("/complaints/new?draft=1").text
    assert REPORT["description"] in page and 'id="fault-category"' in page and "1 foto ikut." in page
    assert "Ini yang Anda tulis sebelum masuk" in page
    again = rina.file(draft="1")
    assert again.status_code == 422 and "1 foto ikut." in again.text and len(rows(town)) == 1
    assert files(store) == waits(store)
    ref = ref_of(rina.post("/complaints", data={**REPORT, "category": "LAKA", "draft": "1"}, files=[photo("blue")]))
    assert "Foto 2" in rina.get(f"/complaints/{ref}").text and rows(town) == waits(store) == []
    assert "belum terkirim" not in rina.get("/").text


def test_a_draft_whose_key_was_used_goes_with_the_next_press(sqlite_town: Town) -> None:
    town, rina = sqlite_town, sqlite_town.anyone
    town.ann.file(idempotency_key="k", description="Yang dulu")
    rina.file(idempotency_key="k")
    assert rina.post("/sign-in", data=DOOR).headers["location"] == "/complaints/new?draft=1"
    page = rina.get("/complaints/new?draft=1").text
    assert "Ini yang Anda tulis sebelum masuk" in page and 'value="k"' not in page
    ref_of(rina.file(draft="1", idempotency_key="another"))
    assert len(town.complaints()) == 2 and rows(town) == []


def test_a_draft_from_another_time_or_a_fault_of_ours_holds_nobody_up(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, rina = sqlite_town, sqlite_town.anyone
    rina.post("/complaints", data=REPORT, files=[photo()])
    monkeypatch.setattr(media.Store, "adopt", lambda *_, **__: 1 / 0)
    assert rina.post("/sign-in", data=DOOR).status_code == 303 and "siaga" in rina.cookies
    monkeypatch.undo()
    assert "Ini yang Anda tulis sebelum masuk" in rina.get("/complaints/new?draft=1").text
    rina.post("/sign-out")

    zed = Visitor(town.client)
    zed.file()
    town.write(
        lambda s: (
            [
                setattr(row, "body", row.body | {"report": {**row.body["report"], "description": "x" * 5000}})
                for row in s.exec(select(Draft))
            ]
            and None
        )
    )
    assert zed.post("/sign-in", data=DOOR).status_code == 303
    assert "Paling banyak 4000 huruf." in zed.get("/complaints/new?draft=1").text


def test_nobody_opens_anothers_draft(sqlite_town: Town) -> None:
    sqlite_town.anyone.file(description="kenari-kata")
    for who in (sqlite_town.ann, sqlite_town.hendra, Visitor(sqlite_town.client)):
        assert "kenari-kata" not in who.get("/complaints/new?draft=1").text
