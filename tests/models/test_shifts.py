"""Shifts: the apel and its sums, who takes over from whom, and the strength that follows from it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlmodel import Session, select

from models.administration.stations import count_again, strengthen
from models.city.seed.facts import load
from models.city.station import Station
from models.command.apel import (
    Planned,
    add_to_shift,
    change_lead,
    close_shift,
    last_of,
    muster,
    muster_rest,
    open_shift,
    send_home,
    start_shift,
    take_off_shift,
)
from models.command.relief import reliefs, rests
from models.command.shifts import (
    STATES,
    Duty,
    Pattern,
    Shift,
    State,
    begins,
    lasts,
    on_duty,
    roll,
    stayed,
    sums,
    waiting,
)
from models.errors import NotAllowed, Outdated, WrongMoment, WrongValue
from models.incidents.strengths import Strength, strengths
from models.record.event import Event
from models.time import as_of, now
from tests.support.law import Law
from tests.support.rosters import enrol as enrolled

SEVEN = datetime(2026, 11, 21, 0, tzinfo=UTC)  # 07.00 in Medan


def enrol(law: Law, regu: str, *posts: tuple[int, str], desks: int = 0) -> list[int]:
    return enrolled(law, law.dewi, regu, posts, desks)


def opened(law: Law, regu: str, who: list[int], at: datetime = SEVEN) -> Shift:
    return law.run(_at, at, open_shift, law.sari, Planned(regu, Pattern.DAY, SEVEN, who[0], who))


def _at(session: Session, moment: datetime, function: Any, *arguments: Any) -> Any:
    with as_of(moment):
        return function(session, *arguments)


def rows(law: Law, shift: Shift) -> list[Duty]:
    return law.read(roll, shift)


def call(law: Law, duty: Duty, state: State = State.PRESENT, at: datetime = SEVEN, **more: Any) -> Duty:
    return law.run(lambda session: _at(session, at, lambda s: muster(s, law.sari, duty.id, state, **more)))


def strength(law: Law, station: int) -> Strength:
    return next(row for row in law.read(strengths) if row.station.id == station)


FOUR = ((2, "Samapta"), (2, "Samapta"), (2, "Reskrim"), (3, "Samapta"))


def test_another_pawas_leads_from_now_on(law: Law) -> None:
    who = enrol(law, "B", (1, "Samapta"), (2, "Lantas"))
    shift = opened(law, "B", who)
    other = enrol(law, "Z", (3, "Samapta"))[0]
    changed = law.run(change_lead, law.sari, shift.id, other)
    assert changed.lead_id == other and other in [duty.member_id for duty in rows(law, shift)]
    before = changed.seq
    assert law.run(change_lead, law.sari, shift.id, other).seq == before  # the same again is no event
    with pytest.raises(NotAllowed):
        law.run(change_lead, law.hendra, shift.id, who[0])
    law.run(close_shift, law.sari, shift.id, "selesai")
    with pytest.raises(WrongMoment):
        law.run(change_lead, law.sari, shift.id, who[0])


def test_the_sums_hold_whatever_is_pressed(law: Law) -> None:
    """jumlah = kurang + hadir + belum apel, and a station's strength is who is present in its field, after each press."""
    rng = Random(12)
    who = enrol(law, "B", *[(rng.choice((1, 2, 3)), rng.choice(("Samapta", "Lantas"))) for _ in range(14)], desks=3)
    shift = opened(law, "B", who)
    for _ in range(60):
        duty = rng.choice(rows(law, shift))
        call(law, duty, rng.choice(STATES).state)
        after = rows(law, shift)
        told = sums(after)
        assert told.total == told.missing + told.present + told.uncalled == 14
        assert told.why[State.LATE] <= told.missing
        for station in (1, 2, 3):
            here = [one for one in after if one.station_id == station]
            field = sum(one.state == State.PRESENT and not one.at_desk for one in here)
            assert strength(law, station).strength == (field if any(one.state for one in here) else None)


def test_where_no_apel_was_held_there_is_no_number(law: Law) -> None:
    shift = opened(law, "B", enrol(law, "B", *FOUR))
    assert {row.strength for row in law.read(strengths)} == {None}  # what was stated before is over
    call(law, rows(law, shift)[0], State.SICK)
    assert [strength(law, n).strength for n in (2, 3)] == [0, None]


def test_sickness_and_lending_take_people_out_at_once_and_what_is_out_is_said(law: Law) -> None:
    shift = opened(law, "B", enrol(law, "B", *FOUR))
    law.run(muster_rest, law.sari, shift.id, "station-2")
    assert strength(law, 2).free == 3
    law.send(law.take(law.file(), "claim", law.hendra), law.hendra, (2, 3))
    first, second, _, _ = rows(law, shift)
    call(law, first, State.SICK, note="surat dokter")
    call(law, second, State.DETACHED)
    row = strength(law, 2)
    assert (row.strength, row.out, row.free, row.left, row.over) == (1, 3, 0, -2, True)


def test_a_press_from_an_old_page_is_refused_in_words_and_the_same_again_is_nothing(law: Law) -> None:
    shift = opened(law, "B", enrol(law, "B", *FOUR))
    duty = rows(law, shift)[0]
    call(law, duty, State.SICK, version=duty.version)
    with pytest.raises(Outdated, match="AKP Sari Ginting lebih dulu mencatat Bripka B 0"):
        call(law, duty, State.PRESENT, version=duty.version)
    before = len(law.read(_events))
    call(law, duty, State.SICK, version=duty.version)  # two who say the same agree
    assert len(law.read(_events)) == before
    last = law.read(_events)[-1]
    assert (last.step, last.body["was"], last.body["state"]) == ("muster", None, "sick")


def test_the_next_regu_takes_over_and_whoever_has_nobody_stays(law: Law) -> None:
    first = opened(law, "B", enrol(law, "B", *FOUR))
    law.run(_at, SEVEN, muster_rest, law.sari, first.id, "station-2")
    law.run(_at, SEVEN, muster_rest, law.sari, first.id, "station-3")
    second = opened(law, "C", enrol(law, "C", *FOUR), SEVEN + timedelta(hours=23))
    assert law.read(waiting).id == second.id and law.read(on_duty).id == first.id
    came, _, reskrim, _ = rows(law, second)
    for duty in (came, reskrim):
        call(law, duty, at=SEVEN + timedelta(hours=23, minutes=30))
    assert strength(law, 2).strength == 3  # those who come count when they take over
    law.run(_at, SEVEN + timedelta(hours=24), start_shift, law.sari, second.id)
    assert [duty.member.name for duty in law.read(lambda s: [one for one in stayed(s) if one.member])] == ["B 1", "B 3"]
    assert [strength(law, n).strength for n in (2, 3)] == [3, 1]
    call(law, rows(law, second)[1], State.LATE, SEVEN + timedelta(hours=25))
    call(law, rows(law, second)[1], State.PRESENT, SEVEN + timedelta(hours=26))
    gone = rows(law, first)[1]
    assert (gone.left_at, gone.relieved_by_id) == (SEVEN + timedelta(hours=26), rows(law, second)[1].id)
    law.run(send_home, law.sari, rows(law, first)[3].id)
    assert law.read(stayed) == [] and [strength(law, n).strength for n in (2, 3)] == [3, None]


def test_a_slip_at_the_apel_brings_back_whoever_it_sent_home(law: Law) -> None:
    first = opened(law, "B", enrol(law, "B", *FOUR))
    call(law, rows(law, first)[0])
    second = opened(law, "C", enrol(law, "C", *FOUR), SEVEN + timedelta(hours=24))
    at = now()
    law.run(start_shift, law.sari, second.id)
    call(law, rows(law, second)[0], at=at)
    assert law.read(stayed) == []
    call(law, rows(law, second)[0], State.LATE, at=at)
    assert [duty.member_id for duty in law.read(stayed)] == [rows(law, first)[0].member_id]


def test_who_follows_whom_is_of_the_same_function_and_station(law: Law) -> None:
    first = opened(law, "B", enrol(law, "B", *FOUR))
    for group in ("station-2", "station-3"):
        law.run(_at, SEVEN, muster_rest, law.sari, first.id, group)
    second = opened(law, "C", enrol(law, "C", *FOUR), SEVEN + timedelta(hours=23))
    came, missing, reskrim, _ = rows(law, second)
    call(law, came)
    call(law, missing, State.LATE)
    call(law, reskrim)

    def told(session: Session) -> list[tuple[str, str, bool, bool, bool]]:
        out, following = (
            roll(session, session.get_one(Shift, first.id)),
            roll(session, session.get_one(Shift, second.id)),
        )
        found = reliefs(out, following, SEVEN + timedelta(hours=24, minutes=10))
        return [
            (row.duty.member.name, row.follower.member.name if row.follower else "", row.done, row.missing, row.tired)
            for row in found
        ]

    assert law.read(told) == [
        ("B 1", "C 1", False, True, True),
        ("B 3", "C 3", False, False, True),
        ("B 0", "C 0", True, False, True),
        ("B 2", "C 2", True, False, True),
    ]


def test_a_pawas_is_relieved_by_the_pawas_alone(law: Law) -> None:
    desks = ((1, "Samapta"), (1, "Samapta"), (1, "Samapta"))
    first = opened(law, "B", enrol(law, "B", *desks, desks=3))
    law.run(_at, SEVEN, muster_rest, law.sari, first.id, "Samapta")
    second = opened(law, "C", enrol(law, "C", *desks, desks=3), SEVEN + timedelta(hours=23))
    pawas, *others = rows(law, second)
    call(law, pawas, State.LATE)
    for duty in others:
        call(law, duty)

    def told(session: Session) -> dict[str, tuple[str, bool]]:
        out, following = (roll(session, session.get_one(Shift, one.id)) for one in (first, second))
        found = reliefs(out, following, SEVEN + timedelta(hours=23, minutes=30))
        return {row.duty.member.name: (row.follower.member.name if row.follower else "", row.missing) for row in found}

    assert law.read(told) == {"B 0": ("C 0", True), "B 1": ("C 1", False), "B 2": ("C 2", False)}
    law.run(_at, SEVEN + timedelta(hours=24), start_shift, law.sari, second.id)
    assert [duty.member.name for duty in law.read(stayed)] == ["B 0"]
    call(law, pawas, at=SEVEN + timedelta(hours=24, minutes=5))
    assert law.read(stayed) == []


def test_too_short_a_rest_is_known(law: Law) -> None:
    who = enrol(law, "B", *FOUR)
    first = opened(law, "B", who)
    call(law, rows(law, first)[0])
    law.run(_at, SEVEN + timedelta(hours=12), close_shift, law.sari, first.id, "pulang")
    again = law.run(
        _at, SEVEN + timedelta(hours=18), open_shift, law.sari,
        Planned("X", "own", SEVEN + timedelta(hours=18), who[0], who, SEVEN + timedelta(hours=24)),
    )  # fmt: skip
    assert law.read(rests, again, who) == {who[0]: timedelta(hours=6)}


def test_what_is_stated_instead_belongs_to_one_shift(law: Law) -> None:
    first = opened(law, "B", enrol(law, "B", *FOUR))
    law.run(muster_rest, law.sari, first.id, "station-2")
    law.run(strengthen, law.sari, 2, 9, "dibantu Brimob")
    station = strength(law, 2).station
    assert (station.stated_by, station.stated_why, station.stated_until) == (
        law.sari.name,
        "dibantu Brimob",
        first.ends,
    )
    call(law, rows(law, first)[0], State.SICK)
    assert strength(law, 2).strength == 9
    law.run(count_again, law.sari, 2)
    assert strength(law, 2).strength == 2 and not strength(law, 2).station.stated_why
    law.run(strengthen, law.sari, 2, 9, "dibantu Brimob")
    law.run(close_shift, law.sari, first.id, "apel ulang")
    assert strength(law, 2).strength is None


def test_an_installation_without_shifts_keeps_what_was_stated(law: Law) -> None:
    law.run(strengthen, law.sari, 2, 9, "apel")
    station = strength(law, 2).station
    assert (station.strength, station.stated_by, station.stated_until) == (9, law.sari.name, None)


def test_one_shift_works_and_one_waits_and_no_more(law: Law) -> None:
    who = enrol(law, "B", *FOUR)
    first = opened(law, "B", who)
    second = opened(law, "C", who)
    with pytest.raises(WrongMoment, match="Regu C sudah dibuka"):
        opened(law, "D", who)
    law.run(close_shift, law.sari, second.id, "salah buka")
    law.run(close_shift, law.sari, first.id, "selesai")
    for act, given in (
        (start_shift, ()),
        (close_shift, ("lagi",)),
        (muster_rest, ("station-2",)),
        (add_to_shift, (who[0],)),
    ):
        with pytest.raises(WrongMoment):
            law.run(act, law.sari, first.id, *given)
    with pytest.raises(WrongMoment, match="sudah ditutup"):
        call(law, rows(law, first)[0])


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("regu", {"regu": " "}), ("pattern", {"pattern": "7"}), ("ends", {"pattern": "own"}),
        ("ends", {"pattern": "own", "ends": SEVEN}), ("ends", {"pattern": "own", "ends": SEVEN + timedelta(hours=49)}),
        ("starts", {"starts": SEVEN + timedelta(days=8)}),
    ],
)  # fmt: skip
def test_a_shift_that_cannot_be_is_refused_beside_its_field(law: Law, field: str, wrong: dict[str, Any]) -> None:
    who = enrol(law, "B", *FOUR)
    with pytest.raises(WrongValue) as refused:
        law.run(_at, SEVEN, open_shift, law.sari, replace(Planned("B", "24", SEVEN, who[0], who), **wrong))
    assert refused.value.field == field and law.read(on_duty) is None


def test_its_roster_comes_from_the_last_time_and_can_be_changed_until_the_call(law: Law) -> None:
    who, other = enrol(law, "B", *FOUR), enrol(law, "Z", (2, "Samapta"))[0]
    assert law.read(last_of, "B") == who
    shift = opened(law, "B", who)
    law.run(add_to_shift, law.sari, shift.id, other)
    with pytest.raises(WrongValue, match="sudah ada"):
        law.run(add_to_shift, law.sari, shift.id, other)
    lead, second, called, *_ = rows(law, shift)
    law.run(take_off_shift, law.sari, second.id)
    call(law, called)
    for duty in (lead, called):
        with pytest.raises(WrongMoment):
            law.run(take_off_shift, law.sari, duty.id)
    assert {*law.read(last_of, "B")} == {*who, other} - {second.member_id}


def test_shifts_are_the_supervisors(law: Law) -> None:
    who = enrol(law, "B", *FOUR)
    for viewer in (law.hendra, law.dewi, law.ann):
        with pytest.raises(NotAllowed):
            law.run(_at, SEVEN, open_shift, viewer, Planned("B", "24", SEVEN, who[0], who))


def test_patterns_follow_the_clock_on_the_wall() -> None:
    at = SEVEN + timedelta(minutes=30)
    assert begins(Pattern.DAY, at) == SEVEN and begins(Pattern.DAY, at + timedelta(hours=7)) == SEVEN + timedelta(
        days=1
    )
    assert begins(Pattern.EIGHT, SEVEN + timedelta(hours=7)) == SEVEN + timedelta(hours=8)
    assert begins(Pattern.TWELVE, SEVEN - timedelta(minutes=20)) == SEVEN
    assert lasts(Pattern.TWELVE, SEVEN) == SEVEN + timedelta(hours=12)
    assert lasts(Pattern.DAY, SEVEN) == SEVEN + timedelta(days=1)


def test_the_headquarters_is_called_by_function(law: Law) -> None:
    head = law.read(lambda s: s.exec(select(Station.id).where(Station.code == load().headquarters.code)).one())
    shift = opened(law, "B", enrol(law, "B", (head, "Lantas"), (head, "Samapta"), (head, "Lantas")))
    assert law.run(muster_rest, law.sari, shift.id, "Lantas") == 2
    assert sums(rows(law, shift)).uncalled == 1


def _events(session: Session) -> list[Event]:
    return list(session.exec(select(Event).order_by(Event.seq)))  # type: ignore[arg-type]
