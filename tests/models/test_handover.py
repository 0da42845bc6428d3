"""Serah terima in the law: frozen at a number that can be checked, answered case by case, signed twice, left with a name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from models.command.apel import muster
from models.command.calling import Rung, Telling
from models.command.freezing import freeze
from models.command.handover import (
    Answer,
    HandedCase,
    Handover,
    Noted,
    Side,
    cases,
    handover_of,
    newest_handover,
    unaccepted,
)
from models.command.handover_since import since_frozen
from models.command.handover_steps import accept_case, accept_rest, note_case, reply_case, send_back, sign_handover
from models.command.shifts import Shift, State, on_duty, roll
from models.command.untaken import CASE_WAITS, SHIFT_WAITS, tell_untaken, untaken
from models.errors import NotAllowed, NotFound, Outdated, Unsure, WrongMoment, WrongValue
from models.incidents.incident import Incident
from models.reading.folding import board_at
from models.record.event import Event
from models.time import as_of, now
from models.viewer import Viewer
from tests.support.law import Law
from tests.support.pickets import pickets

LATER = timedelta(seconds=1)


@dataclass
class Night:
    """Regu B under Sari is on duty, regu C under Surya has been called; `open` cases wait."""

    law: Law
    surya: Viewer
    b: Shift
    c: Shift
    open: list[Incident] = field(default_factory=list)

    def run(self, function: Callable[..., Any], by: Viewer, *arguments: Any, **named: Any) -> Any:
        return self.law.run(lambda session: function(session, by, *arguments, **named))

    def rows(self) -> list[HandedCase]:
        return self.law.read(lambda session: cases(session, self.handover()))

    def handover(self) -> Handover:
        return self.law.read(lambda session: session.exec(select(Handover).where(Handover.shift_id == self.b.id)).one())

    def freeze(self) -> list[HandedCase]:
        self.run(freeze, self.law.sari)
        return self.rows()

    def sign(self, side: Side, who: Viewer) -> Handover:
        return self.run(sign_handover, who, self.handover().id, side, who.id)


@pytest.fixture
def night(law: Law) -> Night:
    night = Night(law, *pickets(law))
    night.open = [law.file(), law.file(category="KEBAKARAN"), law.file()]
    law.take(night.open[0], "claim", law.hendra)
    return night


def row_of(night: Night, incident: Incident) -> HandedCase:
    return next(row for row in night.rows() if row.incident_id == incident.id)


def test_the_frozen_list_is_the_fold_of_the_record_at_its_number(night: Night) -> None:
    rows = night.freeze()
    seq = night.handover().frozen_seq
    night.law.take(night.open[1], "claim", night.law.ratna)  # whatever comes later
    board = night.law.read(board_at, seq)
    assert {row.incident_id: row.seq for row in rows} == {id: told.seq for id, told in board.cards.items()}
    for row in rows:
        told = board.cards[row.incident_id].columns
        assert (row.priority, row.category_code) == (told["priority"], told["category_code"])
    assert row_of(night, night.open[0]).holder == "Aipda Hendra Siregar" and row_of(night, night.open[2]).holder == ""
    frozen = night.law.read(lambda session: session.exec(select(Event).where(Event.step == "freeze")).one())
    assert (frozen.seq, frozen.body["at"], frozen.body["cases"]) == (seq + 1, seq, 3)


def test_what_the_next_shift_must_know_is_written_before_and_stays_through_freezing(night: Night) -> None:
    said = Noted(" Pelaku lari ke utara ", "Bisa muncul di Jl. S. Parman", "Bripka Yusuf")
    row = night.run(note_case, night.law.sari, night.open[0].id, said)
    with pytest.raises(Outdated):
        night.run(note_case, night.law.sari, night.open[0].id, Noted("lain"), version=row.version - 1)
    frozen = {row.incident_id: row for row in night.freeze()}[night.open[0].id or 0]
    assert (frozen.happened, frozen.may_happen, frozen.goes_on) == (
        "Pelaku lari ke utara", "Bisa muncul di Jl. S. Parman", "Bripka Yusuf",
    )  # fmt: skip
    kept = night.law.read(lambda session: [str(event.body) for event in session.exec(select(Event))])
    assert not any("utara" in body for body in kept)  # words go with the case, and the record is for ever
    with pytest.raises(WrongValue):
        night.run(note_case, night.law.sari, night.open[0].id, Noted("x" * 161))
    with pytest.raises(NotFound):
        night.run(note_case, night.law.sari, 9999, Noted("x"))


def test_nothing_is_frozen_for_nobody_and_nothing_answered_before(night: Night) -> None:
    noted = night.run(note_case, night.law.sari, night.open[0].id, Noted("Pelaku dua orang"))
    with pytest.raises(WrongMoment):
        night.run(accept_case, night.surya, noted.id)
    with pytest.raises(WrongMoment):
        night.sign(Side.OUT, night.law.sari)
    night.law.run(lambda session: setattr(session.get_one(Shift, night.c.id), "closed_at", now()))
    with pytest.raises(WrongMoment, match="regu berikutnya"):
        night.freeze()


def test_an_answer_and_a_question_and_its_reply(night: Night) -> None:
    first, second, third = night.freeze()
    accepted = night.run(accept_case, night.surya, first.id)
    assert (accepted.answer, accepted.answered_by) == (Answer.ACCEPTED, "AKP Surya Ginting")
    events = len(night.law.read(lambda session: session.exec(select(Event)).all()))
    night.run(accept_case, night.surya, first.id)  # twice changes nothing
    assert len(night.law.read(lambda session: session.exec(select(Event)).all())) == events
    night.run(send_back, night.surya, second.id, "Basarnas sudah dihubungi?")
    with pytest.raises(WrongMoment):
        night.run(accept_case, night.surya, second.id)
    assert night.run(accept_rest, night.surya, night.handover().id) == 1  # never what was sent back
    assert row_of(night, third.incident).answer == Answer.ACCEPTED
    with pytest.raises(WrongMoment):
        night.run(reply_case, night.law.sari, third.id, "apa?")
    with pytest.raises(NotAllowed):
        night.run(reply_case, night.surya, second.id, "sendiri")  # who asks does not answer
    night.run(reply_case, night.law.sari, second.id, "Ya, 22.40")
    assert night.run(accept_case, night.surya, second.id).answer == Answer.ACCEPTED


def test_whoever_hands_over_accepts_nothing(night: Night) -> None:
    first, *_ = night.freeze()
    with pytest.raises(NotAllowed):
        night.run(accept_case, night.law.sari, first.id)
    with pytest.raises(NotAllowed):
        night.run(send_back, night.law.sari, first.id, "apa?")
    for by in (night.law.hendra, night.law.dewi, night.law.ann):
        with pytest.raises(NotAllowed):
            night.run(accept_case, by, first.id)


def test_two_at_once_one_wins_and_the_other_reads_why(night: Night) -> None:
    first, *_ = night.freeze()
    night.run(accept_case, night.surya, first.id, version=first.version)
    with pytest.raises(Outdated):
        night.run(send_back, night.surya, first.id, "apa?", version=first.version)


def test_a_case_that_was_closed_meanwhile_needs_nobody(night: Night) -> None:
    night.freeze()
    night.law.take(night.open[0], "resolve", night.law.hendra, outcome="handled")
    row = row_of(night, night.open[0])
    with pytest.raises(WrongMoment, match="sudah selesai"):
        night.run(accept_case, night.surya, row.id)
    assert night.run(accept_rest, night.surya, night.handover().id) == 2
    night.sign(Side.OUT, night.law.sari)
    night.sign(Side.IN, night.surya)
    assert night.law.read(unaccepted) == []


def test_what_came_and_changed_since_is_said_and_frozen_again_is_answered_anew(night: Night) -> None:
    first, *_ = night.freeze()
    night.run(accept_rest, night.surya, night.handover().id)
    late = night.law.file()
    night.law.take(night.open[2], "claim", night.law.ratna)
    since = night.law.read(lambda session: since_frozen(session, night.handover()))
    assert [one.id for one in since.new] == [late.id] and [row.incident_id for row in since.changed] == [
        night.open[2].id
    ]
    rows = {row.incident_id: row for row in night.freeze()}
    assert rows[late.id or 0].answer == rows[night.open[2].id or 0].answer == Answer.WAITING
    assert rows[first.incident_id].answer == Answer.ACCEPTED  # nothing happened to it
    again = night.law.read(lambda session: since_frozen(session, night.handover()))
    assert (again.new, again.changed) == ([], [])


def test_two_signatures_by_two_people_and_the_next_shift_is_on(night: Night) -> None:
    rows = night.freeze()
    with pytest.raises(WrongMoment):
        night.sign(Side.IN, night.surya)  # the first is first
    with pytest.raises(NotAllowed):
        night.sign(Side.OUT, night.surya)  # of the other side
    with pytest.raises(WrongValue):  # no supervisor
        night.run(sign_handover, night.law.sari, night.handover().id, Side.OUT, night.law.hendra.id)
    night.sign(Side.OUT, night.law.sari)
    with pytest.raises(WrongValue):
        night.run(sign_handover, night.surya, night.handover().id, "both", night.surya.id)
    for side, who, error in (
        (Side.OUT, night.law.sari, WrongMoment), (Side.IN, night.law.sari, NotAllowed),
    ):  # fmt: skip
        with pytest.raises(error):
            night.sign(side, who)
    with pytest.raises(WrongMoment):
        night.freeze()
    with pytest.raises(WrongMoment):
        night.run(note_case, night.law.sari, night.open[0].id, Noted("terlambat"))
    night.run(accept_case, night.surya, rows[0].id)
    done = night.sign(Side.IN, night.surya)
    assert (done.out_name, done.in_name) == ("AKP Sari Ginting", "AKP Surya Ginting")
    assert night.law.read(on_duty).id == night.c.id
    signed = night.law.read(lambda session: session.get_one(Event, done.done_seq))
    assert signed.step == "sign_handover" and signed.body["side"] == "in"
    with pytest.raises(WrongMoment):
        night.sign(Side.IN, night.surya)


def test_a_shift_that_would_begin_by_a_slip_is_asked_about(night: Night) -> None:
    night.freeze()
    night.sign(Side.OUT, night.law.sari)
    id, surya = night.handover().id, night.surya

    def at(moment: datetime, sure: bool = False) -> None:
        def act(session: Session) -> None:
            with as_of(moment):
                sign_handover(session, surya, id, Side.IN, surya.id or 0, sure)

        night.law.run(act)

    with pytest.raises(Unsure, match="baru mulai"):
        at(night.c.starts - timedelta(hours=2))
    night.law.run(lambda session: [setattr(duty, "state", None) for duty in roll(session, night.c)] and None)
    with pytest.raises(Unsure, match="Belum seorang pun"):
        at(night.c.starts)
    at(night.c.starts, sure=True)
    assert night.law.read(on_duty).id == night.c.id


def test_after_both_signatures_an_open_question_holds_nobody_up(night: Night) -> None:
    first, *_ = night.freeze()
    night.run(send_back, night.surya, first.id, "CCTV?")
    night.sign(Side.OUT, night.law.sari)
    night.sign(Side.IN, night.surya)
    assert night.run(accept_case, night.surya, first.id).answer == Answer.ACCEPTED


def test_what_nobody_accepted_stays_until_somebody_does(night: Night) -> None:
    rows = night.freeze()
    night.sign(Side.OUT, night.law.sari)
    night.run(accept_case, night.surya, rows[0].id)
    night.sign(Side.IN, night.surya)
    left = night.law.read(unaccepted)
    assert [row.id for row in left] == [row.id for row in rows[1:]]
    assert night.law.read(newest_handover).out_name == "AKP Sari Ginting"
    assert night.run(accept_rest, night.surya, night.handover().id) == 2
    assert night.law.read(unaccepted) == []


def test_what_goes_along_is_counted_when_it_is_frozen(night: Night) -> None:
    night.freeze()
    before = night.handover().carried
    assert (before["total"], before["present"], before["uncalled"]) == (2, 1, 1)
    assert before["present"] + before["uncalled"] + sum(before["why"].values()) == before["total"]
    for duty in night.law.read(roll, night.c)[1:]:
        night.law.run(muster, night.surya, duty.id, State.SICK)
    assert night.handover().carried == before
    night.freeze()
    assert night.handover().carried["why"] == {"sick": 1}


def test_the_handover_is_of_the_shift_on_duty(law: Law, night: Night) -> None:
    assert law.read(handover_of, night.b) is None
    night.freeze()
    assert law.read(newest_handover).shift_id == night.b.id


def test_a_case_that_nobody_accepts_stands_on_the_desk_and_reaches_the_commands_phone_once(night: Night) -> None:
    rows = night.freeze()
    night.sign(Side.OUT, night.law.sari)
    done = night.sign(Side.IN, night.surya)
    left = night.law.read(untaken)
    assert [case.id for case in left.cases] == [row.id for row in rows] and left.names == ["AKP Sari Ginting"]
    assert done.in_at
    at = {wait: done.in_at + CASE_WAITS + wait for wait in (-LATER, LATER, 2 * LATER)}
    assert told_at(night, at[-LATER]) == []
    assert told_at(night, at[LATER]) == [(Rung.COMMAND, done.in_at)]
    assert told_at(night, at[2 * LATER]) == []
    night.run(accept_rest, night.surya, night.handover().id)
    assert night.law.read(untaken).cases == []


def test_a_watch_that_nobody_comes_to_take_is_loud(night: Night) -> None:
    assert night.law.read(untaken).over is None
    with as_of(night.b.ends + LATER):
        assert night.law.read(untaken).over.id == night.b.id
    assert told_at(night, night.b.ends + SHIFT_WAITS - LATER) == []
    assert told_at(night, night.b.ends + SHIFT_WAITS + LATER) == [(Rung.COMMAND, night.b.ends)]
    assert told_at(night, night.b.ends + SHIFT_WAITS + 2 * LATER) == []


def told_at(night: Night, moment: datetime) -> list[tuple[str, datetime]]:
    """Whom the house told at this moment that it had told nobody before."""

    def act(session: Session) -> list[tuple[str, datetime]]:
        with as_of(moment):
            known = set(session.exec(select(Telling.id)))
            tell_untaken(session)
            return [(one.rung, one.since) for one in session.exec(select(Telling)) if one.id not in known]

    told: list[tuple[str, datetime]] = night.law.run(act)
    return told
