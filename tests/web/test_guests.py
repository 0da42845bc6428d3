"""Respons Cepat by whoever has no account: filed at once, seen by that browser alone, and bound by a number later."""

import secrets
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import Response
from sqlmodel import Session, col, select

from models.command.erasing import erase
from models.incidents.complaint import Complaint
from models.incidents.filing import GUEST_BURST
from models.incidents.floods import floods, forget_origins
from models.incidents.incident import Incident
from models.incidents.strikes import BLOCKS_AT, Strike, confirm
from models.people.citizens import Citizen, citizen_by
from models.people.codes import Code
from models.people.devices import Device
from models.people.officers import Officer
from models.people.sessions import SignIn
from models.record.event import Event
from models.time import now
from tests.support.inbox import Inbox
from tests.support.town import PASSWORD, Town, Visitor, jpeg, ref_of, town_of

NEW = "081277778888"
PRESS = {"category": "DARURAT_NYAWA", "held": "yes", "lat": "3.5796", "lon": "98.6585", "accuracy": "18"}


@pytest.fixture
def sqlite_town(tmp_path: Path, sqlite_url: str, redis_url: str) -> Iterator[Town]:
    """For what does not depend on the database."""
    with town_of(tmp_path / "data", sqlite_url, redis_url) as town:
        yield town


def press(who: Visitor, key: str = "", **changed: str) -> Response:
    return who.post("/complaints", data=PRESS | {"idempotency_key": key or secrets.token_hex(16)} | changed)


def anybody(town: Town) -> Visitor:
    """A browser that was never here."""
    return Visitor(town.client)


def prove(inbox: Inbox, who: Visitor, ref: str, phone: str = NEW) -> Response:
    """The number on the page of the complaint, then the code that came to it."""
    assert who.post(f"/complaints/{ref}/number", data={"phone": phone}).status_code == 303
    assert "dikirim ke" in who.get(f"/complaints/{ref}").text
    return who.post("/sign-in/code", data={"code": inbox.code()})


def struck(town: Town, ref: str) -> None:
    town.act(ref, "dismiss", town.hendra, reason="prank")


def blocked(town: Town, who: Visitor) -> str:
    """Three pranks of this browser, the third confirmed. Returns the last reference."""
    for _ in range(BLOCKS_AT):
        struck(town, ref := ref_of(press(who)))

    def agree(session: Session) -> None:
        third = session.exec(select(Strike.id).order_by(col(Strike.id).desc())).first()
        confirm(session, session.get_one(Officer, town.sari.id).viewer, third or 0)

    town.write(agree)
    return ref


def test_pressed_by_nobody_it_is_filed_at_once_and_its_page_opens_to_that_browser_alone(town: Town) -> None:
    who, other = anybody(town), anybody(town)
    ref = ref_of(press(who))
    incident = town.incident_of(ref)
    assert (incident.status, incident.standing, incident.muted, incident.priority) == ("new", "guest", False, 1)
    page = who.get(f"/complaints/{ref}").text
    assert "Laporan" in page and "Nomor HP Anda, supaya petugas bisa menelepon" in page
    for stranger in (other, town.ann, town.bob):
        assert stranger.get(f"/complaints/{ref}").status_code in (303, 404)
    ref_of(press(other))
    assert other.get(f"/complaints/{ref}").status_code == 404  # a guest opens one complaint, not each guest's
    for url in ("/account", "/account/export", "/appeals", "/console", "/duty"):
        assert who.get(url).status_code == 403, url
    assert ref in who.get("/complaints").text and ref in who.get("/").text


def test_a_press_that_comes_again_is_filed_once_whoever_brings_it_then(town: Town) -> None:
    """The first answer was lost, and with it the cookie; meanwhile somebody may have signed in, or out."""
    key = secrets.token_hex(16)
    refs = {ref_of(press(anybody(town), key)) for _ in range(3)}
    assert len(refs) == 1 and len(town.complaints()) == 1
    late = anybody(town)
    assert ref_of(press(late, key)) in refs and late.get(f"/complaints/{refs.pop()}").status_code == 200
    assert press(town.ann, key).headers["location"] == "/"  # another's, on a phone that goes from hand to hand
    key = secrets.token_hex(16)
    ref = ref_of(press(town.ann, key))
    assert ref_of(press(anybody(town), key)) == ref and len(town.complaints()) == 2
    assert press(anybody(town), "abc").status_code == 422  # a key that can be guessed would open another's


def test_officers_see_that_there_is_no_number_and_see_when_it_comes(town: Town, inbox: Inbox) -> None:
    who = anybody(town)
    ref = ref_of(press(who))
    id = town.incident_of(ref).id
    assert "Nomor belum dibuktikan" in town.hendra.get("/console").text
    panel = town.hendra.get(f"/incidents/{id}").text
    assert "Nomor belum dibuktikan" in panel and f'hx-post="/incidents/{id}/identity' not in panel
    before = town.incident_of(ref).seq
    assert prove(inbox, who, ref).headers["location"] == f"/complaints/{ref}"
    incident = town.incident_of(ref)
    assert (incident.standing, incident.seq > before) == ("new", True)  # its card is pushed anew
    assert "Nomor belum dibuktikan" not in town.hendra.get("/console").text
    town.act(ref, "claim", town.hendra)
    panel = town.hendra.get(f"/incidents/{id}").text
    assert "membuktikan nomor HP-nya" in panel and "Nomor belum dibuktikan" not in panel
    assert "+6281277778888" in town.hendra.post(f"/incidents/{id}/identity", headers={"hx-request": "true"}).text
    page = who.get(f"/complaints/{ref}").text
    assert 'id="need"' not in page and who.get("/account").status_code == 200
    assert town.audited() == []


def test_a_number_that_has_an_account_takes_the_complaint_there_and_nothing_else_of_that_phone(
    town: Town, inbox: Inbox
) -> None:
    who = anybody(town)
    earlier, ref = ref_of(press(who)), ref_of(press(who))
    assert who.get(f"/complaints/{earlier}").status_code == 404  # the newest is its one
    assert prove(inbox, who, ref, "0812 0000 4471").status_code == 303
    for browser in (who, town.ann):
        assert browser.get(f"/complaints/{ref}").status_code == 200
        assert browser.get(f"/complaints/{earlier}").status_code == 404  # somebody else at home may have sent it
    assert town.incident_of(earlier).standing == "guest"


def test_signing_in_by_password_takes_it_along_too(sqlite_town: Town) -> None:
    who = anybody(sqlite_town)
    ref = ref_of(press(who))
    assert who.get("/sign-in").status_code == 200  # a guest is nobody yet to the door
    who.post("/sign-in", data={"login": "0812 0000 4471", "password": PASSWORD})
    assert who.get(f"/complaints/{ref}").status_code == 200 == sqlite_town.ann.get(f"/complaints/{ref}").status_code


def test_a_blocked_number_keeps_its_case_marked(town: Town, inbox: Inbox) -> None:
    who = anybody(town)
    ref = ref_of(press(who))
    prove(inbox, who, ref, "0814 0000 6693")
    incident = town.incident_of(ref)
    assert (incident.status, incident.flagged) == ("new", True)
    assert who.get(f"/complaints/{ref}").status_code == 200
    again = press(who)
    assert again.status_code == 403 and "110" in again.text


def test_a_number_that_may_not_register_comes_back_blocked_with_its_strikes(town: Town, inbox: Inbox) -> None:
    first = anybody(town)
    prove(inbox, first, ref_of(press(first)), NEW)
    account = town.read(citizen_by, "+6281277778888")
    blocked(town, first)
    town.write(
        lambda session: erase(
            session,
            session.get_one(Citizen, account.id).viewer,
            "-",
            town.client.app_state["keys"].number_hash("+6281277778888"),
            "",
        )
    )
    second = anybody(town)
    ref = ref_of(press(second))
    pass_codes(town)
    assert prove(inbox, second, ref).headers["location"] == f"/complaints/{ref}"
    incident = town.incident_of(ref)
    assert (incident.status, incident.strikes, incident.flagged) == ("new", 3, True)
    assert press(second).status_code == 403 and second.get("/appeals").status_code == 200
    assert town.audited() == []


def pass_codes(town: Town) -> None:
    def age(session: Session) -> None:
        for row in session.exec(select(Code)):
            row.sent_at -= timedelta(minutes=2)

    town.write(age)


def test_three_pranks_block_the_phone_for_whoever_has_no_number_and_for_nobody_else(town: Town) -> None:
    who = anybody(town)
    last = blocked(town, who)
    refused = press(who)
    assert refused.status_code == 403 and "HP ini diblokir" in refused.text and "110" in refused.text
    assert who.get("/complaints/new?category=DARURAT_NYAWA").status_code == 403
    assert "HP ini" in who.get(f"/complaints/{last}").text
    ref_of(press(anybody(town)))  # the neighbour's
    assert who.post("/sign-out").status_code == 303
    assert press(who).status_code == 403  # leaving does not help
    device = {"device": who.cookies["device"]}
    known = Visitor(town.client, town.ann.cookies | device)
    assert ref_of(press(known))  # whose number is known reports from any phone
    assert town.audited() == []


def test_a_strike_goes_along_with_its_complaint_and_a_third_is_for_a_second_officer(town: Town, inbox: Inbox) -> None:
    for _ in range(2):
        struck(town, ref_of(town.ann.file(idempotency_key=secrets.token_hex(8))))
    who = anybody(town)
    struck(town, ref := ref_of(press(who)))
    prove(inbox, who, ref, "081200004471")

    def standing(session: Session) -> tuple[int, bool, list[str]]:
        ann = session.get_one(Citizen, town.ann.id)
        rows = select(Strike.state).where(Strike.citizen_id == ann.id).order_by(col(Strike.id))
        return ann.strikes, ann.blocked_at is not None, list(session.exec(rows))

    assert town.read(standing) == (3, False, ["counted", "counted", "pending"])
    assert town.audited() == []


def test_a_flood_from_one_address_lands_muted_but_never_refused(town: Town, inbox: Inbox) -> None:
    known = anybody(town)
    ref_of(press(known))

    def age(session: Session) -> None:
        for seat in session.exec(select(Device)):
            seat.first_at -= timedelta(hours=1)

    town.write(age)
    refs = [ref_of(press(anybody(town))) for _ in range(GUEST_BURST)]
    late = anybody(town)
    ref = ref_of(press(late))
    assert [town.incident_of(one).muted for one in refs[:-1]] == [False] * (GUEST_BURST - 1)
    assert town.incident_of(ref).muted
    assert not town.incident_of(ref_of(press(known))).muted  # was here before it began
    told = town.read(floods)
    assert [(flood.app, flood.muted >= 1) for flood in told] == [("", True)]
    assert "tanpa nomor HP dalam 1 jam" in town.sari.get("/strikes", headers={"hx-request": "true"}).text
    prove(inbox, late, ref)
    assert not town.incident_of(ref).muted  # and rings now

    def older(session: Session) -> int:
        for row in session.exec(select(Complaint)):
            row.filed_at -= timedelta(days=2)
        session.flush()
        forget_origins(session)
        return len(session.exec(select(Complaint).where(col(Complaint.origin) != "")).all())

    assert town.write(older) == 0


def test_files_words_and_reopening_are_a_guests_too_and_follow_the_number(town: Town, inbox: Inbox) -> None:
    who = anybody(town)
    ref = ref_of(press(who))
    assert who.post(f"/complaints/{ref}/reply", data={"words": "di gudang"}).status_code == 303
    photo = {"photo": ("a.jpg", jpeg(), "image/jpeg")}
    assert who.post(f"/complaints/{ref}/photos", files=photo).status_code == 303
    meta = "complaint " + b64encode(ref.encode()).decode()
    tus = {"tus-resumable": "1.0.0", "upload-length": "10", "upload-metadata": meta}
    upload = who.post("/uploads", headers=tus).headers["location"]
    other = anybody(town)
    ref_of(press(other))
    ask = {"headers": {"tus-resumable": "1.0.0"}}
    assert other._ask("HEAD", upload, **ask).status_code == 404 and who._ask("HEAD", upload, **ask).status_code == 200
    prove(inbox, who, ref)
    assert who._ask("HEAD", upload, **ask).status_code == 200
    page = who.get(f"/complaints/{ref}").text
    assert "di gudang" in page
    thread = page[page.index('id="talk"') :]
    assert "di gudang" in thread
    town.act(ref, "claim", town.hendra)
    town.act(ref, "resolve", town.hendra, outcome="handled")
    assert who.post(f"/complaints/{ref}/rate", data={"stars": "5"}).status_code == 303


def test_erasing_the_account_empties_what_was_said_before_the_number(town: Town, inbox: Inbox) -> None:
    who = anybody(town)
    ref = ref_of(press(who))
    who.post(f"/complaints/{ref}/reply", data={"words": "rahasia saya"})
    prove(inbox, who, ref)
    town.act(ref, "claim", town.hendra)
    town.act(ref, "resolve", town.hendra, outcome="handled")
    account = town.read(citizen_by, "+6281277778888")

    def later(session: Session) -> list[str]:
        incident = session.get_one(Incident, town_incident)
        incident.closed_at = now() - timedelta(days=4)
        session.flush()
        erase(session, session.get_one(Citizen, account.id).viewer, "-", "-", "")
        rows = select(Event).where(Event.incident_id == town_incident, Event.step == "reply")
        return [event.body.get("words", "") for event in session.exec(rows)]

    town_incident = town.incident_of(ref).id
    assert town.write(later) == [""]


def test_a_guest_without_a_grant_sees_nothing(sqlite_town: Town) -> None:
    """The session of a complaint that was swept goes with it; one that lost its complaint opens nothing."""
    who = anybody(sqlite_town)
    ref = ref_of(press(who))
    sqlite_town.write(
        lambda session: [setattr(row, "complaint_id", None) for row in session.exec(select(SignIn)) if row.complaint_id]
    )
    assert who.get(f"/complaints/{ref}").status_code == 404 and who.get("/").status_code == 200


def test_an_ordinary_report_of_a_guest_waits_for_the_number_like_anybodys(sqlite_town: Town) -> None:
    who = anybody(sqlite_town)
    ref_of(press(who))
    assert who.file().headers["location"] == "/sign-in"
    assert len(sqlite_town.complaints()) == 1


def test_a_press_that_waited_for_a_signal_says_for_how_long(sqlite_town: Town) -> None:
    who, key = anybody(sqlite_town), secrets.token_hex(16)
    ref = ref_of(press(who, key, waited="610"))
    assert ref_of(press(who, key, waited="640")) == ref  # the same press, whenever it comes again
    (complaint,) = sqlite_town.complaints()
    assert complaint.words == "Respons Cepat ditekan 10 menit sebelum sampai di sini, tanpa kata."
    assert 'id="urge"' in who.get(f"/complaints/{ref}").text  # still without a word of theirs


def test_pressed_by_whoever_held_the_phone_before_it_is_not_the_staffs(sqlite_town: Town) -> None:
    """The phone sends it again as nobody's (static/js/citizen-press.js)."""
    assert press(sqlite_town.dewi).status_code == 409 and sqlite_town.complaints() == []
