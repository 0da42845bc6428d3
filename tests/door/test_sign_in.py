"""The door: one for everyone, the same answer for what is wrong and what is unknown, and nothing lost before it."""

import re

import pytest
from sqlmodel import Session, delete, select

from console.door import passwords
from console.web.citizen.home import inside
from models.incidents.draft import Draft
from models.people.citizens import Citizen
from models.people.codes import Code
from models.people.officers import Officer
from models.people.sessions import SignIn
from tests.support.inbox import Inbox, sign_up
from tests.support.town import PASSWORD, REPORT, Town, Visitor, jpeg


def test_a_citizen_signs_up_out_and_in_again(town: Town, inbox: Inbox) -> None:
    rina = town.anyone
    assert sign_up(rina, inbox, password="kata sandi Rina").status_code == 303
    assert "Rina" in rina.get("/").text
    citizen = town.read(lambda session: session.exec(select(Citizen).where(Citizen.name == "Rina")).one())
    assert citizen.phone == "+6281277778888" and citizen.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    old = dict(rina.cookies)
    assert rina.post("/sign-out").status_code == 303
    assert "siaga" not in rina.cookies
    assert "Rina" not in Visitor(town.client, old).get("/").text  # the session is over, not only the cookie
    for login in ("081277778888", "+62 812 7777 8888", "62812-7777-8888"):
        again = Visitor(town.client)
        assert again.post("/sign-in", data={"login": login, "password": "kata sandi Rina"}).headers["location"] == "/"
        assert again.cookies["siaga"] != old["siaga"]


def test_staff_come_through_the_same_door(sqlite_town: Town) -> None:
    for login, desk in (("hendra", "/console"), ("sari", "/console"), ("dewi", "/admin")):
        visitor = Visitor(sqlite_town.client)
        assert visitor.post("/sign-in", data={"login": login, "password": PASSWORD}).headers["location"] == desk
        assert visitor.get("/sign-in").headers["location"] == desk


def test_a_wrong_password_and_an_unknown_login_look_the_same(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "_fits", lambda given, stored: hashed.append(stored) or False)
    wrong, unknown = (
        sqlite_town.anyone.post("/sign-in", data={"login": login, "password": "not this one"})
        for login in ("hendra", "henk")
    )
    assert wrong.status_code == unknown.status_code == 422
    pages = [re.sub(' data-now="[^"]+"', "", page.text) for page in (wrong, unknown)]  # a second may have passed
    assert pages[0].replace("hendra", "henk") == pages[1] and "tidak cocok" in pages[0]
    assert len(hashed) == 2  # the unknown one costs a hash, too
    assert "siaga" not in sqlite_town.anyone.cookies


def test_failing_again_and_again_waits_but_locks_nobody_else_out(sqlite_town: Town) -> None:
    visitor, door = sqlite_town.anyone, {"login": "0812 0000 4471", "password": "wrong password"}
    answers = [visitor.post("/sign-in", data=door) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert int(answers[3].headers["retry-after"]) >= 1 and "Coba lagi" in answers[3].text
    assert visitor.post("/sign-in", data={"login": "hendra", "password": PASSWORD}).status_code == 303


CITIZENS_PASSWORD = {"password": "panjang sekali", "old": PASSWORD, "sure": "true"}
DOORS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("anyone", "/sign-in", {"login": "hendra", "password": PASSWORD}),
    ("hendra", "/unlock", {"password": PASSWORD}),
    (
        "hendra",
        "/me/password",
        {"old": PASSWORD, "password": "panjang sekali sekali", "again": "panjang sekali sekali"},
    ),
    ("ann", "/account/password", CITIZENS_PASSWORD),
    ("ann", "/account/delete", CITIZENS_PASSWORD),
    ("dewi", "/admin/people", {"login": "baru", "name": "Orang Baru", "role": "officer"}),
    ("dewi", "/admin/people/1/reset_password", {}),
)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize(("who", "door", "typed"), DOORS, ids=[door for _, door, _ in DOORS])
def test_a_crowd_is_asked_to_come_back_at_every_door(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch, who: str, door: str, typed: dict[str, str], accept: str
) -> None:
    monkeypatch.setattr(passwords, "WAITING", 0)
    answer = getattr(sqlite_town, who).post(door, data=typed, headers={"accept": accept})
    assert (answer.status_code, answer.headers.get("retry-after")) == (429, "2"), answer.text
    assert "Coba lagi dalam 2\xa0detik" in answer.text


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_who_guesses_too_often_hears_429_at_every_door(sqlite_town: Town, accept: str) -> None:
    for who, door, typed in DOORS[:5]:
        wrong = {name: "not this one" if value == PASSWORD else value for name, value in typed.items()}
        asked = [getattr(sqlite_town, who).post(door, data=wrong, headers={"accept": accept}) for _ in range(4)]
        assert asked[-1].status_code == 429 and int(asked[-1].headers["retry-after"]) >= 1, door
    for _ in range(2):
        sent = sqlite_town.zed.post("/account/code", headers={"accept": accept})
    assert sent.status_code == 429 and int(sent.headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "Tulis nama Anda."),
        ("name", "x" * 81, "Paling banyak 80"),
        ("password", "short", "Paling sedikit 8"),
        ("password", "12345678", "Terlalu mudah ditebak."),
        ("password", "081277778888", "Terlalu mudah ditebak."),
        ("password", "x" * 257, "Paling banyak 256"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    sqlite_town: Town, inbox: Inbox, field: str, value: str, says: str
) -> None:
    account = {"name": "Rina", "password": "kata sandi Rina", field: value}
    answer = sign_up(sqlite_town.anyone, inbox, **account)
    assert answer.status_code == 422 and says in answer.text and f'id="fault-{field}"' in answer.text
    assert "kata sandi Rina" not in answer.text  # a password never comes back


def test_long_passwords_are_welcome_and_the_number_is_taken_once(sqlite_town: Town, inbox: Inbox) -> None:
    rina = sqlite_town.anyone
    assert sign_up(rina, inbox, password="panjang sekali " * 8).status_code == 303
    proved = dict(rina.cookies)
    sqlite_town.write(forget_all_codes)
    late = Visitor(sqlite_town.client)
    late.post("/sign-up", data={"phone": "0812 7777 8888"})
    assert late.post("/sign-in/code", data={"code": inbox.code()}).headers["location"] == "/"  # it is in, not new
    assert proved["siaga"] != late.cookies["siaga"]
    assert len(sqlite_town.read(lambda session: session.exec(select(Citizen)).all())) == 4
    assert "password" in passwords.COMMON


def forget_all_codes(session: Session) -> None:
    session.exec(delete(Code))


def test_a_draft_is_filed_after_sign_up_with_its_photos_and_only_once(town: Town, inbox: Inbox) -> None:
    rina, files = town.anyone, [("photo", ("a.jpg", jpeg(), "image/jpeg"))]
    kept = rina.post("/complaints", data={**REPORT, "idempotency_key": "k"}, files=files)
    assert (kept.status_code, kept.headers["location"]) == (303, "/sign-in")
    assert town.complaints() == []
    assert "Belum terkirim" in rina.get("/sign-in").text
    filed = sign_up(rina, inbox)
    (complaint,) = town.complaints()
    assert filed.headers["location"] == f"/complaints/{complaint.ref}"
    page = rina.get(filed.headers["location"]).text
    assert "Laporan diterima" in page and "Foto 1" in page
    assert "draft" not in rina.cookies
    assert town.read(lambda session: session.exec(select(Draft)).all()) == []


def test_a_draft_is_its_own_browsers(sqlite_town: Town) -> None:
    sqlite_town.anyone.file()
    other = Visitor(sqlite_town.client)
    assert "Belum terkirim" not in other.get("/sign-in").text
    other.post("/sign-in", data={"login": "0812 0000 4471", "password": PASSWORD})
    assert sqlite_town.complaints() == []
    rows = sqlite_town.read(lambda session: session.exec(select(Draft)).all())
    assert rows[0].hash != sqlite_town.anyone.cookies["draft"]  # only the hash is kept


def test_a_draft_of_a_blocked_citizen_is_answered_by_why(sqlite_town: Town) -> None:
    sqlite_town.anyone.file()
    answer = sqlite_town.anyone.post("/sign-in", data={"login": "0814 0000 6693", "password": PASSWORD})
    assert answer.status_code == 403 and "Akun ini diblokir" in answer.text
    assert "siaga" in sqlite_town.anyone.cookies and sqlite_town.complaints() == []


def test_an_inactive_officer_stays_out(sqlite_town: Town) -> None:
    id = sqlite_town.hendra.id
    sqlite_town.write(lambda session: setattr(session.get_one(Officer, id), "active", False))
    assert sqlite_town.anyone.post("/sign-in", data={"login": "hendra", "password": PASSWORD}).status_code == 422


def test_the_door_leads_back_but_never_away(sqlite_town: Town) -> None:
    door = {"login": "0812 0000 4471", "password": PASSWORD}
    back = Visitor(sqlite_town.client).post("/sign-in", data={**door, "next": "/complaints"})
    assert back.headers["location"] == "/complaints"
    for away in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\nx"):
        assert inside(away) == "/"


def test_another_site_cannot_sign_anybody_in(sqlite_town: Town) -> None:
    forged = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    answer = sqlite_town.anyone.post("/sign-in", data={"login": "hendra", "password": PASSWORD}, headers=forged)
    assert answer.status_code == 403
    assert len(sqlite_town.read(lambda session: session.exec(select(SignIn)).all())) == 6


def test_the_language_of_the_door_goes_along(sqlite_town: Town) -> None:
    visitor = Visitor(sqlite_town.client, {"locale": "en"})
    visitor.post("/sign-in", data={"login": "0812 0000 4471", "password": PASSWORD})
    assert sqlite_town.read(lambda session: session.get_one(Citizen, sqlite_town.ann.id).locale) == "en"


@pytest.mark.parametrize("typed", ["(0812) 0000.4006", "0812-0000-4006", "+62 812 0000 4006", "0062 812 0000 4006"])
def test_a_number_is_a_number_however_it_is_spelled(sqlite_town: Town, typed: str) -> None:
    answer = Visitor(sqlite_town.client).post("/sign-in", data={"login": typed})
    assert answer.headers.get("location") == "/sign-in/code", answer.text


def test_citizens_are_asked_for_a_number_and_staff_have_a_door_of_their_own(sqlite_town: Town) -> None:
    page = Visitor(sqlite_town.client).get("/sign-in").text
    assert 'inputmode="tel"' in page and "Petugas? Masuk di sini" in page and "<details" in page
    for url in ("/sign-in?staff", "/sign-in?next=/console"):
        page = Visitor(sqlite_town.client).get(url).text
        assert "Nama masuk" in page and 'inputmode="tel"' not in page and "<details" not in page, url
    refused = Visitor(sqlite_town.client).post(
        "/sign-in", data={"login": "hendra", "password": "a wrong one", "staff": "true"}
    )
    assert refused.status_code == 422 and "Nama masuk" in refused.text


def test_every_page_of_that_browser_says_that_it_is_not_sent_until_it_is(town: Town) -> None:
    rina = Visitor(town.client)
    rina.file()
    for url in ("/", "/bulletins", "/complaints/new", "/sign-in", "/sign-up"):
        page = rina.get(url).text
        assert page.count("Belum terkirim") == 1 and "Dikirim begitu Anda masuk dengan nomor HP." in page, url
        assert "tersimpan" not in page, url
    assert "Belum terkirim" not in town.anyone.get("/").text
    rina.post("/sign-in", data={"login": "081200004471", "password": PASSWORD})
    assert "Belum terkirim" not in rina.get("/").text and len(town.complaints()) == 1


def test_what_is_left_of_the_way_is_counted_and_a_code_that_comes_is_not_denied(town: Town, inbox: Inbox) -> None:
    rina = Visitor(town.client)
    rina.file()
    page = rina.get("/sign-in").text
    assert "kami kirim kode ke nomor ini" in page and "belum tersedia" not in page  # one goes, if only to the log
    assert rina.post("/sign-in", data={"login": "081277770001"}).headers["location"] == "/sign-in/code"
    assert "kode ini, lalu nama bila nomornya baru" in rina.get("/sign-in/code").text
    rina.post("/sign-in/code", data={"code": inbox.code()})
    assert "Satu langkah lagi: nama Anda." in rina.get("/sign-up/name").text
