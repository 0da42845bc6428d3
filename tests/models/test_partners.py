"""Partner agencies and stations come and go: who is closed gets nothing new, and nothing of the past is lost."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from console.door.passwords import HASHER
from console.ground.points import distance_m
from console.live.fragments import card
from console.pages.render import Pages
from models.administration import people
from models.administration.keys import make_key, revoke_key
from models.administration.partners import add_agency, close_agency, rename_agency, reopen_agency
from models.administration.people import liaisons, reappoint, reinstate, reset_password, retire
from models.administration.stations import close_station, find_station, move_station, rename_station, reopen_station
from models.city.agency import Agency
from models.city.station import Station
from models.errors import NotAllowed, NotFound, Outdated, Unsure, WrongMoment, WrongValue
from models.incidents.incident import Incident
from models.incidents.referral import Referral
from models.incidents.referring import partners
from models.incidents.sight import find
from models.incidents.strengths import strengths
from models.people.officers import Officer
from models.record.event import Event
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.law import Law
from tests.support.screen import Board, screen
from tests.support.serving import Cast
from tests.web.test_agency import refer

JAKARTA = {"lat": -6.2088, "lon": 106.8456}


def agency_of(law: Law, code: str = "DAMKARMAT") -> Agency:
    return law.read(lambda session: session.exec(select(Agency).where(Agency.code == code)).one())


def steps(law: Law) -> list[str]:
    return law.read(lambda session: list(session.exec(select(Event.step).order_by(col(Event.seq)))))


def states(law: Law) -> list[str]:
    return law.read(lambda session: list(session.exec(select(Referral.state).order_by(col(Referral.id)))))


def nearest(law: Law, incident: Any) -> Station:
    return min(law.read(strengths), key=lambda row: distance_m(incident, row.station)).station


# Agencies


def test_a_partner_is_added_renamed_closed_and_opened_again_each_an_event(law: Law) -> None:
    added = law.run(add_agency, law.dewi, "basarnas", " Basarnas Medan ")
    assert (added.code, added.name, added.active) == ("BASARNAS", "Basarnas Medan", True)
    law.run(rename_agency, law.dewi, added.id, "Kantor SAR Medan", added.version)
    law.run(rename_agency, law.dewi, added.id, "Kantor SAR Medan")  # so it is already
    law.run(close_agency, law.dewi, added.id)
    law.run(close_agency, law.dewi, added.id)
    law.run(reopen_agency, law.dewi, added.id)
    assert steps(law) == ["add_agency", "rename_agency", "close_agency", "reopen_agency"]
    incident = law.take(law.file(), "claim", law.hendra)
    law.take(incident, "refer", law.hendra, agency=added.id, tier="presence")


@pytest.mark.parametrize(("field", "code", "name"), [("code", "x", "A"), ("code", "BNPT", "A"), ("name", "SAR", " ")])
def test_a_partner_that_cannot_be_is_refused_beside_its_field(law: Law, field: str, code: str, name: str) -> None:
    with pytest.raises(WrongValue) as refused:
        law.run(add_agency, law.dewi, code, name)
    assert refused.value.field == field and steps(law) == []


def test_a_page_older_than_the_partner_is_told_so(law: Law) -> None:
    agency = agency_of(law)
    law.run(rename_agency, law.dewi, agency.id, "Damkar", agency.version)
    for late in (rename_agency, close_agency):
        with pytest.raises(Outdated):
            law.run(late, law.dewi, agency.id, "Pemadam", agency.version)


def test_what_still_runs_is_named_and_ends_with_words_alone(law: Law) -> None:
    asked, taken, over = refer(law, "summary"), refer(law, "full"), refer(law, "full")
    for one in (taken, over):
        law.take(one, "accept", law.damkar)
    law.take(over, "resolve", law.hendra, outcome="handled")  # its last note is still to come
    other = refer(law, "summary", code="BNPT")
    agency = agency_of(law)
    with pytest.raises(WrongValue) as refused:
        law.run(close_agency, law.dewi, agency.id, "  ")
    assert refused.value.field == "words" and refused.value.values["n"] == 3
    assert refused.value.values["numbers"] == f"{asked.number}, {taken.number}, {over.number}"
    assert states(law) == ["asked", "accepted", "closed", "asked"] and agency_of(law).active
    law.run(close_agency, law.dewi, agency.id, "Pos Damkar dibubarkan, hubungi 113.")
    assert states(law) == ["ended", "ended", "ended", "asked"] and not agency_of(law).active
    told = law.read(
        lambda session: session.exec(select(Event).where(Event.step == "unrefer").order_by(Event.seq)).all()
    )
    assert [(event.incident_id, event.body["note"]) for event in told] == [
        (asked.id, "Pos Damkar dibubarkan, hubungi 113."), (taken.id, "Pos Damkar dibubarkan, hubungi 113."),
        (over.id, "Pos Damkar dibubarkan, hubungi 113."),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        law.read(lambda session: find(session, law.damkar, taken.id))
    assert law.read(lambda session: find(session, law.bnpt, other.id))


def test_a_closed_partner_gets_nothing_new(law: Law) -> None:
    agency = agency_of(law)
    law.run(close_agency, law.dewi, agency.id)
    with pytest.raises(WrongValue) as refused:
        refer(law, "summary")
    assert refused.value.field == "agency"
    with pytest.raises(WrongValue):
        law.run(lambda session: _enlist(session, law, agency.id))


def test_its_liaisons_are_out_and_their_screens_close(cast: Cast, server: Running) -> None:
    incident = refer(cast, "summary")
    damkar = Asker(server, cast.cookies["damkar"])
    page = damkar.get("/agency").text
    assert incident.number in page
    with screen(server.ws, Board.of(page), view="agency", cookie=cast.cookies["damkar"]) as theirs:
        cast.run(close_agency, cast.dewi, agency_of(cast).id, "tutup")
        assert theirs.closed() == 4401
    assert damkar.get("/agency").headers["location"].startswith("/sign-in")
    assert "Akses instansi Anda sudah ditutup" in damkar.get("/sign-in?next=/agency").text
    assert "Akses instansi" not in Asker(server, "").get("/sign-in").text
    secret = cast.sign_in(cast.damkar, "another way in")
    assert Asker(server, f"siaga={secret}").get("/agency").status_code == 303


def test_a_right_password_of_a_closed_partner_is_told_so_and_a_wrong_one_learns_nothing(
    cast: Cast, server: Running
) -> None:
    door = {"login": "damkar", "password": "kata sandi damkar"}
    kept = HASHER.hash(door["password"])
    cast.run(lambda session: setattr(session.get_one(Officer, cast.damkar.id), "password", kept))
    cast.run(close_agency, cast.dewi, agency_of(cast).id, "tutup")
    right = Asker(server, "").post("/sign-in", data=door)
    wrong = Asker(server, "").post("/sign-in", data=door | {"password": "salah sama sekali"})
    nobody = Asker(server, "").post("/sign-in", data=door | {"login": "tidakada"})
    assert right.status_code == wrong.status_code == 422 and "Akses instansi Anda sudah ditutup" in right.text
    for answer in (wrong, nobody):
        assert "Nomor atau kata sandi tidak cocok." in answer.text and "Akses instansi" not in answer.text


def test_whoever_holds_the_case_and_the_desk_see_that_its_partner_is_gone(law: Law) -> None:
    incident = refer(law, "summary")
    law.run(close_agency, law.dewi, agency_of(law).id, "tutup")
    name = agency_of(law).name

    def shown(session: Session) -> str:
        return "".join(card(session.get_one(Incident, incident.id), law.hendra.audience, Pages().render))

    assert f'data-partner-gone="{name}"' in law.read(shown)
    law.take(incident, "note", law.hendra, words="Ditangani regu sendiri.")
    assert "data-partner-gone" not in law.read(shown)


def test_a_screen_that_only_listened_shows_the_end_as_a_page_does(cast: Cast, server: Running) -> None:
    incident = refer(cast, "summary")
    hendra = Asker(server, cast.cookies["hendra"])
    with screen(server.ws, Board.of(hendra.get("/console").text), view="console", cookie=cast.cookies["hendra"]) as his:
        cast.run(close_agency, cast.dewi, agency_of(cast).id, "tutup")
        seq = cast.incident(incident.id).seq
        his.until(lambda board: board.cards[f"incident-{incident.id}"].seq == seq)
        assert his.board.cards == Board.of(hendra.get("/console").text).cards
    panel = Asker(server, cast.cookies["hendra"], part=True).get(f"/incidents/{incident.id}").text
    assert "mengakhiri rujukan ke" in panel and ": tutup" in panel


def test_whoever_is_of_a_closed_partner_or_post_stands_in_the_list_and_can_be_changed(
    cast: Cast, server: Running
) -> None:
    fire, post = agency_of(cast), cast.read(strengths)[2].station
    cast.run(lambda session: setattr(session.get_one(Officer, cast.ratna.id), "station_id", post.id))
    cast.run(close_agency, cast.dewi, fire.id)
    cast.run(close_station, cast.dewi, post.id)
    dewi = Asker(server, cast.cookies["dewi"])
    listed = dewi.get("/admin").text
    assert "instansi ditutup" in listed and post.name in listed
    assert f"{fire.name} (ditutup)" in dewi.get(f"/admin/people/{cast.damkar.id}").text
    assert f"{post.name} (ditutup)" in dewi.get(f"/admin/people/{cast.ratna.id}").text
    law: Any = {"name": "Ratna S.", "role": "officer", "rank": "Ipda"}
    cast.run(lambda session: reappoint(session, cast.dewi, cast.ratna.id, station_id=post.id, **law))
    with pytest.raises(NotFound):
        cast.run(lambda session: reappoint(session, cast.dewi, cast.hendra.id, station_id=post.id, **law))
    with pytest.raises(NotFound):
        cast.run(lambda session: find_station(session, post.id))


# Stations


def test_a_post_closes_once_its_people_are_back_and_the_past_keeps_its_name(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    post = nearest(law, incident)
    law.send(incident, law.hendra, (post.id, 3))
    with pytest.raises(WrongMoment) as refused:
        law.run(close_station, law.dewi, post.id)
    assert refused.value.values == {"n": 3, "numbers": incident.number}
    law.take(incident, "resolve", law.hendra, outcome="handled")
    law.run(close_station, law.dewi, post.id)
    assert post.id not in {row.station.id for row in law.read(strengths)}
    other = law.take(law.file(), "claim", law.hendra)
    with pytest.raises(WrongValue) as none:
        law.send(other, law.hendra, (post.id, 2), reason="dekat")
    assert none.value.field == "station"
    law.send(other, law.hendra, (None, 2))
    sent = law.read(
        lambda session: session.exec(select(Event).where(Event.step == "dispatch").order_by(Event.seq)).first()
    )
    assert sent.body["sent"][0]["station"] == post.name


def test_a_post_that_opens_again_waits_to_be_told_who_is_there(law: Law) -> None:
    post = law.read(strengths)[4].station
    law.run(close_station, law.dewi, post.id, post.version)
    law.run(reopen_station, law.dewi, post.id)
    law.run(reopen_station, law.dewi, post.id)
    again = next(row for row in law.read(strengths) if row.station.id == post.id)
    assert (again.strength, again.station.stated_by) == (None, "")
    assert steps(law) == ["close_station", "reopen_station"]


def test_a_post_leaves_every_open_screen_and_comes_back(cast: Cast, server: Running) -> None:
    post = cast.read(strengths)[1].station
    hendra = Asker(server, cast.cookies["hendra"])
    with screen(server.ws, Board.of(hendra.get("/console").text), view="console", cookie=cast.cookies["hendra"]) as his:
        cast.run(close_station, cast.dewi, post.id)
        his.until(lambda board: f"station-{post.id}" not in {row.id for row in board.sides["#stations"]})
        cast.run(reopen_station, cast.dewi, post.id)
        his.until(lambda board: f"station-{post.id}" in {row.id for row in board.sides["#stations"]})
        assert his.board.sides["#stations"] == Board.of(hendra.get("/console").text).sides["#stations"]
    dewi = Asker(server, cast.cookies["dewi"])
    assert dewi.post(f"/admin/stations/{post.id}/close").status_code == 303
    assert f"/admin/stations/{post.id}/reopen" in dewi.get("/admin/stations").text
    assert dewi.get(f"/admin/stations/{post.id}").status_code == 404


def test_a_post_in_jakarta_is_asked_about_before_it_is_stored(cast: Cast, server: Running) -> None:
    dewi = Asker(server, cast.cookies["dewi"], part=True)
    given = {"code": "JKT-1", "name": "Pos Jauh", **{name: str(value) for name, value in JAKARTA.items()}}
    asked = dewi.post("/admin/stations", data=given)
    assert asked.status_code == 422 and 'name="sure"' in asked.text and "km dari wilayah komando ini" in asked.text
    assert "JKT-1" not in dewi.get("/admin/stations").text
    assert dewi.post("/admin/stations", data={**given, "sure": "true"}).status_code == 204
    post = cast.read(strengths)[0].station
    moved = {name: str(value) for name, value in JAKARTA.items()}
    assert dewi.post(f"/admin/stations/{post.id}/move", data=moved).status_code == 422
    assert cast.read(lambda session: session.get_one(Station, post.id)).lat == post.lat
    assert dewi.post(f"/admin/stations/{post.id}/move", data={**moved, "sure": "true"}).status_code == 204


@pytest.mark.parametrize(("lat", "lon"), [(3.5952, 98.6722), (3.4478, 98.5262), (3.7900, 98.6800)])
def test_a_post_where_the_command_answers_is_not_asked_about(
    cast: Cast, server: Running, lat: float, lon: float
) -> None:
    """The city's heart, Kutalimbaru in the hills, Belawan at the sea."""
    dewi = Asker(server, cast.cookies["dewi"], part=True)
    given = {"code": "MDN-9", "name": "Pos", "lat": str(lat), "lon": str(lon)}
    assert dewi.post("/admin/stations", data=given).status_code == 204


# Who may


@pytest.mark.parametrize("who", ["ann", "hendra", "sari", "damkar"])
def test_the_law_itself_lets_nobody_but_an_administrator_do_any_of_it(law: Law, who: str) -> None:
    by, post, agency = getattr(law, who), law.read(strengths)[0].station.id, agency_of(law).id
    acts: list[tuple[Any, ...]] = [
        (add_agency, "SAR", "SAR"), (rename_agency, agency, "x"), (close_agency, agency),
        (reopen_agency, agency), (close_station, post), (reopen_station, post),
        (rename_station, post, "x"), (move_station, post, 3.6, 98.7, 0.0), (retire, law.ratna.id),
        (reinstate, law.ratna.id), (reset_password, law.ratna.id, "-"), (make_key, "app", "-"),
        (revoke_key, 1),
    ]  # fmt: skip
    for act, *given in acts:
        with pytest.raises(NotAllowed):
            law.run(act, by, *given)
    assert steps(law) == []


def test_far_away_is_asked_by_the_law_too(law: Law) -> None:
    post = law.read(strengths)[0].station
    with pytest.raises(Unsure):
        law.run(move_station, law.dewi, post.id, -6.2, 106.8, 1400.0)
    assert law.run(move_station, law.dewi, post.id, -6.2, 106.8, 1400.0, True).lat == -6.2


def _enlist(session: Session, law: Law, agency_id: int) -> Officer:
    given: Any = {"login": "baru", "name": "Piket", "role": "liaison", "password": "-", "agency_id": agency_id}
    return people.enlist(session, law.dewi, **given)


# A community leader is a person


def test_each_community_leader_has_an_agency_and_it_has_one_liaison(law: Law) -> None:
    """By whichever way a second one would come: a new account, another agency, an account that comes back."""
    with pytest.raises(NotAllowed):
        law.run(add_agency, law.sari, "TOKOH_1", "Ustaz Ridwan", "leader")
    leader = law.run(add_agency, law.dewi, "TOKOH_1", "Ustaz Ridwan", "leader")

    def enlist(login: str, agency: int | None = leader.id) -> Officer:
        given = {"login": login, "name": login.title(), "role": "liaison", "password": "-", "agency_id": agency}
        return law.run(lambda session: people.enlist(session, law.dewi, **given))

    first = enlist("ridwan")
    with pytest.raises(WrongValue, match="sudah punya penghubung: Ridwan"):
        enlist("tetangga")
    other = enlist("anggota", law.damkar.agency_id)

    def move(person: Officer) -> None:
        given = {"name": person.name, "role": "liaison", "agency_id": leader.id}
        law.run(lambda session: reappoint(session, law.dewi, person.id, **given))

    with pytest.raises(WrongValue, match="sudah punya penghubung"):
        move(other)
    move(first)  # who is there already stays
    law.run(retire, law.dewi, first.id)
    move(other)
    with pytest.raises(WrongValue, match="sudah punya penghubung: Anggota"):
        law.run(reinstate, law.dewi, first.id)
    for login in ("dua", "tiga"):
        enlist(f"{login}-damkar", law.damkar.agency_id)
    named = law.read(lambda session: [(one.login, one.active) for one in liaisons(session, leader.id)])
    assert named == [("anggota", True), ("ridwan", False)]


def test_liaisons_are_added_and_taken_off_at_their_agency(cast: Cast, server: Running) -> None:
    dewi = Asker(server, cast.cookies["dewi"], part=True)
    assert (
        dewi.post("/admin/agencies", data={"code": "TOKOH_1", "name": "Ustaz Ridwan", "kind": "leader"}).status_code
        == 204
    )
    leader = agency_of(cast, "TOKOH_1")
    assert "tidak ada yang membaca" in dewi.get(f"/admin/agencies/{leader.id}").text
    given = {"role": "liaison", "agency": str(leader.id), "name": "Ridwan", "login": "ridwan"}
    for name in ("sari", "damkar", "ann", "bob"):
        assert Asker(server, cast.cookies[name], part=True).post("/admin/people", data=given).status_code == 403
    assert "Kata sandi untuk ridwan" in dewi.post("/admin/people", data=given).text
    second = dewi.post("/admin/people", data=given | {"login": "lain"})
    assert second.status_code == 422 and "sudah punya penghubung: Ridwan" in second.text
    page = dewi.get(f"/admin/agencies/{leader.id}").text
    assert "Ridwan · ridwan" in page and "Tambah penghubung" not in page
    (one,) = cast.read(liaisons, leader.id)
    assert dewi.post(f"/admin/people/{one.id}/retire").status_code == 204
    assert "Tambah penghubung" in dewi.get(f"/admin/agencies/{leader.id}").text


# Referring


def test_the_usual_partner_stands_first_each_is_found_as_it_is_spoken_and_who_was_asked_is_not_offered(
    law: Law,
) -> None:
    fire = law.take(law.file(category="KEBAKARAN"), "claim", law.hendra)

    def offered() -> list[str]:
        return law.read(lambda s: [row.spoken for row in partners(s, s.get_one(Incident, fire.id))])

    first, *others = offered()
    assert first == "DAMKARMAT · Dinas Pemadam Kebakaran dan Penyelamatan Kota Medan"
    assert others == sorted(others, key=str.casefold) and "Ambulans 119" in others
    law.take(fire, "refer", law.hendra, agency=law.damkar.agency_id, tier="full")
    assert offered() == others


def test_all_of_a_case_goes_to_another_partner_only_when_asked_twice(law: Law) -> None:
    fire = law.take(law.file(category="KEBAKARAN"), "claim", law.hendra)
    with pytest.raises(Unsure, match="Terorisme akan membaca semua kata laporan"):
        law.take(fire, "refer", law.hendra, agency=law.bnpt.agency_id, tier="full", sure=False)
    law.take(fire, "refer", law.hendra, agency=law.damkar.agency_id, tier="full", sure=False)
    law.take(fire, "refer", law.hendra, agency=law.bnpt.agency_id, tier="summary", sure=False)
