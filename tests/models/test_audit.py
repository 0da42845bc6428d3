"""verify-audit: whoever holds the database changes nothing unseen. Each way is tried on one evening, on both databases."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session, select

from console.door.sealing import seal
from models.command.audit import audit, seal_of
from models.command.erasing import erase
from models.incidents.filing import Upload
from models.incidents.strikes import Strike, appeal, confirm, lift
from models.record.chain import event_hash
from models.record.database import writing_engine
from models.record.event import Event, Head, Look, note_look, record
from models.roles import Role
from models.time import as_of, now
from models.viewer import Viewer
from tests.support.law import KEY, Law

PHOTO = Upload("photo", "foto.jpg", "image/jpeg", 900, "ab" * 32)


@dataclass
class Night:
    """What happened, and the seal that was kept of it before its last event."""

    law: Law
    kept: str
    head: dict[str, Any]
    dispatched: int
    struck: int

    def found(self, *statements: str, kept: str = "") -> list[str]:
        """What the audit says after these; they are taken back again."""
        engine = writing_engine(self.law.url)
        try:
            with engine.connect() as connection:
                for statement in statements:
                    assert connection.execute(text(statement)).rowcount or statement.startswith("SET")
                found = _audited(connection, kept)
                connection.rollback()
        finally:
            engine.dispose()
        return found


def _audited(connection: Connection, kept: str = "") -> list[str]:
    with Session(connection) as session:
        return audit(session, [KEY], kept)


@pytest.fixture
def night(law: Law) -> Iterator[Night]:
    first = law.file(uploads=[PHOTO], words="Dua orang naik matic hitam")
    law.run(_look, law.hendra, first.id)
    law.take(first, "claim", law.hendra)
    law.send(first, law.hendra, (1, 2), (2, 3))
    law.take(first, "arrive", law.hendra)
    law.take(first, "clear", law.hendra, dispatch=1)
    other = law.file(by=law.zed)
    law.run(_look, law.sari, other.id)
    for _ in range(3):
        prank = law.file()
        law.take(prank, "dismiss", law.hendra, reason="prank")
    law.run(_confirmed, law.ratna)
    law.run(appeal, law.ann, "Saya Ann, ini salah paham.")
    law.run(lift, law.sari, law.ann.id, "Benar, salah paham.")
    law.take(other, "claim", law.hendra)
    law.take(other, "refer", law.hendra, agency=law.damkar.agency_id, tier="summary", note="Ada api.")
    law.take(other, "accept", law.damkar, note="Kami ke sana.")
    law.take(other, "finish", law.damkar, note="Padam.")
    law.take(other, "refer", law.hendra, agency=law.bnpt.agency_id, tier="presence")
    law.take(other, "resolve", law.hendra, outcome="handled", note="Selesai")
    law.take(other, "rate", law.zed, stars=2, words="Lama sekali.")
    law.take(first, "resolve", law.hendra, outcome="handled", note="Diamankan")
    for n in range(2):
        law.file(by=law.zed, landmark=f"rumah Zed {n}")
    law.run(erase, law.ann, "hash", "hash", seal(KEY, {"name": "Ann Siregar", "phone": "+6281200004471"}))
    kept = law.read(seal_of, KEY)
    head = law.read(lambda session: session.get_one(Head, 1).model_dump())
    law.run(record, "lock", Viewer(Role.ADMIN))
    yield Night(law, kept, head, first.id, prank.id)


def _look(session: Session, by: Viewer, id: int) -> None:
    note_look(session, "identity", by, incident_id=id, complaint_id=id)
    note_look(session, "evidence", by, incident_id=id, complaint_id=id, evidence_id=1)


def _confirmed(session: Session, by: Viewer) -> None:
    (third,) = session.exec(select(Strike.id).where(Strike.state == "pending"))
    confirm(session, by, third or 0)


LAST = "(SELECT max(seq) FROM event)"
WAYS: dict[str, tuple[tuple[str, ...], str]] = {
    "an event is taken out": (("DELETE FROM event WHERE seq = 3",), "does not fit is Event 3."),
    "its words are written anew": (("""UPDATE event SET body = '{"n": 1}' WHERE seq = 3""",), "does not fit is Event 3."),
    "its words are emptied": (("UPDATE event SET body = '{}' WHERE seq = 3",), "The words of event 3 (dispatch) were emptied"),
    "it is somebody else's": (("UPDATE event SET by_id = 2 WHERE seq = 3",), "does not fit is Event 3."),
    "the end is cut off, and the head with it": (
        (
            f"DELETE FROM event WHERE seq = {LAST}",
            f"UPDATE head SET seq = {LAST}, hash = (SELECT hash FROM event WHERE seq = {LAST})",
        ),
        "The end was moved: the head row names event",
    ),
    "looks are cut off, and the head with them": (
        (
            "DELETE FROM look WHERE seq > 1",
            "UPDATE head SET look_seq = 1, look_hash = (SELECT hash FROM look WHERE seq = 1)",
        ),
        "The end was moved: the head row names event",
    ),
    "a look is taken out": (("DELETE FROM look WHERE seq = 2",), "does not fit is Look 2."),
    "a look is somebody else's": (("UPDATE look SET by_id = 2 WHERE seq = 2",), "does not fit is Look 2."),
    "what was reported is written anew": (
        ("UPDATE complaint SET words = 'Bukan apa-apa' WHERE id = 2",),
        "(2): its words are not those of event",
    ),
    "evidence is exchanged": (
        (f"UPDATE evidence SET sha256 = '{'cd' * 32}'",),
        "(1): 1 of its pieces of evidence is gone or exchanged.",
    ),
    "evidence is taken out": (("DELETE FROM evidence",), "(1): 1 of its pieces of evidence is gone or exchanged."),
    "evidence is put in": (
        (
            "INSERT INTO evidence (key, complaint_id, kind, name, mime, size, sha256, state, added_at)"
            " SELECT 'k', 2, kind, name, mime, size, sha256, state, added_at FROM evidence",
        ),
        "(2): 1 of its pieces of evidence is told of by no event.",
    ),
    "an incident is taken out": (
        ("DELETE FROM complaint WHERE home_id = 7", "DELETE FROM incident WHERE id = 7"),
        "Incident 7 is told of by event",
    ),
    "an incident was never open": (
        ("UPDATE incident SET status = 'dismissed' WHERE id = 2",),
        "(2) is not as the events left it: status.",
    ),
    "an incident is another's": (("UPDATE incident SET officer_id = 2 WHERE id = 1",), "left it: officer_id."),
    "a dispatch is taken out": (("DELETE FROM dispatch WHERE id = 1",), "(1): dispatch 1 is told of and is gone."),
    "fewer were sent": (("UPDATE dispatch SET personnel = 1 WHERE id = 2",), "dispatch 2 is not as the events left it."),
    "more were sent": (
        ("INSERT INTO dispatch (incident_id, station_id, personnel, sent_at, version)"
         " SELECT incident_id, 3, 9, sent_at, 1 FROM dispatch WHERE id = 1",),
        "dispatch 3 stands there, and no event tells of it.",
    ),
    "a referral shows more": (
        ("UPDATE referral SET tier = 'full' WHERE id = 1",), "(2): its referrals are not those that the events tell of.",
    ),
    "a referral is taken out": (("DELETE FROM referral WHERE id = 2",), "(2): its referrals are not those"),
    "a referral is another partner's": (("UPDATE referral SET agency_id = 1 WHERE id = 2",), "(2): its referrals are not"),
    "a partner never finished": (
        ("UPDATE referral SET state = 'ended' WHERE id = 1",), "(2): what partners answered is not what the events tell.",
    ),
    "a rating is better": (("UPDATE rating SET stars = 5",), "(2): its ratings are not those that the events tell of."),
    "a rating is taken out": (("DELETE FROM rating",), "(2): its ratings are not those"),
    "somebody is blocked": (
        ("UPDATE citizen SET blocked_at = added_at WHERE id = 2",), "Account 2 is blocked, and its strikes say otherwise.",
    ),
    "somebody is let go": (
        ("UPDATE strike SET state = 'counted'",), "Account 1 is not blocked, and its strikes say otherwise.",
    ),
    "a strike is taken out": (("DELETE FROM strike WHERE id = 2",), "Strike 2 is told of by event"),
    "a strike that was lifted counts again": (("UPDATE strike SET state = 'counted' WHERE id = 2",), "Strike 2 is counted"),
}  # fmt: skip


def test_an_evening_that_nobody_touched_is_as_it_is_told(night: Night) -> None:
    assert night.found() == [] and night.found(kept=night.kept) == []


def test_each_way_of_changing_it_is_told(night: Night) -> None:
    for way, (statements, said) in WAYS.items():
        found = night.found(*statements)
        assert any(said in one for one in found), (way, found)


def test_an_end_cut_off_with_the_old_head_put_back_is_told_by_a_seal_that_was_kept_alone(night: Night) -> None:
    newest = night.law.read(seal_of, KEY)
    old = ", ".join(f"{name} = :{name}" for name in night.head if name != "id")
    engine = writing_engine(night.law.url)
    with engine.connect() as connection:
        connection.execute(text(f"DELETE FROM event WHERE seq = {LAST}"))
        connection.execute(text(f"UPDATE head SET {old}"), _plain(night.head))
        assert _audited(connection) == _audited(connection, night.kept) == []
        (said,) = _audited(connection, newest)
        assert "The end is gone" in said and f"counted {night.head['seq'] + 1} events" in said
        connection.rollback()
    engine.dispose()


def _plain(head: dict[str, Any]) -> dict[str, Any]:
    return {name: value.replace(tzinfo=None) if name == "sealed_at" else value for name, value in head.items()}


def test_a_past_written_anew_with_another_key_is_told(night: Night) -> None:
    """And one with the right key, by whoever stole it, by a seal that was kept."""
    engine = writing_engine(night.law.url)
    for key, said in ((b"a guess of a key", "does not fit is Event 1."), (KEY, "The past was rewritten: event")):
        with engine.connect() as connection:
            previous = ""
            for row in connection.execute(select(Event).order_by(Event.seq)).mappings().all():
                values = dict(row) | ({"by_id": 2} if row["seq"] == 2 else {})
                previous = event_hash(key, previous, values)
                change = text("UPDATE event SET hash = :hash, by_id = :by WHERE seq = :seq")
                connection.execute(change, {"hash": previous, "by": values["by_id"], "seq": row["seq"]})
            connection.execute(text("UPDATE head SET hash = :hash"), {"hash": previous})
            assert any(said in one for one in _audited(connection, night.kept)), key
            connection.rollback()
    engine.dispose()


@pytest.mark.parametrize("wrong", ["x", "1.2.3", "99.0.20261129T081815Z.-.-.abcdefabcdefabcdefabcdef"])
def test_a_seal_that_was_copied_wrongly_is_said_to_be_none(night: Night, wrong: str) -> None:
    assert night.found(kept=wrong) == ["The seal that was given is none of this record's: was it copied whole?"]


def test_an_erased_account_is_no_offence(night: Night) -> None:
    """What is over is struck out, and whoever empties one more than that is told of."""
    with as_of(now()):
        night.law.run(erase, night.law.zed, "hash", "hash", seal(KEY, {"name": "Zed Hutabarat", "phone": "+62813"}))
    assert night.found() == []
    told = night.law.read(lambda session: session.exec(select(Event).where(Event.step == "erase_account")).all())
    assert json.dumps([event.body for event in told]).count("emptied") == 2 and told[0].body["emptied"]
    assert night.law.read(lambda session: session.exec(select(Look)).all())
