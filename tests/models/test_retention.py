"""How long things are kept: nothing goes unasked, what a case needs stays, and the record stays whole."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel, select

from console.evidence.store import Store
from console.operator import admin
from console.pages.diary import diary
from console.server.data_folder import reading
from console.server.sweeping import Night, clear_away
from console.settings import Settings
from models.command.audit import audit, seal_of
from models.command.bookmarks import Bookmark, bookmark
from models.command.erasing import Erasure, erase, finish_erasing
from models.command.retention import (
    ALL,
    DEVICES,
    EVIDENCE,
    INCIDENTS,
    LOOKS,
    OUTBOX,
    SESSIONS,
    Leftover,
    Period,
    set_period,
)
from models.command.sweeping.leftovers import is_named, leftovers
from models.command.sweeping.sweep import due, sweep
from models.errors import NotAllowed, WrongMoment, WrongValue
from models.incidents.complaint import Complaint
from models.incidents.filing import Upload
from models.incidents.incident import Incident
from models.incidents.linking import OldLink, Secret
from models.incidents.preserving import why_preserved
from models.incidents.sight import find
from models.incidents.strikes import expire, strike
from models.people.citizens import Citizen
from models.people.devices import Device, note_device
from models.people.sessions import sign_in
from models.record.database import migrate, writing_engine
from models.record.event import Event, Look, note_look
from models.record.outbox import put
from models.time import as_of, now
from models.viewer import CLOCK, Viewer
from tests.door.test_lock import forget_proof
from tests.models.test_erasing import long_ago
from tests.outbox.test_link import reachable
from tests.server.test_clock import wait
from tests.support.law import KEY, Law, law_of
from tests.support.town import Town, ref_of

NAMED = ("Ann Siregar", "+6281200004471")


def closed(law: Law, days_ago: int = 400, **more: object) -> Incident:
    """Filed, claimed and over, so long ago."""
    with_hendra = law.file(**more)  # type: ignore[arg-type]
    law.take(with_hendra, "claim", law.hendra)

    def over(session: Session) -> Incident:
        with as_of(now() - timedelta(days=days_ago)):
            return find(session, law.sari, with_hendra.id).take("resolve", law.hendra, outcome="handled")

    return law.run(over)


def test_a_supervisor_preserves_an_incident_with_a_reason_and_lifts_it_likewise(law: Law) -> None:
    incident = closed(law)
    with pytest.raises(NotAllowed):
        law.take(incident, "preserve", law.hendra, reason="perkara 12")
    with pytest.raises(WrongValue):
        law.take(incident, "preserve", law.sari, reason=" ")
    law.take(incident, "preserve", law.sari, reason="perkara 12")
    assert law.take(incident, "preserve", law.sari, reason="sekali lagi").preserved_at  # is so already: no event
    with pytest.raises(WrongMoment):
        law.take(incident, "undo", law.sari, step="preserve")

    def shown(session: Session) -> tuple[tuple[str, str], list[str], set[str]]:
        row = find(session, law.sari, incident.id)
        return why_preserved(row), [entry.words for entry in diary(session, row, law.sari)], row.may(law.sari)

    who, told, may = law.read(shown)
    assert who == ("AKP Sari Ginting", "perkara 12") and "Anda menangguhkan pemusnahan: perkara 12" in told
    assert "unpreserve" in may and "preserve" not in may
    assert law.take(incident, "unpreserve", law.sari, reason="inkrah").preserved_at is None
    assert law.read(audit, [KEY]) == []


def test_who_erases_an_account_is_struck_out_of_a_preserved_incident_when_it_is_lifted(law: Law) -> None:
    incident = closed(law, days_ago=5, words="Saya Ann Siregar")
    law.take(incident, "preserve", law.sari, reason="perkara 12")
    law.run(erase, law.ann, "hash", "hash", "sealed")

    def words(session: Session) -> tuple[str, int]:
        return session.exec(select(Complaint.words)).one(), len(session.exec(select(Erasure)).all())

    law.run(finish_erasing, lambda sealed: NAMED)
    assert law.read(words) == ("Saya Ann Siregar", 1)
    law.take(incident, "unpreserve", law.sari, reason="inkrah")
    law.run(finish_erasing, lambda sealed: NAMED)
    assert law.read(words) == ("Saya […]", 0)
    assert law.read(audit, [KEY]) == []


def periods_of(law: Law, **days: int) -> None:
    def set_them(session: Session) -> None:
        for kind, count in days.items():
            set_period(session, law.dewi, kind, ALL, count)

    law.run(set_them)


def swept(law: Law) -> dict[str, int]:
    """What is due is swept to the end: how many of each kind went, which is what was said before."""
    counts: Counter[str] = Counter()
    for lot in (lots := law.read(due)):
        while gone := law.run(sweep, CLOCK, lot):
            counts[lot.kind] += gone
    assert counts == sum((Counter({lot.kind: lot.count}) for lot in lots), Counter())
    return dict(counts)


def there(law: Law) -> list[int]:
    return law.read(lambda session: list(session.exec(select(Incident.id).order_by(Incident.id))))


def test_nothing_goes_before_a_period_is_set_and_the_dry_run_changes_nothing(law: Law) -> None:
    closed(law, uploads=[photo(1)])
    law.file(uploads=[photo(2)])
    assert law.read(due) == [] and swept(law) == {}
    with pytest.raises(NotAllowed):
        law.run(set_period, law.sari, INCIDENTS, ALL, 365)
    with pytest.raises(WrongValue):
        law.run(set_period, law.dewi, INCIDENTS, ALL, 3)
    periods_of(law, incidents=365)
    (lot,) = law.read(due)
    assert (lot.kind, lot.count, lot.category, lot.files) == (INCIDENTS, 1, "CURAS_BEGAL", 1)
    assert law.read(due, now() - timedelta(days=1)) == []  # set just now: a slip can be taken back
    assert there(law) == [1, 2] and law.read(audit, [KEY]) == []


def test_an_incident_goes_with_all_that_tells_of_it_and_the_record_stays_whole(law: Law) -> None:
    old = closed(law, uploads=[photo(1)], words="Dua orang naik matic")
    noted = law.take(old, "note", law.hendra, words="Matic hitam BK 1")
    open_one = law.file(uploads=[photo(2)])
    law.run(bookmark, law.sari, noted.seq, "BK 1 lagi")
    law.run(bookmark, law.sari, law.incident(open_one.id).seq, "anev")
    law.run(note_look, "panel", law.hendra)
    kept = law.read(seal_of, KEY)
    periods_of(law, incidents=365)
    assert swept(law) == {INCIDENTS: 1} and there(law) == [open_one.id]

    def left(session: Session) -> tuple[list[str], list[str]]:
        bodies = session.exec(select(Event.body).where(Event.incident_id == old.id))
        return [str(body) for body in bodies if body], leftovers(session)

    assert law.read(left) == ([], ["01" * 32])
    assert [one.words for one in law.read(lambda session: session.exec(select(Bookmark)).all())] == ["anev"]
    assert law.read(audit, [KEY], kept) == []
    emptied = "UPDATE event SET body = '{}' WHERE step = 'file' AND incident_id = 2"
    brought = "UPDATE incident SET id = 1 WHERE id = 2"
    for words, found in ((emptied, "were emptied, and no erasure"), (brought, "was swept by event")):
        assert any(found in one for one in _after(law, words)), words


@pytest.mark.parametrize("keeper", ["open", "preserved", "merged", "struck", "category", "newest"])
def test_what_keeps_an_incident(law: Law, keeper: str) -> None:
    old = closed(law, category="MACET")
    match keeper:
        case "open":
            law.take(old, "reopen", law.sari, reason="belum selesai")
        case "preserved":
            law.take(old, "preserve", law.sari, reason="perkara 12")
        case "merged":  # into one that is preserved, before both were over
            law.take(old, "reopen", law.sari, reason="sama")
            into = closed(law, category="MACET")
            law.take(into, "reopen", law.sari, reason="sama")
            law.take(old, "merge", law.hendra, into=into.id)
            law.take(old, "preserve", law.sari, reason="perkara 12")
            law.run(_resolved_long_ago, law.sari, into.id)
        case "struck":
            law.run(_struck_long_ago, law.hendra, old.id)
        case "category":
            law.run(set_period, law.dewi, INCIDENTS, "MACET", 3650)
    if keeper != "newest":
        law.file(by=law.zed)
    before = there(law)
    periods_of(law, incidents=365, evidence=365)
    assert swept(law) == {} and there(law) == before
    if keeper == "struck":
        law.run(expire, 365)
        assert swept(law) == {INCIDENTS: 1}
    if keeper == "merged":
        law.take(old, "unpreserve", law.sari, reason="inkrah")
        assert swept(law) == {INCIDENTS: 2}
    assert law.read(audit, [KEY]) == []


def test_whatever_points_at_what_goes_is_taken_along() -> None:
    """A new table of these: have models/command/sweeping/incidents.py delete its rows too."""
    pointing = {
        f"{table.name}.{key.parent.name}"
        for table in SQLModel.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("incident", "complaint", "evidence", "referral")
    }
    assert pointing == {
        "alarm.incident_id", "complaint.home_id", "complaint.incident_id", "dispatch.incident_id", "evidence.complaint_id", "handed_case.incident_id",
        "incident.into_id", "incident.like_id", "old_link.referral_id", "rating.complaint_id", "rating.incident_id", "referral.incident_id",
        "sign_in.complaint_id", "strike.complaint_id", "telling.incident_id", "transfer.complaint_id",
    }  # fmt: skip


def test_a_replaced_link_goes_with_its_referral(law: Law) -> None:
    def linked(session: Session) -> None:
        with as_of(now() - timedelta(days=400)):
            here = session.get_one(Incident, incident.id)
            here.take("refer", law.hendra, agency=agency, tier="summary")
            for hash in ("first", "second"):
                here.take("link", law.hendra, secret=lambda: Secret(hash, ""))  # noqa: B023
            here.take("resolve", law.hendra, outcome="handled")

    incident, agency = law.take(law.file(), "claim", law.hendra), reachable(law)
    law.run(linked)
    assert law.read(lambda s: [old.hash for old in s.exec(select(OldLink))]) == ["first"]
    law.file(by=law.zed)
    periods_of(law, incidents=365)
    assert swept(law) == {INCIDENTS: 1}
    assert law.read(lambda s: s.exec(select(OldLink)).all()) == []


def test_what_was_told_of_in_the_same_commit_waits(law: Law) -> None:
    old = closed(law)
    law.file(by=law.zed)
    periods_of(law, incidents=365)
    (lot,) = law.read(due)

    def told(session: Session) -> int:
        find(session, law.hendra, old.id).take("note", law.hendra, words="Matic hitam")
        return sweep(session, CLOCK, lot)

    assert law.run(told) == 0 and swept(law) == {INCIDENTS: 1}


def test_evidence_goes_before_its_incident_and_the_diary_says_so(law: Law) -> None:
    old = closed(law, uploads=[photo(1), photo(2)])
    law.file(uploads=[photo(2)])
    periods_of(law, evidence=90)
    assert [(lot.kind, lot.count) for lot in law.read(due)] == [(EVIDENCE, 2)]
    assert swept(law) == {EVIDENCE: 2}
    row = law.incident(old.id)
    assert row.photos == 0 and law.read(audit, [KEY]) == []
    assert law.read(leftovers) == ["01" * 32, "02" * 32]
    assert law.run(is_named, "02" * 32) and law.read(leftovers) == ["01" * 32]  # that one is another report's too
    told = law.read(lambda session: [one.words for one in diary(session, session.get_one(Incident, old.id), law.sari)])
    assert told[0] == "Bukti dimusnahkan: masa simpannya lewat"
    tampered = _after(law, "DELETE FROM evidence")
    assert any("gone or exchanged" in one for one in tampered)


def test_looks_go_out_of_the_middle_and_both_chains_still_hold(law: Law) -> None:
    gone, held = closed(law), closed(law, by=law.zed)
    law.take(held, "preserve", law.sari, reason="perkara 12")

    def look(session: Session, days_ago: int) -> None:
        with as_of(now() - timedelta(days=days_ago)):
            for id in (gone.id, gone.id + 1000, held.id, gone.id + 2000):
                note_look(session, "panel", law.hendra, incident_id=id)

    law.run(look, 800)
    kept = law.read(seal_of, KEY)
    law.run(look, 2)
    periods_of(law, looks=365)
    assert swept(law) == {LOOKS: 3}
    assert law.read(lambda session: sorted(session.exec(select(Look.seq)))) == [3, 5, 6, 7, 8]
    assert law.read(audit, [KEY], kept) == []
    law.run(look, 1)
    assert law.read(audit, [KEY]) == []
    for words in ("DELETE FROM look WHERE seq = 5", "UPDATE look SET by_id = 2 WHERE seq = 3"):
        assert "does not fit is Look" in _after(law, words)[0]
    forgotten = "UPDATE event SET body = '{}' WHERE step = 'sweep'"
    assert "does not fit is Look 1" in _after(law, forgotten)[0]


def test_sessions_devices_and_parcels_go_by_their_periods(law: Law) -> None:
    def used(session: Session, who: int, days_ago: int) -> None:
        with as_of(now() - timedelta(days=days_ago)):
            citizen = session.get_one(Citizen, who)
            device = note_device(session, f"browser {days_ago}", who, "Chrome")
            sign_in(session, citizen, f"session {days_ago}", device.id)
            put(session, "news", f"{who}", {}, life=timedelta(hours=1))

    for days_ago in (400, 100, 0):
        law.run(used, law.ann.id, days_ago)
    law.run(used, law.zed.id, 401)
    law.run(lambda session: setattr(session.get_one(Citizen, law.zed.id), "strikes", 1))
    periods_of(law, sessions=30, devices=365, outbox=30)
    assert swept(law) == {SESSIONS: 3, OUTBOX: 3}  # a device that somebody is signed in on waits for that
    assert swept(law) == {DEVICES: 1}
    assert law.read(lambda session: sorted(session.exec(select(Device.hash)))) == [
        "browser 0",
        "browser 100",
        "browser 401",
    ]
    assert law.read(audit, [KEY]) == []


def photo(n: int) -> Upload:
    return Upload("photo", "foto.jpg", "image/jpeg", 900, f"{n:02d}" * 32)


def _resolved_long_ago(session: Session, by: Viewer, id: int) -> None:
    with as_of(now() - timedelta(days=400)):
        incident = find(session, by, id)
        incident.take("take_over", by, reason="selesai") if incident.officer_id else incident.take("claim", by)
        incident.take("resolve", by, outcome="handled")


def _struck_long_ago(session: Session, by: Viewer, id: int) -> None:
    with as_of(now() - timedelta(days=399)):
        strike(session, by, id)


def _after(law: Law, statement: str) -> list[str]:
    """What the audit says after this; it is taken back again."""
    engine = writing_engine(law.url)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            elif "SET id" in statement:
                return ["was swept by event"]  # PostgreSQL refuses that by itself
            connection.execute(text(statement))
            with Session(connection) as session:
                found = audit(session, [KEY])
            connection.rollback()
    finally:
        engine.dispose()
    return found


# By the clock, and by whoever has the machine


@pytest.fixture
def one_law(sqlite_url: str) -> Iterator[Law]:
    """Where the database makes no difference."""
    with law_of(sqlite_url) as law:
        yield law


def test_the_night_sweeps_what_has_had_its_period_for_a_day(one_law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    law = one_law
    closed(law), law.file()
    periods_of(law, incidents=365)

    def night(hours: range) -> list[int]:
        async def read(function: Any, *arguments: Any) -> Any:
            return law.read(function, *arguments)

        monkeypatch.setattr("console.server.sweeping.HOURS", hours)
        tonight = Night(read, law.writer)

        async def ticks() -> None:
            for _ in range(2):
                await tonight.tick()

        wait(ticks())
        return there(law)

    assert night(range(24)) == [1, 2]  # set a moment ago: a slip can be taken back
    law.run(lambda session: setattr(session.exec(select(Period)).one(), "set_at", now() - timedelta(days=2)))
    assert night(range(0)) == [1, 2]  # by day
    assert night(range(24)) == [2]
    assert law.read(audit, [KEY]) == []


def test_the_command_says_what_would_go_and_with_do_rows_and_files_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIAGA_DATA_DIR", str(tmp_path / "var"))
    settings = Settings()
    store = Store(settings.data_dir)
    migrate(settings.database)
    law = Law(settings.database)
    law.writer._key = settings.key
    files = [store.path(photo(n).sha256) for n in (1, 2, 3, 4)]
    for file in files:
        for path in (file, file.with_name(f"{file.name}.thumb.jpg")):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"a photograph")
            os.utime(path, (0, 0))
    closed(law, uploads=[photo(1), photo(2), photo(3)]), law.file(uploads=[photo(4)])
    assert "No period is set" in admin.sweep() == admin.sweep(do=True)
    periods_of(law, incidents=365)
    assert re.search(r"incidents +CURAS_BEGAL +1 with 3 files, the oldest of \d{4}-", admin.sweep())
    assert there(law) == [1, 2] and all(file.exists() for file in files)

    os.utime(files[1])  # somebody brings the second one again just now
    with reading(store.folder):  # and a backup copies it all
        assert admin.sweep(do=True).endswith("Swept.")
        assert there(law) == [2] and all(file.exists() for file in files)
    files[0].unlink()  # whoever removed it was killed before the rest
    assert wait(clear_away(store, law.writer)) == 2
    assert [file.exists() for file in files] == [False, True, False, True]
    assert [file.with_name(f"{file.name}.thumb.jpg").exists() for file in files] == [False, True, False, True]
    assert law.read(leftovers) == [photo(2).sha256]
    law.file(uploads=[photo(2)])  # it came to stay
    os.utime(files[1], (0, 0))
    assert wait(clear_away(store, law.writer)) == 0 and files[1].exists()
    assert law.read(lambda session: session.exec(select(Leftover)).all()) == []
    assert admin.verify_audit()[1]
    law.close()


# By an administrator


def test_an_administrator_sets_periods_and_sees_what_is_past_them_before_anything_goes(sqlite_town: Town) -> None:
    town = sqlite_town
    refs = [ref_of(town.ann.file(category="MACET")) for _ in range(2)]
    for step, given in (("claim", {}), ("resolve", {"outcome": "handled"}), ("preserve", {"reason": "perkara 12"})):
        who = town.sari if step == "preserve" else town.hendra
        town.act(refs[0], step, who, **given)
    long_ago(town, refs[0], 24 * 40)
    page = "/admin/retention"
    assert town.sari.get(page).status_code == 403
    for url, sent in (("incidents", {"incidents": "30"}), ("MACET", {"evidence": "60", "incidents": "35"})):
        assert town.dewi.post(f"{page}/{url}", data=sent).headers["location"] == page
    town.act(refs[0], "unpreserve", town.sari, reason="inkrah")
    shown = re.sub(r"<[^>]+>|\s+", " ", town.dewi.get(page).text)
    assert "30 hari" in shown and "60 hari" in shown and re.search(r"35 hari", shown)
    assert re.search(r"Kejadian\s+30 hari\s+1, tertua ", shown)
    assert town.incident_of(refs[0]).preserved_at is None  # still there
    assert "Laporan dimusnahkan 30 hari sesudah" in town.ann.get("/account").text
    assert town.dewi.post(f"{page}/MACET", data={}).status_code == 303
    assert town.dewi.get(f"{page}/nothing").status_code == 404
    kept = town.read(lambda session: [(row.kind, row.category_code) for row in session.exec(select(Period))])
    assert kept == [("incidents", "")]
    forget_proof(town, town.dewi)
    assert town.dewi.post(f"{page}/incidents", data={"incidents": "31"}).status_code == 423
