"""A browser that has shown a code is remembered for thirty days; signing out ends that, and its owner can from afar."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from console.door.viewer import hash_of
from console.live.screens import SIGN_IN
from models.incidents.reporters import reporter
from models.people.browsers import PushSubscription, subscribe
from models.people.citizens import Citizen
from models.people.codes import Code
from models.people.devices import Device, note_device
from models.people.sessions import SignIn, viewer_by_session
from models.time import now
from tests.support.house import Running
from tests.support.inbox import Inbox, prove
from tests.support.law import Law
from tests.support.screen import Board, screen
from tests.support.serving import Cast, browser
from tests.support.town import HASHED, PASSWORD, Town, Visitor, ref_of

ANN, ZED, BOB = "0812 0000 4471", "0813 0000 5582", "0814 0000 6693"


def devices(town: Town) -> list[Device]:
    return town.read(lambda session: list(session.exec(select(Device).order_by(Device.id))))


def by_number(visitor: Visitor, phone: str = ANN) -> Any:
    return visitor.post("/sign-in", data={"login": phone}).headers["location"]


def run_out(town: Town, **span: float) -> None:
    """The sessions of all devices are over; the codes were given so long ago."""

    def age(session: Session) -> None:
        for opened in session.exec(select(SignIn).where(SignIn.device_id.is_not(None))):
            session.delete(opened)
        for device in session.exec(select(Device)):
            device.proved_at = device.proved_at and device.proved_at - timedelta(**span)
        for code in session.exec(select(Code)):
            session.delete(code)

    town.write(age)


def test_a_remembered_browser_needs_no_code_for_thirty_days(town: Town, inbox: Inbox) -> None:
    phone = town.anyone
    assert prove(phone, inbox, ANN).headers["location"] == "/"
    (device,) = devices(town)
    assert device.hash == hash_of(phone.cookies["device"]) and device.citizen_id == town.ann.id
    run_out(town, days=29)
    assert "Ann" not in phone.get("/").text
    assert by_number(phone) == "/" and "Ann Siregar" in phone.get("/").text
    run_out(town, days=2)
    assert by_number(phone) == "/sign-in/code"


def test_the_number_alone_opens_nothing_on_another_browser_or_of_another_account(town: Town, inbox: Inbox) -> None:
    phone = town.anyone
    prove(phone, inbox, ANN)
    run_out(town)
    assert by_number(Visitor(town.client)) == "/sign-in/code"
    assert by_number(phone, ZED) == "/sign-in/code"
    assert by_number(Visitor(town.client, {"device": "a guess", "remember": "a guess"}), BOB) == "/sign-in/code"


def test_a_cookie_planted_beforehand_opens_nothing_afterwards(sqlite_town: Town, inbox: Inbox) -> None:
    """Whoever could set the long-lived cookie of somebody's browser knows it; what a code proved is a new secret."""
    phone = Visitor(sqlite_town.client, {"device": "planted", "remember": "planted"})
    prove(phone, inbox, ANN)
    run_out(sqlite_town)
    assert by_number(Visitor(sqlite_town.client, {"device": "planted", "remember": "planted"})) == "/sign-in/code"
    run_out(sqlite_town)
    assert by_number(phone) == "/"


def test_a_password_lets_in_but_makes_no_browser_remembered(sqlite_town: Town) -> None:
    phone = sqlite_town.anyone
    phone.post("/sign-in", data={"login": ANN, "password": PASSWORD})
    assert devices(sqlite_town)[0].proved_at is None
    run_out(sqlite_town)
    assert by_number(phone) == "/sign-in/code"


def test_signed_out_is_out(sqlite_town: Town, inbox: Inbox) -> None:
    """On a shared phone the number, which everybody at home knows, must not be enough."""
    phone = sqlite_town.anyone
    prove(phone, inbox, ANN)
    phone.post("/sign-out")
    run_out(sqlite_town)
    assert "device" in phone.cookies and by_number(phone) == "/sign-in/code"


def test_staff_leave_no_device_and_one_browser_has_one_session(sqlite_town: Town, inbox: Inbox) -> None:
    desk = sqlite_town.anyone
    desk.post("/sign-in", data={"login": "hendra", "password": PASSWORD})
    assert "device" not in desk.cookies and devices(sqlite_town) == []
    phone = Visitor(sqlite_town.client)
    prove(phone, inbox, ANN)
    first = dict(phone.cookies)
    phone.post("/sign-in", data={"login": ANN, "password": PASSWORD})
    assert "Ann" not in Visitor(sqlite_town.client, first).get("/").text.replace("Laporan Anda", "")


def test_its_owner_ends_a_lost_phone_from_another_one(town: Town, inbox: Inbox) -> None:
    lost, kept = Visitor(town.client), Visitor(town.client)
    prove(lost, inbox, ANN)
    kept.post("/sign-in", data={"login": ANN, "password": PASSWORD}, headers={"user-agent": "Mozilla Android Chrome/1"})
    page = kept.get("/account").text
    assert "Chrome, Android" in page
    (id,) = [device.id for device in devices(town) if device.hash == hash_of(lost.cookies["device"])]
    assert kept.post(f"/account/devices/{id}/end").status_code == 303
    assert lost.get("/account").status_code == 303
    assert lost.post("/sign-in", data={"login": ANN}).status_code == 429  # not in; a new code is not due yet
    assert kept.get("/account").status_code == 200
    assert town.zed.post(f"/account/devices/{id}/end").status_code == 404


def test_the_pushes_of_a_browser_end_with_its_newest_session(sqlite_town: Town, inbox: Inbox) -> None:
    """A session runs out by itself; signing out of the next one must silence what came with the first."""
    town, phone = sqlite_town, sqlite_town.anyone
    prove(phone, inbox, ANN)
    subscribe_with(town, phone)
    age_sessions(town)
    assert by_number(phone) == "/" and pushed_to(town) == [town.ann.id]
    phone.post("/sign-out")
    assert pushed_to(town) == []


def test_a_new_code_on_the_same_browser_silences_nothing(sqlite_town: Town, inbox: Inbox) -> None:
    town, phone = sqlite_town, sqlite_town.anyone
    phone.post("/sign-in", data={"login": ANN, "password": PASSWORD})
    subscribe_with(town, phone)
    phone.post("/account/code")
    assert phone.post("/sign-in/code", data={"code": inbox.code()}).headers["location"] == "/account"
    assert pushed_to(town) == [town.ann.id]


def test_whoever_signs_in_next_on_a_shared_phone_hears_nothing_of_who_was_there(
    sqlite_town: Town, inbox: Inbox
) -> None:
    town, phone = sqlite_town, sqlite_town.anyone
    prove(phone, inbox, ANN)
    subscribe_with(town, phone)
    age_sessions(town)
    assert phone.post("/sign-in", data={"login": ZED, "password": PASSWORD}).headers["location"] == "/"
    assert pushed_to(town) == []


def subscribe_with(town: Town, phone: Visitor) -> None:
    hash = hash_of(phone.cookies["siaga"])

    def act(session: Session) -> None:
        viewer = viewer_by_session(session, hash)
        assert viewer
        subscribe(session, viewer, "https://fcm.googleapis.com/a", "p", "a")

    town.write(act)


def pushed_to(town: Town) -> list[int]:
    return town.read(lambda session: list(session.exec(select(PushSubscription.citizen_id))))


def age_sessions(town: Town) -> None:
    """Nobody is signed in any more; the rows stay."""

    def age(session: Session) -> None:
        for opened in session.exec(select(SignIn)):
            opened.expires_at = now()

    town.write(age)


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("/account/password", {"old": PASSWORD, "password": "kata sandi lain"}),
        ("/account/devices/0/end", {}),
        ("/account/delete", {"old": PASSWORD, "sure": "true"}),
    ],
)
def test_the_screens_of_an_ended_session_close(cast: Cast, server: Running, url: str, sent: dict[str, str]) -> None:
    """At once, not at the next look: whoever holds the lost phone reads on as long as its socket lives."""
    lost, kept = cast.cookies["ann"], f"siaga={cast.sign_in(cast.ann, 'the phone in her hand')}"
    cast.run(lambda session: setattr(session.get_one(Citizen, cast.ann.id), "password", HASHED))
    with browser(server, lost) as there, browser(server, kept) as here:
        board = Board.of(there.get("/complaints").text)
        with screen(server.ws, board, view="citizen", cookie=lost) as seen:
            assert here.post(url, data=sent).status_code == 303
            assert seen.closed(5) == SIGN_IN
        assert there.get("/account").headers["location"].startswith("/sign-in")


def test_a_device_of_a_blocked_account_flags_the_next_one(law: Law) -> None:
    def seen(session: Session, *ids: int | None) -> None:
        for id in ids:
            note_device(session, "one browser", id or 0, "", "a code")

    law.run(seen, law.ann.id, law.zed.id)
    assert not law.read(reporter, law.zed.id).flagged and not law.file(by=law.zed).flagged
    law.run(lambda session: setattr(session.get_one(Citizen, law.ann.id), "blocked_at", now()))
    assert law.read(reporter, law.zed.id).flagged and not law.read(reporter, law.ann.id).flagged
    incident = law.file(by=law.zed)
    assert incident.flagged and incident.values()["flagged"] is True
    law.run(lambda session: setattr(session.get_one(Citizen, law.ann.id), "blocked_at", None))
    assert not law.file(by=law.zed).flagged  # given back


def test_officers_read_the_flag_on_the_card_and_in_the_panel_and_nobody_else(town: Town) -> None:
    shared = Visitor(town.client)
    shared.post("/sign-in", data={"login": BOB, "password": PASSWORD})
    shared.post("/sign-out")
    shared.post("/sign-in", data={"login": ZED, "password": PASSWORD})
    ref = ref_of(shared.file())
    incident = town.incident_of(ref)
    assert "Perangkat pernah diblokir" in town.hendra.get("/console").text
    assert "perangkat pernah diblokir" in town.hendra.get(f"/incidents/{incident.id}").text
    assert "pernah diblokir" not in shared.get(f"/complaints/{ref}").text
