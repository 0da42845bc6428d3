"""Replay as it is asked for: the hour as JSON and as a page, bookmarks, and what it never says."""

import re
from typing import Any

from sqlmodel import Session, col, select, update

from models.incidents.incident import Incident
from models.record.event import Event
from tests.support.town import Town, ref_of

LIVE = re.compile(r'id="incident-(\d+)".*?data-status="(\w+)"\s+data-priority="(\d)"', re.S)
THEN = re.compile(r'id="then-(\d+)".*?data-lane="(\w+)"\s+data-priority="(\d)"', re.S)
WORDS = "Dua orang naik matic hitam"


def newest(session: Session) -> int:
    return session.exec(select(Event.seq).order_by(col(Event.seq).desc())).first() or 0


def frames(town: Town, seq: int) -> dict[str, Any]:
    begins = re.search(r'data-from="([^"]+)"', town.sari.get(f"/duty/replay?at={seq}").text)
    assert begins
    return town.sari.get(f"/duty/replay.json?from={begins[1]}").json()


def at(told: dict[str, Any], seq: int) -> dict[int, str | None]:
    """The board as the page's script makes it of the frames."""
    board = {one["id"]: one["card"] for one in told["start"]}
    for frame in told["frames"]:
        if frame["seq"] <= seq and "card" in frame:
            board[frame["id"]] = frame["card"]
    return board


def seen(html: str, found: re.Pattern[str]) -> set[tuple[str, ...]]:
    return {match.groups() for match in found.finditer(html)}


def evening(town: Town) -> list[tuple[int, set[tuple[str, ...]]]]:
    """What the console showed after each of these steps."""
    live = []

    def look() -> None:
        live.append((town.read(newest), seen(town.sari.get("/console").text, LIVE)))

    look()
    refs = []
    for _ in range(3):
        refs.append(ref_of(town.ann.file()))
        look()
    for step, ref, given in (
        ("claim", 0, {}), ("claim", 1, {}), ("ask", 0, {"words": "Di mana tepatnya?"}), ("dismiss", 1, {"reason": "empty"}),
        ("refer", 0, {"agency": 1, "tier": "summary"}), ("note", 0, {"words": "Pintu belakang"}),
    ):  # fmt: skip
        town.act(refs[ref], step, town.hendra, **given)
        look()
    return live


def test_it_shows_what_the_console_showed(town: Town) -> None:
    live = evening(town)
    told = frames(town, live[-1][0])
    for seq, shown in live[1:]:
        assert seen("".join(card or "" for card in at(told, seq).values()), THEN) == shown
        assert seen(town.sari.get(f"/duty/replay?at={seq}").text, THEN) == shown  # without a script


def test_no_reporter_is_named_and_nobody_is_quoted(sqlite_town: Town) -> None:
    town = sqlite_town
    last = evening(town)[-1][0]
    for answer in (str(frames(town, last)), town.sari.get(f"/duty/replay?at={last}").text):
        for secret in (WORDS, "Ann Siregar", "200004471", "Di mana tepatnya", "Pintu belakang"):
            assert secret not in answer
    assert "menulis ke pelapor: …" in town.sari.get(f"/duty/replay?at={last}").text


def test_what_was_emptied_says_so(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file())
    id, seq = town.incident_of(ref).id, town.read(newest)
    town.write(lambda s: s.exec(update(Event).where(col(Event.incident_id) == id).values(body={})))
    page = town.sari.get(f"/duty/replay?at={seq}").text
    assert "1 kejadian dihapus: terbuka atau tidak waktu itu, tidak lagi diketahui." in page
    assert "isinya dihapus" in page and 'id="then-' not in page
    assert set(at(frames(town, seq), seq).values()) <= {None}


def test_a_bookmark_is_listed_and_leads_there(sqlite_town: Town) -> None:
    town = sqlite_town
    town.ann.file()
    seq = town.read(newest)
    form = f"/duty/replay/{seq}/bookmarks"
    answer = town.sari.post(form, data={"words": "terlambat"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/duty/replay?at={seq}")
    page = town.sari.get(f"/duty/replay?at={seq}").text
    assert re.search(rf'href="/duty/replay\?at={seq}" data-seq="{seq}">.*?<b>terlambat</b>.*?Sari Ginting', page, re.S)
    refused = town.sari.post(form, data={"words": "x" * 61})
    assert refused.status_code == 422 and "Paling banyak 60 huruf" in refused.text and "x" * 61 in refused.text
    assert town.sari.post("/duty/replay/999999/bookmarks", data={"words": "api"}).status_code == 404


def test_an_empty_hour_and_a_wrong_one_are_said(sqlite_town: Town) -> None:
    town = sqlite_town
    assert "Tidak ada yang terjadi pada jam ini." in town.sari.get("/duty/replay?from=2026-01-01T06:00").text
    for path in ("/duty/replay", "/duty/replay.json"):
        assert town.sari.get(f"{path}?from=kemarin").status_code == 422
        assert town.sari.get(f"{path}?from=2999-01-01T06:00").status_code == 422
    assert town.sari.get("/duty/replay?at=999999999").status_code == 404
    assert not town.read(lambda session: session.exec(select(Incident)).all())
