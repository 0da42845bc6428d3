"""No console listens: the house itself tells the supervisor, then the command, and says so everywhere until one does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from models.command.calling import Silence
from models.command.house import deaf, house_due, watch_house
from models.command.ladder import Ladder
from models.command.members import Member
from models.people.officers import Presence, note_presence
from models.record.event import Event
from tests.outbox.test_ladder import COMMAND, PAWAS, Night, night_of
from tests.support.law import Law

LADDER = Ladder({1: (45, 60, 180)}, 30)


@pytest.fixture
def night(law: Law, tmp_path: Path) -> Iterator[Night]:
    with night_of(law, tmp_path) as night:
        night.file()
        night.at(0, note_presence, [law.hendra.id])
        yield night


def tick(night: Night, second: float) -> list[str]:
    if night.at(second, house_due, LADDER):
        night.at(second, watch_house, LADDER)
    return night.leaves(second)


def told(night: Night) -> list[tuple[str, bool]]:
    rows = (
        select(Event)
        .where(col(Event.step).in_(("fall_silent", "hear_again", "warn_of_silence")))
        .order_by(col(Event.seq))
    )
    found = night.law.read(lambda s: s.exec(rows).all())
    return [(event.body.get("rung", event.step), event.body.get("delivered", True)) for event in found]


def test_after_thirty_seconds_the_supervisors_phone_then_the_commands_each_once(night: Night) -> None:
    assert tick(night, 29.9) == [] and not night.at(29.9, deaf, LADDER)
    assert tick(night, 30) == [PAWAS]
    (band,) = night.at(31, deaf, LADDER)
    assert band.last.login == "hendra" and band.waiting == 1 and band.command_at
    assert (band.command_at - band.silence.since).total_seconds() == 180
    assert [tick(night, second) for second in (31, 60, 179)] == [[], [], []]
    assert tick(night, 180) == [COMMAND] and tick(night, 500) == []
    assert told(night) == [("fall_silent", True), ("lead", True), ("command", True)]
    assert [telling.fate for telling in night.at(181, deaf, LADDER)[0].tellings] == ["told", "told"]


def test_it_ends_when_somebody_sits_down_and_the_next_one_is_another(night: Night) -> None:
    assert tick(night, 30) == [PAWAS]
    night.at(40, note_presence, [night.law.ratna.id])
    assert tick(night, 40) == [] and night.at(40, deaf, LADDER) == []
    assert tick(night, 69) == [] and tick(night, 70) == [PAWAS]
    silences = night.law.read(lambda s: s.exec(select(Silence).order_by(col(Silence.id))).all())
    assert [one.officer_id for one in silences] == [night.law.hendra.id, night.law.ratna.id]
    assert silences[0].ended_at and silences[1].ended_at is None


def test_who_sits_down_before_the_message_leaves_wakes_nobody(night: Night) -> None:
    night.at(30, watch_house, LADDER)
    night.at(31, note_presence, [night.law.hendra.id])
    night.at(31, watch_house, LADDER)
    assert night.leaves(31) == []


def test_two_clocks_raise_it_once(night: Night) -> None:
    for _ in range(2):
        night.at(30, watch_house, LADDER)
    assert night.leaves(30) == [PAWAS] and len(night.law.read(lambda s: s.exec(select(Silence)).all())) == 1


def test_whom_nobody_can_reach_is_said(night: Night) -> None:
    night.law.run(lambda s: setattr(s.exec(select(Member)).one(), "phone", ""))
    assert tick(night, 30) == []
    assert told(night) == [("fall_silent", True), ("lead", False)]


def test_it_can_be_turned_off_and_a_new_house_misses_nobody(night: Night) -> None:
    assert not night.at(9999, house_due, Ladder({1: (45, 60, 180)}, 0))
    night.law.run(lambda s: [s.delete(row) for row in s.exec(select(Presence))])
    assert not night.at(9999, house_due, LADDER)


def test_a_console_that_is_open_and_mute_does_not_listen(night: Night) -> None:
    for second in (10, 20, 29):
        night.at(second, note_presence, [night.law.hendra.id], [])
    assert tick(night, 30) == [PAWAS]
    (band,) = night.at(31, deaf, LADDER)
    assert band.silence.since == night.start
    night.at(40, note_presence, [night.law.hendra.id], [night.law.hendra.id])
    assert tick(night, 40) == [] and night.at(40, deaf, LADDER) == []
