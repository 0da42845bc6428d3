"""What has no place yet says so everywhere, and nothing is reckoned from it."""

import pytest
from sqlmodel import Session, col, select

from console.ground.points import distance_m
from models.errors import WrongValue
from models.incidents.incident import Incident
from models.incidents.suggesting import posts
from models.reading.folding import folded
from models.record.event import Event
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.law import PLACES, Law
from tests.support.screen import Board, screen
from tests.support.serving import BABURA, Cast

WORDS = "dkt indomaret simpang pos"
NOWHERE = {"lat": None, "lon": None, "centre_lat": None, "centre_lon": None, "station_id": None}


def test_nobody_s_place_is_stored_as_none_and_told_so(law: Law) -> None:
    incident = law.file(nowhere=True, landmark=WORDS)
    kept = {name: getattr(law.incident(incident.id), name) for name in NOWHERE}
    assert kept == NOWHERE and incident.precision == "none" and not incident.outside
    assert (incident.kelurahan, incident.kecamatan, incident.landmark) == ("", "", WORDS)
    past = select(Event).where(Event.incident_id == incident.id).order_by(col(Event.seq))
    told = folded(law.read(lambda session: session.exec(past).all())).columns
    assert {name: told[name] for name in NOWHERE} == NOWHERE


def test_strangers_without_a_place_are_not_alike_for_being_nowhere(law: Law) -> None:
    fire = law.file(category="KEBAKARAN", words="los kain pasar sambas terbakar api besar", nowhere=True)
    other = law.file(law.zed, "KEBAKARAN", words="asap hitam di belakang rumah tetangga", nowhere=True)
    same = law.file(law.zed, "KEBAKARAN", words="kebakaran besar los kain pasar sambas", nowhere=True)
    assert (other.like_id, same.like_id) == (None, fire.id)


def test_no_station_is_near_to_nowhere(law: Law) -> None:
    incident = law.take(law.file(nowhere=True), "claim", law.hendra)

    def seen(session: Session) -> list[tuple[float | None, int, int | None]]:
        rows = posts(session, session.get_one(Incident, incident.id), 7, distance_m)
        return [(post.distance_m, post.go, post.free) for post in rows]

    rows = law.read(seen)
    free = [n or 0 for *_, n in rows]
    assert {(far, go) for far, go, _ in rows} == {(None, 0)} and free == sorted(free, reverse=True)
    with pytest.raises(WrongValue, match="pilih polseknya"):
        law.send(incident, law.hendra, (None, 4))
    assert law.send(incident, law.hendra, (1, 4)).personnel == 4


def test_once_it_has_a_place_it_is_as_any_other(law: Law) -> None:
    first = law.file(category="KEBAKARAN")
    late = law.file(law.zed, "KEBAKARAN", words="asap di mana-mana", nowhere=True)
    assert late.like_id is None
    law.take(late, "claim", law.hendra)
    site = PLACES.site(first.lat or 0, first.lon or 0, precision="pin", landmark="pasar")
    placed = law.take(late, "relocate", law.hendra, site=site, reason="kata pelapor")
    assert (placed.kelurahan, placed.precision, placed.like_id) == (first.kelurahan, "pin", first.id)


@pytest.mark.parametrize(
    ("who", "url", "view"),
    [("hendra", "/console", "console"), ("wall", "/wall", "wall"), ("damkar", "/agency", "agency")],
)
def test_every_face_of_it_says_that_its_location_is_not_known(
    cast: Cast, server: Running, who: str, url: str, view: str
) -> None:
    page = Asker(server, cast.cookies[who]).get(url).text
    with screen(server.ws, Board.of(page), view=view, cookie=cast.cookies[who]) as shown:
        incident = cast.take(cast.file(nowhere=True, landmark=WORDS), "claim", cast.hendra)
        cast.take(incident, "refer", cast.hendra, agency=cast.damkar.agency_id, tier="summary")
        shown.until(lambda board: f"incident-{incident.id}" in board.cards)
        card = shown.board.cards[f"incident-{incident.id}"]
        assert not card.attributes.keys() & {"data-lat", "data-lon"}
        assert shown.said("okasi belum diketahui") and not shown.said("luar wilayah")
        assert shown.said(WORDS) == (who != "wall")


def test_the_panel_measures_nothing_from_nowhere(cast: Cast, server: Running) -> None:
    incident = cast.take(cast.file(nowhere=True, landmark=WORDS), "claim", cast.hendra)
    hendra = Asker(server, cast.cookies["hendra"])
    panel = hendra.get(f"/incidents/{incident.id}", headers={"hx-request": "true"}).text
    assert "Lokasi belum diketahui" in panel and WORDS in panel and "jarak tidak diketahui" in panel
    assert "data-metres" not in panel and " km</span>" not in panel and "None" not in panel
    where = {**BABURA, "landmark": "Indomaret Simpang Pos", "reason": "kata pelapor"}
    assert hendra.post(f"/incidents/{incident.id}/relocate", data=where).status_code == 303
    panel = hendra.get(f"/incidents/{incident.id}", headers={"hx-request": "true"}).text
    assert "Babura" in panel and "data-metres" in panel and "Lokasi belum diketahui" not in panel
