"""One's own account of the staff: the password, the first one above all, and where one is signed in."""

import re
from typing import Any

import pytest
from sqlmodel import Session, col, select
from starlette.routing import Route

from console.app import sitemap
from console.door.viewer import new_secret
from models.administration.people import enlist, reset_password
from models.errors import NotAllowed, Outdated
from models.people.locking import lock
from models.people.officers import Officer
from models.people.sessions import SignIn, sign_in
from models.people.staff import change_own_password, end_other_seats
from models.record.event import Event
from models.roles import STAFF, Role
from models.viewer import Viewer
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.law import Law
from tests.support.screen import Board, screen
from tests.support.serving import Cast
from tests.support.town import HASHED, PASSWORD, Town, Visitor

NEW = "durian jatuh malam minggu"
DESKS = {"officer": "/console", "supervisor": "/duty", "admin": "/admin", "liaison": "/agency"}
# What is open to everybody stays so; the health of the server is nobody's business here.
PUBLIC = {
    "/", "/bulletins", "/bulletins.atom", "/bulletins/{id:int}", "/sign-in", "/sign-up", "/sign-in/code", "/sign-in/factor", "/sign-up/name",
    "/service-worker.js", "/manifest.webmanifest", "/offline", "/health", "/ready", "/metrics", "/first/{token}",
    "/complaints/new", "/wall", "/wall/code", "/wall.css", "/push/key", "/me/password", "/bulletins/{id:int}/picture", "/map/level0.json",
    "/map/streets.pmtiles", "/console/{id:int}", "/places", "/r/{token}",
}  # fmt: skip
PROGRAMS = ("/uploads", "/api/")


def hired(town: Town, role: str = "officer", login: str = "yusuf") -> Visitor:
    """Somebody new, signed in with the password that was made for them."""
    agency = 1 if role == "liaison" else None
    dewi = town.read(lambda session: session.get_one(Officer, town.dewi.id).viewer)
    given = {"login": login, "name": "Yusuf Nasution", "role": role, "agency_id": agency, "password": HASHED}
    town.write(lambda session: enlist(session, dewi, **given))
    visitor = Visitor(town.client)
    answer = visitor.post("/sign-in", data={"login": login, "password": PASSWORD})
    assert answer.status_code == 303
    return visitor


def change(visitor: Visitor, old: str = PASSWORD, new: str = NEW, again: str | None = None, **more: Any) -> Any:
    return visitor.post(
        "/me/password", data={"old": old, "password": new, "again": new if again is None else again}, **more
    )


# The first password


@pytest.mark.parametrize("role", STAFF)
def test_the_first_password_is_changed_before_the_desk_opens(sqlite_town: Town, role: str) -> None:
    visitor = hired(sqlite_town, role)
    desk = DESKS[role]
    answer = visitor.get(desk)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/password")
    page = visitor.get("/me/password")
    assert page.status_code == 200 and "Pilih kata sandi Anda sendiri" in page.text
    done = change(visitor)
    assert done.status_code == 303 and done.headers["location"] == ("/console" if role == "supervisor" else desk)
    assert visitor.get(desk).status_code == 200
    assert (
        Visitor(sqlite_town.client).post("/sign-in", data={"login": "yusuf", "password": PASSWORD}).status_code == 422
    )
    assert Visitor(sqlite_town.client).post("/sign-in", data={"login": "yusuf", "password": NEW}).status_code == 303


def test_until_then_every_page_of_the_staff_leads_there(sqlite_town: Town) -> None:
    """Of the whole sitemap: what is not open to everybody, by whatever role."""
    people = [hired(sqlite_town, role, f"new.{role}") for role in STAFF]
    for route in sitemap():
        if not isinstance(route, Route) or "GET" not in (route.methods or ()) or route.path in PUBLIC:
            continue
        url = re.sub(r"\{[^}]*int\}", "1", route.path)
        url = re.sub(r"\{[^}]*\}", "7K3F-92QD", url)
        for visitor in people:
            answer = visitor.get(url)
            if url.startswith(PROGRAMS):
                assert answer.status_code in (403, 405), url
            else:
                assert (answer.status_code, answer.headers.get("location")) == (303, "/me/password"), url


def test_until_then_nothing_is_done_and_programs_are_told_why(sqlite_town: Town) -> None:
    sqlite_town.ann.file()
    incident = sqlite_town.incident_of(sqlite_town.complaints()[0].ref)
    visitor = hired(sqlite_town)
    claim = f"/incidents/{incident.id}/claim"
    assert visitor.post(claim).headers["location"] == "/me/password"
    part = visitor.post(claim, headers={"hx-request": "true"})
    assert part.status_code == 403 and part.headers["hx-redirect"] == "/me/password"
    told = visitor.post(claim, headers={"accept": "application/json"})
    assert told.status_code == 403 and "kata sandi pertama" in told.json()["detail"]
    assert sqlite_town.incident_of(sqlite_town.complaints()[0].ref).status == "new"


@pytest.mark.parametrize(("due", "page"), [("must_change", "/me/password"), ("factor_due", "/me/factors")])
@pytest.mark.parametrize("role", ["officer", "admin"])
def test_until_then_their_page_asks_for_nothing_that_leads_back_to_it(
    sqlite_town: Town, due: str, page: str, role: str
) -> None:
    """Else it would load itself for ever, and nobody could type."""
    visitor = hired(sqlite_town, role)
    if due == "factor_due":
        assert change(visitor).status_code == 303

        def owe(session: Session) -> None:
            session.exec(select(Officer).where(Officer.login == "yusuf")).one().factor_due = True

        sqlite_town.write(owe)
    shown = visitor.get(page)
    assert shown.status_code == 200
    for asked in re.findall(r'hx-get="([^"]+)"', shown.text):
        assert visitor.get(asked, headers={"hx-request": "true"}).status_code == 200, asked
    there = {"hx-request": "true", "hx-current-url": f"http://siaga{page}"}
    refused = visitor.get("/house", headers=there)  # what asks all the same
    assert refused.status_code == 403 and "hx-redirect" not in refused.headers


def test_until_then_a_screen_of_theirs_is_sent_to_the_door(cast: Cast, server: Running) -> None:
    cast.run(lambda session: setattr(session.get_one(Officer, cast.hendra.id), "must_change", True))
    with screen(server.ws, Board(), view="console", cookie=cast.cookies["hendra"]) as listening:
        assert listening.closed() == 4401


def test_until_then_the_lock_still_locks_and_the_password_opens_it(sqlite_town: Town) -> None:
    visitor = hired(sqlite_town)
    assert visitor.post("/lock").status_code == 303
    assert visitor.get("/me/password").status_code == 423
    assert change(visitor).status_code == 423
    opened = visitor.post("/unlock", data={"password": PASSWORD, "next": "/me/password"})
    assert opened.headers["location"] == "/me/password"
    assert change(visitor).status_code == 303


def test_a_password_given_anew_is_a_first_one_again(law: Law) -> None:
    law.run(reset_password, law.dewi, law.hendra.id, "-another-")
    assert law.read(lambda session: session.get_one(Officer, law.hendra.id)).must_change
    assert not law.read(lambda session: session.get_one(Officer, law.ratna.id)).must_change


# One's own, at any time


def test_it_is_changed_by_whoever_knows_the_old_one_and_other_screens_close(sqlite_town: Town) -> None:
    hendra, other = sqlite_town.hendra, Visitor(sqlite_town.client)
    other.post("/sign-in", data={"login": "hendra", "password": PASSWORD})
    assert other.get("/console").status_code == 200
    assert change(hendra).headers["location"] == "/me?changed=1"
    assert hendra.get("/console").status_code == 200
    assert other.get("/console").headers["location"].startswith("/sign-in")
    steps = sqlite_town.read(lambda session: session.exec(select(Event).order_by(col(Event.seq))).all())
    told = [event for event in steps if event.step == "change_password"]
    assert [(event.by_id, event.body) for event in told] == [(hendra.id, {"person": hendra.id})]


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"old": "bukan ini sama sekali"}, "old", "Kata sandi sekarang tidak cocok."),
        ({"new": "pendek"}, "password", "Paling sedikit 15 huruf atau angka."),
        ({"new": PASSWORD}, "password", "Paling sedikit 15 huruf"),
        ({"new": "aaaaaaaaaaaaaaaaaaaa"}, "password", "Terlalu mudah ditebak."),
        ({"again": "durian jatuh malam senin"}, "again", "Tidak sama dengan yang di atas."),
        ({"new": "", "again": ""}, "password", "Paling sedikit 15"),
        ({"new": "x" * 300}, "password", "Paling banyak 256 huruf."),
    ],
)
def test_what_cannot_be_stands_beside_its_field(
    sqlite_town: Town, typed: dict[str, str], field: str, says: str
) -> None:
    answer = change(sqlite_town.hendra, **typed)
    assert answer.status_code == 422 and f'<p class="wrong" id="{field}-wrong" role="alert">{says}' in answer.text
    assert NEW not in answer.text and PASSWORD not in answer.text
    told = change(sqlite_town.hendra, **typed, headers={"accept": "application/json"})
    assert told.status_code == 422 and set(told.json()["errors"]) == {field}
    assert change(sqlite_town.hendra).status_code == 303


def test_the_same_again_is_no_new_one(sqlite_town: Town) -> None:
    change(sqlite_town.hendra)
    assert "Ini masih kata sandi yang sekarang." in change(sqlite_town.hendra, old=NEW).text


def test_whoever_guesses_waits(sqlite_town: Town) -> None:
    answers = [change(sqlite_town.hendra, old=f"tebakan nomor {n}") for n in range(12)]
    late = next(answer for answer in answers if answer.status_code == 429)
    assert int(late.headers["retry-after"]) > 0 and "Coba lagi dalam" in late.text


def test_two_windows_at_once_change_it_once(law: Law) -> None:
    law.run(change_own_password, law.hendra, "-", "-first-")
    with pytest.raises(Outdated):
        law.run(change_own_password, law.hendra, "-", "-second-")
    assert law.read(lambda session: session.get_one(Officer, law.hendra.id)).password == "-first-"


@pytest.mark.parametrize("who", ["ann", "nobody", "wall"])
def test_it_is_the_staffs_alone(cast: Cast, server: Running, who: str) -> None:
    asker = Asker(server, cast.cookies.get(who, ""))
    for answer in (asker.get("/me"), asker.get("/me/password"), asker.post("/me/sessions/end")):
        assert answer.status_code == (303 if who == "nobody" else 403)
    with pytest.raises(NotAllowed):
        cast.run(change_own_password, Viewer(Role.CITIZEN, cast.hendra.id), "-", "-mine-")


def test_where_one_is_signed_in_and_out_of_it_everywhere(law: Law) -> None:
    secrets = [new_secret()[1] for _ in range(3)]
    for hash in secrets:
        law.run(lambda session, hash=hash: sign_in(session, session.get_one(Officer, law.hendra.id), hash) and None)
    law.run(lambda session: sign_in(session, session.get_one(Officer, law.ratna.id), "hers") and None)
    here = Viewer(Role.OFFICER, law.hendra.id, session=secrets[1])
    law.run(end_other_seats, here)
    left = law.read(lambda session: set(session.exec(select(SignIn.hash))))
    assert left == {secrets[1], "hers"}


def test_the_page_names_each_screen_and_ends_the_others_or_all(sqlite_town: Town) -> None:
    hendra, other = sqlite_town.hendra, Visitor(sqlite_town.client)
    agent = {"user-agent": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36"}
    other.post("/sign-in", data={"login": "hendra", "password": PASSWORD}, headers=agent)
    page = hendra.get("/me").text
    assert "Chrome, Windows" in page and page.count("layar ini") == 1
    assert hendra.post("/me/sessions/end").headers["location"] == "/me"
    assert other.get("/me").headers["location"].startswith("/sign-in") and hendra.get("/me").status_code == 200
    assert hendra.post("/me/sessions/end", data={"here": "true"}).headers["location"] == "/sign-in"
    assert hendra.get("/me").headers["location"].startswith("/sign-in")


def test_a_locked_screen_shows_nothing_of_it(sqlite_town: Town) -> None:
    hendra = sqlite_town.hendra
    hash = sqlite_town.read(
        lambda session: session.exec(select(SignIn.hash).where(SignIn.officer_id == hendra.id)).one()
    )
    sqlite_town.write(lock, Viewer(Role.OFFICER, hendra.id, session=hash))
    for answer in (hendra.get("/me"), change(hendra), hendra.post("/me/sessions/end")):
        assert answer.status_code == 423
