"""Who looked at what, and who came in: noted once, never in anybody's way, and read by supervisors."""

import re
from threading import Event as Signal
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models.errors import WrongValue
from models.incidents.alarms import Alarm
from models.incidents.evidence import Evidence
from models.incidents.strikes import strike
from models.people.officers import Officer
from models.reading.looking import DOOR
from models.record.event import Event, Look, note_look
from models.time import as_of, now, zone
from models.viewer import CLOCK
from tests.support.house import wait_until
from tests.support.patience import PATIENCE_SECONDS
from tests.support.town import PASSWORD, Town, ref_of


def door(town: Town) -> list[tuple[str, str]]:
    steps = select(Event).where(col(Event.step).in_(DOOR)).order_by(col(Event.seq))
    return [(event.step, event.by_role) for event in town.read(lambda session: session.exec(steps).all())]


def looks(town: Town) -> list[tuple[str, int | None, int | None, int | None]]:
    rows = town.read(lambda session: session.exec(select(Look).order_by(col(Look.seq))).all())
    return [(look.what, look.incident_id, look.complaint_id, look.by_id) for look in rows]


def test_a_member_of_the_staff_comes_in_locks_and_goes_and_each_is_an_event(town: Town) -> None:
    hendra = town.anyone
    for _ in range(3):  # a stranger who guesses fills nothing
        hendra.post("/sign-in", data={"login": "hendra", "password": "salah"})
    assert door(town) == [("wrong_password", CLOCK.role)]
    hendra.post("/sign-in", data={"login": "sari", "password": PASSWORD})
    for url in ("/lock", "/lock"):
        hendra.post(url)
    assert hendra.post("/unlock", data={"password": "salah"}).status_code == 422
    hendra.post("/unlock", data={"password": PASSWORD})
    hendra.post("/sign-out")
    came = [step for step, _ in door(town)]
    assert came == ["wrong_password", "sign_in", "lock", "wrong_password", "unlock", "sign_out"]
    told = town.read(lambda session: session.exec(select(Event).where(Event.step == "wrong_password")).all())
    assert [event.body for event in told] == [{"person": town.hendra.id}, {"person": town.sari.id}]
    assert town.audited() == []


def test_a_reporter_at_the_door_is_nobodys_business(sqlite_town: Town) -> None:
    ann = sqlite_town.anyone
    ann.post("/sign-in", data={"login": "0812 0000 4471", "password": "salah"})
    ann.post("/sign-in", data={"login": "nobody", "password": "salah"})
    ann.post("/sign-in", data={"login": "0812 0000 4471", "password": PASSWORD})
    assert door(sqlite_town) == []


def test_a_search_by_phone_is_a_look_at_each_whose_it_is(town: Town) -> None:
    incident = town.incident_of(ref_of(town.ann.file()))
    id = incident.id
    for q in ("0812 0000 4471", "+62 812-0000-4471", incident.number, "4471", "begal"):
        assert town.hendra.get("/incidents", params={"q": q}).status_code == 200
    assert looks(town) == [("phone", id, id, town.hendra.id)]
    for _ in range(2):
        town.hendra.get("/incidents", params={"q": "0812 9999 9999"})  # nobody's: that it was asked for is told
    assert looks(town)[1:] == [("phone", None, None, town.hendra.id)]
    assert "Petugas melihat" not in town.hendra.get(f"/incidents/{id}").text
    assert "mencarinya lewat nomor telepon" in town.sari.get(f"/incidents/{id}").text


def test_a_phone_that_may_not_be_known_is_no_look_at_anybody(sqlite_town: Town) -> None:
    sqlite_town.ann.file(category="KDRT_PPA")
    sqlite_town.hendra.get("/incidents", params={"q": "0812 0000 4471"})
    assert looks(sqlite_town) == [("phone", None, None, sqlite_town.hendra.id)]


def test_so_is_a_search_by_as_much_of_its_end_as_is_said_for_it(sqlite_town: Town) -> None:
    town = sqlite_town
    incident = town.incident_of(ref_of(town.ann.file()))
    assert incident.number in town.hendra.get("/incidents", params={"q": "000 4471"}).text
    assert looks(town) == [("phone", incident.id, incident.id, town.hendra.id)]
    for q in (incident.number, incident.number.replace("-", ""), incident.number[-4:], f" {incident.number} "):
        assert incident.number in town.sari.get("/duty/looks", params={"incident": q}).text.partition("<tbody")[2], q
    assert incident.number not in town.sari.get("/duty/looks", params={"incident": "2611-9999"}).text


def test_a_panel_with_a_reporters_words_is_a_look_once_in_ten_minutes(town: Town) -> None:
    id = town.incident_of(ref_of(town.ann.file())).id
    other = town.incident_of(ref_of(town.zed.file())).id
    for _ in range(3):
        assert town.hendra.get(f"/incidents/{id}").status_code == 200
    town.hendra.get(f"/incidents/{id}", headers={"hx-request": "true"})
    town.hendra.get(f"/incidents/{other}")
    town.sari.get(f"/incidents/{id}")
    assert town.dewi.get(f"/incidents/{id}").status_code == 403
    noted = [
        ("panel", id, None, town.hendra.id),
        ("panel", other, None, town.hendra.id),
        ("panel", id, None, town.sari.id),
    ]
    assert looks(town) == noted
    town.write(lambda session: _later(session, town.hendra.id, id))
    assert looks(town)[3:] == [("panel", id, None, town.hendra.id)]
    assert town.audited() == []


def _later(session: Session, who: Any, id: int) -> None:
    from datetime import timedelta

    with as_of(now() + timedelta(minutes=11)):
        for _ in range(2):
            note_look(session, "panel", session.get_one(Officer, who).viewer, incident_id=id)


def test_a_panel_is_shown_also_when_its_look_cannot_be_noted(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.writer import NotStored, Writer

    def full(*_: object) -> None:
        raise NotStored("too many writes wait")

    id = sqlite_town.incident_of(ref_of(sqlite_town.ann.file())).id
    monkeypatch.setattr(Writer, "submit", full)
    assert "Dua orang naik matic hitam" in sqlite_town.hendra.get(f"/incidents/{id}").text


def test_whoever_opens_a_panel_finds_their_own_look_among_the_receipts(town: Town) -> None:
    id = town.incident_of(ref_of(town.ann.file())).id
    for visitor, looked in ((town.hendra, 1), (town.hendra, 1), (town.sari, 2)):
        panel = visitor.get(f"/incidents/{id}", headers={"hx-request": "true"}).text
        line = " ".join(re.sub("<[^>]+>", " ", panel.partition("<summary>")[2].partition("</summary>")[0]).split())
        at = town.read(lambda s: min(row.looked_at for row in s.exec(select(Alarm))))
        clock = at.astimezone(zone()).strftime("%H:%M:%S")
        assert line == f"{looked} konsol menerima 0 berbunyi {looked} dilihat {clock}"


def test_a_writer_that_hangs_holds_no_panel_up(sqlite_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says of no look that does not stand yet."""
    town, goes_on = sqlite_town, Signal()
    id = town.incident_of(ref_of(town.ann.file())).id
    monkeypatch.setattr("console.web.staff.incidents.LOOK_WAIT_SECONDS", 0.05)
    town.writer.submit(lambda _: goes_on.wait(PATIENCE_SECONDS))
    panel = town.hendra.get(f"/incidents/{id}").text
    assert not goes_on.is_set() and "Dua orang naik matic hitam" in panel
    assert looks(town) == [] and town.read(lambda s: s.exec(select(Alarm)).all()) == []
    goes_on.set()
    wait_until(lambda: looks(town) == [("panel", id, None, town.hendra.id)])
    wait_until(lambda: [row.looked_at is None for row in town.read(lambda s: s.exec(select(Alarm)).all())] == [False])


def test_a_supervisor_reads_who_looked_at_what_and_nobody_else_does(town: Town) -> None:
    incident, other = (town.incident_of(ref_of(who.file())) for who in (town.ann, town.zed))
    town.anyone.post("/sign-in", data={"login": "hendra", "password": "salah"})
    town.hendra.post(f"/incidents/{incident.id}/identity")
    town.hendra.get(f"/incidents/{other.id}")
    page = town.sari.get("/duty/looks").text
    assert page.count("Hendra Siregar</td>") == 3 and "nama dan nomor pelapor" in page and "kata sandi salah" in page
    times = re.findall(r"<time [^>]*>([^<]*)</time>", page)
    assert times and all(re.fullmatch(r"(\d+ \w+ )?\d\d:\d\d", one) for one in times), times
    assert f'/incidents/{incident.id}">{incident.number}' in page and f'/incidents/{other.id}">{other.number}' in page
    assert "/duty/looks" in town.sari.get("/duty").text
    one = town.sari.get("/duty/looks", params={"incident": incident.number}).text
    assert other.number not in one and "kata sandi salah" not in one
    assert "Belum ada yang melihat" in town.sari.get("/duty/looks", params={"person": str(town.sari.id)}).text
    for odd in ("x", "9" * 30, "²", "-1"):
        assert town.sari.get("/duty/looks", params={"person": odd, "before": odd, "incident": odd}).status_code == 200
    assert town.hendra.get("/duty/looks").status_code == 403


def test_who_knows_the_name_has_not_yet_seen_the_evidence(town: Town) -> None:
    """A look without evidence among an officer's looks made everything count as seen."""
    incident = town.incident_of(ref_of(town.ann.file()))

    def act(session: Session) -> None:
        by = session.get_one(Officer, town.hendra.id).viewer
        session.add(Evidence(complaint_id=1, kind="photo", mime="image/jpeg", size=1, sha256="ab", state="ready"))
        session.flush()
        note_look(session, "identity", by, incident_id=incident.id, complaint_id=1)

    town.write(act)
    with pytest.raises(WrongValue):
        town.write(lambda session: strike(session, session.get_one(Officer, town.hendra.id).viewer, incident.id))
