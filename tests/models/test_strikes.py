"""Three pranks block an account: by whom, when, and how it is given back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from models.errors import Blocked, NotAllowed, WrongMoment, WrongValue
from models.incidents.closing import REOPENINGS
from models.incidents.complaint import Complaint
from models.incidents.evidence import Evidence
from models.incidents.standing import waiting_cases
from models.incidents.strikes import MOST_WORDS, Appeal, Strike, acquit, answer, appeal, appeals, confirm, expire, lift
from models.people.citizens import Citizen
from models.record.event import Event, note_look
from models.time import as_of, now
from models.viewer import Viewer
from tests.support.law import Law, waiting


def prank(law: Law, by: Viewer, who: Viewer | None = None) -> Any:
    return law.take(law.file(by=who or law.ann), "dismiss", by, reason="prank")


def citizen(law: Law, who: Viewer) -> Citizen:
    return law.read(lambda session: session.get_one(Citizen, who.id))


def pending(law: Law) -> Strike:
    (row,) = law.read(waiting)
    return row


def handled(law: Law, incident: Any) -> None:
    """It was no prank: opened again, and help was given."""
    law.take(incident, "reopen", law.sari, reason="sungguhan")
    law.take(incident, "claim", law.ratna)
    law.take(incident, "resolve", law.ratna, outcome="handled")


def blocked(law: Law) -> None:
    for _ in range(3):
        prank(law, law.hendra)
    law.run(confirm, law.ratna, pending(law).id)


def test_two_pranks_count_and_the_third_waits_for_another_officer(law: Law) -> None:
    for n in (1, 2, 3):
        prank(law, law.hendra)
        assert (citizen(law, law.ann).strikes, citizen(law, law.ann).blocked_at) == (n, None)
    law.file(by=law.ann)  # while it waits, they may still file
    with pytest.raises(NotAllowed):
        law.run(confirm, law.hendra, pending(law).id)
    law.run(confirm, law.ratna, pending(law).id)
    assert citizen(law, law.ann).blocked_at
    with pytest.raises(Blocked):
        law.file(by=law.ann)
    steps = law.read(lambda session: session.exec(select(Event.step).order_by(Event.seq)).all())
    assert [step for step in steps if step in ("strike", "confirm", "block")] == ["strike"] * 3 + ["confirm", "block"]


def test_nobody_is_struck_twice_for_one_complaint(law: Law) -> None:
    incident = prank(law, law.hendra)
    law.take(incident, "reopen", law.ann, reason="sungguhan")
    law.take(incident, "dismiss", law.ratna, reason="prank")
    assert citizen(law, law.ann).strikes == 1


def test_a_merged_reporter_is_never_struck(law: Law) -> None:
    first, second = law.file(by=law.ann), law.file(by=law.zed)
    law.take(second, "merge", law.hendra, into=first.id)
    law.take(first, "dismiss", law.hendra, reason="prank")
    assert (citizen(law, law.ann).strikes, citizen(law, law.zed).strikes) == (1, 0)


def test_other_reasons_and_exercises_and_callers_strike_nobody(law: Law) -> None:
    law.take(law.file(by=law.ann), "dismiss", law.hendra, reason="empty")
    law.take(law.file(by=law.ann, exercise=True), "dismiss", law.hendra, reason="prank")
    law.take(law.file(by=law.hendra, source="caller", caller_name="?"), "dismiss", law.hendra, reason="prank")
    assert citizen(law, law.ann).strikes == 0


def test_whoever_strikes_has_looked_at_the_evidence_first(law: Law) -> None:
    incident = law.file(by=law.ann)

    def add(session: Session) -> int:
        complaint = session.exec(select(Complaint).where(Complaint.incident_id == incident.id)).one()
        row = Evidence(complaint_id=complaint.id, kind="photo", mime="image/jpeg", size=1, sha256="ab", state="ready")
        session.add(row)
        session.flush()
        return row.id

    evidence = law.run(add)
    with pytest.raises(WrongValue, match="bukti"):
        law.take(incident, "dismiss", law.hendra, reason="prank")

    def look(session: Session, by: Viewer) -> None:
        row = session.get_one(Evidence, evidence)
        note_look(session, "evidence", by, incident_id=incident.id, complaint_id=row.complaint_id, evidence_id=evidence)

    law.run(look, law.ratna)
    with pytest.raises(WrongValue):
        law.take(incident, "dismiss", law.hendra, reason="prank")
    law.run(look, law.hendra)
    law.take(incident, "dismiss", law.hendra, reason="prank")
    assert citizen(law, law.ann).strikes == 1


def test_after_a_day_the_third_strike_is_for_a_supervisor(law: Law) -> None:
    for _ in range(3):
        prank(law, law.hendra)
    row = pending(law)
    law.run(lambda session: setattr(session.get_one(Strike, row.id), "at", now() - timedelta(hours=25)))
    with pytest.raises(NotAllowed, match="pengawas"):
        law.run(confirm, law.ratna, row.id)
    law.run(confirm, law.sari, row.id)
    assert citizen(law, law.ann).blocked_at


def test_a_second_officer_who_does_not_agree_takes_that_strike_away_and_no_other(law: Law) -> None:
    for _ in range(3):
        prank(law, law.hendra)
    third = pending(law)
    with pytest.raises(NotAllowed, match="petugas lain"):
        law.run(acquit, law.hendra, third.id, "bukan main-main")
    with pytest.raises(WrongValue, match="alasan"):
        law.run(acquit, law.ratna, third.id, " ")
    law.run(acquit, law.ratna, third.id, " Anaknya memang hilang. ")
    found = law.read(lambda session: session.get_one(Strike, third.id))
    assert (found.state, found.decided_by_id, found.decided_at is not None) == ("lifted", law.ratna.id, True)
    assert (citizen(law, law.ann).strikes, citizen(law, law.ann).blocked_at) == (2, None)
    event = law.read(lambda session: session.exec(select(Event).where(Event.step == "acquit")).one())
    assert event.complaint_id == third.complaint_id
    assert event.body == {"citizen": law.ann.id, "strike": third.id, "reason": "Anaknya memang hilang."}
    for late in (lambda: law.run(confirm, law.sari, third.id), lambda: law.run(acquit, law.sari, third.id, "lagi")):
        with pytest.raises(WrongMoment):
            late()
    prank(law, law.hendra)  # the next is the third, and waits as that one did
    law.run(confirm, law.ratna, pending(law).id)
    assert citizen(law, law.ann).blocked_at


def test_of_four_the_other_waits_on_and_after_a_day_a_supervisor_alone_may_disagree(law: Law) -> None:
    for _ in range(4):
        prank(law, law.hendra)
    third, fourth = law.read(waiting)
    law.run(lambda session: setattr(session.get_one(Strike, third.id), "at", now() - timedelta(hours=25)))
    offered = [case.strike.id for case in law.read(waiting_cases, law.ratna)]
    assert offered == [fourth.id]  # what she may decide is what she is shown
    with pytest.raises(NotAllowed, match="pengawas"):
        law.run(acquit, law.ratna, third.id, "bukan main-main")
    law.run(acquit, law.sari, third.id, "bukan main-main")
    assert pending(law).id == fourth.id and citizen(law, law.ann).strikes == 3


def test_what_turned_out_to_be_true_is_no_strike(law: Law) -> None:
    handled(law, prank(law, law.hendra))
    assert citizen(law, law.ann).strikes == 0


def test_when_one_of_three_turns_out_true_there_is_no_third_to_confirm(law: Law) -> None:
    first, *_ = [prank(law, law.hendra) for _ in range(3)]
    third = pending(law)
    handled(law, first)
    assert law.read(waiting) == [] and citizen(law, law.ann).strikes == 2
    with pytest.raises(WrongMoment):
        law.run(confirm, law.ratna, third.id)
    prank(law, law.hendra)  # the third once more
    assert len(law.read(waiting)) == 1 and citizen(law, law.ann).blocked_at is None


def test_whoever_dismisses_it_last_has_the_last_word(law: Law) -> None:
    incident = prank(law, law.hendra)
    law.take(incident, "reopen", law.ann, reason="sungguhan")
    law.take(incident, "dismiss", law.ratna, reason="not_police")
    assert citizen(law, law.ann).strikes == 0


def test_a_reporter_reopens_twice_and_blocked_not_at_all(law: Law) -> None:
    incident = prank(law, law.hendra)
    for _ in range(REOPENINGS):
        law.take(incident, "reopen", law.ann, reason="sungguhan")
        law.take(incident, "dismiss", law.hendra, reason="prank")
    with pytest.raises(WrongMoment, match="2 kali"):
        law.take(incident, "reopen", law.ann, reason="sungguhan")
    law.take(incident, "reopen", law.sari, reason="pengawas boleh")
    law.take(incident, "dismiss", law.sari, reason="prank")
    others = [prank(law, law.hendra) for _ in range(2)]
    law.run(confirm, law.ratna, pending(law).id)
    with pytest.raises(Blocked):
        law.take(others[0], "reopen", law.ann, reason="sungguhan")


def test_only_three_beyond_doubt_keep_an_account_blocked(law: Law) -> None:
    incidents = [prank(law, law.hendra) for _ in range(4)]
    third, fourth = law.read(waiting)
    law.run(confirm, law.ratna, third.id)
    law.run(appeal, law.ann, "Yang pertama sungguhan.")
    handled(law, incidents[0])
    found = citizen(law, law.ann)
    assert (found.strikes, found.blocked_at) == (3, None)
    assert law.read(appeals) == []  # there is nothing left to answer
    law.run(confirm, law.ratna, fourth.id)
    assert citizen(law, law.ann).blocked_at


def test_a_strike_stays_with_a_complaint_that_is_merged_later_until_that_was_true(law: Law) -> None:
    struck, real = prank(law, law.hendra), law.file(by=law.zed)
    law.take(struck, "reopen", law.ann, reason="sungguhan")
    law.take(struck, "merge", law.hendra, into=real.id)
    assert (citizen(law, law.ann).strikes, citizen(law, law.zed).strikes) == (1, 0)
    law.take(real, "claim", law.ratna)
    law.take(real, "resolve", law.ratna, outcome="handled")
    assert citizen(law, law.ann).strikes == 0


def test_an_appeal_is_answered_by_a_supervisor_and_lifts_the_block(law: Law) -> None:
    with pytest.raises(WrongMoment):
        law.run(appeal, law.ann, "saya tidak diblokir")
    blocked(law)
    law.run(appeal, law.ann, "Anak saya yang mengirim.")
    with pytest.raises(WrongMoment):
        law.run(appeal, law.ann, "sekali lagi")
    (row,) = law.read(appeals)
    for who in (law.hendra, law.dewi, law.ann):
        with pytest.raises(NotAllowed):
            law.run(answer, who, row.id, True, "boleh")
    law.run(answer, law.sari, row.id, True, "Baik, sekali ini.")
    assert (citizen(law, law.ann).strikes, citizen(law, law.ann).blocked_at) == (0, None)
    assert law.file(by=law.ann).strikes == 0
    assert law.read(lambda session: session.get_one(Appeal, row.id).state) == "granted"


def test_a_refused_appeal_leaves_the_block_and_the_next_may_come(law: Law) -> None:
    blocked(law)
    law.run(appeal, law.ann, "tolong")
    law.run(answer, law.sari, law.read(appeals)[0].id, False, "Tiga kali dalam seminggu.")
    assert citizen(law, law.ann).blocked_at
    law.run(appeal, law.ann, "sekali lagi")


def test_only_a_supervisor_lifts(law: Law) -> None:
    blocked(law)
    for who in (law.hendra, law.dewi, law.ann):
        with pytest.raises(NotAllowed):
            law.run(lift, who, law.ann.id, "kasihan")
    law.run(lift, law.sari, law.ann.id, "salah orang")
    assert citizen(law, law.ann).blocked_at is None


def test_a_supervisor_who_lifts_has_answered_the_appeal(law: Law) -> None:
    blocked(law)
    row = law.run(appeal, law.ann, "tolong")
    with pytest.raises(WrongValue):
        law.run(lift, law.sari, law.ann.id, " ")
    law.run(lift, law.sari, law.ann.id, "salah orang")
    answered = law.read(lambda session: session.get_one(Appeal, row.id))
    assert (answered.state, answered.answer, answered.answered_by_id) == ("granted", "salah orang", law.sari.id)
    with pytest.raises(WrongMoment):
        law.run(answer, law.sari, row.id, False, "terlambat")


def test_an_appeal_that_is_too_long_is_refused_and_not_cut(law: Law) -> None:
    blocked(law)
    with pytest.raises(WrongValue, match=str(MOST_WORDS)):
        law.run(appeal, law.ann, "x" * (MOST_WORDS + 1))
    law.run(appeal, law.ann, "x" * MOST_WORDS)


def test_a_strike_counts_to_its_last_second_and_no_longer(law: Law) -> None:
    for _ in range(3):
        prank(law, law.hendra)
    moment = now()

    def age(session: Session, over: timedelta) -> None:
        first = session.exec(select(Strike).order_by(Strike.id)).first()
        first.at = moment - timedelta(days=30) - over

    def tidy(session: Session) -> int:
        with as_of(moment):
            return expire(session, 30)

    law.run(age, timedelta(0))
    assert law.run(tidy) == 0 and len(law.read(waiting)) == 1
    law.run(age, timedelta(seconds=1))
    assert law.run(tidy) == 1 and law.run(tidy) == 0
    assert law.read(waiting) == [] and citizen(law, law.ann).strikes == 2  # the third is the second now


def test_old_strikes_expire_and_free_the_account(law: Law) -> None:
    blocked(law)
    assert law.run(expire) == 0

    def age(session: Session) -> None:
        for row in session.exec(select(Strike)):
            row.at = now() - timedelta(days=366)

    law.run(age)
    assert law.run(expire) == 3
    assert (citizen(law, law.ann).strikes, citizen(law, law.ann).blocked_at) == (0, None)
