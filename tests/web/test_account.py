"""One's own account: what may be changed by whom, and what may be taken away."""

import io
import json
import zipfile
from datetime import timedelta

from sqlmodel import Session, delete, select

from models.people.citizens import Citizen
from models.people.codes import Code
from models.people.devices import Device
from models.record.event import Event
from tests.support.inbox import Inbox, sign_up
from tests.support.town import PASSWORD, REPORT, Town, Visitor, jpeg, ref_of

NEW = "kata sandi yang baru"


def citizen(town: Town, id: int | None) -> Citizen:
    return town.read(lambda session: session.get_one(Citizen, id))


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
    rina = sqlite_town.anyone
    sign_up(rina, inbox)  # the code was given just now
    rina.id = sqlite_town.read(lambda s: s.exec(select(Citizen.id).where(Citizen.name == "Rina")).one())
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
    town.act(mine, "resolve", town.hendra, outcome="handled")
    town.ann.post(f"/complaints/{mine}/rate", data={"stars": "4", "note": "cepat"})
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
    assert [(rating["stars"], rating["words"]) for rating in complaint["ratings"]] == [(4, "cepat")]
    for never in ("milik Zed", other, "catatan rahasia", "Hendra", "hendra"):
        assert never not in json.dumps(data)


def _unprove(session: Session) -> None:
    for device in session.exec(select(Device)):
        device.proved_at = device.proved_at and device.proved_at - timedelta(hours=1)


def _later(session: Session) -> None:
    """No code was asked for lately."""
    session.exec(delete(Code))
