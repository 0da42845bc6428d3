"""An exercise: a supervisor's, with an end of its own; its cases are numbered apart, ring the house and stand down with it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from console.pages.journal import told as line_of
from models.errors import NotAllowed, WrongMoment, WrongValue
from models.incidents.exercise import MINUTES, Exercise, end_exercise, forgotten, practice, running, start_exercise
from models.incidents.filing import Filing, file
from models.incidents.incident import Incident
from models.incidents.referral import Referral
from models.people.citizens import Citizen
from models.reading.board import board
from models.reading.finding import search
from models.reading.journal import journal
from models.reading.practised import practised
from models.reading.rounds import rounds
from models.reading.wall import need
from models.record.event import Event
from models.record.outbox import Parcel
from models.roles import Role
from models.time import as_of, now
from models.viewer import CLOCK, Audience, Viewer
from models.workflow import OPEN, Status
from tests.support.law import PHONES, Law

HOUR = timedelta(hours=1)


def start(law: Law, minutes: int = 60, by: Viewer | None = None) -> Exercise:
    row: Exercise = law.run(start_exercise, by or law.sari, "Kebakaran pasar", minutes)
    return row


def test_one_runs_at_a_time_by_a_supervisor_with_a_reason_and_an_end(law: Law) -> None:
    for nobody in (law.hendra, law.dewi, law.ann):
        with pytest.raises(NotAllowed):
            start(law, by=nobody)
    for wrong in (("", 60), ("Kebakaran pasar", 7), ("x" * 121, 60)):
        with pytest.raises(WrongValue):
            law.run(start_exercise, law.sari, *wrong)
    row = start(law)
    assert row.ends_at - row.began_at == HOUR and law.read(practice)[0].officer.title == "AKP Sari Ginting"
    with pytest.raises(WrongMoment, match="Latihan AKP Sari Ginting sedang berjalan"):
        start(law)
    law.run(end_exercise, law.sari)
    assert law.read(running) is None
    with pytest.raises(WrongMoment):
        law.run(end_exercise, law.sari)


def test_forgotten_it_ends_by_itself_and_the_journal_says_so(law: Law) -> None:
    start(law, min(MINUTES))
    law.run(end_exercise, CLOCK)  # too early: nothing happens
    assert law.read(running) and not law.read(forgotten)

    def later(session: Session) -> None:
        with as_of(now() + timedelta(minutes=min(MINUTES), seconds=1)):
            assert forgotten(session)
            end_exercise(session, CLOCK)
            end_exercise(session, CLOCK)  # another process was there, too

    law.run(later)
    assert law.read(lambda s: s.exec(select(Exercise)).one()).by_itself
    done = law.read(lambda s: journal(s, law.sari, since=now() - HOUR, until=now() + HOUR))
    assert [line_of(one, "id", {}, {}) for one in done] == [
        "latihan berakhir sendiri: Kebakaran pasar", "memulai latihan: Kebakaran pasar",
    ]  # fmt: skip


def test_only_a_supervisor_files_for_it_and_only_while_it_runs(law: Law) -> None:
    with pytest.raises(WrongMoment):
        law.file(law.sari, exercise=True)
    start(law)
    assert law.file(law.sari, exercise=True).exercise
    with pytest.raises(WrongValue, match="dibuat oleh pengawas"):
        law.file(law.hendra, exercise=True)

    def by_a_reporter(session: Session) -> None:
        site: Any = None
        file(session, law.ann, Filing("CURAS_BEGAL", "x", site, exercise=True))

    with pytest.raises(WrongValue):
        law.run(by_a_reporter)


def test_it_has_numbers_of_its_own_and_takes_none_of_the_true_ones(law: Law) -> None:
    first = law.file()
    start(law)
    drill, second = law.file(law.sari, exercise=True), law.file()
    month = first.number[:4]
    assert [one.number for one in (first, drill, second)] == [f"{month}-0001", f"LAT-{month}-0001", f"{month}-0002"]
    for q, found in ((drill.number, drill), (drill.number.replace("-", "").lower(), drill), (first.number, first)):
        assert [one.id for one in law.read(search, law.sari, q)] == [found.id]


def test_what_is_true_stays_true_and_nobody_real_is_told_of_what_is_not(law: Law) -> None:
    start(law)
    true = law.file(law.ann)
    assert not true.exercise
    drill = law.file(law.sari, exercise=True, source="caller", caller_phone=PHONES["Ann Siregar"])
    law.run(lambda s: setattr(s.get_one(Citizen, law.ann.id), "password", "-"))
    law.take(drill, "claim", law.hendra)
    assert law.read(lambda s: s.exec(select(Parcel)).all()) == []
    complaint = law.read(lambda s: s.get_one(Incident, drill.id).complaints[0])
    assert complaint.exercise and complaint.citizen_id is None  # whose phone it is did not practise


def test_when_it_is_over_its_cases_stand_down_and_nothing_else_does(law: Law) -> None:
    start(law)
    true, waits, out, closed = law.file(), *(law.file(law.sari, exercise=True) for _ in range(3))
    for one in (out, closed):
        law.take(one, "claim", law.hendra)
    law.send(out, law.hendra)
    law.take(closed, "dismiss", law.hendra, reason="empty")
    assert law.incident(out.id).personnel == 4
    law.run(end_exercise, law.sari)
    assert law.incident(true.id).status == Status.NEW
    for one in (waits, out):
        after = law.incident(one.id)
        assert (after.status, after.outcome, after.personnel) == (Status.RESOLVED, "exercise_over", 0)
    assert law.incident(closed.id).outcome is None
    assert law.read(lambda s: s.exec(select(Exercise)).one()).stood_down == 2
    with pytest.raises(WrongMoment):
        law.take(true, "stand_down", CLOCK)
    assert not law.read(
        lambda s: s.exec(select(Incident).where(Incident.exercise, col(Incident.status).in_(OPEN))).all()
    )


def test_its_own_figures_are_of_its_cases_alone_and_in_no_others(law: Law) -> None:
    law.run(lambda s: None)
    begun = start(law)
    true, drill = law.file(), law.file(law.sari, exercise=True)
    for one in (true, drill):
        law.take(one, "claim", law.hendra)
    law.send(drill, law.hendra, (None, 3))

    def told(session: Session) -> tuple[Any, ...]:
        own = practised(session, law.sari, session.get_one(Exercise, begun.id))
        (case,) = own.cases
        return case.incident.id, case.round.personnel, own.came("sent"), own.came("arrived"), case.after("arrived")

    assert law.read(told) == (drill.id, 3, 1, 0, None)
    assert [one.incident_id for one in law.read(rounds, now() - HOUR, now() + HOUR)] == [true.id]
    events = law.read(lambda s: s.exec(select(Event.step).where(col(Event.step).like("%exercise"))).all())
    assert list(events) == ["start_exercise"]


def test_whatever_it_is_it_stands_beneath_what_is_true(law: Law) -> None:
    """A practised P1 beneath a true P4, on console, wall and partner's desk; what is late beneath what is not, too."""
    start(law)
    drill = law.file(law.sari, exercise=True)
    true = law.file(category="BARANG_HILANG")
    assert (drill.priority, true.priority) == (1, 4)
    law.run(lambda session: setattr(session.get_one(Incident, drill.id), "escalated_for", drill.due_at))
    rows = law.read(board, law.hendra.audience)
    assert [row.id for row in rows.rows] == [true.id, drill.id]
    assert rows.true(Status.NEW) == 1
    practised, real = law.incident(drill.id), law.incident(true.id)
    assert real.rank < practised.rank < 2**53
    taken = law.take(true, "claim", law.hendra)
    assert law.incident(drill.id).rank < law.incident(taken.id).rank  # it waits; what is held does not
    asked = Referral(incident_id=0, agency_id=0, tier="full", state="asked", asked_at=now())
    assert asked.rank(4, exercise=False) < asked.rank(1, exercise=True)


def test_a_wall_shows_what_is_true_first(law: Law) -> None:
    start(law)
    drill, true = law.file(law.sari, exercise=True), law.file(category="BARANG_HILANG")
    assert [row.id for row in law.read(board, Audience(Role.WALL, "", "id")).rows] == [true.id, drill.id]
    assert need(law.incident(true.id)) < need(law.incident(drill.id))
