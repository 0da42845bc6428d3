"""Administration: every change by an administrator alone, each an event in the commit of the change."""

import re

import pytest
from sqlmodel import Session, col, select

from models.city.category import Category, Modifier, Target, categories, modifiers
from models.city.station import Station
from models.command import administration as admin
from models.errors import Outdated, WrongValue
from models.incidents.incident import Incident
from models.people.machines import Key
from models.people.officers import Officer
from models.people.sessions import SignIn
from models.record.event import Event
from models.roles import Role
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.law import Law
from tests.support.screen import Board, screen
from tests.support.serving import Cast

PAGES = ("/admin", "/admin/stations", "/admin/agencies", "/admin/categories", "/admin/keys")
OTHERS = ("ann", "hendra", "sari", "damkar", "wall")
YUSUF = {"login": "yusuf", "name": "Yusuf Nasution", "rank": "Bripka", "role": "officer"}


def steps(law: Law) -> list[str]:
    return law.read(lambda session: list(session.exec(select(Event.step).order_by(col(Event.seq)))))


def last(law: Law) -> Event:
    return law.read(lambda session: session.exec(select(Event).order_by(col(Event.seq).desc())).first())


def enlist(law: Law, **more: object) -> Officer:
    return law.run(lambda session: admin.enlist(session, law.dewi, **{**YUSUF, "password": "-", **more}))  # type: ignore[arg-type]


def reappoint(law: Law, id: int | None, **more: object) -> Officer:
    given = {"name": "Yusuf Nasution", "role": "officer", "rank": "Bripka", **more}
    return law.run(lambda session: admin.reappoint(session, law.dewi, id or 0, **given))  # type: ignore[arg-type]


# The law


def test_somebody_is_enlisted_with_a_rank_a_role_and_a_station(law: Law) -> None:
    officer = enlist(law, station_id=2)
    assert (officer.title, officer.role, officer.station_id, officer.active) == (
        "Bripka Yusuf Nasution",
        "officer",
        2,
        True,
    )
    event = last(law)
    assert (event.step, event.by_id, event.body["login"]) == ("enlist", law.dewi.id, "yusuf")
    assert "password" not in event.body


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("login", {"login": "hendra"}), ("login", {"login": "Ö"}), ("name", {"name": " "}), ("role", {"role": "clock"}),
        ("agency", {"role": "liaison"}),
    ],
)  # fmt: skip
def test_an_account_that_cannot_be_is_refused_beside_its_field(law: Law, field: str, more: dict[str, object]) -> None:
    with pytest.raises(WrongValue) as refused:
        enlist(law, **more)
    assert refused.value.field == field and steps(law) == []


def test_a_new_role_ends_every_session_and_a_new_rank_none(law: Law) -> None:
    officer = enlist(law)
    reappoint(law, officer.id, rank="Aipda")
    assert steps(law) == ["enlist", "reappoint"]
    reappoint(law, officer.id, rank="Aipda", role="supervisor")
    assert steps(law)[2:] == ["reappoint", "revoke"]
    assert last(law).body["officer"] == officer.id
    reappoint(law, officer.id, rank="Aipda", role="supervisor")
    assert len(steps(law)) == 4, "what is so already is no event"


def test_a_page_older_than_the_account_is_told_so(law: Law) -> None:
    officer = enlist(law)
    reappoint(law, officer.id, rank="Aipda", version=officer.version)
    with pytest.raises(Outdated):
        reappoint(law, officer.id, rank="Aiptu", version=officer.version)


def test_somebody_who_can_make_accounts_is_always_left(law: Law) -> None:
    with pytest.raises(WrongValue):
        law.run(admin.retire, law.dewi, law.dewi.id)
    with pytest.raises(WrongValue):
        reappoint(law, law.dewi.id, role="officer")
    enlist(law, login="kedua", role="admin")
    law.run(admin.retire, law.dewi, law.dewi.id)
    assert steps(law) == ["enlist", "retire", "revoke"]


def test_who_is_retired_may_be_reinstated(law: Law) -> None:
    law.run(admin.retire, law.dewi, law.hendra.id)
    law.run(admin.retire, law.dewi, law.hendra.id)
    law.run(admin.reinstate, law.dewi, law.hendra.id)
    assert steps(law) == ["retire", "revoke", "reinstate"]


def test_a_station_is_opened_renamed_and_moved(law: Law) -> None:
    def opened(session: Session) -> Station:
        given = {"code": "mdn-baru2", "name": "Pos Baru", "lat": 3.6, "lon": 98.7, "strength": 3, "away_km": 0.4}
        return admin.open_station(session, law.dewi, **given)  # type: ignore[arg-type]

    station = law.run(opened)
    assert station.code == "MDN-BARU2"
    with pytest.raises(WrongValue):
        law.run(opened)
    law.run(admin.rename_station, law.dewi, station.id, "Pos Lama", station.version)
    moved = law.run(admin.move_station, law.dewi, station.id, 3.61, 98.71, 0.4)
    assert (moved.name, moved.lat, moved.approximate) == ("Pos Lama", 3.61, False)
    assert steps(law) == ["open_station", "rename_station", "move_station"]
    assert last(law).body == {"station": station.id, "was": [3.6, 98.7], "lat": 3.61, "lon": 98.71}


def test_a_category_changes_for_what_is_filed_from_now_on(law: Law) -> None:
    before = law.file(category="CURANMOR")

    def change(session: Session, **more: object) -> Category:
        given = {"label_id": "Curanmor", "label_en": "Vehicle theft", "tile": "Curanmor", "priority": 1, "personnel": 5}
        return admin.change_category(session, law.dewi, "CURANMOR", **{**given, "choosable": True, **more})  # type: ignore[arg-type]

    law.run(change)
    assert last(law).body["priority"] == 1 and last(law).body["was"]["priority"] == 2
    assert law.file(category="CURANMOR").priority == 1 and law.incident(before.id).priority == 2
    for wrong in ({"priority": 5}, {"personnel": -1}, {"label_id": " "}):
        with pytest.raises(WrongValue):
            law.run(lambda session, wrong=wrong: change(session, **wrong))
    law.run(lambda session: change(session, choosable=False))
    with pytest.raises(WrongValue):
        law.file(category="CURANMOR")


def test_complaints_about_officers_can_always_be_filed(law: Law) -> None:
    def close(session: Session, code: str) -> Category:
        given = {"label_id": "A", "label_en": "A", "tile": "A", "priority": 3, "personnel": 0}
        return admin.change_category(session, law.dewi, code, choosable=False, **given)  # type: ignore[arg-type]

    for code in ("OKNUM", "DARURAT_NYAWA"):
        with pytest.raises(WrongValue) as refused:
            law.run(close, code)
        assert refused.value.field == "choosable"


GEMPA = {"label_id": "Gempa bumi", "label_en": "Earthquake", "tile": "Gempa", "priority": 1, "personnel": 6}


def test_a_category_is_added_filed_under_closed_and_stays_what_it_was(law: Law) -> None:
    def add(session: Session, code: str = "gempa", **more: object) -> Category:
        return admin.add_category(session, law.dewi, code, **{**GEMPA, **more})  # type: ignore[arg-type]

    assert law.run(add).code == "GEMPA" and last(law).step == "add_category"
    assert law.read(categories)[-1].code == "GEMPA"
    for field, wrong in (
        ("code", {}),
        ("code", {"code": "?"}),
        ("label_en", {"code": "GEMPA2", "label_id": "Lindu", "label_en": "earth quake"}),
    ):
        with pytest.raises(WrongValue) as refused:
            law.run(lambda session, wrong=wrong: add(session, **wrong))
        assert refused.value.field == field
    incident = law.file(category="GEMPA")
    assert incident.priority == 1
    law.run(lambda session: admin.change_category(session, law.dewi, "GEMPA", choosable=False, **GEMPA))  # type: ignore[arg-type]
    with pytest.raises(WrongValue):
        law.file(category="GEMPA")
    law.take(incident, "claim", law.hendra)
    found = law.read(lambda session: session.get_one(Incident, incident.id).category.label())
    assert found == "Gempa bumi" and "GEMPA" not in [one.code for one in law.read(categories)]
    assert law.incident(incident.id).category_code == "GEMPA"
    with pytest.raises(WrongValue):
        law.run(add, "GEMPA3")  # its name stays taken


def test_a_sign_is_added_ticked_closed_and_ticked_no_more(law: Law) -> None:
    def add(session: Session, code: str = "Flood", label_id: str = "Banjir", personnel: int = 3) -> Modifier:
        return admin.add_modifier(
            session, law.dewi, code, label_id=label_id, label_en=f"{label_id} 2", personnel=personnel
        )

    assert law.run(add).code == "flood" and last(law).step == "add_modifier"
    for field, wrong in (
        ("code", {}),
        ("label_id", {"code": "other"}),
        ("personnel", {"code": "other", "label_id": "Asap", "personnel": 999}),
    ):
        with pytest.raises(WrongValue) as refused:
            law.run(lambda session, wrong=wrong: add(session, **wrong))
        assert refused.value.field == field
    first, second = law.file(), law.file()
    for incident in (first, second):
        law.take(incident, "claim", law.hendra)
    law.send(first, law.hendra, (None, 7), modifier=["flood"])
    assert last(law).body["modifiers"] == ["flood"] and last(law).body["suggested"] == 4 + 3
    law.run(
        lambda session: admin.change_modifier(
            session, law.dewi, "flood", label_id="Banjir", label_en="Flood", personnel=3, active=False
        )
    )
    assert last(law).body["was"] == {"label_en": "Banjir 2", "active": True}
    law.send(second, law.hendra, (None, 4), modifier=["flood", "armed"])  # from a page that was open
    assert last(law).body["modifiers"] == ["armed"] and last(law).body["suggested"] == 4 + 4
    assert "flood" not in [one.code for one in law.read(modifiers)]


def test_a_target_changes_when_the_next_step_is_due(law: Law) -> None:
    def change(session: Session, claim_s: int = 120, arrive_s: int | None = 900) -> Target:
        return admin.change_target(session, law.dewi, 1, claim_s=claim_s, arrive_s=arrive_s)

    law.run(change)
    incident = law.file()
    assert incident.due_at and (incident.due_at - incident.filed_at).total_seconds() == 120
    for claim_s, arrive_s in ((5, 900), (600, 300)):
        with pytest.raises(WrongValue):
            law.run(change, claim_s, arrive_s)


# Over HTTP


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
    assert cast.read(admin.people, "RATNA")[0].role == Role.OFFICER


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
