"""A wall of a part of the city: it shows that part and nothing else, says which and how much it leaves out, and is put away
when it is gone."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from models.command.handover import Noted
from models.command.handover_steps import accept_case, note_case
from models.command.progress import Progress, handing, progress
from models.command.walls import adjust, choices, find_wall, gone_walls, let_in, put_away, unpair, walls
from models.errors import NotFound, WrongMoment, WrongValue
from models.incidents.incident import Incident
from models.incidents.sight import WHOLE, seen_by, visible_to
from models.people.machines import Wall
from models.people.sessions import SignIn, viewer_by_session
from models.people.views import View
from models.reading.wall import Beyond, beyond, tallies
from models.record.event import Event
from models.roles import Role
from models.time import now
from models.viewer import Audience
from models.workflow import ROWS
from tests.models.test_handover import Night, night  # noqa: F401
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.law import BABURA, PLACES, Law
from tests.support.screen import Board, screen
from tests.support.serving import Cast
from tests.web.test_walls import hung

HELVETIA = (3.6054, 98.6326)


def station_of(law: Law, incident: Incident) -> str:
    return f"station:{law.incident(incident.id).station_id}"


def shown(law: Law, view: str) -> set[int]:
    """What a wall of this view may see; a query and one incident say the same."""
    audience = Audience(Role.WALL, view, "id")

    def both(session: Session) -> tuple[set[int], set[int]]:
        asked = session.exec(select(Incident.id).where(visible_to(audience))).all()
        every = session.exec(select(Incident).options(*WHOLE)).all()
        return {*asked}, {row.id for row in every if seen_by(row, audience)}

    by_query, by_one = law.read(both)
    assert by_query == by_one
    return by_query


def test_a_view_holds_its_part_and_says_what_it_leaves_out(law: Law) -> None:
    near, far = law.file(at=BABURA), law.file(at=HELVETIA)
    minor = law.take(law.file(at=BABURA, category="KERIBUTAN"), "claim", law.hendra)
    lost = law.file(category="CURANMOR", nowhere=True)
    law.file(at=BABURA, category="OKNUM")
    wanted = {
        "": ({near.id, far.id, minor.id, lost.id}, Beyond(0, 0)),
        "district:Medan Baru": ({near.id, minor.id}, Beyond(2, 0)),
        station_of(law, far): ({far.id}, Beyond(2, 1)),
        "urgent": ({near.id, far.id}, Beyond(1, 1)),
    }
    for view, (holds, left) in wanted.items():
        assert shown(law, view) == holds, view
        assert law.read(lambda session, view=view: beyond(tallies(session), View.read(view))) == left, view


def test_every_step_that_may_take_an_incident_out_of_a_view_says_so(law: Law) -> None:
    """What it changes is in its event: a column that a view looks at is changed by no other step."""
    incident = law.take(law.file(at=BABURA), "claim", law.hendra)
    law.take(incident, "reprioritise", law.hendra, priority=3, reason="x")
    law.take(incident, "recategorise", law.hendra, category="KEBAKARAN", reason="x")
    law.take(incident, "relocate", law.hendra, site=PLACES.site(*HELVETIA, precision="pin"), reason="x")
    events = law.read(lambda session: session.exec(select(Event).where(Event.step != "file")).all())
    moved = {event.step for event in events if {*event.body.get("set", {})} & {"priority", "kecamatan", "station_id"}}
    assert (
        moved
        == {row.name for row in ROWS.values() if row.moves} - {"locate"}
        == {"reprioritise", "recategorise", "relocate"}
    )


def of(cast: Cast, view: str) -> None:
    cast.run(lambda session: setattr(session.get_one(Wall, cast.wall.id), "view", view))


@pytest.mark.parametrize("live", [True, False], ids=["live", "caught-up"])
def test_what_leaves_a_view_leaves_its_wall_and_what_enters_comes(cast: Cast, server: Running, live: bool) -> None:
    stays, leaves = (cast.take(cast.file(at=BABURA), "claim", cast.hendra) for _ in "12")
    comes, other = (cast.take(cast.file(at=HELVETIA), "claim", cast.hendra) for _ in "12")
    of(cast, "district:Medan Baru")
    wall = Asker(server, cast.cookies["wall"])
    board = Board.of(wall.get("/wall").text)
    assert {*board.cards} == {f"incident-{row.id}" for row in (stays, leaves)}

    def move() -> Incident:
        cast.take(other, "note", cast.hendra, words="di luar")
        cast.take(leaves, "relocate", cast.hendra, site=PLACES.site(*HELVETIA, precision="pin"), reason="x")
        cast.take(comes, "relocate", cast.hendra, site=PLACES.site(*BABURA, precision="pin"), reason="x")
        return cast.file(at=BABURA)

    last = None if live else move()
    with screen(server.ws, board, view="wall", cookie=cast.cookies["wall"]) as heard:
        mark = last or move()  # the sentinel
        heard.until(lambda board: f"incident-{mark.id}" in board.cards)
        assert {*heard.cards} == {f"incident-{row.id}" for row in (stays, comes, mark)}
        assert not heard.said(f'incident-{other.id}"'), "nothing tells that something happened elsewhere"
        heard.until(lambda board: board == Board.of(wall.get("/wall").text))
        assert heard.board.sides["#beyond"][0].words == "+2 berjalan di luar tampilan ini"


def test_a_wall_says_what_it_shows_and_begins_anew_when_that_changes(cast: Cast, server: Running) -> None:
    near = cast.file(at=BABURA)
    cast.file(at=HELVETIA)
    sari, wall = Asker(server, cast.cookies["sari"]), Asker(server, cast.cookies["wall"])
    board = Board.of(wall.get("/wall").text)
    assert len(board.cards) == 2 and len(board.sides["#stations"]) > 1
    form = {"name": "Aula", "distance_m": "6", "px_per_mm": "1.157", "view": station_of(cast, near)}
    with screen(server.ws, board, view="wall", cookie=wall.cookie) as heard:
        assert sari.post(f"/duty/walls/{cast.wall.id}/adjust", data=form).status_code == 303
        assert heard.closed() == 4401
    page = wall.get("/wall").text
    assert "<h2>Polsek Medan Baru</h2>" in page and "+1 belum diambil" in page
    board = Board.of(page)
    assert {*board.cards} == {f"incident-{near.id}"} and len(board.sides["#stations"]) == 1
    assert "Polsek Medan Baru" in sari.get("/duty/walls").text
    assert sari.post(f"/duty/walls/{cast.wall.id}/adjust", data=form | {"view": "station:0"}).status_code == 422
    sari.post(f"/duty/walls/{cast.wall.id}/adjust", data=form | {"view": "district:Medan Baru", "mapless": "true"})
    page = wall.get("/wall").text
    assert "<h2>Kecamatan Medan Baru</h2>" in page and "data-mapless" in page and 'id="map"' not in page


def test_every_part_of_the_city_may_be_chosen(law: Law) -> None:
    offered = [str(choice.view) for choice in law.read(choices)]
    assert offered[:2] == ["", "urgent"] and "district:Medan Baru" in offered and len(offered) == len({*offered}) > 30


# Names, and walls that are gone


def gone(law: Law, wall: Wall, hash: str) -> None:
    def end(session: Session) -> None:
        session.get_one(SignIn, hash).seen_at = now() - timedelta(hours=26)

    law.run(end)


def test_a_wall_that_is_gone_is_listed_apart_and_put_away(law: Law) -> None:
    wall = hung(law)
    law.run(let_in, "s", "hash")
    with pytest.raises(WrongMoment):
        law.run(put_away, law.sari, wall.id)
    gone(law, wall, "hash")
    assert law.read(walls) == [] and [one.wall.name for one in law.read(gone_walls)] == ["Aula"]
    assert law.read(gone_walls)[0].seen_at < now() - timedelta(hours=25)
    law.run(put_away, law.sari, wall.id)
    assert law.read(gone_walls) == [] and law.read(viewer_by_session, "hash") is None
    assert law.read(lambda session: session.get(SignIn, "hash")) is None
    with pytest.raises(NotFound):
        law.read(find_wall, wall.id)
    steps = law.read(lambda session: session.exec(select(Event.step).order_by(Event.seq)).all())  # type: ignore[arg-type]
    assert steps == ["pair", "revoke", "put_away"]


def test_a_screen_that_comes_back_takes_the_name_of_the_one_that_is_gone(law: Law) -> None:
    first = hung(law)
    law.run(let_in, "s", "hash")
    with pytest.raises(WrongValue) as refused:
        hung(law, "t", "AULA")
    assert refused.value.field == "name"
    gone(law, first, "hash")
    again = hung(law, "t", "aula")
    assert [wall.id for wall in law.read(walls)] == [again.id] and law.read(gone_walls) == []


def test_a_name_is_free_again_when_its_wall_is_let_out(law: Law) -> None:
    first, second = hung(law), hung(law, "t", "Lobi")
    law.run(unpair, law.sari, first.id)
    assert law.run(adjust, law.sari, second.id, "Aula", 6, 1.157).hangs_as == "aula"


def test_gone_walls_are_put_away_at_the_desk(cast: Cast, server: Running) -> None:
    gone(cast, cast.wall, cast.read(lambda s: s.exec(select(SignIn.hash).where(SignIn.wall_id == cast.wall.id)).one()))  # type: ignore[arg-type]
    sari = Asker(server, cast.cookies["sari"])
    page = sari.get("/duty/walls").text
    assert "Tidak tergantung lagi" in page and "terakhir terdengar" in page
    (path,) = re.findall(r'action="(/duty/walls/\d+/put-away)"', page)
    assert sari.post(path).status_code == 303
    assert "Tidak tergantung lagi" not in sari.get("/duty/walls").text


# A handover


def test_a_wall_tells_how_far_a_handover_has_come(night: Night) -> None:  # noqa: F811
    law, wall = night.law, Audience(Role.WALL, "", "id")
    said: Callable[[Audience], Any] = lambda audience: law.read(lambda session: progress(handing(session), audience))  # noqa: E731
    law.file(category="OKNUM")
    night.run(note_case, law.sari, night.open[0].id, Noted("dua saksi"))
    law.run(lambda session: setattr(session.get_one(type(night.b), night.b.id), "ends", now() + timedelta(hours=3)))
    assert said(wall) == [], "hours before its end nothing is being prepared"
    law.run(lambda session: setattr(session.get_one(type(night.b), night.b.id), "ends", now() + timedelta(minutes=50)))
    assert said(wall) == [Progress("B", None, 1, 0, 3)], "what is about officers is not counted on a wall"
    rows = night.freeze()
    night.run(accept_case, night.surya, next(row.id for row in rows if row.incident_id == night.open[0].id))
    assert said(wall) == [Progress("B", "C", 1, 0, 3)]
    law.take(night.open[1], "dismiss", law.hendra, reason="empty")
    assert said(wall) == [Progress("B", "C", 1, 0, 2)], "what is over needs nobody"
    assert said(Audience(Role.WALL, "urgent", "id"))[0].total == 2
    assert said(Audience(Role.WALL, "district:Medan Helvetia", "id"))[0].total == 0
