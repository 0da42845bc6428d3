"""Being forgotten: by whom, what is left, and what deleting an account does not get one out of."""

from datetime import timedelta
from typing import Any

from sqlalchemy import MetaData, create_engine
from sqlalchemy import select as select_
from sqlmodel import Session, delete, select

from console.clock import Clock
from console.ground.points import distance_m
from console.web.door.knock import phone_hash
from models.city.agency import Agency
from models.command.erasing import Erasure, erase, named
from models.incidents.closing import told
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.incidents.strikes import appeals, lift
from models.incidents.uploads import begin, forget_transfers
from models.people.browsers import subscribe
from models.people.citizens import Citizen
from models.people.codes import Code
from models.people.devices import Device
from models.people.erased_numbers import BlockedNumber
from models.people.officers import Officer
from models.people.sessions import SignIn
from models.record.event import Event
from models.record.outbox import Parcel, State
from models.time import now
from tests.support.inbox import Inbox, prove, sign_up
from tests.support.law import waiting
from tests.support.town import PASSWORD, Town, Visitor, ref_of

KENARI, NUMBER = "Kenari Simatupang", "+6281277778888"
CANARIES = ("kenari", "simatupang", "81277778888")


def citizen(town: Town, id: int | None) -> Citizen:
    return town.read(lambda session: session.get_one(Citizen, id))


def close(town: Town, ref: str, hours_ago: float = 0, referred: str = "", told: str = "") -> None:
    """Claimed, passed on with a note, and over, so many hours ago."""
    town.act(ref, "claim", town.hendra)
    if referred:
        agency = town.read(lambda session: session.exec(select(Agency.id).order_by(Agency.id)).first())
        town.act(ref, "refer", town.hendra, agency=agency, tier="full", note=referred)
    town.act(ref, "resolve", town.hendra, outcome="handled", told=told)
    if hours_ago:
        long_ago(town, ref, hours_ago)


def long_ago(town: Town, ref: str, hours: float) -> None:
    id = town.incident_of(ref).id

    def age(session: Session) -> None:
        incident = session.get_one(Incident, id)
        assert incident.closed_at
        incident.closed_at -= timedelta(hours=hours)

    town.write(age)


def kenari(town: Town, inbox: Inbox) -> Visitor:
    """Somebody whose name and number are words of their own."""
    visitor = Visitor(town.client)
    sign_up(visitor, inbox, "0812 7777 8888", name=KENARI)
    visitor.id = town.read(lambda s: s.exec(select(Citizen.id).where(Citizen.phone == NUMBER)).one())
    return visitor


def everything(town: Town) -> dict[str, str]:
    """Every value of every table, as text."""
    engine = create_engine(town.writer._engine.url, module=_module(town))
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        found = {table.name: str(connection.execute(select_(table)).all()) for table in tables.sorted_tables}
    engine.dispose()
    return found


def _module(town: Town) -> Any:
    return town.writer._engine.dialect.dbapi


def where(town: Town) -> set[str]:
    """Tables in which a canary sings."""
    return {name for name, said in everything(town).items() if any(word in said.casefold() for word in CANARIES)}


def test_an_account_is_erased_only_by_its_owner_who_means_it(sqlite_town: Town) -> None:
    ann = sqlite_town.ann
    page = ann.get("/account/delete").text
    assert "Yang tetap ada" in page
    assert 'id="fault-sure"' in ann.post("/account/delete", data={"old": PASSWORD}).text
    assert 'id="fault-old"' in ann.post("/account/delete", data={"old": "wrong", "sure": "true"}).text
    assert citizen(sqlite_town, ann.id).name == "Ann Siregar"
    assert ann.post("/account/delete", data={"old": PASSWORD, "sure": "true"}).headers["location"] == "/"
    gone = citizen(sqlite_town, ann.id)
    assert (gone.name, gone.phone, gone.password) == ("", f"-{ann.id}", "") and gone.erased_at
    assert ann.get("/account").status_code == 303
    assert sqlite_town.read(lambda s: s.exec(select(SignIn).where(SignIn.citizen_id == ann.id)).all()) == []
    assert (
        sqlite_town.anyone.post("/sign-in", data={"login": "0812 0000 4471", "password": PASSWORD}).status_code == 422
    )


def test_name_and_number_are_nowhere_left_once_all_is_over(town: Town, inbox: Inbox) -> None:
    rina = kenari(town, inbox)
    words = f"Saya {KENARI}, hubungi 0812-7777 8888. Dua orang naik matic"
    refs = [
        ref_of(rina.file(description=words, place="rumah Kenari", landmark="depan rumah Simatupang")),
        ref_of(rina.file(description=words)),
    ]
    other = ref_of(town.zed.file(description="milik Zed"))
    rina.post(f"/complaints/{refs[0]}/reply", data={"words": "nomor saya +62 812 7777 8888"})
    town.act(refs[0], "note", town.hendra, words="pelapor Kenari dihubungi")
    close(town, refs[0], hours_ago=73, referred="Kenari sudah dihubungi", told="Terima kasih, Kenari.")
    close(town, refs[1], told="Pelaku sudah diserahkan.")
    town.act(other, "claim", town.hendra)
    town.hendra.post(f"/incidents/{town.incident_of(refs[0]).id}/identity")
    assert {"citizen", "complaint", "event", "referral", "incident"} <= where(town)
    key = town.client.app_state["settings"].key
    rina.post("/account/delete", data={"sure": "true"})

    # What may still be opened again keeps its original words; the person is gone everywhere else.
    assert where(town) == {"complaint"}
    first, second = (complaint for complaint in town.complaints() if complaint.ref in refs)
    assert "Kenari" not in first.words and "Dua orang naik matic" in first.words and "[…]" in first.words
    assert second.words == words
    assert town.audited() == []
    clock = Clock(town._read, town.writer, key=key)
    assert town.client.portal
    town.client.portal.call(clock.tidy)
    assert where(town) == {"complaint"}

    long_ago(town, refs[1], 73)
    town.client.portal.call(clock.tidy)
    assert where(town) == set()
    assert town.audited() == []
    assert town.read(lambda session: session.exec(select(Erasure)).all()) == []
    # The officers' record stands, and an event with an empty body does not break it.
    page = town.hendra.get(f"/incidents/{town.incident_of(refs[0]).id}").text
    assert "Dua orang naik matic" in page and "Pelapor menghapus akunnya" in page
    assert town.incident_of(refs[0]).outcome == "handled"
    assert town.read(lambda s: s.exec(select(Complaint.words).where(Complaint.ref == other)).one()) == "milik Zed"
    assert _folds(town, refs[0])
    closed = [town.incident_of(ref).id for ref in refs]
    words = town.read(lambda session: [told(session.get_one(Incident, id)) for id in closed])
    assert words == ["", "Pelaku sudah diserahkan."]  # what was done stays, as long as it names nobody


def test_the_number_is_free_again_and_opens_nothing_of_before(town: Town, inbox: Inbox) -> None:
    rina = kenari(town, inbox)
    ref = ref_of(rina.file())
    rina.post("/account/delete", data={"sure": "true"})
    town.write(_later)
    again = Visitor(town.client)
    sign_up(again, inbox, "0812 7777 8888", name="Rina lagi")
    assert again.get(f"/complaints/{ref}").status_code == 404
    assert ref not in again.get("/complaints").text
    assert ref in str(town.complaints()[0].ref)


def test_a_blocked_number_stays_blocked_until_it_is_given_back(town: Town, inbox: Inbox) -> None:
    rina = kenari(town, inbox)
    town.write(lambda session: setattr(session.get_one(Citizen, rina.id), "blocked_at", now()))
    rina.post("/account/delete", data={"sure": "true"})
    assert where(town) == set()
    key = town.client.app_state["settings"].key
    (kept,) = town.read(lambda session: session.exec(select(BlockedNumber)).all())
    assert kept.hash == phone_hash(key, NUMBER)
    town.write(_later)
    again = Visitor(town.client, {"device": rina.cookies["device"]})
    refused = sign_up(again, inbox, "0812 7777 8888", name="Rina lagi")
    assert refused.status_code == 403 and "Nomor ini diblokir" in refused.text and "110" in refused.text
    # Another number from the same browser may report, and officers are told.
    town.zed.cookies |= {"device": rina.cookies["device"]}
    town.zed.post("/sign-in", data={"login": "0813 0000 5582", "password": PASSWORD})
    assert town.incident_of(ref_of(town.zed.file())).flagged
    assert town.read(lambda s: {d.agent for d in s.exec(select(Device).where(Device.citizen_id == rina.id))}) == {""}

    def give_back(session: Session) -> None:
        lift(session, session.get_one(Officer, town.sari.id).viewer, rina.id, "salah paham")

    town.write(give_back)
    late = Visitor(town.client)
    town.write(_later)
    assert prove(late, inbox, "0812 7777 8888").headers["location"] == "/sign-up/name"
    assert late.post("/sign-up/name", data={"name": "Rina"}).headers["location"] == "/"


def test_who_deletes_with_two_strikes_comes_back_with_two(town: Town, inbox: Inbox) -> None:
    """Else the third would never come: delete, sign up, file again."""
    rina = kenari(town, inbox)
    for _ in range(2):
        prank(town, rina)
    rina.post("/account/delete", data={"sure": "true"})
    town.write(_later)
    again = Visitor(town.client)
    sign_up(again, inbox, "0812 7777 8888", name="Rina lagi")
    again.id = town.read(lambda s: s.exec(select(Citizen.id).where(Citizen.phone == NUMBER)).one())
    assert (citizen(town, again.id).strikes, citizen(town, rina.id).strikes) == (2, 0)
    assert town.read(lambda session: session.exec(select(BlockedNumber)).all()) == []
    told = again.get("/appeals").text + again.get("/account/export").text
    assert not any(
        complaint.ref in told for complaint in town.complaints()
    )  # the number may be another person's by now
    prank(town, again)
    (third,) = town.read(waiting)
    assert town.sari.post(f"/strikes/{third.id}/confirm").status_code == 303
    assert again.file().status_code == 403


def test_a_third_strike_confirmed_after_the_account_is_gone_blocks_the_number(town: Town, inbox: Inbox) -> None:
    rina = kenari(town, inbox)
    for _ in range(3):
        prank(town, rina)
    rina.post("/account/delete", data={"sure": "true"})
    (third,) = town.read(waiting)
    assert town.sari.post(f"/strikes/{third.id}/confirm").status_code == 303
    town.write(_later)
    refused = sign_up(Visitor(town.client), inbox, "0812 7777 8888", name="Rina lagi")
    assert refused.status_code == 403 and "Nomor ini diblokir" in refused.text


def test_a_name_in_the_reason_of_who_did_not_agree_goes_with_the_account(town: Town, inbox: Inbox) -> None:
    rina = kenari(town, inbox)
    for _ in range(3):
        prank(town, rina)
    (third,) = town.read(waiting)
    said = {"reason": "Sdr. Kenari benar kehilangan motor."}
    assert town.sari.post(f"/strikes/{third.id}/acquit", data=said).status_code == 303
    rina.post("/account/delete", data={"sure": "true"})
    town.write(_later)
    assert where(town) == set() and town.audited() == []


def test_a_name_in_the_reason_of_who_lifted_all_strikes_goes_and_the_record_still_agrees(
    town: Town, inbox: Inbox
) -> None:
    rina = kenari(town, inbox)
    prank(town, rina)
    said = {"reason": "Sdr. Kenari benar kehilangan motor."}
    assert town.sari.post(f"/citizens/{rina.id}/lift", data=said).status_code == 303
    rina.post("/account/delete", data={"sure": "true"})
    town.write(_later)
    assert where(town) == set() and town.audited() == []


def test_an_appeal_goes_with_its_account_and_so_does_the_name_in_the_answer(town: Town, inbox: Inbox) -> None:
    rina = kenari(town, inbox)
    town.write(lambda session: setattr(session.get_one(Citizen, rina.id), "blocked_at", now()))
    for words in ("Saya Kenari, ini salah paham.", "Sekali lagi: Simatupang."):
        assert rina.post("/appeals", data={"words": words}).status_code == 303
        (asked,) = town.read(appeals)
        if "paham" in words:
            town.sari.post(f"/appeals/{asked.id}/answer", data={"words": "Tidak, Sdr. Kenari.", "granted": "false"})
    rina.post("/account/delete", data={"sure": "true"})
    assert town.read(appeals) == [] and where(town) == set()
    assert town.sari.post(f"/appeals/{asked.id}/answer", data={"words": "Baik.", "granted": "true"}).status_code == 409
    assert town.audited() == []


def test_whoever_is_gone_is_told_nothing_more_and_waited_for_no_longer(town: Town, inbox: Inbox) -> None:
    rina = kenari(town, inbox)
    ref = ref_of(rina.file())

    def begin_and_subscribe(session: Session) -> None:
        viewer = session.get_one(Citizen, rina.id).viewer
        begin(session, viewer, ref, 1000, "a.mp4", "video/mp4")
        subscribe(session, viewer, "https://fcm.googleapis.com/a", "p", "a")

    town.write(begin_and_subscribe)
    town.act(ref, "claim", town.hendra)
    assert town.incident_of(ref).uploading == 0
    rina.post("/account/delete", data={"sure": "true"})
    town.act(ref, "dispatch", town.hendra, sent=[(None, 2)], metres=distance_m, reason="perlu")
    town.act(ref, "resolve", town.hendra, outcome="handled")
    parcels = town.read(lambda s: s.exec(select(Parcel).where(Parcel.state == State.WAITING)).all())
    assert parcels == [] and where(town).isdisjoint({"outbox", "citizen"})
    town.write(forget_transfers)
    assert town.incident_of(ref).uploading is None


def test_deleting_an_account_buys_no_more_codes(sqlite_town: Town, inbox: Inbox) -> None:
    """Each costs the command money: sign up, delete and so on would be a tap that nobody can shut."""
    town, rina = sqlite_town, kenari(sqlite_town, inbox)
    rina.post("/account/delete", data={"sure": "true"})
    soon = Visitor(town.client).post("/sign-up", data={"phone": NUMBER})
    assert soon.status_code == 429 and 50 < int(soon.headers["retry-after"]) <= 61
    said = town.read(lambda s: [(row.kind, row.to) for row in s.exec(select(Parcel))])
    assert said == [("code", "")]  # it counts for the day's budget, and says no longer whose it was


def test_deleted_twice_at_once_is_deleted_once(town: Town, inbox: Inbox) -> None:
    rina = kenari(town, inbox)
    viewer = citizen(town, rina.id).viewer
    jobs = [town.writer.submit(erase, viewer, "hash", "hash", "sealed") for _ in range(2)]
    assert [job.result(20) for job in jobs] == [None, None]
    steps = town.read(lambda s: s.exec(select(Event.step).where(Event.step == "erase_account")).all())
    assert list(steps) == ["erase_account"]


def prank(town: Town, who: Visitor) -> None:
    town.act(ref_of(who.file()), "dismiss", town.hendra, reason="prank")


def test_what_is_struck_out() -> None:
    pattern = named("Budi Santoso", "+6281277778888")
    said = "budi, Santoso, Budiman, 0812 7777 8888, +62812-7777-8888, 6281277778888, 081277778889"
    assert pattern.sub("x", said) == "x, x, Budiman, x, x, x, 081277778889"
    assert named("", "").sub("x", "semua tetap") == "semua tetap"


def _later(session: Session) -> None:
    """No code was asked for lately."""
    session.exec(delete(Code))


def _folds(town: Town, ref: str) -> bool:
    incident = town.incident_of(ref)
    values: dict[str, Any] = {}
    for event in town.read(
        lambda s: s.exec(select(Event).where(Event.incident_id == incident.id).order_by(Event.seq)).all()
    ):
        values |= event.body.get("set", {})
    return values == incident.values()
