"""Who sits at a console, and what a dispatch rested on: logged when it is so, since it cannot be shown later."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from console.clock import _due
from models.administration.people import retire
from models.incidents.strengths import strengths
from models.people.officers import Presence, leave_desk, note_presence, on_duty
from models.record.event import Event
from models.time import as_of, now
from tests.support.law import Law

NIGHT = datetime.fromisoformat("2026-11-21T21:00:00+00:00")


def at(law: Law, seconds: int, function: Any, *arguments: Any) -> Any:
    """So many seconds into the night."""

    def then(session: Session) -> Any:
        with as_of(NIGHT + timedelta(seconds=seconds)):
            return function(session, *arguments)

    return law.run(then)


def log(law: Law) -> list[tuple[str, int]]:
    """What was noted of whose desk, since the night began: (step, seconds at which somebody was there last)."""
    rows = select(Event).where(col(Event.step).in_(("sit", "leave"))).order_by(col(Event.seq))
    ends = [
        (event.step, datetime.fromisoformat(event.body.get("seen_at", event.at.isoformat())))
        for event in law.read(lambda session: session.exec(rows).all())
    ]
    return [(step, int((moment - NIGHT).total_seconds())) for step, moment in ends]


def leave_all(session: Session) -> None:
    for id in _due(session, may_lapse=True)[2]:
        leave_desk(session, id)


def test_sitting_down_is_told_once_and_leaving_when_the_console_was_last_heard_of(law: Law) -> None:
    for second in (0, 15, 30):
        at(law, second, note_presence, [law.hendra.id])
    at(law, 74, leave_all)  # not silent for long enough
    assert log(law) == [("sit", 0)]
    at(law, 76, leave_all)
    at(law, 77, leave_all)
    assert log(law) == [("sit", 0), ("leave", 30)]
    at(law, 90, note_presence, [law.hendra.id])
    assert log(law) == [("sit", 0), ("leave", 30), ("sit", 90)]
    left = law.read(lambda s: s.exec(select(Event).where(Event.step == "leave")).one())
    minutes = datetime.fromisoformat(left.body["seen_at"]) - datetime.fromisoformat(left.body["sat_at"])
    assert minutes == timedelta(seconds=30) and left.body["officer"] == law.hendra.id and left.by_role == "clock"


def test_who_was_away_while_no_server_ran_left_then(law: Law) -> None:
    at(law, 0, note_presence, [law.hendra.id])
    at(law, 300, note_presence, [law.hendra.id])
    assert log(law) == [("sit", 0), ("leave", 0), ("sit", 300)]


def test_just_after_a_start_nobody_has_left(law: Law) -> None:
    at(law, 0, note_presence, [law.hendra.id])
    assert at(law, 300, _due, False)[2] == [] and at(law, 300, _due, True)[2] == [law.hendra.id]


def test_an_account_that_ends_leaves_its_desk(law: Law) -> None:
    law.run(note_presence, [law.hendra.id])
    law.run(retire, law.dewi, law.hendra.id)
    assert [step for step, _ in log(law)] == ["sit", "leave"]
    assert law.read(lambda s: s.get(Presence, law.hendra.id)) is None


def test_the_desk_reads_since_when_somebody_sits_there(law: Law) -> None:
    law.run(note_presence, [law.hendra.id])
    (on,) = law.read(on_duty)
    assert on.sat_at and now() - on.sat_at < timedelta(minutes=1) and not on.silent


def test_a_dispatch_notes_what_it_rested_on(law: Law) -> None:
    for _ in range(3):
        past = law.file()
        law.take(past, "claim", law.hendra)
        law.send(past, law.hendra, (None, 6))
        law.take(past, "resolve", law.hendra, outcome="handled")
    incident = law.file()
    law.take(incident, "claim", law.hendra)
    before = {row.station.id: row.free for row in law.read(strengths)}
    law.send(incident, law.hendra, (None, 5), modifier=["armed"])
    law.run(lambda s: setattr(s.get_one(type(incident), past.id), "closed_at", None))  # whatever becomes of the past
    body = law.read(
        lambda s: s.exec(select(Event).where(Event.step == "dispatch").order_by(col(Event.seq).desc())).first()
    ).body
    assert [part["code"] for part in body["parts"]] == ["base", "armed"]
    assert sum(part["n"] for part in body["parts"]) == body["suggested"]
    assert (body["median"], body["median_of"]) == (6, 3)
    assert body["free"] == sum(n or 0 for n in before.values())
    assert all(row["free"] == before[row["station_id"]] for row in body["sent"])
    law.take(incident, "reinforce", law.hendra, sent=[(1, 1)], metres=lambda a, b: 0.0)
    more = law.read(lambda s: s.exec(select(Event).where(Event.step == "reinforce")).one()).body
    assert more["free"] == body["free"] - 5
