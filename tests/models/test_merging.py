"""Many reports of one thing become one incident by one press: all in one commit, each told once, and back again exactly."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from console.pages.diary import diary
from models.errors import NotAllowed, NotYours, WrongMoment, WrongValue
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.incidents.merging import Gathered, alike, gather
from models.incidents.sight import find
from models.incidents.talking import Reach, reach, threads
from models.people.browsers import subscribe
from models.people.citizens import Citizen
from models.reading.seen import seen_of
from models.record.event import Event, Look
from models.record.outbox import Parcel
from models.viewer import Viewer
from models.workflow import Status
from tests.support.law import BABURA, Law
from tests.support.town import Town, ref_of

MANY = 12


def reporters(law: Law, count: int = MANY) -> list[Viewer]:
    """Each with a browser that wants to be told."""

    def add(session: Session) -> list[Viewer]:
        people = [Citizen(phone=f"+62811000{n:04d}", name=f"Warga {n}", password="-") for n in range(count)]
        session.add_all(people)
        session.flush()
        for person in people:
            subscribe(session, person.viewer, f"https://fcm.googleapis.com/{person.id}", "p", "a")
        return [person.viewer for person in people]

    return law.run(add)


def burst(law: Law, people: list[Viewer]) -> list[Incident]:
    return [law.file(who, "KEBAKARAN", at=BABURA, words=f"api besar di los kain {n}") for n, who in enumerate(people)]


def join(law: Law, master: Incident, by: Viewer, others: list[Incident], claim: bool = False) -> Gathered:
    ids = [one.id for one in others]
    return law.run(lambda session: gather(find(session, by, master.id), by, ids, claim))


def told(law: Law) -> Counter[str]:
    return Counter(law.read(lambda session: list(session.exec(select(Parcel.to).where(Parcel.kind == "push")))))


def state(law: Law) -> list[dict[str, Any]]:
    """Every incident and where every complaint is, as they stand."""

    def ask(session: Session) -> list[dict[str, Any]]:
        incidents = [one.values() for one in session.exec(select(Incident).order_by(Incident.id))]
        rows = session.exec(select(Complaint).order_by(Complaint.id))
        return [*incidents, {row.id: (row.incident_id, row.home_id) for row in rows}]

    return law.read(ask)


def test_forty_become_one_and_each_reporter_is_told_once(law: Law) -> None:
    people = reporters(law)
    first, *others = burst(law, people)
    joined = join(law, first, law.hendra, others, claim=True)
    assert (len(joined.numbers), joined.refused) == (MANY - 1, [])
    master = law.incident(first.id)
    assert (master.status, master.officer_id, master.complaint_count) == (Status.CLAIMED, law.hendra.id, MANY)
    assert {law.incident(one.id).status for one in others} == {Status.MERGED}
    assert len(told(law)) == MANY and set(told(law).values()) == {1}
    steps = law.read(lambda s: [(e.incident_id, e.step) for e in s.exec(select(Event)) if e.step != "file"])
    assert sorted(steps) == sorted((one.id, "merge") for one in (first, *others))


def test_who_reported_twice_is_told_once(law: Law) -> None:
    ann, zed = reporters(law, 2)
    first, *others = burst(law, [ann, zed, zed, zed])
    join(law, first, law.hendra, others, claim=True)
    assert sorted(told(law).values()) == [1, 1]


def test_who_waited_is_told_when_it_comes_to_what_somebody_holds(law: Law) -> None:
    people = reporters(law, 3)
    first, second, late = burst(law, people)
    law.take(first, "claim", law.hendra)
    before = told(law)
    join(law, first, law.ratna, [second, late])
    assert sum((told(law) - before).values()) == 2
    assert law.incident(first.id).officer_id == law.hendra.id


def test_one_that_a_colleague_took_meanwhile_stays_with_them_and_is_named(law: Law) -> None:
    first, taken, *others = burst(law, reporters(law, 5))
    law.take(taken, "claim", law.ratna)
    joined = join(law, first, law.hendra, [taken, *others], claim=True)
    assert len(joined.numbers) == 3
    ((number, why),) = joined.refused
    assert number == taken.number and isinstance(why, NotYours) and "Ratna" in str(why.values["who"])
    kept = law.incident(taken.id)
    assert (kept.status, kept.officer_id) == (Status.CLAIMED, law.ratna.id)


def test_of_two_officers_at_once_the_second_finds_nothing_left(law: Law) -> None:
    first, *others = burst(law, reporters(law, 5))
    join(law, first, law.hendra, others, claim=True)
    with pytest.raises(WrongMoment):
        join(law, first, law.ratna, others, claim=True)
    assert law.incident(first.id).officer_id == law.hendra.id
    assert law.incident(first.id).complaint_count == 5


def test_what_cannot_be_joined_stays_whole(law: Law) -> None:
    first, *others = burst(law, reporters(law, 3))
    drill = law.file(law.ann, "KEBAKARAN", at=BABURA, exercise=True)
    police = law.file(law.zed, "OKNUM", at=BABURA)
    with pytest.raises(WrongValue):
        join(law, first, law.hendra, [drill])
    with pytest.raises(WrongValue):
        join(law, first, law.sari, [police])
    with pytest.raises(WrongValue):
        join(law, first, law.hendra, [police, first])  # not theirs to see, and itself
    with pytest.raises(NotAllowed):
        law.run(lambda s: gather(s.get_one(Incident, first.id), law.ann, [others[0].id]))
    law.take(first, "dismiss", law.hendra, reason="empty")
    with pytest.raises(WrongMoment):
        join(law, first, law.hendra, others)
    assert law.incident(others[0].id).status == Status.NEW


def test_late_ones_flow_in_as_a_suggestion_on_what_all_became(law: Law) -> None:
    people = reporters(law, 6)
    first, *others = burst(law, people[:4])
    early = others.pop()  # unticked
    join(law, others[0], law.hendra, [first, *others[1:]], claim=True)  # not into the oldest
    late = law.file(people[4], "KEBAKARAN", at=BABURA, words="asap tebal los kain")
    master = others[0].id
    assert {law.incident(one.id).like_id for one in (early, late)} == {master}
    assert law.incident(master).like_id is None
    seen = law.read(lambda s: [one.id for one in alike(s, law.hendra, s.get_one(Incident, master))])
    assert seen == [early.id, late.id]


def test_one_undo_puts_all_back_exactly(law: Law) -> None:
    first, taken, *others = burst(law, reporters(law, 6))
    law.take(taken, "claim", law.hendra)
    before = state(law)
    join(law, first, law.hendra, [taken, *others], claim=True)
    assert state(law) != before
    law.take(first, "undo", law.hendra, step="merge")
    assert state(law) == before


def test_undoing_leaves_nobody_following_who_follows(law: Law) -> None:
    people = reporters(law, 4)
    first, second, third, early = burst(law, people)
    law.take(second, "claim", law.hendra)
    join(law, second, law.hendra, [first, third])
    law.take(second, "undo", law.hendra, step="merge")
    assert {law.incident(one.id).like_id for one in (second, third, early)} == {first.id}


def test_one_complaint_is_taken_out_again_and_does_not_come_back_by_itself(law: Law) -> None:
    first, other, *rest = burst(law, reporters(law, 4))
    join(law, first, law.hendra, [other, *rest], claim=True)
    law.take(other, "unmerge", law.hendra)
    apart = law.incident(other.id)
    assert (apart.status, apart.like_id, apart.complaint_count) == (Status.NEW, None, 1)
    assert law.incident(first.id).complaint_count == 3


def test_folding_the_events_gives_the_incidents_as_they_are(law: Law) -> None:
    first, *others = burst(law, reporters(law, 4))
    join(law, first, law.hendra, others, claim=True)
    law.take(others[0], "unmerge", law.hendra)
    folded: dict[int, dict[str, Any]] = {}
    for event in law.read(lambda session: session.exec(select(Event).order_by(col(Event.seq))).all()):
        folded.setdefault(event.incident_id, {}).update(event.body["set"])
    for id, values in folded.items():
        assert law.read(lambda session, id=id: session.get_one(Incident, id).values()) == values


def test_a_reporter_reads_that_it_was_taken_and_nothing_of_the_others(law: Law) -> None:
    first, *others = burst(law, reporters(law, 4))
    join(law, first, law.hendra, others, claim=True)
    mine = law.read(lambda s: seen_of(s, s.exec(select(Complaint).where(Complaint.home_id == others[0].id)).one()))
    assert [(seen.what, seen.who) for seen in mine] == [("handled", "officer")]


def threads_of(law: Law, incident: Incident) -> list[list[str]]:
    def ask(session: Session) -> list[list[str]]:
        found = threads(session, session.get_one(Incident, incident.id).complaints)
        return [[line.words for line in lines] for lines in found.values()]

    return law.read(ask)


def test_one_answer_to_all_stands_in_each_thread_and_tells_each_once(law: Law) -> None:
    people = reporters(law, 4)
    first, *others = burst(law, [*people, people[0]])
    caller = law.file(law.hendra, "KEBAKARAN", at=BABURA, source="caller", caller_name="Wati")
    join(law, first, law.hendra, [*others, caller], claim=True)
    law.run(lambda session: [session.delete(row) for row in session.exec(select(Parcel))] and None)
    law.take(first, "ask", law.hendra, words="Menjauhlah dari los kain", everyone=True)
    said = threads_of(law, first)
    assert [len(lines) for lines in said] == [1, 1, 1, 1, 0, 0]  # once a person; who has no account reads nothing
    assert sorted(told(law).values()) == [1, 1, 1, 1]
    assert law.read(lambda s: reach(s, s.get_one(Incident, first.id).complaints)) == Reach(
        push=4, message=0, page=0, nobody=1
    )

    def later(session: Session) -> None:
        asked = session.exec(select(Event).where(Event.step == "ask").order_by(col(Event.seq)))
        for n, event in enumerate(asked):
            event.at += timedelta(seconds=n)

    law.run(later)  # whatever second each fell into
    law.take(first, "ask", law.hendra, words="Menjauhlah dari los kain", everyone=True)  # and said once more
    entries = law.read(lambda s: diary(s, s.get_one(Incident, first.id), law.hendra))
    said_so = "Anda menulis ke 4 pelapor: Menjauhlah dari los kain"
    assert [entry.words for entry in entries if entry.step == "ask"] == [said_so] * 2


def test_where_nobody_can_read_an_answer_to_all_is_refused(law: Law) -> None:
    caller = law.file(law.hendra, "KEBAKARAN", source="caller", caller_name="Wati")
    with pytest.raises(WrongValue):
        law.take(caller, "ask", law.hendra, words="halo", everyone=True)


def test_a_name_is_looked_at_for_the_complaint_it_belongs_to(sqlite_town: Town) -> None:
    town = sqlite_town
    mine, theirs = ref_of(town.ann.file(category="KEBAKARAN")), ref_of(town.zed.file(category="KEBAKARAN"))
    master, other = town.incident_of(mine), town.incident_of(theirs)
    answer = town.hendra.post(f"/incidents/{master.id}/merge", data={"source": str(other.id), "claim": "true"})
    assert answer.status_code == 303
    complaint = next(row for row in town.complaints() if row.ref == theirs)
    shown = town.hendra.post(
        f"/incidents/{master.id}/identity?complaint={complaint.id}", headers={"hx-request": "true"}
    )
    assert "Zed Hutabarat" in shown.text and "Ann Siregar" not in shown.text
    looks = town.read(lambda s: [(look.what, look.complaint_id) for look in s.exec(select(Look))])
    assert looks == [("identity", complaint.id)]
    wrong = town.hendra.post(f"/incidents/{master.id}/identity?complaint=999", headers={"hx-request": "true"})
    assert wrong.status_code == 404


def test_merged_reporters_read_nothing_of_each_other(sqlite_town: Town) -> None:
    town = sqlite_town
    canaries = {"ann": "kenari-ann api besar", "zed": "kenari-zed api besar"}
    refs = {
        who: ref_of(getattr(town, who).file(category="KEBAKARAN", description=words)) for who, words in canaries.items()
    }
    master, other = town.incident_of(refs["ann"]), town.incident_of(refs["zed"])
    before = town.zed.get(f"/complaints/{refs['zed']}").text
    town.hendra.post(f"/incidents/{master.id}/merge", data={"source": str(other.id), "claim": "true"})
    town.hendra.post(f"/incidents/{master.id}/ask", data={"words": "Menjauhlah", "everyone": "true"})
    pages = {who: getattr(town, who).get(f"/complaints/{refs[who]}").text for who in refs}
    assert "kenari-zed" in pages["zed"] and "kenari-ann" not in pages["zed"] and "Menjauhlah" in pages["zed"]
    assert "kenari-ann" in pages["ann"] and "kenari-zed" not in pages["ann"] and "Menjauhlah" in pages["ann"]
    for word in (master.number, refs["ann"], "2 laporan", "Ann"):
        assert word not in pages["zed"] or word in before
