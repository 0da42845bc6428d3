"""The lock of staff screens: nobody there, nothing told and nothing done; the password alone, and all goes on."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select, update

from console.demo.visitor import Visitor as Program
from console.door.viewer import hash_of
from models.incidents.evidence import Evidence
from models.people.citizens import Citizen
from models.people.locking import use
from models.people.officers import Officer
from models.people.sessions import SignIn, sign_in
from models.roles import RIGHTS, Role
from models.time import now
from models.viewer import PROOF_LASTS
from tests.support.serving import cast_of, in_thread
from tests.support.town import HASHED, PASSWORD, Town, Visitor, jpeg, ref_of

HTMX = {"hx-request": "true"}
MINUTE = timedelta(minutes=1)
REPORT = {
    "category": "CURAS_BEGAL", "description": "Dua orang naik matic hitam", "lat": "3.5796", "lon": "98.6585",
    "place": "Jl. Iskandar Muda",
}  # fmt: skip


def locks_after(role: Role) -> timedelta:
    after = RIGHTS[role].locks
    assert after is not None
    return after


def rest(town: Town, who: Visitor, idle: timedelta) -> None:
    """So long nobody has touched this screen."""
    at, hash = now() - idle, hash_of(who.cookies["siaga"])
    town.write(lambda session: session.exec(update(SignIn).where(SignIn.hash == hash).values(used_at=at)) and None)


def forget_proof(town: Town, who: Visitor) -> None:
    at, hash = now() - PROOF_LASTS, hash_of(who.cookies["siaga"])
    town.write(lambda session: session.exec(update(SignIn).where(SignIn.hash == hash).values(proved_at=at)) and None)


def used_at(town: Town, who: Visitor) -> Any:
    town.write(lambda session: None)  # what the doorman submitted came before it
    return town.read(lambda session: session.get_one(SignIn, hash_of(who.cookies["siaga"])).used_at)


def incident(town: Town, **files: Any) -> int:
    return town.incident_of(ref_of(town.ann.post("/complaints", data=REPORT, **files))).id


def test_nobody_there_means_no_act_until_the_password_is_said(town: Town) -> None:
    id = incident(town)
    rest(town, town.hendra, locks_after(Role.OFFICER))
    refused = town.hendra.post(f"/incidents/{id}/claim", headers=HTMX)
    assert refused.status_code == 423 and 'data-asks="idle"' in refused.text and "terkunci" in refused.text
    assert town.incident_of(town.complaints()[0].ref).status == "new"
    assert town.hendra.post("/unlock", data={"password": PASSWORD}, headers=HTMX).status_code == 204
    assert town.hendra.post(f"/incidents/{id}/claim", headers=HTMX).status_code == 204


def test_a_locked_screen_tells_no_name_no_word_and_shows_no_picture(town: Town) -> None:
    id = incident(town, files=[("photo", ("a.jpg", jpeg(), "image/jpeg"))])
    key = town.read(lambda session: session.exec(select(Evidence.key)).one())
    rest(town, town.hendra, locks_after(Role.OFFICER))
    evidence = (f"/evidence/{key}/{what}" for what in ("thumb", "view", "play", "original"))
    asked = ("/incidents?q=matic", f"/incidents/{id}", "/incidents/new", "/strikes", *evidence)
    for url in asked:
        for headers in ({}, HTMX):
            answer = town.hendra.get(url, headers=headers)
            assert answer.status_code == 423, url
            assert "matic" not in answer.text and "Ann" not in answer.text
    assert town.hendra.post(f"/incidents/{id}/identity", headers=HTMX).status_code == 423
    assert town.hendra.file().status_code == 423 and len(town.complaints()) == 1
    program = town.hendra.get(f"/incidents/{id}", headers={"accept": "application/json"})
    assert program.status_code == 423 and "terkunci" in program.json()["detail"]


def test_the_board_goes_on_behind_the_lock(sqlite_town: Town) -> None:
    town, id = sqlite_town, incident(sqlite_town)
    rest(town, town.hendra, locks_after(Role.OFFICER))
    page = town.hendra.get("/console")
    assert page.status_code == 200 and f'id="incident-{id}"' in page.text
    assert re.search(r"<html[^>]* data-locked[ >]", page.text) and "matic" not in page.text and "Ann S" not in page.text
    rest(town, town.sari, locks_after(Role.SUPERVISOR))
    assert town.sari.get("/duty").status_code == 200
    assert re.search(r"<html[^>]* data-locked[ >]", town.sari.get("/duty").text)


def test_supervisors_and_administrators_lock_sooner(sqlite_town: Town) -> None:
    town = sqlite_town
    for who, url in ((town.sari, "/strikes"), (town.dewi, "/admin")):
        rest(town, who, 14 * MINUTE)
        assert who.get(url).status_code == 200
        rest(town, who, 15 * MINUTE)
        assert who.get(url).status_code == 423
    rest(town, town.hendra, 29 * MINUTE)
    assert town.hendra.get("/strikes").status_code == 200


def test_citizens_are_never_locked(sqlite_town: Town) -> None:
    rest(sqlite_town, sqlite_town.ann, timedelta(days=3))
    assert sqlite_town.ann.get("/complaints").status_code == 200
    assert 'id="lock"' not in sqlite_town.ann.get("/").text
    assert sqlite_town.ann.post("/unlock", data={"password": PASSWORD}).status_code == 403


def test_guessing_at_the_lock_is_as_slow_as_at_the_door_and_for_that_screen_alone(town: Town) -> None:
    rest(town, town.hendra, locks_after(Role.OFFICER))
    answers = [town.hendra.post("/unlock", data={"password": "not this one"}, headers=HTMX) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert "tidak cocok" in answers[0].text and int(answers[3].headers["retry-after"]) >= 1
    assert town.hendra.post("/unlock", data={"password": PASSWORD}, headers=HTMX).status_code == 429
    assert used_at(town, town.hendra) <= now() - locks_after(Role.OFFICER)
    door, elsewhere = {"login": "hendra", "password": PASSWORD}, Visitor(town.client)
    assert elsewhere.post("/sign-in", data=door).status_code == 303  # whoever sits there guesses for themselves alone
    rest(town, elsewhere, locks_after(Role.OFFICER))
    assert elsewhere.post("/unlock", data={"password": PASSWORD}, headers=HTMX).status_code == 204


def test_one_session_locks_and_no_other(town: Town) -> None:
    elsewhere = Visitor(town.client)
    elsewhere.post("/sign-in", data={"login": "hendra", "password": PASSWORD})
    rest(town, town.hendra, locks_after(Role.OFFICER))
    assert town.hendra.get("/strikes").status_code == 423
    assert elsewhere.get("/strikes").status_code == town.sari.get("/strikes").status_code == 200
    elsewhere.post("/unlock", data={"password": PASSWORD})
    assert town.hendra.get("/strikes").status_code == 423


def test_pages_that_ask_by_themselves_keep_nobody_awake_and_a_deed_does(town: Town) -> None:
    id = incident(town)
    rest(town, town.hendra, 20 * MINUTE)
    before = used_at(town, town.hendra)
    for url in ("/console", f"/incidents/{id}", "/strikes", "/incidents?q=matic"):
        assert town.hendra.get(url, headers=HTMX).status_code == 200
    assert used_at(town, town.hendra) == before
    assert town.hendra.post("/awake").status_code == 204
    awake = used_at(town, town.hendra)
    assert awake > now() - MINUTE
    rest(town, town.hendra, 20 * MINUTE)
    town.hendra.post(f"/incidents/{id}/claim", headers=HTMX)
    assert used_at(town, town.hendra) > now() - MINUTE


def test_an_open_socket_keeps_nobody_awake_and_is_not_closed(town: Town) -> None:
    rest(town, town.hendra, locks_after(Role.OFFICER))
    before = used_at(town, town.hendra)
    headers = {"cookie": f"siaga={town.hendra.cookies['siaga']}", "sec-fetch-site": "same-origin"}
    with town.client.websocket_connect("/live?view=console&after=0&epoch=other", headers=headers) as socket:
        assert "refetch" in socket.receive_text()
        assert "beat" in next(text for _ in range(20) if "beat" in (text := socket.receive_text()))
    assert used_at(town, town.hendra) == before


def test_what_is_locked_does_not_wake_by_a_deed(town: Town) -> None:
    rest(town, town.hendra, locks_after(Role.OFFICER))
    assert town.hendra.post("/awake", headers=HTMX).status_code == 423
    assert town.hendra.get("/strikes").status_code == 423


def test_locked_by_hand_at_once_and_a_late_deed_does_not_open_it(town: Town) -> None:
    viewer = town.read(lambda session: session.get_one(Officer, town.hendra.id).viewer)
    assert town.hendra.post("/lock", headers=HTMX).status_code == 204
    town.write(use, type(viewer)(viewer.role, viewer.id, session=hash_of(town.hendra.cookies["siaga"])))
    assert town.hendra.get("/strikes").status_code == 423
    assert town.hendra.post("/sign-out").status_code == 303  # somebody else may sit down
    assert town.hendra.get("/console").headers["location"].startswith("/sign-in")


def test_without_a_script_the_page_asks_and_leads_back(sqlite_town: Town) -> None:
    town = sqlite_town
    rest(town, town.dewi, locks_after(Role.ADMIN))
    page = town.dewi.get("/admin/stations")
    assert page.status_code == 423 and 'action="/unlock"' in page.text and 'value="/admin/stations"' in page.text
    wrong = town.dewi.post("/unlock", data={"password": "x", "next": "/admin/stations"})
    assert wrong.status_code == 422 and "tidak cocok" in wrong.text and 'value="/admin/stations"' in wrong.text
    right = town.dewi.post("/unlock", data={"password": PASSWORD, "next": "/admin/stations"})
    assert (right.status_code, right.headers["location"]) == (303, "/admin/stations")
    assert town.dewi.post("/unlock", data={"password": PASSWORD, "next": "//evil"}).headers["location"] == "/admin"


def test_unblocking_wants_the_password_afresh(town: Town) -> None:
    lift = {"data": {"reason": "salah orang"}}
    forget_proof(town, town.sari)
    asked = town.sari.post(f"/citizens/{town.bob.id}/lift", **lift)
    assert asked.status_code == 423 and "sekali lagi" in asked.text
    blocked = town.read(lambda session: session.get_one(Citizen, town.bob.id).blocked_at)
    assert blocked is not None
    town.sari.post("/unlock", data={"password": PASSWORD})
    assert town.sari.post(f"/citizens/{town.bob.id}/lift", **lift).status_code == 303
    assert town.read(lambda session: session.get_one(Citizen, town.bob.id).blocked_at) is None


def test_a_granted_appeal_wants_it_and_a_refused_one_does_not(sqlite_town: Town) -> None:
    forget_proof(sqlite_town, sqlite_town.sari)
    answers = [
        sqlite_town.sari.post("/appeals/9/answer", data={"words": "Baik.", "granted": granted}).status_code
        for granted in ("true", "false")
    ]
    assert answers == [423, 404]


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("/admin/people", {"login": "rina", "name": "Rina", "role": "officer"}),
        ("/admin/people/1/reappoint", {"name": "Hendra", "role": "supervisor"}),
        ("/admin/people/1/reset_password", {}),
        ("/admin/people/1/reinstate", {}),
        ("/admin/keys", {"name": "aplikasi"}),
    ],
)
def test_power_over_accounts_wants_the_password_afresh(sqlite_town: Town, url: str, sent: dict[str, str]) -> None:
    forget_proof(sqlite_town, sqlite_town.dewi)
    asked = sqlite_town.dewi.post(url, data=sent, headers=HTMX)
    assert asked.status_code == 423 and 'data-asks="proof"' in asked.text
    sqlite_town.dewi.post("/unlock", data={"password": PASSWORD})
    assert sqlite_town.dewi.post(url, data=sent, headers=HTMX).status_code < 423
    assert sqlite_town.dewi.get("/admin").status_code == 200


def test_a_session_older_than_the_lock_starts_locked(sqlite_town: Town) -> None:
    """Opened by a version that kept no such time: asking once is safe, letting in is not."""

    def before_the_upgrade(session: Session) -> None:
        opened = sign_in(session, session.get_one(Officer, sqlite_town.hendra.id), hash_of("old"))
        opened.used_at = opened.proved_at = None

    sqlite_town.write(before_the_upgrade)
    assert Visitor(sqlite_town.client, {"siaga": "old"}).get("/strikes").status_code == 423


def test_a_program_says_its_password_and_goes_on(sqlite_url: str, redis_url: str, tmp_path: Path) -> None:
    """The drill's officers are idle, too, now and then."""
    with cast_of(sqlite_url, redis_url) as cast, in_thread(cast, tmp_path, redis_url) as server:
        cast.run(lambda session: session.exec(update(Officer).values(password=HASHED)) and None)
        program = Program(server.http, "hendra", PASSWORD)

        async def work() -> list[int]:
            first = await program.post("/awake", {})
            cast.run(lambda session: session.exec(update(SignIn).values(used_at=None)) and None)
            return [first.status, (await program.post("/awake", {})).status]

        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(asyncio.run, work()).result(30) == [204, 204]


REFUSED = (
    ("hendra", "/nosuch", 404), ("hendra", "/agency", 403), ("hendra", "/incidents/999", 404), ("dewi", "/duty", 403),
    ("sari", "/admin", 403),
)  # fmt: skip


@pytest.mark.parametrize(("who", "url", "status"), REFUSED)
def test_a_refusal_is_no_lock_and_a_page_of_the_staff_s_own(sqlite_town: Town, who: str, url: str, status: int) -> None:
    answer = getattr(sqlite_town, who).get(url)
    desk = {"dewi": "/admin"}.get(who, "/console")
    assert answer.status_code == status
    dialog = re.search(r'<dialog class="lock"[^>]*>', answer.text)
    assert dialog and " open" not in dialog[0] and "data-page" not in dialog[0]
    assert "tel:110" not in answer.text and 'href="/"' not in answer.text
    assert f'href="{desk}"' in answer.text and "data-back" in answer.text


def test_a_locked_screen_says_nothing_of_a_refusal_either(sqlite_town: Town) -> None:
    rest(sqlite_town, sqlite_town.hendra, locks_after(Role.OFFICER))
    answer = sqlite_town.hendra.get("/nosuch")
    assert 'data-page="again"' in answer.text and "Tidak ditemukan" not in answer.text and "404" not in answer.text


def test_citizens_keep_their_own_page_of_a_refusal(sqlite_town: Town) -> None:
    for who in (sqlite_town.ann, sqlite_town.anyone):
        assert "tel:110" in who.get("/nosuch").text
