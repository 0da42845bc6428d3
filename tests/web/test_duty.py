"""The supervisor's desk over HTTP: the board by officer, the strength of stations."""

import pytest
from sqlmodel import Session, select

from models.administration.stations import strengthen
from models.city.station import Station
from models.errors import NotAllowed, NotFound, Outdated, WrongValue
from models.record.event import Event
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.law import Law
from tests.support.screen import Board, screen
from tests.support.serving import Cast

ROLES = [("ann", 403), ("hendra", 403), ("sari", 200), ("dewi", 403), ("damkar", 403), ("wall", 403), ("nobody", 303)]


def station_of(session: Session) -> Station:
    return session.exec(select(Station).order_by(Station.id)).first()  # type: ignore[arg-type,return-value]


def test_a_change_of_strength_is_an_event_with_its_reason(law: Law) -> None:
    station = law.read(station_of)
    with pytest.raises(WrongValue) as refused:
        law.run(strengthen, law.sari, station.id, 9, " ")
    assert refused.value.field == "reason"
    law.run(strengthen, law.sari, station.id, 9, "dua orang sakit", station.version)
    event = law.read(lambda session: session.exec(select(Event).order_by(Event.seq.desc())).first())  # type: ignore[attr-defined]
    assert (event.step, event.by_id) == ("strength", law.sari.id)
    assert event.body == {"station": station.id, "was": station.strength, "strength": 9, "reason": "dua orang sakit"}
    with pytest.raises(Outdated):
        law.run(strengthen, law.sari, station.id, 8, "lagi", station.version)
    with pytest.raises(WrongValue):
        law.run(strengthen, law.sari, station.id, -1, "salah")
    with pytest.raises(NotFound):
        law.run(strengthen, law.sari, 999, 1, "tak ada")


def test_the_same_strength_again_is_a_statement_of_now(law: Law) -> None:
    station = law.read(station_of)
    law.run(strengthen, law.sari, station.id, station.strength, "apel malam, tetap")
    again = law.read(station_of)
    assert again.strength == station.strength and again.stated_at > station.stated_at
    assert [ring["step"] for ring in law.rings] == ["strength"]


@pytest.mark.parametrize("who", ["ann", "hendra", "damkar"])
def test_the_law_itself_lets_nobody_else_state_a_strength(law: Law, who: str) -> None:
    station = law.read(station_of)
    with pytest.raises(NotAllowed):
        law.run(strengthen, getattr(law, who), station.id, 30, "saya mau")
    assert law.read(station_of).strength == station.strength


@pytest.mark.parametrize(("who", "status"), ROLES)
def test_the_desk_is_for_supervisors(cast: Cast, server: Running, who: str, status: int) -> None:
    asker, station = Asker(server, cast.cookies.get(who, "")), cast.read(station_of)
    for url in ("/duty", "/duty/walls", f"/duty/stations/{station.id}"):
        assert asker.get(url).status_code == status, url
    done = asker.post(f"/duty/stations/{station.id}/strength", data={"strength": "9", "reason": "x"})
    assert done.status_code == (303 if status == 200 else status)
    assert cast.read(station_of).strength == (9 if who == "sari" else station.strength)


def test_what_is_missing_is_said_beside_its_field(cast: Cast, server: Running) -> None:
    station = cast.read(station_of)
    sari = Asker(server, cast.cookies["sari"], part=True)
    answer = sari.post(f"/duty/stations/{station.id}/strength", data={"strength": "9"})
    assert answer.status_code == 422 and "Tulis alasannya." in answer.text
    assert sari.post("/duty/walls", data={"code": "AAAAAA", "name": "x"}).status_code == 422
    assert sari.post("/duty/walls", data={"code": "AAAAAA", "name": "x", "distance_m": "nan"}).status_code == 422
    stale = {"strength": "9", "reason": "x", "version": "99"}
    assert sari.post(f"/duty/stations/{station.id}/strength", data=stale).status_code == 409


def test_every_officer_has_a_lane_and_what_they_hold_is_on_the_board(cast: Cast, server: Running) -> None:
    held = cast.take(cast.file(), "claim", cast.hendra)
    waits = cast.file(category="OKNUM")
    page = Asker(server, cast.cookies["sari"]).get("/duty").text
    for officer in (cast.hendra, cast.ratna, cast.sari):
        assert f'id="lane-{officer.id}"' in page
    assert f'id="lane-{cast.dewi.id}"' not in page
    cards = Board.of(page).cards
    assert cards[f"incident-{held.id}"]["officer"] == str(cast.hendra.id)
    assert f"incident-{waits.id}" in cards


def test_the_desk_hears_what_a_page_loaded_afresh_shows(cast: Cast, server: Running) -> None:
    incident, station = cast.take(cast.file(), "claim", cast.hendra), cast.read(station_of)
    sari = Asker(server, cast.cookies["sari"])
    with screen(server.ws, Board.of(sari.get("/duty").text), view="duty", cookie=sari.cookie) as desk:
        moved = {"officer": str(cast.ratna.id), "reason": "beban", "sure": "true"}
        assert sari.post(f"/incidents/{incident.id}/reassign", data=moved).status_code == 303
        desk.until(lambda board: board.cards[f"incident-{incident.id}"]["officer"] == str(cast.ratna.id))
        sari.post(f"/duty/stations/{station.id}/strength", data={"strength": "3", "reason": "sakit"})
        shown = f"station-{station.id}"
        desk.until(lambda board: any(row.id == shown and row["strength"] == "3" for row in board.sides["#stations"]))
        fresh = Board.of(sari.get("/duty").text)
        assert desk.board.cards == fresh.cards and desk.board.sides["#stations"] == fresh.sides["#stations"]
