"""A slip is taken back within seconds, by whoever made it, and everything is again exactly as it stood."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from console.ground.points import distance_m
from console.pages.diary import diary
from models.command.audit import audit, verify
from models.errors import NotAllowed, NotFound, WrongMoment, WrongValue
from models.incidents.complaint import Complaint
from models.incidents.dispatch import Dispatch
from models.incidents.incident import Incident
from models.incidents.referral import Referral
from models.incidents.sight import find
from models.incidents.strengths import strengths
from models.incidents.strikes import Strike, confirm
from models.incidents.undoing import NEVER, REASONED, ROWS, WHY_NOT
from models.people.browsers import subscribe
from models.people.citizens import Citizen
from models.record.event import Event
from models.record.outbox import Parcel, State
from models.time import as_of, now
from models.viewer import CLOCK, Viewer
from models.workflow import STEPS, Status
from tests.support.law import KEY, Law, waiting

UNCHANGED = {"seq", "version", "decided"}


def everything(law: Law) -> dict[str, Any]:
    """All rows that steps change, as they are."""

    def read(session: Session) -> dict[str, Any]:
        tables = (Incident, Dispatch, Referral, Complaint, Strike, Citizen)
        return {
            table.__name__: [
                {name: getattr(row, name) for name in table.model_fields if name not in UNCHANGED}
                for row in session.exec(select(table).order_by(table.id))
            ]
            for table in tables
        }

    return law.read(read)


def folded(law: Law, id: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for event in law.read(lambda session: session.exec(select(Event).order_by(Event.seq)).all()):
        if event.incident_id == id:
            values |= event.body["set"]
    return values


def undo(law: Law, incident: Incident, step: str, by: Viewer | None = None) -> Incident:
    return law.take(incident, "undo", by or law.hendra, step=step)


def claimed(law: Law, **more: Any) -> Incident:
    return law.take(law.file(**more), "claim", law.hendra)


def sent(law: Law) -> Incident:
    return law.send(claimed(law), law.hendra, (None, 4))


def there(law: Law) -> Incident:
    return law.take(sent(law), "arrive", law.hendra)


def first_dispatch(law: Law, incident: Incident) -> int:
    return law.read(
        lambda session: session.exec(select(Dispatch.id).where(Dispatch.incident_id == incident.id)).first()
    )


def referred(law: Law) -> Incident:
    incident = there(law)
    law.take(incident, "refer", law.hendra, agency=law.damkar.agency_id, tier="full")
    return law.take(incident, "accept", law.damkar)


def struck_before(law: Law) -> Incident:
    """Dismissed as a prank, opened again, and held: the strike counts until somebody knows better."""
    incident = law.take(law.file(), "dismiss", law.ratna, reason="prank")
    law.take(incident, "reopen", law.sari, reason="sungguhan")
    return law.take(incident, "claim", law.hendra)


def reinforce(law: Law, incident: Incident) -> None:
    law.take(incident, "reinforce", law.hendra, sent=[(None, 3)], metres=distance_m)


# What stood, the slip, and what it is called.
SLIPS: list[tuple[str, Callable[[Law], Incident], Callable[[Law, Incident], Any]]] = [
    ("claim", lambda law: law.file(), lambda law, it: law.take(it, "claim", law.hendra)),
    ("dispatch", claimed, lambda law, it: law.send(it, law.hendra, (None, 4), modifier=["armed"])),
    ("reinforce", sent, reinforce),
    ("reinforce", there, reinforce),
    ("arrive", sent, lambda law, it: law.take(it, "arrive", law.hendra)),
    ("clear", there, lambda law, it: law.take(it, "clear", law.hendra, dispatch=first_dispatch(law, it))),
    ("resolve", referred, lambda law, it: law.take(it, "resolve", law.hendra, outcome="handled")),
    ("resolve", claimed, lambda law, it: law.take(it, "resolve", law.hendra, outcome="false_alarm")),
    ("resolve", struck_before, lambda law, it: law.take(it, "resolve", law.hendra, outcome="handled")),
    ("dismiss", lambda law: law.file(), lambda law, it: law.take(it, "dismiss", law.hendra, reason="prank")),
    ("dismiss", referred, lambda law, it: law.take(it, "dismiss", law.hendra, reason="not_police")),
    ("dismiss", struck_before, lambda law, it: law.take(it, "dismiss", law.hendra, reason="empty")),
    ("merge", lambda law: law.file(), lambda law, it: law.take(it, "merge", law.hendra, into=law.file(law.zed).id)),
    ("merge", claimed, lambda law, it: law.take(it, "merge", law.hendra, into=law.file(law.zed).id)),
]


@pytest.mark.parametrize(("step", "before", "slip"), SLIPS)
def test_a_slip_is_undone_and_everything_is_as_it_stood(law: Law, step: str, before: Any, slip: Any) -> None:
    incident = before(law)
    if step == "merge":
        law.file(law.zed)  # numbers and ids that the slip itself makes are not compared
    free = {row.station.id: row.free for row in law.read(strengths)}
    stood = everything(law)
    slip(law, incident)
    assert everything(law) != stood
    undo(law, incident, step)
    now_is = everything(law)
    for table, rows in stood.items():
        assert now_is[table][: len(rows)] == rows, table
    assert {row.station.id: row.free for row in law.read(strengths)} == free
    assert law.incident(incident.id).values() == folded(law, incident.id)
    assert law.read(verify, KEY) is None


def test_the_log_keeps_the_slip_and_says_what_was_undone(law: Law) -> None:
    incident = undo(law, sent(law), "dispatch")
    events = law.read(lambda session: session.exec(select(Event).order_by(Event.seq)).all())
    slip, last = events[-2:]
    assert (slip.step, last.step, last.by_id) == ("dispatch", "undo", law.hendra.id)
    assert (last.body["what"], last.body["of"], last.body["personnel"]) == ("dispatch", slip.seq, 4)
    assert law.rings[-1]["step"] == "undo" and incident.seq == last.seq


def test_only_whoever_took_the_step_takes_it_back(law: Law) -> None:
    incident = sent(law)
    for who in (law.ratna, law.sari):
        with pytest.raises(WrongMoment, match="Aipda Hendra Siregar"):
            undo(law, incident, "dispatch", who)
    for who in (law.zed, law.dewi, law.damkar):
        with pytest.raises((NotAllowed, NotFound)):
            undo(law, incident, "dispatch", who)
    with pytest.raises(NotAllowed):
        undo(law, incident, "dispatch", law.ann)
    assert law.incident(incident.id).status == Status.DISPATCHED


def test_after_twenty_seconds_it_is_too_late(law: Law) -> None:
    incident = law.file()
    law.run(lambda session: _claim_as_of(session, incident.id, law.hendra, now() - timedelta(seconds=21)))
    with pytest.raises(WrongMoment, match="20 detik"):
        undo(law, incident, "claim")
    assert law.incident(incident.id).officer_id == law.hendra.id


def test_a_referral_made_by_a_slip_ends_before_anybody_answered_and_says_that_it_may_have_been_read(law: Law) -> None:
    incident = law.take(law.file(category="KEBAKARAN"), "claim", law.hendra)
    before = law.incident(incident.id).values()
    law.take(incident, "refer", law.hendra, agency=law.bnpt.agency_id, tier="full")
    assert law.read(find, law.bnpt, incident.id)
    undo(law, incident, "refer")
    with pytest.raises(NotFound):
        law.read(find, law.bnpt, incident.id)
    assert law.incident(incident.id).values() == before
    said = law.read(lambda s: [entry.words for entry in diary(s, s.get_one(Incident, incident.id), law.sari)])
    assert any("Terorisme berakhir, mungkin sudah dibaca" in line for line in said), said
    assert any("membatalkan rujukan ke Badan Nasional" in line for line in said), said
    assert law.read(audit, [KEY]) == []
    law.take(incident, "refer", law.hendra, agency=law.bnpt.agency_id, tier="full")
    law.take(incident, "accept", law.bnpt)
    with pytest.raises(WrongMoment, match="sudah menjawab"):
        undo(law, incident, "refer")


def _claim_as_of(session: Session, id: int, by: Viewer, at: Any) -> None:
    with as_of(at):
        session.get_one(Incident, id).take("claim", by)


def test_what_somebody_did_since_stands_in_the_way_and_is_named(law: Law) -> None:
    incident = sent(law)
    law.take(incident, "arrive", law.hendra)
    with pytest.raises(WrongMoment, match="Aipda Hendra Siregar"):
        undo(law, incident, "dispatch")
    closed = law.take(incident, "resolve", law.hendra, outcome="handled")
    law.take(closed, "reopen", law.ann, reason="masih ada")
    with pytest.raises(WrongMoment, match="pelapor"):
        undo(law, closed, "resolve")
    other = claimed(law)
    law.take(other, "reassign", law.sari, officer=law.ratna.id, reason="beban")
    with pytest.raises(WrongMoment, match="AKP Sari Ginting"):
        undo(law, other, "claim")


def test_reinforcements_that_have_arrived_are_not_unsent(law: Law) -> None:
    incident = there(law)
    reinforce(law, incident)
    law.take(incident, "arrive", law.hendra)
    with pytest.raises(WrongMoment):
        undo(law, incident, "reinforce")
    assert law.incident(incident.id).personnel == 7


def test_what_changes_nothing_of_it_stands_in_nobodys_way(law: Law) -> None:
    incident = sent(law)
    law.take(incident, "ask", law.hendra, words="Petugas berangkat.")
    law.take(incident, "reply", law.ann, words="Baik.")
    law.take(incident, "note", law.ratna, words="jalan macet")
    again = undo(law, incident, "dispatch")
    assert (again.status, again.personnel, again.dispatched_at) == (Status.CLAIMED, 0, None)
    assert again.handled_at  # a question was asked, and that stays


def test_nobody_handles_what_nobody_has(law: Law) -> None:
    incident = claimed(law)
    law.take(incident, "ask", law.hendra, words="Aman?")
    again = undo(law, incident, "claim")
    assert (again.status, again.officer_id, again.handled_at) == (Status.NEW, None, None)


def test_the_clocks_own_doings_go_with_the_step(law: Law) -> None:
    """Late to arrive, and silent: both only because it was claimed."""
    incident = law.file()
    long_ago = now() - timedelta(hours=1)
    law.run(lambda session: setattr(session.get_one(Incident, incident.id), "opened_at", long_ago))
    law.take(incident, "note", law.ratna, words="menghitung ulang target")
    for step in ("escalate", "claim", "escalate", "lapse"):
        by = law.hendra if step == "claim" else CLOCK
        law.run(lambda session, step=step, by=by: session.get_one(Incident, incident.id).take(step, by))
    again = undo(law, incident, "claim")
    assert not again.stale and again.escalated_for == again.due_at  # called out once already, and not again


def test_undone_twice_is_undone_once(law: Law) -> None:
    incident = sent(law)
    undo(law, incident, "dispatch")
    with pytest.raises(WrongMoment, match="sudah dibatalkan"):
        undo(law, incident, "dispatch")
    with pytest.raises(WrongMoment, match="Pembatalan tidak dapat dibatalkan"):
        undo(law, incident, "undo")
    assert law.incident(incident.id).status == Status.CLAIMED


def test_two_at_once_are_one_undo_and_one_refusal(law: Law) -> None:
    incident = sent(law)

    def act(session: Session) -> None:
        session.get_one(Incident, incident.id).take("undo", law.hendra, step="dispatch")

    futures = [law.writer.submit(act) for _ in range(2)]
    outcomes = [future.exception(20) for future in futures]
    assert [outcome is None for outcome in outcomes] == [True, False] and isinstance(outcomes[1], WrongMoment)


def test_one_step_after_the_other_is_taken_back(law: Law) -> None:
    incident = sent(law)
    undo(law, incident, "dispatch")
    again = undo(law, incident, "claim")
    assert (again.status, again.officer_id) == (Status.NEW, None)


def test_a_step_may_be_taken_again_and_undone_again(law: Law) -> None:
    incident = undo(law, sent(law), "dispatch")
    law.send(incident, law.hendra, (None, 2))
    assert law.incident(incident.id).personnel == 2
    assert undo(law, incident, "dispatch").personnel == 0


def test_a_claim_and_its_undo_in_one_group_of_writes(law: Law) -> None:
    """The claim stands in no table yet when it is taken back."""
    incident = law.file()

    def both(session: Session) -> None:
        found = session.get_one(Incident, incident.id)
        found.take("claim", law.hendra)
        found.take("undo", law.hendra, step="claim")

    law.run(both)
    assert law.incident(incident.id).officer_id is None


def test_an_undo_needs_no_page_of_this_very_moment(law: Law) -> None:
    incident = claimed(law)
    law.take(incident, "undo", law.hendra, step="claim", version=1)
    assert law.incident(incident.id).status == Status.NEW


WITH_A_REASON = {
    "take_over", "reassign", "recall", "reprioritise", "relocate", "recategorise", "reopen", "preserve", "unpreserve",
}  # fmt: skip


def test_every_other_step_says_why_not(law: Law) -> None:
    incident = claimed(law)
    for step in set(STEPS) - set(ROWS):
        with pytest.raises(WrongMoment) as refusal:
            undo(law, incident, step)
        why = [REASONED] if step in WITH_A_REASON else [WHY_NOT[step]] if step in WHY_NOT else [NEVER, REASONED]
        assert str(refusal.value) in why, step
    for none in ("", "dance"):
        with pytest.raises(WrongValue):
            undo(law, incident, none)


def test_a_step_that_was_never_taken_is_not_undone(law: Law) -> None:
    with pytest.raises(WrongMoment, match="belum diambil"):
        undo(law, claimed(law), "dispatch")


def test_a_strike_that_a_second_officer_confirmed_stands(law: Law) -> None:
    for _ in range(2):
        law.take(law.file(), "dismiss", law.hendra, reason="prank")
    third = law.take(law.file(), "dismiss", law.hendra, reason="prank")
    law.run(confirm, law.ratna, law.read(waiting)[0].id)
    with pytest.raises(WrongMoment, match="sudah diputuskan"):
        undo(law, third, "dismiss")
    assert law.incident(third.id).status == Status.DISMISSED
    assert law.read(lambda session: session.get_one(Citizen, law.ann.id)).blocked_at


def test_after_its_undo_a_prank_can_be_struck_again(law: Law) -> None:
    incident = law.take(law.file(), "dismiss", law.hendra, reason="prank")
    undo(law, incident, "dismiss")
    assert law.read(lambda session: session.get_one(Citizen, law.ann.id)).strikes == 0
    law.take(incident, "dismiss", law.hendra, reason="prank")
    assert law.read(lambda session: session.get_one(Citizen, law.ann.id)).strikes == 1


def test_a_merge_is_undone_from_either_side(law: Law) -> None:
    master, one, two = law.file(), law.file(law.zed), law.file(law.zed)
    law.take(one, "merge", law.hendra, into=master.id)
    law.take(two, "merge", law.hendra, into=master.id)
    undo(law, master, "merge")  # the newest on the master
    assert (law.incident(one.id).status, law.incident(two.id).status) == (Status.MERGED, Status.NEW)
    undo(law, one, "merge")
    assert law.incident(one.id).status == Status.NEW and law.incident(master.id).complaint_count == 1
    for again in (one, two):
        with pytest.raises(WrongMoment):
            undo(law, again, "merge")
    for id in (master.id, one.id, two.id):
        assert law.incident(id).values() == folded(law, id)


def test_many_merged_in_one_act_are_put_back_at_once(law: Law) -> None:
    """A step on the one they are merged into that names several: all of them stand by themselves again."""
    master, others = law.file(), [law.file(law.zed) for _ in range(3)]
    for other in others:
        law.take(other, "merge", law.hendra, into=master.id)

    def one_act(session: Session) -> None:
        found = session.get_one(Incident, master.id)
        found.note("merge", law.hendra, found.values(), absorbed=[other.id for other in others], number="three")

    law.run(one_act)
    undo(law, master, "merge")
    assert [law.incident(other.id).status for other in others] == [Status.NEW] * 3
    assert law.incident(master.id).complaint_count == 1
    for other in (master, *others):
        assert law.incident(other.id).values() == folded(law, other.id)


def test_what_was_merged_is_not_put_back_once_the_whole_is_closed(law: Law) -> None:
    master, one = claimed(law), law.file(law.zed)
    law.take(one, "merge", law.hendra, into=master.id)
    law.take(master, "resolve", law.hendra, outcome="handled")
    for side in (one, master):
        with pytest.raises(WrongMoment):
            undo(law, side, "merge")
    assert law.incident(one.id).status == Status.MERGED


def parcels(law: Law) -> list[tuple[str, str]]:
    rows = law.read(lambda session: session.exec(select(Parcel).order_by(Parcel.id)).all())
    return [(row.kind, row.state) for row in rows]


def browser(session: Session, who: Viewer) -> None:
    subscribe(session, who, f"https://push.example/{who.id}", "p", "a")


def test_news_of_a_slip_that_has_not_left_yet_is_taken_back(law: Law) -> None:
    law.run(browser, law.ann)
    incident = claimed(law)
    law.run(lambda session: _sent(session))
    law.send(incident, law.hendra, (None, 4))
    assert parcels(law) == [("push", State.SENT), ("push", State.WAITING)]
    undo(law, incident, "dispatch")
    assert parcels(law) == [("push", State.SENT), ("push", State.EXPIRED)]


@pytest.mark.parametrize("way", ["push", "news"])
def test_whoever_was_told_of_a_slip_is_told_again(law: Law, way: str) -> None:
    if way == "push":
        law.run(browser, law.ann)
    incident = sent(law)
    law.run(lambda session: _sent(session))
    undo(law, incident, "dispatch")
    assert parcels(law) == [(way, State.SENT), (way, State.WAITING)]


def _sent(session: Session) -> None:
    for row in session.exec(select(Parcel)):
        row.state, row.payload, row.attempts = State.SENT, {}, 1
