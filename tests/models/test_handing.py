"""Whoever was given a case, or lost one, has it before them until they say that they know: from state, not from messages."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from models.errors import NotAllowed, WrongMoment, WrongValue
from models.incidents.handing import handed, untold
from models.incidents.incident import Incident
from models.record.event import Event
from models.viewer import Viewer
from tests.support.law import Law


def waiting_for(law: Law, viewer: Viewer) -> list[tuple[int, bool, str, str]]:
    return [(one.incident.id, one.given, one.by, one.why) for one in law.read(handed, viewer)]


def test_a_supervisor_gives_what_waits_in_one_step(law: Law) -> None:
    incident = law.take(law.file(), "assign", law.sari, officer=law.ratna.id, reason="korban menelepon lagi")
    assert (incident.status, incident.officer_id) == ("claimed", law.ratna.id)
    assert incident.claimed_at and incident.given_at and incident.known_at is None
    assert waiting_for(law, law.ratna) == [(incident.id, True, "AKP Sari Ginting", "korban menelepon lagi")]
    assert waiting_for(law, law.hendra) == waiting_for(law, law.sari) == []


def test_it_stays_until_the_receiver_says_that_they_know(law: Law) -> None:
    incident = law.take(law.file(), "assign", law.sari, officer=law.ratna.id)
    law.take(incident, "note", law.hendra, words="colleagues do not know for her")
    assert untold(law.incident(incident.id)) == {law.ratna.id}
    law.take(incident, "acknowledge", law.ratna)
    known = law.incident(incident.id)
    assert known.known_at and untold(known) == set() and waiting_for(law, law.ratna) == []
    seq = known.seq
    assert law.take(incident, "acknowledge", law.ratna).seq == seq  # a plain yes, noted once


def test_whoever_acts_on_it_knows_of_it(law: Law) -> None:
    incident = law.take(law.file(), "assign", law.sari, officer=law.ratna.id)
    law.send(incident, law.ratna, (None, 2))
    assert law.incident(incident.id).known_at and waiting_for(law, law.ratna) == []


def test_who_lost_it_is_told_too(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    law.take(incident, "reassign", law.sari, officer=law.ratna.id, reason="beban")
    assert untold(law.incident(incident.id)) == {law.hendra.id, law.ratna.id}
    assert waiting_for(law, law.hendra) == [(incident.id, False, "AKP Sari Ginting", "beban")]
    law.take(incident, "take_over", law.sari, reason="darurat")
    taken = law.incident(incident.id)
    assert untold(taken) == {law.hendra.id, law.ratna.id} and taken.given_at is None
    law.take(incident, "acknowledge", law.hendra)
    assert untold(law.incident(incident.id)) == {law.ratna.id}


def test_ones_own_doing_is_no_news(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    law.take(incident, "release", law.hendra)
    law.take(incident, "assign", law.sari, officer=law.sari.id)
    mine = law.incident(incident.id)
    assert untold(mine) == set() and mine.known_at == mine.given_at


def test_what_is_over_asks_nobody(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    law.take(incident, "take_over", law.sari, reason="darurat")
    assert untold(law.incident(incident.id)) == {law.hendra.id}
    law.take(incident, "resolve", law.sari, outcome="handled")
    assert untold(law.incident(incident.id)) == set()


def test_nobody_else_gives_and_nobody_gets_what_they_may_not_see(law: Law) -> None:
    incident, about_us = law.file(), law.file(category="OKNUM")
    with pytest.raises(NotAllowed):
        law.take(incident, "assign", law.hendra, officer=law.ratna.id)
    for nobody in (None, law.damkar.id, law.dewi.id, 10**6):
        with pytest.raises(WrongValue):
            law.take(incident, "assign", law.sari, officer=nobody)
    with pytest.raises(WrongValue):
        law.take(about_us, "assign", law.sari, officer=law.ratna.id)
    assert law.incident(about_us.id).status == law.incident(incident.id).status == "new"
    law.take(incident, "claim", law.hendra)
    with pytest.raises(WrongMoment):
        law.take(incident, "assign", law.sari, officer=law.ratna.id)


def test_events_fold_to_who_does_not_know(law: Law) -> None:
    incident = law.take(law.file(), "assign", law.sari, officer=law.ratna.id)
    law.take(incident, "acknowledge", law.ratna)

    def folded(session: Session) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in session.exec(select(Event).where(Event.incident_id == incident.id).order_by(col(Event.seq))):
            values |= event.body.get("set", {})
        return values

    values = law.read(folded)
    real = law.read(lambda session: session.get_one(Incident, incident.id).values())
    assert {name: values[name] for name in ("given_at", "known_at", "untold")} == {
        name: real[name] for name in ("given_at", "known_at", "untold")
    }
