"""Whoever was given a case, or lost one, has it before them until they say that they know: from state, not from messages."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from models.errors import NotAllowed, Outdated, Unsure, WrongMoment, WrongValue
from models.incidents.handing import handed, untold
from models.incidents.incident import Incident
from models.people.officers import note_presence
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


def test_who_lost_it_is_told_whichever_way_it_went(law: Law) -> None:
    """Let go for them by a supervisor; or taken on by a colleague while their console was silent."""
    let_go, silent = (law.take(law.file(), "claim", law.hendra) for _ in range(2))
    law.take(let_go, "release", law.sari, reason="sedang di TKP lain")
    law.run(lambda session: setattr(session.get_one(Incident, silent.id), "stale", True))
    law.take(silent, "reclaim", law.ratna)
    assert untold(law.incident(let_go.id)) == untold(law.incident(silent.id)) == {law.hendra.id}
    assert [(id, given) for id, given, _, _ in waiting_for(law, law.hendra)] == [(let_go.id, False), (silent.id, False)]


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


def test_who_is_not_at_the_desk_is_asked_about_once_and_that_is_noted(law: Law) -> None:
    waits, held = law.file(), law.take(law.file(), "claim", law.hendra)
    for incident, step, given in ((waits, "assign", {}), (held, "reassign", {"reason": "beban"})):
        with pytest.raises(Unsure, match="Ratna Simanjuntak tidak di meja"):
            law.take(incident, step, law.sari, officer=law.ratna.id, sure=False, **given)
        assert law.incident(incident.id).seq == incident.seq
        law.take(incident, step, law.sari, officer=law.ratna.id, sure=True, **given)
        assert newest_body(law, incident)["absent"]
    law.run(note_presence, [law.ratna.id])
    sits = law.take(law.file(), "assign", law.sari, officer=law.ratna.id, sure=False)
    assert not newest_body(law, sits).get("absent")


def test_given_to_who_holds_it_nothing_happens_and_nobody_is_asked(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    law.take(incident, "reassign", law.sari, officer=law.hendra.id, reason="beban", sure=False)
    assert law.incident(incident.id).seq == incident.seq and waiting_for(law, law.hendra) == []


def test_of_two_supervisors_one_gives_it_and_the_other_reads_who_has_it(law: Law) -> None:
    incident = law.file()
    law.take(incident, "assign", law.sari, officer=law.ratna.id)
    with pytest.raises(WrongMoment, match="sudah diambil Ipda Ratna Simanjuntak"):
        law.take(incident, "assign", law.sari, officer=law.hendra.id)
    held = law.incident(incident.id)
    law.take(held, "reassign", law.sari, officer=law.hendra.id, reason="beban")
    with pytest.raises(Outdated, match="Hendra Siregar"):
        law.take(held, "take_over", law.sari, reason="dekat", version=held.version)


def test_who_cannot_take_it_on_hands_it_back_to_who_gave_it(law: Law) -> None:
    incident = law.take(law.file(), "assign", law.sari, officer=law.ratna.id, reason="dekat")
    with pytest.raises(WrongValue):
        law.take(incident, "hand_back", law.ratna, reason=" ")
    law.take(incident, "hand_back", law.ratna, reason="masih di TKP lain")
    back = law.incident(incident.id)
    assert back.given_at and back.known_at is None  # given: its new holder has to say that they know
    assert (back.status, back.officer_id, untold(back)) == ("claimed", law.sari.id, {law.sari.id})
    assert waiting_for(law, law.sari) == [(incident.id, True, "Ipda Ratna Simanjuntak", "masih di TKP lain")]
    assert law.read(handed, law.sari)[0].back and waiting_for(law, law.ratna) == []
    with pytest.raises(WrongMoment):
        law.take(incident, "hand_back", law.sari, reason="tidak juga")  # it does not go to and fro
    law.take(incident, "acknowledge", law.sari)


def test_what_one_took_or_has_taken_on_is_not_handed_back(law: Law) -> None:
    own, known = (
        law.take(law.file(), "claim", law.ratna),
        law.take(law.file(), "assign", law.sari, officer=law.ratna.id),
    )
    law.take(known, "acknowledge", law.ratna)
    for incident in (own, known):
        with pytest.raises(WrongMoment, match="tidak dapat dikembalikan"):
            law.take(incident, "hand_back", law.ratna, reason="sibuk")


def newest_body(law: Law, incident: Incident) -> dict[str, Any]:
    rows = select(Event).where(Event.incident_id == incident.id).order_by(col(Event.seq).desc())
    return law.read(lambda session: session.exec(rows).first().body)
