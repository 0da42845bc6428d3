"""The chain: whoever changes what happened is found out, by number; lawful erasure is not an offence."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from console.writer import Writer
from models.command.audit import verify
from models.record import event as module
from models.record.database import new_epoch, reading_engine, writing_engine
from models.record.event import Event, Head, Look, note_look
from models.roles import Role
from models.viewer import Viewer

KEY = b"a test's own key"
HENDRA = Viewer(Role.OFFICER, 7, "id", "Aipda Hendra Siregar")
NIGHT = datetime(2026, 11, 24, 21, 3, 5, 250, tzinfo=UTC)
BODIES: list[dict[str, Any]] = [
    {"words": "Dua orang, “begal” é \U0001f6a8", "set": {"lat": 3.5796, "lon": 98.6585, "status": "new"}},
    {"n": 1.5e-7, "big": 2**53, "none": None, "deep": {"b": [1, {"a": True}], "a": ""}},
    {"reason": "salah"},
    {"words": "x" * 5000},
]


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    written(database_url, monkeypatch)
    return database_url


def written(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four events and three looks, each a little later than the one before."""
    ticks = itertools.count()
    monkeypatch.setattr(module, "now", lambda: NIGHT + timedelta(minutes=11, microseconds=next(ticks)) * next(ticks))
    writer = Writer(writing_engine(url), KEY, lambda rings: None)

    def write(session: Session, n: int, body: dict[str, Any]) -> None:
        about = {"at": module.now(), "step": "note", "incident_id": n + 5, "complaint_id": n + 50}  # type: ignore[attr-defined]
        # Past `record`, which takes no such bodies: the chain holds whatever JSON can say.
        session.info["ledger"].add({**about, "by_role": HENDRA.role.value, "by_id": HENDRA.id, "body": body})
        if n:
            note_look(session, "evidence", HENDRA, incident_id=5, complaint_id=50 + n, evidence_id=n)

    for n, body in enumerate(BODIES):
        writer.submit(write, n, body).result(20)
    writer.close()


def bad(url: str, key: bytes = KEY) -> str | None:
    engine = reading_engine(url)
    try:
        with Session(engine) as session:
            return verify(session, key)
    finally:
        engine.dispose()


def tamper(url: str, statement: str) -> None:
    engine = writing_engine(url)
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount
    engine.dispose()


def rows(url: str, table: type[Any]) -> Iterator[Any]:
    engine = reading_engine(url)
    with Session(engine) as session:
        yield from session.exec(select(table).order_by(table.seq))
    engine.dispose()


def test_an_untouched_chain_is_whole(url: str) -> None:
    assert bad(url) is None


@pytest.mark.parametrize(
    "change",
    [
        "at = '2026-11-24 21:00:00+00:00'",
        "step = 'claim'",
        "incident_id = 99",
        "incident_id = NULL",
        "complaint_id = 99",
        "by_role = 'supervisor'",
        "by_id = 8",
        """body = '{"reason": "benar"}'""",
        "body_hash = 'ab'",
        "hash = 'ab'",
        "seq = 33",
    ],
)
def test_an_event_that_was_changed_is_named(url: str, change: str) -> None:
    tamper(url, f"UPDATE event SET {change} WHERE seq = 3")
    assert bad(url) == "Event 3"


@pytest.mark.parametrize(
    "change",
    ["at = '2026-11-24 21:00:00+00:00'", "what = 'identity'", "incident_id = 9", "complaint_id = 9", "evidence_id = 9",
     "by_role = 'wall'", "by_id = 8", "hash = 'ab'", "seq = 33"],
)  # fmt: skip
def test_a_look_that_was_changed_is_named(url: str, change: str) -> None:
    tamper(url, f"UPDATE look SET {change} WHERE seq = 2")
    assert bad(url) == "Look 2"


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_an_event_that_was_taken_out_is_named(url: str, seq: int) -> None:
    tamper(url, f"DELETE FROM event WHERE seq = {seq}")
    assert bad(url) == f"Event {seq}"


def test_looks_that_were_taken_out_are_named(url: str) -> None:
    tamper(url, "DELETE FROM look WHERE seq = 3")
    assert bad(url) == "Look 3"


def test_an_end_that_was_moved_is_named(url: str) -> None:
    tamper(url, "UPDATE head SET seq = 3")
    assert bad(url) == "Event 5"


def test_whoever_has_not_the_key_can_forge_nothing(url: str) -> None:
    assert bad(url, b"a guess") == "Event 1"


def test_a_body_that_was_lawfully_erased_leaves_the_chain_whole(url: str) -> None:
    tamper(url, "UPDATE event SET body = '{}' WHERE seq IN (1, 4)")
    assert bad(url) is None


def test_another_epoch_leaves_the_chain_whole(url: str) -> None:
    (before,) = [head.epoch for head in _heads(url)]
    engine = writing_engine(url)
    with engine.begin() as connection:
        new_epoch(connection)
    engine.dispose()
    assert [head.epoch for head in _heads(url)] != [before] and bad(url) is None


def test_both_databases_give_the_same_hashes(
    sqlite_url: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url in (sqlite_url, postgres_url):
        written(url, monkeypatch)
    for table in (Event, Look):
        one, other = ([row.model_dump() for row in rows(url, table)] for url in (sqlite_url, postgres_url))
        assert len(one) >= 3 and one == other


def test_a_second_look_within_ten_minutes_is_not_noted_again(database_url: str) -> None:
    writer = Writer(writing_engine(database_url), KEY, lambda rings: None)
    for who in (HENDRA, HENDRA, Viewer(Role.SUPERVISOR, 7)):
        writer.submit(note_look, "identity", who).exception(20)  # names nothing: below with names
    for who, thing in ((HENDRA, 1), (HENDRA, 1), (HENDRA, 2), (Viewer(Role.SUPERVISOR, 7), 1)):
        writer.submit(
            lambda s, who=who, thing=thing: note_look(s, "evidence", who, evidence_id=thing, complaint_id=thing)
        ).result(20)
    writer.close()
    assert len([look for look in rows(database_url, Look) if look.what == "evidence"]) == 3


def _heads(url: str) -> list[Head]:
    engine = reading_engine(url)
    with Session(engine) as session:
        heads = list(session.exec(select(Head)))
    engine.dispose()
    return heads
