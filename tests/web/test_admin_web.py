"""The pages of administration: by an administrator alone, and what they change is seen at once wherever it is shown."""

import re

import pytest
from sqlmodel import select

from models.administration import people
from models.people.machines import Key
from models.people.sessions import SignIn
from models.roles import Role
from tests.models.test_administration import GEMPA, YUSUF, last, steps
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.screen import Board, screen
from tests.support.serving import Cast

PAGES = ("/admin", "/admin/stations", "/admin/agencies", "/admin/categories", "/admin/keys")
OTHERS = ("ann", "hendra", "sari", "damkar", "wall")


@pytest.mark.parametrize("who", [*OTHERS, "nobody"])
def test_nobody_but_an_administrator_comes_in(cast: Cast, server: Running, who: str) -> None:
    asker, status = Asker(server, cast.cookies.get(who, "")), 303 if who == "nobody" else 403
    for url in (
        *PAGES,
        f"/admin/people/{cast.hendra.id}",
        "/admin/stations/1",
        "/admin/categories/CURAT",
        "/admin/targets/1",
    ):
        assert asker.get(url).status_code == status, url
    for url, form in (
        ("/admin/people", YUSUF),
        (f"/admin/people/{cast.hendra.id}/reset_password", {}),
        (f"/admin/people/{cast.hendra.id}/retire", {}),
        (f"/admin/people/{cast.hendra.id}/reappoint", {"name": "x", "role": "admin"}),
        ("/admin/stations/1/move", {"lat": "3.6", "lon": "98.7"}),
        ("/admin/categories/CURAT", {"priority": "1", "personnel": "1"}),
        ("/admin/targets/1", {"claim_s": "60"}),
        ("/admin/keys", {"name": "x"}),
    ):
        assert asker.post(url, data=form).status_code == status, url
    assert steps(cast) == []


def test_an_administrator_sees_every_page_and_no_incident(cast: Cast, server: Running) -> None:
    incident = cast.file(words="kenari-kata", landmark="kenari-patokan")
    dewi = Asker(server, cast.cookies["dewi"])
    for url in PAGES:
        page = dewi.get(url)
        assert page.status_code == 200 and "kenari" not in page.text and incident.number not in page.text
    assert dewi.get(f"/incidents/{incident.id}").status_code == 403
    assert dewi.get("/console").status_code == 403


def test_a_first_password_is_shown_once_and_opens_the_door(cast: Cast, server: Running) -> None:
    dewi = Asker(server, cast.cookies["dewi"], part=True)
    answer = dewi.post("/admin/people", data=YUSUF)
    (password,) = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert password not in dewi.get("/admin").text and password not in str(last(cast).body)
    entered = Asker(server).post("/sign-in", data={"login": "yusuf", "password": password})
    assert (entered.status_code, entered.headers["location"]) == (303, "/console")
    assert dewi.post("/admin/people", data=YUSUF).status_code == 422, "the name is taken"


def test_a_new_password_closes_the_screens_of_the_old_one(cast: Cast, server: Running) -> None:
    hendra, dewi = Asker(server, cast.cookies["hendra"]), Asker(server, cast.cookies["dewi"], part=True)
    with screen(server.ws, Board.of(hendra.get("/console").text), view="console", cookie=hendra.cookie) as console:
        assert dewi.post(f"/admin/people/{cast.hendra.id}/reset_password").status_code == 200
        assert console.closed() == 4401
    assert hendra.get("/console").status_code == 303


def test_who_is_retired_goes_dark_at_once_and_cannot_come_back(cast: Cast, server: Running) -> None:
    dewi = Asker(server, cast.cookies["dewi"])
    assert dewi.post(f"/admin/people/{cast.hendra.id}/retire").status_code == 303
    assert Asker(server, cast.cookies["hendra"]).get("/console").status_code == 303
    assert (
        cast.read(lambda session: session.exec(select(SignIn).where(SignIn.officer_id == cast.hendra.id)).all()) == []
    )
    refused = dewi.post(f"/admin/people/{cast.dewi.id}/retire", headers={"HX-Request": "true"})
    assert refused.status_code == 422 and "administrator" in refused.text


def test_a_moved_station_is_seen_on_open_consoles(cast: Cast, server: Running) -> None:
    hendra, dewi = Asker(server, cast.cookies["hendra"]), Asker(server, cast.cookies["dewi"])
    with screen(server.ws, Board.of(hendra.get("/console").text), view="console", cookie=hendra.cookie) as console:
        assert dewi.post("/admin/stations/2/move", data={"lat": "3.61", "lon": "98.71"}).status_code == 303
        console.until(
            lambda board: any(row.id == "station-2" and row["lat"] == "3.61" for row in board.sides["#stations"])
        )
    swapped = dewi.post("/admin/stations/2/move", data={"lat": "98.7", "lon": "3.6"}, headers={"HX-Request": "true"})
    assert swapped.status_code == 422 and "tertukar" in swapped.text


def test_a_key_is_shown_once_works_and_is_revoked(cast: Cast, server: Running) -> None:
    dewi = Asker(server, cast.cookies["dewi"], part=True)
    answer = dewi.post("/admin/keys", data={"name": "Aplikasi kota"})
    (secret,) = re.findall(r'id="secret">([\w-]+)<', answer.text)
    assert secret not in dewi.get("/admin/keys").text
    report = {"category": "CURAT", "description": "rumah dibongkar", "place": "Jl. Iskandar Muda"}

    def send(key: str) -> int:
        return (
            Asker(server)
            .post("/api/complaints", json=report, headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": key})
            .status_code
        )

    assert send("satu") == 201
    id = cast.read(lambda session: session.exec(select(Key.id)).one())
    assert dewi.post(f"/admin/keys/{id}/revoke").status_code == 204
    assert send("dua") == 401
    assert {"make_key", "revoke_key"} <= set(steps(cast))


@pytest.mark.parametrize(
    ("login", "place"), [("hendra", "/console"), ("sari", "/console"), ("dewi", "/admin"), ("damkar", "/agency")]
)
def test_everyone_lands_at_their_desk(cast: Cast, server: Running, login: str, place: str) -> None:
    answer = Asker(server, cast.cookies["dewi"], part=True).post(
        f"/admin/people/{cast.people[login].id}/reset_password"
    )
    (password,) = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", answer.text)
    entered = Asker(server).post("/sign-in", data={"login": login, "password": password})
    assert entered.headers["location"] == place


def test_people_are_found_by_name_or_login(cast: Cast, server: Running) -> None:
    part = Asker(server, cast.cookies["dewi"], part=True).get("/admin", params={"q": "siregar"}).text
    assert "Hendra Siregar" in part and "Ratna" not in part and "<html" not in part
    assert cast.read(people.people, "RATNA")[0].role == Role.OFFICER


def test_what_is_added_and_closed_is_seen_where_it_is_chosen(cast: Cast, server: Running) -> None:
    dewi, ann, hendra = (Asker(server, cast.cookies[who]) for who in ("dewi", "ann", "hendra"))
    refused = dewi.post("/admin/categories", data={**GEMPA, "code": "GEMPA", "label_id": "Kebakaran"})
    assert refused.status_code == 422 and 'value="Earthquake"' in refused.text  # as it was typed
    assert dewi.post("/admin/categories", data={**GEMPA, "code": "GEMPA"}).status_code == 303
    assert (
        dewi.post(
            "/admin/modifiers", data={"code": "flood", "label_id": "Banjir", "label_en": "Flood", "personnel": "3"}
        ).status_code
        == 303
    )
    incident = cast.file(category="GEMPA")
    cast.take(incident, "claim", cast.hendra)
    assert "Gempa bumi" in ann.get("/complaints/new").text and "Banjir" in hendra.get(f"/incidents/{incident.id}").text
    assert dewi.post("/admin/categories/GEMPA", data=GEMPA).status_code == 303  # the boxes unticked
    closed = {"label_id": "Banjir", "label_en": "Flood", "personnel": "3"}
    assert dewi.post("/admin/modifiers/flood", data=closed).status_code == 303
    assert "Gempa bumi" not in ann.get("/complaints/new").text
    panel = hendra.get(f"/incidents/{incident.id}").text
    assert "Gempa bumi" in panel and 'value="flood"' not in panel
    assert '<option value="GEMPA"' in hendra.get("/console").text  # it can be looked for while one is open
    cast.take(incident, "resolve", cast.hendra, outcome="handled")
    assert '<option value="GEMPA"' not in hendra.get("/console").text
    page = dewi.get("/admin/categories").text
    assert page.count("ditutup</span>") == 3  # nobody chooses the seed's PALSU
    assert "Gempa bumi" in page and "Banjir" in page
