"""The second factor at the door: after the password a code, once; nothing opens before it."""

import re
from typing import Any

import pyotp
import pytest
from sqlmodel import select, update

from console.door import factors
from models.administration.people import reset_password
from models.people.officers import Officer
from models.people.sessions import SignIn
from models.record.event import Event
from models.time import now
from models.viewer import PROOF_LASTS
from tests.support.town import PASSWORD, Town, Visitor

SECRET = re.compile(r'<output class="secret secret--key">([A-Z2-7 ]+)</output>')
OFFERED = re.compile(r'name="offered" value="([^"]+)"')
CODES = re.compile(r"<li>((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})</li>")


def app_of(visitor: Visitor, name: str = "HP dinas") -> tuple[pyotp.TOTP, list[str]]:
    """A code app added on one's own page: (the app, the codes on paper)."""
    page = visitor.get("/me/factors/app").text
    app = pyotp.TOTP(SECRET.findall(page)[0].replace(" ", ""))
    sheet = visitor.post("/me/factors/app", data={"offered": OFFERED.findall(page)[0], "name": name, "code": app.now()})
    return app, CODES.findall(sheet.text)


def next_code(app: pyotp.TOTP) -> str:
    """Of the coming half minute: a clock that is fast, and a code that the adding has not used up."""
    return app.at(int(now().timestamp()) + factors.STEP_S)


def knock(town: Town, login: str = "hendra", next: str = "/") -> Visitor:
    """Up to the second question."""
    visitor = Visitor(town.client)
    answer = visitor.post("/sign-in", data={"login": login, "password": PASSWORD, "next": next})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/factor")
    return visitor


def answer(visitor: Visitor, **said: str) -> Any:
    return visitor.post("/sign-in/factor", data=said)


def test_the_password_alone_opens_nothing_and_the_code_opens_the_desk(sqlite_town: Town) -> None:
    app, _ = app_of(sqlite_town.hendra)
    visitor = knock(sqlite_town, next="/console?q=begal")
    assert visitor.get("/console").headers["location"].startswith("/sign-in")
    assert "HP" in visitor.get("/sign-in/factor").text
    wrong = answer(visitor, code="000000" if app.now() != "000000" else "111111")
    assert wrong.status_code == 422 and "Kode salah" in wrong.text
    assert visitor.get("/console").headers["location"].startswith("/sign-in")
    right = answer(visitor, code=next_code(app))
    assert (right.status_code, right.headers["location"]) == (303, "/console?q=begal")
    assert visitor.get("/console").status_code == 200
    noted = sqlite_town.read(lambda session: session.exec(select(Event.step).where(Event.step == "wrong_factor")).all())
    assert noted == ["wrong_factor"]


def test_a_code_that_was_used_is_refused_with_words(sqlite_town: Town) -> None:
    app, _ = app_of(sqlite_town.hendra)
    code = next_code(app)
    assert answer(knock(sqlite_town), code=code).status_code == 303
    again = answer(knock(sqlite_town), code=code)
    assert again.status_code == 422 and "sudah dipakai" in again.text


def test_a_code_from_paper_lets_in_once_however_it_was_copied(sqlite_town: Town) -> None:
    _, codes = app_of(sqlite_town.hendra)
    assert len(set(codes)) == factors.CODES
    assert answer(knock(sqlite_town), code=codes[0].lower().replace("-", " ")).status_code == 303
    assert answer(knock(sqlite_town), code=codes[0]).status_code == 422
    assert answer(knock(sqlite_town), code=codes[1]).status_code == 303
    assert "Sisa 8 kode" in sqlite_town.hendra.get("/me/factors").text


def test_the_note_between_them_is_good_for_one_entry_and_one_password(sqlite_town: Town) -> None:
    _, codes = app_of(sqlite_town.hendra)
    visitor = knock(sqlite_town)
    stolen = Visitor(sqlite_town.client, dict(visitor.cookies))
    assert answer(visitor, code=codes[0]).status_code == 303
    late = answer(stolen, code=codes[1])
    assert late.headers["location"] == "/sign-in?staff" and stolen.get("/console").status_code == 303
    halfway, dewi = knock(sqlite_town), sqlite_town.dewi.id
    sqlite_town.write(
        lambda session: reset_password(session, session.get_one(Officer, dewi).viewer, sqlite_town.hendra.id, "-new-")
    )
    assert answer(halfway, code=codes[2]).headers["location"] == "/sign-in?staff"


def test_guessing_has_an_end_and_harms_nobody_else(sqlite_town: Town) -> None:
    app, _ = app_of(sqlite_town.hendra)
    visitor = knock(sqlite_town)
    codes = [f"{number:06d}" for number in range(8) if f"{number:06d}" not in (app.now(), next_code(app))]
    met = [answer(visitor, code=code).status_code for code in codes]
    assert met[0] == 422 and met[-1] == 429
    assert sqlite_town.hendra.get("/console").status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"code": ""},
        {"code": "١٢٣٤٥٦"},
        {"passkey": "{}"},
        {"passkey": "[1]"},
        {"passkey": "no"},
        {"code": "x" * 5000},
    ],
)
def test_what_no_app_and_no_key_says_is_refused(sqlite_town: Town, said: dict[str, str]) -> None:
    app_of(sqlite_town.hendra)
    assert answer(knock(sqlite_town), **said).status_code == 422


def test_adding_wants_the_password_afresh_and_ones_own_page(sqlite_town: Town) -> None:
    page = sqlite_town.hendra.get("/me/factors/app").text
    secret, offered = SECRET.findall(page)[0].replace(" ", ""), OFFERED.findall(page)[0]
    sent = {"offered": offered, "name": "HP", "code": pyotp.TOTP(secret).now()}
    assert sqlite_town.sari.post("/me/factors/app", data=sent).status_code == 409  # made for another's session
    assert sqlite_town.hendra.post("/me/factors/app", data=sent | {"code": "12"}).status_code == 422
    assert sqlite_town.hendra.post("/me/factors/passkey", data=sent).status_code == 409
    sqlite_town.write(lambda session: session.exec(update(SignIn).values(proved_at=now() - PROOF_LASTS)) and None)
    assert sqlite_town.hendra.get("/me/factors/app").status_code == 423
    assert sqlite_town.hendra.post("/me/factors/codes").status_code == 423
    assert sqlite_town.hendra.post("/me/factors/1/drop").status_code == 423
    assert sqlite_town.sari.post(f"/duty/staff/{sqlite_town.hendra.id}/factors/reset").status_code == 423


def test_the_secret_lies_sealed_and_the_codes_as_hashes(sqlite_town: Town) -> None:
    app, codes = app_of(sqlite_town.hendra)
    kept = sqlite_town.read(
        lambda session: [
            str(row)
            for table in ("factor", "recovery_code", "event")
            for row in session.connection().exec_driver_sql(f"SELECT * FROM {table}")
        ]
    )
    assert kept and not any(app.secret in row or codes[0] in row or codes[0].replace("-", "") in row for row in kept)


def test_who_owes_a_factor_gets_nothing_before_it(sqlite_town: Town) -> None:
    to = f"/duty/staff/{sqlite_town.hendra.id}/factors/require"
    assert sqlite_town.dewi.post(to, data={"due": "true"}).status_code == 303
    for url in ("/console", "/me", "/incidents"):
        assert sqlite_town.hendra.get(url).headers.get("location") == "/me/factors", url
    assert "wajib" in sqlite_town.hendra.get("/me/factors").text
    app_of(sqlite_town.hendra)
    assert sqlite_town.hendra.get("/console").status_code == 200
    assert sqlite_town.dewi.post(to, data={}).status_code == 303
    assert "Tidak wajib lagi" not in sqlite_town.dewi.get("/duty/staff").text


def test_a_supervisor_opens_the_door_of_who_lost_the_phone(sqlite_town: Town) -> None:
    app_of(sqlite_town.hendra)
    page = sqlite_town.sari.get("/duty/staff").text
    to = f"/duty/staff/{sqlite_town.hendra.id}/factors/reset"
    assert to in page and f"/duty/staff/{sqlite_town.dewi.id}/factors/reset" not in page
    assert sqlite_town.sari.post(to).status_code == 303
    assert sqlite_town.hendra.get("/console").headers["location"].startswith("/sign-in")
    again = Visitor(sqlite_town.client).post("/sign-in", data={"login": "hendra", "password": PASSWORD})
    assert again.headers["location"] == "/console"


def test_every_screen_of_a_colleague_closes(sqlite_town: Town) -> None:
    assert sqlite_town.sari.post(f"/duty/staff/{sqlite_town.hendra.id}/sessions/end").status_code == 303
    assert sqlite_town.hendra.get("/console").headers["location"].startswith("/sign-in")
