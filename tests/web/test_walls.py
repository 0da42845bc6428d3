"""Walls: how a screen is let in, what it may know, and how it goes dark."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.command.walls import CODE_LENGTH, adjust, let_in, pair, read_px, unpair, wait, waiting, walls
from models.errors import NotFound, Outdated, WrongValue
from models.people.machines import Wall
from models.people.sessions import SignIn
from models.record.event import Event
from models.time import now
from models.viewer import Viewer
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.law import Law
from tests.support.screen import Board, screen
from tests.support.serving import Cast

CANARIES = ("kenari-kata", "kenari-patokan", "Ann Siregar", "81200004471", "Hendra", "Simanjuntak")


def hung(law: Law, secret: str = "s", name: str = "Aula", distance_m: float = 6, px_per_mm: float = 1.157) -> Wall:
    """A wall that waited with this secret and was paired."""
    code = law.run(wait, secret).code
    return law.run(pair, law.sari, code, name, distance_m, px_per_mm)


def expire(law: Law, secret: str, by: timedelta) -> None:
    def back(session: Session) -> None:
        wall = waiting(session, secret)
        assert wall
        wall.code_until = now() - by

    law.run(back)


# The law


def test_a_waiting_screen_keeps_its_code_until_it_is_over_and_then_gets_another(law: Law) -> None:
    first = law.run(wait, "s").code
    assert first and len(first) == CODE_LENGTH and not set(first) & set("ILOU")
    assert law.run(wait, "s").code == first
    expire(law, "s", timedelta(seconds=1))
    assert law.run(wait, "s").code != first
    with pytest.raises(WrongValue):
        law.run(pair, law.sari, first, "Aula", 6, 1.157)


def test_screens_that_gave_up_waiting_are_forgotten_and_paired_ones_are_not(law: Law) -> None:
    hung(law, "paired")
    law.run(wait, "gone")
    expire(law, "gone", timedelta(minutes=11))
    law.run(wait, "new")
    assert law.read(waiting, "gone") is None and law.read(waiting, "paired") is not None


def test_a_code_is_read_as_people_type_it(law: Law) -> None:
    def coded(session: Session) -> None:
        wait(session, "s").code = "0A1BC2"

    law.run(coded)
    assert law.run(pair, law.sari, "oa-l bc2", "Aula", 6, 1.157).name == "Aula"


@pytest.mark.parametrize(
    ("field", "given"),
    [("name", (" ", 6, 1.157)), ("name", ("x" * 41, 6, 1)), ("distance_m", ("A", 0.5, 1)), ("px_per_mm", ("A", 6, 99))],
)
def test_a_wall_that_cannot_be_is_refused_beside_its_field(
    law: Law, field: str, given: tuple[str, float, float]
) -> None:
    code = law.run(wait, "s").code
    with pytest.raises(WrongValue) as refused:
        law.run(pair, law.sari, code, *given)
    assert refused.value.field == field


def test_a_paired_screen_is_let_in_once_under_a_new_secret(law: Law) -> None:
    assert law.run(let_in, "s", "new hash") is None
    hung(law)
    assert law.run(let_in, "s", "new hash") is not None
    assert law.run(let_in, "s", "another hash") is None
    opened = law.read(lambda session: session.get_one(SignIn, "new hash"))
    assert opened.expires_at - opened.opened_at == timedelta(days=30)
    assert [wall.name for wall in law.read(walls)] == ["Aula"]


def test_every_change_of_a_wall_is_an_event(law: Law) -> None:
    wall = hung(law)
    law.run(adjust, law.sari, wall.id, "Lobi", 4, 2.0, wall.version)
    with pytest.raises(Outdated):
        law.run(adjust, law.sari, wall.id, "Lobi", 4, 2.0, wall.version)
    law.run(unpair, law.sari, wall.id)
    with pytest.raises(NotFound):
        law.run(unpair, law.sari, wall.id)
    events = law.read(lambda session: session.exec(select(Event).order_by(Event.seq)).all())  # type: ignore[arg-type]
    assert [(event.step, event.by_id) for event in events] == [
        (step, law.sari.id) for step in ("pair", "adjust", "revoke", "unpair")
    ]
    assert law.read(walls) == []


def test_letters_that_must_be_read_are_sixteen_minutes_of_arc(law: Law) -> None:
    """docs/ux.md: 27.9 mm at 6 m; capitals are 0.7 of the size, or more."""
    assert read_px(Wall(distance_m=6, px_per_mm=1)) * 0.7 == pytest.approx(27.9, abs=0.05)
    assert read_px(Wall(distance_m=4, px_per_mm=1.157)) == pytest.approx(30.8, abs=0.1)


# Over HTTP


def waits(server: Running, cookie: str = "") -> tuple[str, str]:
    """(the code a screen shows, the cookie it keeps)."""
    answer = Asker(server, cookie).post("/wall/code")
    assert answer.status_code == 200, answer.text
    code = "".join(re.findall(r"<span>(\w{3})</span>", answer.text))
    return code, f"siaga-wall={answer.cookies['siaga-wall']}"


def enter(cast: Cast, server: Running, **sizes: str) -> Asker:
    """A wall that is paired and let in."""
    code, waited = waits(server)
    form = {"code": code, "name": "Lobi", "distance_m": "6", "px_per_mm": "1.157", **sizes}
    paired = Asker(server, cast.cookies["sari"], part=True).post("/duty/walls", data=form)
    assert (paired.status_code, paired.headers["hx-trigger"]) == (204, "walls")
    answer = Asker(server, waited).post("/wall/code")
    assert (answer.status_code, answer.headers["hx-trigger"]) == (204, "let-in")
    return Asker(server, f"siaga={answer.cookies['siaga']}")


def test_a_screen_is_let_in_by_its_code(cast: Cast, server: Running) -> None:
    code, waited = waits(server)
    assert waits(server, waited)[0] == code, "asking again keeps the code"
    assert "Layar ini menunggu" in Asker(server).get("/wall").text
    wall = enter(cast, server)
    page = wall.get("/wall")
    assert page.status_code == 200 and 'id="board"' in page.text
    assert wall.post("/wall/code").headers["hx-trigger"] == "let-in"


def test_the_sheet_of_a_wall_says_how_large_its_letters_are(cast: Cast, server: Running) -> None:
    sheet = enter(cast, server, distance_m="4").get("/wall.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "--px-per-mm:1.157;--read:30.8px" in sheet.text


@pytest.mark.parametrize(
    ("who", "status"),
    [("ann", 403), ("hendra", 403), ("sari", 403), ("dewi", 403), ("damkar", 403), ("wall", 200), ("nobody", 200)],
)
def test_no_persons_account_shows_on_a_wall(cast: Cast, server: Running, who: str, status: int) -> None:
    assert Asker(server, cast.cookies.get(who, "")).get("/wall").status_code == status
    assert Asker(server, cast.cookies.get(who, "")).get("/wall.css").status_code == {"wall": 200, "nobody": 303}.get(
        who, 403
    )


@pytest.mark.parametrize("who", ["ann", "hendra", "dewi", "damkar", "wall"])
def test_only_a_supervisor_pairs_and_unpairs(cast: Cast, server: Running, who: str) -> None:
    client = Asker(server, cast.cookies[who])
    code, _ = waits(server)
    assert client.post("/duty/walls", data={"code": code, "name": "x"}).status_code == 403
    assert client.post(f"/duty/walls/{cast.wall.id}/unpair").status_code == 403
    assert client.get("/duty/walls").status_code == 403


def test_unpairing_closes_the_walls_screen_and_asks_for_a_new_code(cast: Cast, server: Running) -> None:
    wall = enter(cast, server)
    board = Board.of(wall.get("/wall").text)
    supervisor = Asker(server, cast.cookies["sari"])
    id = max(int(id) for id in re.findall(r"/duty/walls/(\d+)", supervisor.get("/duty/walls").text))
    with screen(server.ws, board, view="wall", cookie=wall.cookie) as shown:
        assert supervisor.post(f"/duty/walls/{id}/unpair").status_code == 303
        assert shown.closed() == 4401
    assert "Layar ini menunggu" in wall.get("/wall").text


def test_an_address_that_asks_for_screen_after_screen_has_to_wait(
    cast: Cast, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, waited = waits(server)
    monkeypatch.setattr("console.web.staff.walls.NEW_SCREENS", 1)
    refused = Asker(server).post("/wall/code")
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 0
    assert Asker(server, waited).post("/wall/code").status_code == 200, "who waits already goes on waiting"


# What a wall may know


def test_a_wall_never_hears_a_name_a_number_a_word_or_a_landmark(cast: Cast, server: Running) -> None:
    words = {"words": "kenari-kata dua orang", "landmark": "kenari-patokan"}
    before = cast.file(cast.ann, **words)
    cast.take(before, "claim", cast.hendra)
    wall = Asker(server, cast.cookies["wall"])
    page = wall.get("/wall").text
    with screen(server.ws, Board.of(page), view="wall", cookie=cast.cookies["wall"]) as shown:
        later = cast.file(cast.ann, "KDRT_PPA", **words)
        cast.take(later, "claim", cast.ratna)
        cast.take(later, "ask", cast.ratna, words="kenari-kata aman?")
        cast.take(later, "note", cast.ratna, words="kenari-kata catatan")
        mark = cast.file(cast.zed)  # the sentinel
        shown.until(lambda board: f"incident-{mark.id}" in board.cards)
        for canary in CANARIES:
            assert canary not in page and not shown.said(canary), canary
        assert not shown.said("data-officer") and "data-officer" not in page
        assert shown.board == Board.of(wall.get("/wall").text)


def test_a_sensitive_incident_stands_at_the_centre_of_its_kelurahan(cast: Cast, server: Running) -> None:
    veiled, plain = cast.file(category="KDRT_PPA"), cast.file(category="CURANMOR")
    cards = Board.of(Asker(server, cast.cookies["wall"]).get("/wall").text).cards
    at = {
        id: (float(cards[f"incident-{id}"]["lat"] or 0), float(cards[f"incident-{id}"]["lon"] or 0))
        for id in (veiled.id, plain.id)
    }
    assert at[veiled.id] == (veiled.centre_lat, veiled.centre_lon) != (veiled.lat, veiled.lon)
    assert at[plain.id] == (plain.lat, plain.lon)


def test_a_complaint_about_officers_is_on_no_wall_and_leaves_it_at_once(cast: Cast, server: Running) -> None:
    oknum = cast.file(category="OKNUM")
    turned = cast.take(cast.file(), "claim", cast.hendra)
    wall = Asker(server, cast.cookies["wall"])
    board = Board.of(wall.get("/wall").text)
    assert f"incident-{oknum.id}" not in board.cards
    with screen(server.ws, board, view="wall", cookie=cast.cookies["wall"]) as shown:
        cast.take(turned, "recategorise", cast.hendra, category="OKNUM", reason="ternyata anggota")
        shown.until(lambda board: f"incident-{turned.id}" not in board.cards)
        assert not shown.said("OKNUM")


def test_an_exercise_is_marked(cast: Cast, server: Running) -> None:
    drill = cast.file(exercise=True)
    card = Board.of(Asker(server, cast.cookies["wall"]).get("/wall").text).cards[f"incident-{drill.id}"]
    assert "Latihan" in card.words and "data-exercise" in card.attributes


def test_a_wall_takes_no_step(cast: Cast, server: Running) -> None:
    incident, viewer = cast.file(), cast.wall
    assert isinstance(viewer, Viewer)
    wall = Asker(server, cast.cookies["wall"])
    assert wall.post(f"/incidents/{incident.id}/claim").status_code == 403
    assert wall.get(f"/incidents/{incident.id}").status_code == 403
    assert wall.get("/console").status_code == 403


def test_the_list_of_walls_on_a_page_of_its_own_has_the_field_it_speaks_of(cast: Cast, server: Running) -> None:
    sari = Asker(server, cast.cookies["sari"])
    page = sari.get("/duty/walls").text
    assert 'name="code"' in page
    assert 'name="code"' not in Asker(server, cast.cookies["sari"], part=True).get("/duty/walls").text
