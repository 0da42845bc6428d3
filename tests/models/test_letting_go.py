"""A complaint about an officer is never parked with somebody who may not see it, and no partner reads on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from console.ground.points import distance_m
from console.web.citizen.followed import followed, timeline
from models.administration.people import reappoint, retire
from models.city.category import RESTRICTED
from models.errors import NotAllowed, NotFound, NotYours, Refusal, WrongMoment, WrongValue
from models.incidents.closing import DISMISSALS
from models.incidents.holding import keep_lease
from models.incidents.incident import SLIP_MINUTES, Incident
from models.incidents.referral import ENDED, Referral
from models.incidents.sight import seen_by
from models.incidents.strengths import strengths
from models.people.officers import note_presence
from models.reading.board import board
from models.record.event import Event
from models.record.outbox import Parcel
from models.roles import Role
from models.time import now
from models.viewer import Viewer
from models.workflow import EFFECTS, HELD, Status
from tests.support.law import BABURA, PLACES, Law


def taken(law: Law, **more: Any) -> Incident:
    return law.take(law.file(**more), "claim", law.hendra)


def parked(session: Session) -> list[str]:
    """Cases whose holder may not see them, the merged ones included."""
    held = select(Incident).where(Incident.officer_id != None)  # noqa: E711
    return [
        f"{row.id} {row.status}"
        for row in session.exec(held)
        if row.officer and not (row.officer.active and seen_by(row, row.officer.viewer.audience)) and not row.stale
    ]


def about_officers(law: Law, incident: Incident, by: Viewer | None = None) -> Incident:
    return law.take(incident, "recategorise", by or law.hendra, category=RESTRICTED, reason="tentang anggota")


def test_it_is_given_to_nobody_who_may_not_see_it(law: Law) -> None:
    waits = law.file(category=RESTRICTED)
    with pytest.raises(WrongValue, match="hanya untuk pengawas") as refusal:
        law.take(waits, "assign", law.sari, officer=law.hendra.id)
    assert refusal.value.field == "officer"
    law.take(waits, "claim", law.sari)
    with pytest.raises(WrongValue, match="hanya untuk pengawas"):
        law.take(waits, "reassign", law.sari, officer=law.hendra.id, reason="beban")
    assert law.incident(waits.id).officer_id == law.sari.id
    assert law.take(law.file(category=RESTRICTED), "assign", law.sari, officer=law.sari.id).officer_id == law.sari.id


def test_what_turns_out_to_be_about_officers_leaves_its_holder_and_waits_for_a_supervisor(law: Law) -> None:
    free = {row.station.id: row.free for row in law.read(strengths)}
    incident = law.send(taken(law), law.hendra, (None, 4))
    law.take(incident, "refer", law.hendra, agency=law.damkar.agency_id, tier="full")
    law.take(incident, "arrive", law.hendra)
    again = about_officers(law, incident)
    assert (again.status, again.officer_id, again.stale, again.personnel) == (Status.NEW, None, False, 0)
    assert (again.claimed_at, again.handled_at, again.dispatched_at, again.arrived_at) == (None,) * 4
    assert again.due_at == again.opened_at + timedelta(seconds=60)  # rings as a new one does
    assert {row.station.id: row.free for row in law.read(strengths)} == free
    assert incident.id in {row.id for row in law.read(board, law.sari.audience).rows if row.status == Status.NEW}
    for gone in (law.hendra, law.damkar):
        with pytest.raises(NotFound):
            law.take(incident, "note" if gone is law.hendra else "accept", gone)
    (referral,) = law.read(lambda session: session.exec(select(Referral)).all())
    assert referral.state == ENDED
    body = law.read(lambda session: session.exec(select(Event).order_by(col(Event.seq).desc())).first()).body
    assert body["was"] == law.hendra.id and len(body["cleared"]) == 1 and len(body["ended"]) == 1
    assert law.take(incident, "claim", law.sari).officer_id == law.sari.id


@pytest.mark.parametrize("way", ["release", "recategorise", "reopen", "account"])
def test_whatever_is_nobodys_again_waits_from_then_on(law: Law, way: str) -> None:
    about = {"category": RESTRICTED} if way == "account" else {}
    incident = law.take(law.file(**about), "claim", law.sari if about else law.hendra)
    long_ago = now() - timedelta(hours=40)
    law.run(
        lambda session: [
            setattr(session.get_one(Incident, incident.id), at, long_ago) for at in ("filed_at", "opened_at")
        ]
    )
    if way == "reopen":
        law.take(incident, "resolve", law.hendra, outcome="handled")
    if way == "account":
        law.run(lambda s: reappoint(s, law.dewi, law.sari.id, name="Sari Ginting", rank="AKP", role="officer"))
    else:
        given = {"category": RESTRICTED} if way == "recategorise" else {}
        law.take(incident, way, law.sari if way == "reopen" else law.hendra, reason="keliru", **given)
    again = law.incident(incident.id)
    assert again.status == Status.NEW and again.opened_at > long_ago + timedelta(hours=39) and again.due_at > now()
    assert again.filed_at == long_ago
    who = law.read(lambda session: session.get_one(Incident, incident.id).left_by)
    assert who == {"reopen": "", "account": "AKP Sari Ginting"}.get(way, "Aipda Hendra Siregar")


def test_its_reporter_does_not_read_that_it_was_opened_again(law: Law) -> None:
    incident = law.take(law.take(law.file(), "claim", law.hendra), "release", law.hendra)
    (complaint,) = law.read(lambda session: [one.ref for one in session.get_one(Incident, incident.id).complaints])
    assert [step.stage for step in timeline(law.read(followed, law.ann, complaint))][:2] == ["new", "claimed"]


def test_a_supervisor_who_holds_it_keeps_it(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.sari)
    again = about_officers(law, incident, law.sari)
    assert (again.status, again.officer_id) == (Status.CLAIMED, law.sari.id)


def test_its_reporter_is_told_by_no_message_that_others_could_read(law: Law) -> None:
    incident = taken(law)
    law.run(lambda session: [session.delete(row) for row in session.exec(select(Parcel))])
    about_officers(law, incident)
    law.take(incident, "claim", law.sari)
    assert law.read(lambda session: session.exec(select(Parcel)).all()) == []


def test_what_is_merged_into_it_goes_along(law: Law) -> None:
    master, child = law.file(), taken(law, by=law.zed)
    law.take(child, "merge", law.hendra, into=master.id)
    about_officers(law, master, law.sari)
    with pytest.raises(NotFound):
        law.take(child, "unmerge", law.hendra)
    again = law.take(child, "unmerge", law.sari)
    assert (again.status, again.officer_id, again.category_code) == (Status.NEW, None, RESTRICTED)


def test_passing_it_on_wants_a_supervisor_and_a_reason(law: Law) -> None:
    incident = law.take(law.file(category=RESTRICTED), "claim", law.sari)
    given = {"agency": law.damkar.agency_id, "tier": "presence"}
    with pytest.raises(WrongValue) as refusal:
        law.take(incident, "refer", law.sari, **given)
    assert refusal.value.field == "reason"
    law.take(incident, "refer", law.sari, reason="Propam meminta", **given)
    assert law.read(lambda session: session.exec(select(Referral)).one()).tier == "presence"


def demote(law: Law, who: Viewer, role: Role) -> None:
    law.run(lambda session: reappoint(session, law.dewi, who.id or 0, name="Sari Ginting", role=role))


def test_a_supervisor_who_becomes_an_officer_leaves_them(law: Law) -> None:
    about, plain = (law.take(law.file(category=code), "claim", law.sari) for code in (RESTRICTED, "LAKA"))
    demote(law, law.sari, Role.OFFICER)
    assert (law.incident(about.id).officer_id, law.incident(about.id).status) == (None, Status.NEW)
    assert (law.incident(plain.id).officer_id, law.incident(plain.id).stale) == (law.sari.id, False)
    assert law.read(parked) == []


@pytest.mark.parametrize("way", ["retire", "desk"])
def test_whoever_may_come_back_no_more_leaves_what_they_held_to_anyone(law: Law, way: str) -> None:
    incident = law.send(taken(law), law.hendra, (None, 4))
    law.run(note_presence, [law.hendra.id])  # a console that was open until just now
    if way == "retire":
        law.run(lambda session: retire(session, law.dewi, law.hendra.id or 0))
    else:
        law.run(lambda session: reappoint(session, law.dewi, law.hendra.id or 0, name="Hendra", role=Role.ADMIN))
    law.run(keep_lease, incident.id)  # the clock must not give it back
    lapsed = law.incident(incident.id)
    assert (lapsed.stale, lapsed.status, lapsed.personnel) == (True, Status.DISPATCHED, 4)
    assert law.take(incident, "reclaim", law.ratna).officer_id == law.ratna.id


def test_taken_apart_it_does_not_come_back_to_whoever_left(law: Law) -> None:
    master, child = law.file(), taken(law, by=law.zed)
    law.take(child, "merge", law.hendra, into=master.id)
    law.run(lambda session: retire(session, law.dewi, law.hendra.id or 0))
    assert law.take(child, "unmerge", law.ratna).stale
    assert law.take(child, "reclaim", law.ratna).officer_id == law.ratna.id


def anything(law: Law, step: str, other: int) -> dict[str, Any]:
    """What each step is given here."""
    given: dict[str, dict[str, Any]] = {
        "assign": {"officer": law.hendra.id},
        "reassign": {"officer": law.hendra.id, "reason": "beban"},
        "dispatch": {"sent": [(None, 1)], "metres": distance_m, "reason": "perlu"},
        "reinforce": {"sent": [(None, 1)], "metres": distance_m, "reason": "perlu"},
        "resolve": {"outcome": "handled"},
        "dismiss": {"reason": DISMISSALS[0]},
        "merge": {"into": other},
        "refer": {"agency": law.damkar.agency_id, "tier": "full", "reason": "diminta"},
        "reprioritise": {"priority": 2, "reason": "berat"},
        "recategorise": {"category": RESTRICTED, "reason": "anggota"},
        "undo": {"step": "resolve"},
        "locate": {"site": PLACES.site(*BABURA, precision="device")},
        **{
            step: {"reason": "perlu"} for step in ("release", "take_over", "recall", "reopen", "preserve", "unpreserve")
        },
        **{step: {"words": "kata"} for step in ("ask", "reply", "note")},
    }
    return given.get(step, {})


BEFORE: dict[str, Callable[[Law, Incident], Any]] = {
    "new": lambda law, it: None,
    "claimed": lambda law, it: law.take(it, "claim", law.hendra),
    "dispatched": lambda law, it: law.send(law.take(it, "claim", law.hendra), law.hendra, (None, 1), reason="perlu"),
    "resolved": lambda law, it: law.take(law.take(it, "claim", law.hendra), "resolve", law.hendra, outcome="handled"),
    "merged": lambda law, it: law.take(
        law.take(it, "claim", law.hendra), "merge", law.hendra, into=law.file(law.zed).id
    ),
    "about officers": lambda law, it: law.take(about_officers(law, it, law.sari), "claim", law.sari),
}


@pytest.mark.parametrize("scene", BEFORE)
def test_no_step_of_anybody_leaves_a_case_with_somebody_who_may_not_see_it(law: Law, scene: str) -> None:
    """Each step of the law, by everyone there is, and then the case turns out to be about officers."""
    done, fresh, other = 0, 0, law.file(law.zed, RESTRICTED if scene == "about officers" else "CURAS_BEGAL").id
    for step in sorted(EFFECTS):
        for who in (law.ann, law.hendra, law.ratna, law.sari, law.damkar):
            if not fresh:
                fresh = law.file().id
                BEFORE[scene](law, law.incident(fresh))
            try:
                law.take(fresh, step, who, **anything(law, step, other))
            except (Refusal, TypeError):  # a step that wants more than it got here changes nothing
                continue
            assert law.read(parked) == [], (step, who.name)
            if law.incident(fresh).status in HELD:
                about_officers(law, law.incident(fresh), law.sari)
                assert law.read(parked) == [], (step, who.name, "then about officers")
            done, fresh = done + 1, 0
    assert done


def test_an_officer_opens_a_slip_again_within_minutes_and_with_a_reason(law: Law) -> None:
    incident = law.take(taken(law), "resolve", law.hendra, outcome="handled")
    with pytest.raises(WrongValue):
        law.take(incident, "reopen", law.hendra)
    with pytest.raises(NotYours, match="10 menit"):
        law.take(incident, "reopen", law.ratna, reason="bukan saya")
    again = law.take(incident, "reopen", law.hendra, reason="salah tekan")
    assert (again.status, again.officer_id, again.outcome, again.closed_at) == (Status.NEW, None, None, None)
    law.take(incident, "dismiss", law.ratna, reason="empty")
    with pytest.raises(NotYours):
        law.take(incident, "reopen", law.hendra, reason="dulu saya")
    assert law.take(incident, "reopen", law.ratna, reason="salah pilih").status == Status.NEW


def test_after_ten_minutes_it_is_for_a_supervisor(law: Law) -> None:
    incident = law.take(taken(law), "resolve", law.hendra, outcome="handled")
    late = now() - timedelta(minutes=SLIP_MINUTES, seconds=1)
    law.run(lambda session: setattr(session.get_one(Incident, incident.id), "closed_at", late))
    with pytest.raises(WrongMoment):
        law.take(incident, "reopen", law.hendra, reason="terlambat")
    assert "reopen" not in law.read(lambda s: s.get_one(Incident, incident.id).may(law.hendra))
    assert "reopen" in law.read(lambda s: s.get_one(Incident, incident.id).may(law.sari))
    assert law.take(incident, "reopen", law.sari, reason="belum selesai").status == Status.NEW


def test_a_supervisor_gives_what_waits_to_an_officer_in_one_step(law: Law) -> None:
    incident = law.file()
    with pytest.raises(NotAllowed):
        law.take(incident, "assign", law.ratna, officer=law.ratna.id)
    for wrong in (law.dewi.id, law.damkar.id, 999, None):
        with pytest.raises(WrongValue):
            law.take(incident, "assign", law.sari, officer=wrong)
    given = law.take(incident, "assign", law.sari, officer=law.ratna.id, reason="dekat")
    assert (given.status, given.officer_id) == (Status.CLAIMED, law.ratna.id) and given.claimed_at
    body = law.read(lambda session: session.exec(select(Event).order_by(col(Event.seq).desc())).first()).body
    assert (body["officer"], body["by"], body["reason"]) == (law.ratna.id, law.sari.id, "dekat")
    with pytest.raises(WrongMoment, match="Ipda Ratna"):
        law.take(incident, "assign", law.sari, officer=law.hendra.id)
    law.send(incident, law.ratna, (None, 2))  # hers, as if she had claimed it


def test_two_assignments_at_once_have_one_winner(law: Law) -> None:
    incident = law.file()

    def give(session: Session, to: int) -> None:
        session.get_one(Incident, incident.id).take("assign", law.sari, officer=to, sure=True)

    futures = [law.writer.submit(give, who.id) for who in (law.hendra, law.ratna)]
    assert [future.exception(20) is None for future in futures] == [True, False]
    assert law.incident(incident.id).officer_id == law.hendra.id
