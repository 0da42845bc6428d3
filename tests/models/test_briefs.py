"""Atensi: pinned until its end, with who has read it, and carried along by a handover."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.command.briefs import LONGEST, Brief, Pinned, add_brief, briefs, end_brief, read_brief
from models.errors import NotAllowed, NotFound, WrongValue
from models.people.officers import note_presence
from models.record.event import Event
from models.time import as_of, now
from tests.support.law import Law

HOUR = timedelta(hours=1)


def pinned(law: Law) -> list[Pinned]:
    return law.read(briefs)


def added(law: Law, words: str = "Unras buruh, Kantor Gubernur", **more: object) -> Brief:
    return law.run(lambda session: add_brief(session, law.sari, words, now() + 8 * HOUR, **more))


def test_it_is_pinned_with_who_has_read_it_and_who_at_a_console_has_not(law: Law) -> None:
    brief = added(law)
    law.run(note_presence, [law.hendra.id, law.ratna.id])
    law.run(read_brief, law.hendra, brief.id)
    law.run(read_brief, law.hendra, brief.id)
    (one,) = pinned(law)
    assert [row.id for row in one.readers] == [law.sari.id, law.hendra.id]
    assert [row.id for row in one.unread] == [law.ratna.id]
    steps = law.read(lambda session: [row.step for row in session.exec(select(Event).where(Event.step != "sit"))])
    assert steps == ["add_brief", "read_brief"]  # noted once
    said = law.read(lambda session: session.exec(select(Event).where(Event.step == "add_brief")).one().body)
    assert "Unras" not in str(said)  # it may name somebody: the record keeps a print


def test_it_ends_by_itself_and_can_be_ended_before(law: Law) -> None:
    first, second = added(law), added(law, "VIP Kualanamu", at=now() + HOUR)
    assert [one.brief.id for one in pinned(law)] == [second.id, first.id]  # what has a time of its own first
    law.run(end_brief, law.sari, first.id)
    law.run(end_brief, law.sari, first.id)
    assert [one.brief.id for one in pinned(law)] == [second.id]
    with as_of(now() + 8 * HOUR):
        assert pinned(law) == []
    ended = law.read(lambda session: session.exec(select(Event).where(Event.step == "end_brief")).all())
    assert len(ended) == 1


def test_what_it_is_not(law: Law) -> None:
    def add(session: Session, words: str, until: timedelta | None, at: timedelta | None = None) -> Brief:
        return add_brief(session, law.sari, words, until and now() + until, at and now() + at)

    for words, until, at, field in (
        (" ", HOUR, None, "words"),
        ("x" * (LONGEST + 1), HOUR, None, "words"),
        ("x", None, None, "until"),
        ("x", -HOUR, None, "until"),
        ("x", timedelta(days=8), None, "until"),
        ("x", HOUR, 2 * HOUR, "at"),
    ):
        with pytest.raises(WrongValue) as no:
            law.run(add, words, until, at)
        assert no.value.field == field
    brief = added(law)
    for act, by in ((end_brief, law.hendra), (read_brief, law.ann), (read_brief, law.damkar)):
        with pytest.raises(NotAllowed):
            law.run(act, by, brief.id)
    with pytest.raises(NotFound):
        law.run(read_brief, law.hendra, 10**12)
