"""A clock that was hours ahead and was put right: nothing that it stored opens, holds or shuts longer than it may."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, update
from sqlmodel import Session, SQLModel, UTCDateTime, select

from models.command.ahead import BOUNDS
from models.command.bulletin import Draft, in_force, publish
from models.errors import WrongMoment
from models.incidents.arrivals import Arrival, arrived
from models.incidents.holding import unattended
from models.incidents.incident import Incident
from models.people.officers import note_presence
from models.record.event import Look, note_look
from models.record.lease import hold
from models.time import as_of, now
from tests.models.test_databases import fill
from tests.server.test_clock import clock_of, steps, wait
from tests.support.law import Law, law_of

WRONG_BY = timedelta(hours=3)
TELLS_OF_THE_PAST = """
factor.added_at factor.used_at handed_case.answered_at handed_case.opened_at handed_case.replied_at handover.begun_at handover.frozen_at
handover.in_at handover.out_at recovery_code.used_at
alarm.looked_at alarm.opened_at alarm.sounded_at incident.alerted_at silence.ended_at silence.raised_at silence.since telling.ended_at telling.since
appeal.answered_at appeal.at blocked_number.at bookmark.at highlight.at brief.added_at brief.at brief.ended_at brief.until brief_read.at bulletin.added_at bulletin.changed_at bulletin.since bulletin.until
bulletin.withdrawn_at citizen.added_at citizen.blocked_at citizen.erased_at complaint.erased_at complaint.filed_at
device.first_at duty.came_at duty.left_at duty.since dispatch.arrived_at dispatch.cleared_at dispatch.sent_at erasure.asked_at event.at evidence.added_at
evidence.taken_at exercise.began_at exercise.ended_at factor.added_at handed_case.answered_at handed_case.opened_at handed_case.replied_at
handover.begun_at handover.frozen_at handover.in_at handover.out_at head.sealed_at incident.arrived_at incident.claimed_at incident.closed_at incident.dispatched_at
incident.due_at incident.escalated_for incident.filed_at incident.given_at incident.handled_at incident.known_at incident.noticed_at
incident.shelved_until
incident.opened_at incident.preserved_at incident.unheard_at key.added_at key.revoked_at look.at member.added_at officer.added_at period.set_at rating.at rating.closed_at referral.answered_at
referral.asked_at shift.began_at shift.closed_at shift.ends shift.opened_at shift.starts station.stated_at station.stated_until strike.at strike.decided_at transfer.began_at wall.paired_at
"""


@pytest.fixture
def one_law(sqlite_url: str) -> Iterator[Law]:
    """Where the database makes no difference."""
    with law_of(sqlite_url) as law:
        yield law


def in_a_future(law: Law, function: Any, *arguments: Any) -> Any:
    def act(session: Session) -> Any:
        with as_of(datetime.now(UTC) + WRONG_BY):
            return function(session, *arguments)

    return law.run(act)


def test_every_stored_moment_has_a_bound_or_tells_of_the_past() -> None:
    moments = {
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, UTCDateTime)
    }
    bounded = {f"{column.class_.__tablename__}.{column.key}" for column, *_ in BOUNDS} | {"arrival.hour"}
    assert moments == bounded | {*TELLS_OF_THE_PAST.split()}


def test_no_stored_moment_stays_further_ahead_than_it_may(law: Law) -> None:
    """A year ahead, all of them; then the clock is put right under the server."""
    law.file()
    law.run(_all_of_them, now() + timedelta(days=365))
    in_a_future(law, arrived, law.ann, 10**9)
    clock = clock_of(law)
    clock._ahead = now().timestamp() - time.monotonic() + 60  # as it was a second ago
    wait(clock.follow())
    assert law.read(_too_far) == []
    assert law.read(lambda session: session.exec(select(Arrival)).all()) == []


def _all_of_them(session: Session, moment: datetime) -> None:
    """A row in every table that has such a moment."""
    for table in {column.class_.__table__ for column, *_ in BOUNDS}:
        connection = session.connection()
        if not connection.execute(select(func.count()).select_from(table)).scalar():
            fill(connection, table.name)
    for column, *_ in BOUNDS:
        session.connection().execute(update(column.class_).values({column.key: moment}))


def _too_far(session: Session) -> list[str]:
    at = now()
    return [
        str(column)
        for column, length, *which in BOUNDS
        if session.exec(select(func.count()).where(column > at + length, *which)).one()
    ]


def test_a_lease_further_ahead_than_it_lasts_is_none(one_law: Law) -> None:
    assert in_a_future(one_law, hold, "clock", "gone")
    assert one_law.run(hold, "clock", "first") and not one_law.run(hold, "clock", "second")


def test_what_was_done_in_a_future_was_not_done_lately(one_law: Law) -> None:
    law, held = one_law, one_law.file()
    in_a_future(law, lambda session: session.get_one(Incident, held.id).take("claim", law.hendra))
    with pytest.raises(WrongMoment, match="20 detik"):
        law.take(held, "undo", law.hendra, step="claim")
    in_a_future(law, note_presence, [law.hendra.id])
    assert law.read(unattended) == [(held.id, True)]
    in_a_future(law, _look, law, held)
    law.run(_look, law, held)  # noted as well: somebody has read it now
    assert len(law.read(lambda session: session.exec(select(Look)).all())) == 2


def _look(session: Session, law: Law, incident: Incident) -> None:
    note_look(session, "panel", law.hendra, incident_id=incident.id)


def test_a_wait_that_began_in_a_future_is_late(one_law: Law) -> None:
    """Nobody can say for how long somebody has waited there: so somebody has to look, once."""
    law, waiting = one_law, one_law.take(one_law.file(), "claim", one_law.hendra)
    in_a_future(law, lambda session: session.get_one(Incident, waiting.id).take("release", law.hendra, reason="pindah"))
    clock = clock_of(law)
    for _ in range(2):
        wait(clock.tick())
    assert steps(law, waiting) == ["file", "claim", "release", "escalate"]


def test_a_bulletin_that_was_on_when_it_was_written_is_on(one_law: Law) -> None:
    told = in_a_future(one_law, publish, one_law.sari, Draft("Jalan ditutup", "Sampai malam.", "berita"))
    assert [row.id for row in one_law.read(in_force)] == [told.id] and told.state == "shown"
