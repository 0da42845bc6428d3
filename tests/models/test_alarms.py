"""Receipts of alarms: what each console had, what sounded or why not, who looked; and what of it is kept."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from console.clock import _tidy
from models.command.retention import ALARMS, set_period
from models.command.sweeping.sweep import due, sweep
from models.incidents.alarms import Alarm, Receipt, Silent, look_at, note_receipts
from models.incidents.incident import Incident
from models.people.officers import note_presence
from models.reading.proof import Console, proof
from models.time import as_of, now
from models.viewer import CLOCK, Viewer
from tests.support.law import Law


def seated(law: Law, name: str) -> Viewer:
    """At a console of their own."""
    from dataclasses import replace

    return replace(getattr(law, name), session=f"{name:0<64}")


def answer(law: Law, incident: Incident, *said: tuple[Viewer, Receipt]) -> None:
    law.run(note_receipts, list(said))


def receipt(incident: Incident, sounded: int | None = None, silent: Silent = Silent.NO, **more: Any) -> Receipt:
    """Received at once; sounded so many seconds later."""
    at = incident.opened_at
    heard = None if sounded is None else at + timedelta(seconds=sounded)
    return Receipt(incident.id, int(at.timestamp() * 1000), more.pop("received_at", at), heard, silent, **more)


def shown(law: Law, incident: Incident) -> dict[str, Console]:
    rows = law.read(lambda s: proof(s, s.get_one(Incident, incident.id)).consoles)
    return {one.officer.login: one for one in rows}


def test_each_console_says_what_it_had_and_the_first_word_counts(law: Law) -> None:
    incident, hendra, ratna = law.file(), seated(law, "hendra"), seated(law, "ratna")
    answer(law, incident, (hendra, receipt(incident, 1)), (ratna, receipt(incident, silent=Silent.HUSHED)))
    answer(law, incident, (hendra, receipt(incident, 9, received_at=now())))  # said anew on another line
    rows = shown(law, incident)
    assert rows["hendra"].sounded_at == incident.opened_at + timedelta(seconds=1)
    assert rows["hendra"].received_at == incident.opened_at
    assert (rows["ratna"].sounded_at, rows["ratna"].silent) == (None, "hushed")
    answer(law, incident, (ratna, receipt(incident, 70)))  # a minute later it did
    assert (shown(law, incident)["ratna"].silent, shown(law, incident)["ratna"].sounded_at is not None) == ("", True)


def test_nobody_answers_for_what_they_may_not_see_or_for_another_time_of_waiting(law: Law) -> None:
    hendra, sari = seated(law, "hendra"), seated(law, "sari")
    about = law.file(category="OKNUM")
    answer(law, about, (hendra, receipt(about, 1)), (sari, receipt(about, 1)))
    assert set(shown(law, about)) == {"sari"}
    incident = law.file()
    law.take(incident, "claim", law.hendra)
    again = law.take(incident, "release", law.hendra)
    answer(law, incident, (hendra, receipt(incident, 1)))  # of before
    assert shown(law, again) == {}
    answer(law, again, (hendra, receipt(again, 1)))
    assert set(shown(law, again)) == {"hendra"}
    nobody = Receipt(999, 1, now())
    answer(law, again, (hendra, nobody))


def test_a_look_counts_while_it_waits_and_is_a_receipt_itself(law: Law) -> None:
    incident, hendra = law.file(), seated(law, "hendra")
    law.run(look_at, hendra, incident.id)
    first = shown(law, incident)["hendra"]
    assert first.looked_at and first.received_at
    law.run(look_at, hendra, incident.id)
    assert shown(law, incident)["hendra"].looked_at == first.looked_at
    answer(law, incident, (hendra, receipt(incident, 0)))  # written a second after the look
    row = shown(law, incident)["hendra"]
    assert row.received_at == row.sounded_at == incident.opened_at
    law.take(incident, "claim", law.hendra)
    law.run(look_at, seated(law, "ratna"), incident.id)
    law.run(look_at, law.damkar, incident.id)
    assert set(shown(law, incident)) == {"hendra"}


def test_who_sat_there_and_had_nothing_is_named(law: Law) -> None:
    began = now() - timedelta(seconds=200)
    with_at(law, began, note_presence, [law.hendra.id, law.ratna.id])
    incident = law.file()
    assert {name: row.received_at for name, row in shown(law, incident).items()} == {"hendra": None, "ratna": None}
    answer(law, incident, (seated(law, "hendra"), receipt(incident, 1)))
    law.run(note_presence, [law.hendra.id, law.ratna.id])  # who had fallen silent by then is noted now
    rows = shown(law, incident)
    assert rows["hendra"].received_at and rows["ratna"].received_at is None
    assert rows["ratna"].heard_at == began


def with_at(law: Law, moment: datetime, function: Any, *arguments: Any) -> Any:
    def then(session: Session) -> Any:
        with as_of(moment):
            return function(session, *arguments)

    return law.run(then)


def test_they_are_kept_for_ninety_days_or_their_period_and_longer_when_preserved(law: Law) -> None:
    old, held = law.file(), law.file()
    law.take(held, "preserve", law.sari, reason="sidang")
    for incident in (old, held):
        answer(law, incident, (seated(law, "hendra"), receipt(incident, 1)))
    left = lambda: sorted(law.read(lambda s: s.exec(select(Alarm.incident_id)).all()))  # noqa: E731
    with_at(law, now() + timedelta(days=89), _tidy, 365)
    assert left() == sorted([old.id, held.id])
    law.run(set_period, law.dewi, ALARMS, "", 7)
    with_at(law, now() + timedelta(days=91), _tidy, 365)  # by its period, at night
    assert left() == sorted([old.id, held.id])

    def night(session: Session) -> None:
        for lot in due(session):
            sweep(session, CLOCK, lot)

    with_at(law, now() + timedelta(days=8), night)
    assert left() == [held.id]
    law.run(set_period, law.dewi, ALARMS, "", None)
    fresh = law.file()
    answer(law, fresh, (seated(law, "hendra"), receipt(fresh, 1)))
    with_at(law, now() + timedelta(days=91), _tidy, 365)
    assert left() == [held.id]
