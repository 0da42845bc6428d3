"""One's own account: what may be changed by whom, what may be taken away, and what is left when it is erased."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from sqlalchemy import MetaData, create_engine
from sqlalchemy import select as select_
from sqlmodel import Session, delete, select

from console.clock import Clock
from console.web.knock import phone_hash
from models.agency import Agency
from models.blocks import BlockedNumber
from models.codes import Code
from models.complaint import Complaint
from models.devices import Device
from models.erasing import Erasure, named
from models.event import Event, now, verify
from models.incident import Incident
from models.people import Citizen, Officer, SignIn
from models.strikes import lift
from tests.inbox import Inbox, prove, sign_up
from tests.town import PASSWORD, REPORT, Town, Visitor, jpeg, ref_of

KENARI, NUMBER = "Kenari Simatupang", "+6281277778888"
CANARIES = ("kenari", "simatupang", "81277778888")
NEW = "kata sandi yang baru"


def citizen(town: Town, id: int | None) -> Citizen:
    return town.read(lambda session: session.get_one(Citizen, id))


def close(town: Town, ref: str, hours_ago: float = 0, referred: str = "") -> None:
    """Claimed, passed on with a note, and over, so many hours ago."""
    town.act(ref, "claim", town.hendra)
    if referred:
        agency = town.read(lambda session: session.exec(select(Agency.id).order_by(Agency.id)).first())
        town.act(ref, "refer", town.hendra, agency=agency, tier="full", note=referred)
    town.act(ref, "resolve", town.hendra, outcome="handled")
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


# Changing it


def test_name_and_language_are_ones_own(town: Town) -> None:
    assert town.ann.get("/account").status_code == 200
    assert town.ann.post("/account/name", data={"name": "Ann S. Lubis"}).status_code == 303
    assert citizen(town, town.ann.id).name == "Ann S. Lubis"
    for wrong, says in (("", "Tulis nama Anda."), ("x" * 81, "Paling banyak 80")):
        answer = town.ann.post("/account/name", data={"name": wrong})
        assert answer.status_code == 422 and says in answer.text and 'id="fault-name"' in answer.text
    events = town.read(lambda session: str([row.body for row in session.exec(select(Event))]))
    assert "Lubis" not in events
    town.ann.post("/language", data={"locale": "en", "next": "/account"})
    assert "My account" in town.ann.get("/account").text and citizen(town, town.ann.id).locale == "en"
    assert town.hendra.get("/account").status_code == 403 and town.anyone.get("/account").status_code == 303


def test_a_new_password_needs_the_old_one_and_ends_every_other_session(town: Town) -> None:
    other = Visitor(town.client)
    other.post("/sign-in", data={"login": "0812 0000 4471", "password": PASSWORD})
    wrong = town.ann.post("/account/password", data={"old": "not it", "password": NEW})
    assert wrong.status_code == 422 and 'id="fault-old"' in wrong.text and "not it" not in wrong.text
    short = town.ann.post("/account/password", data={"old": PASSWORD, "password": "short"})
    assert short.status_code == 422 and 'id="fault-password"' in short.text
    assert town.ann.post("/account/password", data={"old": PASSWORD, "password": NEW}).status_code == 303
    assert town.ann.get("/account").status_code == 200 and other.get("/account").status_code == 303
    door = Visitor(town.client)
    assert door.post("/sign-in", data={"login": "0812 0000 4471", "password": PASSWORD}).status_code == 422
    assert door.post("/sign-in", data={"login": "0812 0000 4471", "password": NEW}).status_code == 303


def test_guessing_the_old_password_has_to_wait(sqlite_town: Town) -> None:
    said = [sqlite_town.ann.post("/account/password", data={"old": "no", "password": NEW}) for _ in range(4)]
    assert [answer.status_code for answer in said] == [422, 422, 422, 429]


def test_a_code_stands_for_a_password_that_was_forgotten_or_never_was(sqlite_town: Town, inbox: Inbox) -> None:
    rina = kenari(sqlite_town, inbox)  # the code was given just now
    sqlite_town.write(lambda s: _unprove(s))
    refused = rina.post("/account/password", data={"password": NEW})
    assert refused.status_code == 422 and "minta kode" in refused.text
    sqlite_town.write(lambda s: _later(s))
    assert rina.post("/account/code").headers["location"] == "/sign-in/code"
    assert rina.post("/sign-in/code", data={"code": inbox.code()}).headers["location"] == "/account"
    assert rina.post("/account/password", data={"password": NEW}).status_code == 303
    assert citizen(sqlite_town, rina.id).password.startswith("$argon2id$")


# Taking it away


def test_everything_of_ones_own_and_nothing_of_others_comes_in_one_file(town: Town) -> None:
    photo = jpeg("blue")
    mine = ref_of(
        town.ann.post(
            "/complaints",
            data={**REPORT, "description": "milik Ann"},
            files=[("photo", ("rumah.jpg", photo, "image/jpeg"))],
        )
    )
    other = ref_of(town.zed.file(description="milik Zed"))
    town.act(mine, "claim", town.hendra)
    town.act(mine, "note", town.hendra, words="catatan rahasia")
    town.act(mine, "ask", town.hendra, words="Aman?")
    town.ann.post(f"/complaints/{mine}/reply", data={"words": "Aman."})
    town.hendra.post(f"/incidents/{town.incident_of(mine).id}/identity")
    answer = town.ann.get("/account/export")
    assert answer.headers["content-type"] == "application/zip" and "no-store" in answer.headers["cache-control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        data = json.loads(archive.read("data.json"))
        (complaint,) = data["complaints"]
        assert archive.read(complaint["evidence"][0]["file"]) == photo
    assert data["account"]["phone"] == "+6281200004471"
    assert complaint["ref"] == mine and complaint["words"] == "milik Ann"
    assert [(line["from"], line["words"]) for line in complaint["thread"]] == [("officers", "Aman?"), ("you", "Aman.")]
    assert [(look["what"], look["role"]) for look in complaint["looked_at"]] == [("identity", "officer")]
    for never in ("milik Zed", other, "catatan rahasia", "Hendra", "hendra"):
        assert never not in json.dumps(data)


# Being forgotten


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
    close(town, refs[0], hours_ago=73, referred="Kenari sudah dihubungi")
    close(town, refs[1])
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
    assert town.read(verify, key) is None
    clock = Clock(town._read, town.writer, key=key)
    assert town.client.portal
    town.client.portal.call(clock.tidy)
    assert where(town) == {"complaint"}

    long_ago(town, refs[1], 73)
    town.client.portal.call(clock.tidy)
    assert where(town) == set()
    assert town.read(verify, key) is None
    assert town.read(lambda session: session.exec(select(Erasure)).all()) == []
    # The officers' record stands, and an event with an empty body does not break it.
    page = town.hendra.get(f"/incidents/{town.incident_of(refs[0]).id}").text
    assert "Dua orang naik matic" in page and "Pelapor menghapus akunnya" in page
    assert town.incident_of(refs[0]).outcome == "handled"
    assert town.read(lambda s: s.exec(select(Complaint.words).where(Complaint.ref == other)).one()) == "milik Zed"
    assert _folds(town, refs[0])


def test_the_number_is_free_again_and_opens_nothing_of_before(town: Town, inbox: Inbox) -> None:
    rina = kenari(town, inbox)
    ref = ref_of(rina.file())
    rina.post("/account/delete", data={"sure": "true"})
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


def test_what_is_struck_out() -> None:
    pattern = named("Budi Santoso", "+6281277778888")
    said = "budi, Santoso, Budiman, 0812 7777 8888, +62812-7777-8888, 6281277778888, 081277778889"
    assert pattern.sub("x", said) == "x, x, Budiman, x, x, x, 081277778889"
    assert named("", "").sub("x", "semua tetap") == "semua tetap"


def _unprove(session: Session) -> None:
    for device in session.exec(select(Device)):
        device.proved_at = device.proved_at and device.proved_at - timedelta(hours=1)


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
