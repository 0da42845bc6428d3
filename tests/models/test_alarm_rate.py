"""The rate of alarms: counted by hand, and beside it ours."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from models.incidents.incident import Incident
from models.people.officers import note_presence
from models.reading.alarm_rate import Rate, alarm_rate
from models.time import as_of
from tests.support.law import Law

SEVEN = datetime.fromisoformat("2026-11-21T00:00:00+00:00")  # in Medan it is seven in the morning
TEN_O_CLOCK = SEVEN + timedelta(hours=3)


def filed(law: Law, *minutes: float) -> list[Incident]:
    """So many minutes after seven."""
    rows = [law.file() for _ in minutes]

    def then(session: Session) -> None:
        for row, minute in zip(rows, minutes, strict=True):
            incident = session.get_one(Incident, row.id)
            incident.filed_at, incident.muted = SEVEN + timedelta(minutes=minute), False

    law.run(then)
    return rows


def rate(law: Law, line: int = 3) -> Rate:
    def read(session: Session) -> Rate:
        with as_of(TEN_O_CLOCK):
            return alarm_rate(session, line)

    return law.run(read)


def test_average_peak_and_time_in_flood_since_seven(law: Law) -> None:
    filed(law, 60, 60.5, 61, 61.5, 64, 100, 175, 179)
    now = rate(law)
    assert now.average == pytest.approx(8 / 18)  # three hours are eighteen times ten minutes
    assert now.peak == 5
    # More than three within the ten minutes before: at 62 (the fourth came) to 70 (60 is out, four are left), not at 71.
    assert now.flooded == pytest.approx(9 / 180)
    assert (now.now, now.bars[-2], sum(now.bars), now.flood) == (2, 0, 8, False)


def test_in_a_flood_it_says_who_may_share_and_else_nobody(law: Law) -> None:
    rows = filed(law, 175, 176, 177, 178, 179)
    law.take(rows[0], "claim", law.hendra)

    def sit(session: Session) -> None:
        with as_of(TEN_O_CLOCK):
            note_presence(session, [law.hendra.id or 0, law.ratna.id or 0])

    law.run(sit)
    assert [(officer.login, held) for officer, held in rate(law).free] == [("ratna", 0), ("hendra", 1)]
    assert rate(law).flood and not rate(law, 5).flood and rate(law, 5).free == []


def test_what_rings_for_nobody_and_an_exercise_are_no_alarms(law: Law) -> None:
    rows = filed(law, 175, 176)
    for row, name in zip(rows, ("muted", "exercise"), strict=True):
        law.run(lambda s, id=row.id, name=name: setattr(s.get_one(Incident, id), name, True))  # type: ignore[misc]
    assert (rate(law).now, rate(law).average) == (0, 0)
