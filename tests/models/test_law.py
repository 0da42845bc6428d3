"""Every step as owner, colleague and outsider; at the right moment and at the wrong one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from console.ground.points import distance_m
from models.errors import NotAllowed, NotFound, NotYours, Outdated, WrongMoment, WrongValue
from models.incidents.complaint import Complaint
from models.incidents.dispatch import Dispatch
from models.incidents.filing import Upload, attach, find_complaint
from models.incidents.holding import keep_lease, unattended
from models.incidents.incident import Incident
from models.incidents.strengths import strengths
from models.incidents.suggesting import suggest
from models.people.officers import note_presence
from models.reading.board import board
from models.reading.finding import search
from models.record.event import Event, Look, note_look
from models.roles import Role
from models.time import now
from models.viewer import CLOCK, Viewer
from models.workflow import EFFECTS, STEPS, Status
from tests.support.law import BABURA, PLACES, Law


def test_every_step_of_the_table_has_its_effect() -> None:
    assert set(STEPS) - {"file"} == set(EFFECTS)


def test_a_complaint_makes_an_incident_that_waits_for_its_claim(law: Law) -> None:
    incident = law.file()
    assert (incident.status, incident.priority, incident.kelurahan) == (Status.NEW, 1, "Babura")
    assert incident.due_at == incident.filed_at + timedelta(seconds=60)
    assert incident.number.endswith("-0001") and incident.standing == "new"
    assert law.file().standing == "known"
    assert [ring["step"] for ring in law.rings if ring["step"] == "file"] == ["file", "file"]


def test_a_claim_is_exclusive_and_names_the_winner(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    assert incident.officer_id == law.hendra.id and incident.status == Status.CLAIMED
    with pytest.raises(WrongMoment, match="Aipda Hendra Siregar"):
        law.take(incident, "claim", law.ratna)


def test_claiming_what_you_hold_is_a_plain_yes_and_no_event(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    assert law.take(incident, "claim", law.hendra).seq == incident.seq


@pytest.mark.parametrize("who", ["ann", "dewi", "damkar"])
def test_who_is_not_on_duty_claims_nothing(law: Law, who: str) -> None:
    incident = law.file()
    with pytest.raises((NotAllowed, NotFound)):
        law.take(incident, "claim", getattr(law, who))
    assert law.incident(incident.id).status == Status.NEW


def test_a_claim_is_undone_within_twenty_seconds_without_a_reason(law: Law) -> None:
    incident = law.take(law.take(law.file(), "claim", law.hendra), "release", law.hendra)
    assert (incident.status, incident.officer_id) == (Status.NEW, None)


def test_after_twenty_seconds_a_release_needs_its_reason(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    law.run(
        lambda session: setattr(session.get_one(Incident, incident.id), "claimed_at", now() - timedelta(seconds=21))
    )
    with pytest.raises(WrongValue):
        law.take(incident, "release", law.hendra)
    assert law.take(incident, "release", law.hendra, reason="salah ambil").status == Status.NEW


def test_personnel_leave_their_station_and_come_back(law: Law) -> None:
    free = {row.station.id: row.free for row in law.read(strengths)}
    incident = law.send(law.take(law.file(), "claim", law.hendra), law.hendra, (None, 6))
    away = {row.station.id: row.free for row in law.read(strengths)}
    assert sum(free.values()) - sum(away.values()) == 6 and incident.personnel == 6
    assert incident.status == Status.DISPATCHED
    incident = law.take(law.take(incident, "arrive", law.hendra), "resolve", law.hendra, outcome="handled")
    assert {row.station.id: row.free for row in law.read(strengths)} == free
    assert (incident.status, incident.personnel, incident.due_at) == (Status.RESOLVED, 0, None)


def test_the_nearest_station_sends_first(law: Law) -> None:
    incident = law.send(law.take(law.file(), "claim", law.hendra), law.hendra, (None, 2))
    rows = law.read(lambda session: [row.station.name for row in session.exec(select(Dispatch))])
    assert rows == ["Polsek Medan Baru"] and incident.personnel == 2


@pytest.mark.parametrize("n", [0, -1, 501, 10**9])
def test_a_number_of_personnel_that_cannot_be_is_refused(law: Law, n: int) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    with pytest.raises(WrongValue, match="1 sampai 500"):
        law.send(incident, law.hendra, (None, n))
    assert law.incident(incident.id).status == Status.CLAIMED


def test_more_than_are_free_needs_a_reason(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    with pytest.raises(WrongValue, match="melebihi"):
        law.send(incident, law.hendra, (None, 66))
    assert law.send(incident, law.hendra, (None, 66), reason="bantuan Brimob").personnel == 66


def test_a_refused_step_leaves_no_event_and_no_number(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    with pytest.raises(WrongValue):
        law.send(incident, law.hendra, (None, 0))
    law.take(incident, "note", law.hendra, words="setelah penolakan")
    numbers = law.read(lambda session: session.exec(select(Event.seq).order_by(Event.seq)).all())
    assert list(numbers) == list(range(1, len(numbers) + 1))


def test_only_the_holder_sends_and_a_supervisor_takes_over_first(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    for who in (law.ratna, law.sari):
        with pytest.raises(NotYours):
            law.send(incident, who)
    with pytest.raises(NotAllowed):
        law.take(incident, "take_over", law.ratna, reason="mau")
    law.take(incident, "take_over", law.sari, reason="pergantian")
    assert law.send(incident, law.sari).officer_id == law.sari.id


def test_a_supervisor_reassigns_to_an_officer_on_duty_only(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    for wrong in (law.dewi.id, law.damkar.id, 999, None):
        with pytest.raises(WrongValue):
            law.take(incident, "reassign", law.sari, officer=wrong, reason="beban")
    assert law.take(incident, "reassign", law.sari, officer=law.ratna.id, reason="beban").officer_id == law.ratna.id


@pytest.mark.parametrize(
    ("step", "field", "most"),
    [("resolve", "note", 4000), ("dismiss", "note", 4000), ("note", "words", 4000), ("recall", "reason", 4000),
     ("relocate", "landmark", 200), ("refer", "note", 4000), ("reopen", "reason", 4000)],
)  # fmt: skip
def test_no_step_keeps_more_than_anybody_reads(law: Law, step: str, field: str, most: int) -> None:
    """It is kept for good, and each screen is sent it."""
    row = law.file()
    law.take(row, "claim", law.hendra)
    if step == "recall":
        law.send(row, law.hendra)
    if step == "reopen":
        law.take(row, "dismiss", law.hendra, reason="empty")
    with pytest.raises(WrongValue, match=f"Paling banyak {most} huruf") as refused:
        long = "x" * (most + 1)
        given = (
            {"site": PLACES.site(*BABURA, precision="pin", landmark=long), "reason": "x"}
            if field == "landmark"
            else {field: long}
        )
        law.take(row, step, law.hendra, **given)
    assert refused.value.field == field


def test_a_stale_page_is_told_so(law: Law) -> None:
    incident = law.file()
    law.take(incident, "reprioritise", law.sari, priority=3, reason="reda")
    with pytest.raises(Outdated):
        law.take(incident, "claim", law.ratna, version=incident.version)
    with pytest.raises(Outdated):
        law.take(incident, "claim", law.ratna, version=99)
    assert law.take(incident, "claim", law.ratna, version=law.incident(incident.id).version).officer_id == law.ratna.id


def test_words_reach_an_incident_whatever_has_happened_to_it(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row says which, and nothing else does."""
    incident = law.take(law.file(), "claim", law.hendra)
    law.take(incident, "reprioritise", law.sari, priority=3, reason="reda")
    old = incident.version
    law.take(incident, "note", law.hendra, words="Masih ramai", version=old)
    law.take(incident, "ask", law.hendra, complaint=1, words="Di mana?", version=old)
    law.take(incident, "explain", law.hendra, reason="macet", version=old)
    with pytest.raises(Outdated):
        law.take(incident, "relocate", law.hendra, site=PLACES.site(*BABURA, precision="pin"), reason="x", version=old)
    for step, said in (("note", False), ("release", True)):
        monkeypatch.setitem(STEPS, step, replace(STEPS[step], anyhow=said))
    with pytest.raises(Outdated):
        law.take(incident, "note", law.hendra, words="Lagi", version=old)
    law.take(incident, "release", law.hendra, reason="tukar", version=old)


def test_what_no_decision_rests_on_makes_no_page_stale(law: Law) -> None:
    """A photo that came up as the officer pressed C, words of the reporter, the clock: the claim is theirs all the same."""
    incident = law.file()
    photo = Upload(kind="photo", name="", mime="image/jpeg", size=1, sha256="0" * 64)
    law.run(lambda session: attach(session, law.ann, session.get_one(Complaint, 1), photo))
    law.take(incident, "reply", law.ann, words="Mereka masih di sini")
    law.take(incident, "escalate", CLOCK)
    assert law.incident(incident.id).version > incident.version
    assert law.take(incident, "claim", law.ratna, version=incident.version).officer_id == law.ratna.id


def test_a_silent_console_loses_its_lease_and_gets_it_back(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    assert law.read(unattended) == [(incident.id, True)]
    law.run(keep_lease, incident.id)
    assert law.incident(incident.id).stale
    law.run(note_presence, [law.hendra.id])
    law.run(keep_lease, incident.id)
    assert not law.incident(incident.id).stale
    law.run(keep_lease, incident.id)
    steps = law.read(lambda session: session.exec(select(Event.step).where(Event.incident_id == incident.id)).all())
    assert list(steps) == ["file", "claim", "lapse", "renew"]


def test_anyone_reclaims_a_lapsed_lease_and_nobody_a_living_one(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    with pytest.raises(NotYours, match="Hendra"):
        law.take(incident, "reclaim", law.ratna)
    law.run(keep_lease, incident.id)
    incident = law.take(incident, "reclaim", law.ratna)
    assert incident.officer_id == law.ratna.id and not incident.stale


def test_what_nobody_has_stands_first_then_what_its_holder_left_alone(law: Law) -> None:
    """The board's order, its number and the lateness of what waits agree, however each came to where it stands."""
    silent, held, urgent_held = law.file(category="CURANMOR"), law.file(category="CURANMOR"), law.file()
    for incident in (silent, held, urgent_held):
        law.take(incident, "claim", law.hendra)
    law.run(lambda session: setattr(session.get_one(Incident, silent.id), "stale", True))
    quiet, again, old, released = (law.file(category="KERIBUTAN") for _ in range(4))
    raised, muted, urgent = law.file(category="KERIBUTAN"), law.file(category="CURANMOR"), law.file()
    law.run(lambda session: setattr(session.get_one(Incident, muted.id), "muted", True))
    law.take(law.take(again, "dismiss", law.hendra, reason="empty"), "reopen", law.ann, reason="masih ada")
    law.take(law.take(released, "claim", law.hendra), "release", law.hendra, reason="keliru")
    law.take(raised, "reprioritise", law.sari, priority=2, reason="ada senjata")

    def an_hour_ago(session: Session) -> None:
        row = session.get_one(Incident, old.id)
        row.opened_at = now() - timedelta(hours=1)
        row.due_at = row.due()

    law.run(an_hour_ago)
    rows = law.read(board, law.hendra.audience).rows
    order = [urgent, raised, muted, old, quiet, again, released, silent, urgent_held, held]
    assert [row.id for row in rows] == [incident.id for incident in order]
    whole = [law.incident(row.id) for row in rows]
    assert [one.rank for one in whole] == sorted(one.rank for one in whole)
    assert max(one.rank for one in whole) < 2**53
    waiting = [one for one in whole if one.status == Status.NEW]
    assert waiting == sorted(waiting, key=lambda one: (one.priority, one.due_at))


def test_a_board_that_is_cut_keeps_what_waits(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.reading.board.BOARD_SIZE", 4)
    monkeypatch.setattr("models.reading.board.SHORTENED_TO", 3)
    first, *held = [law.take(law.file(), "claim", law.hendra) for _ in range(4)]
    waiting = [law.file(category="BARANG_HILANG") for _ in range(2)]
    cut = law.read(board, law.hendra.audience)
    assert [row.id for row in cut.rows] == [*(row.id for row in waiting), first.id]
    assert (cut.more, cut.oldest) == (3, held[0].filed_at)


def test_merging_and_unmerging_puts_everything_back_exactly(law: Law) -> None:
    first, second, third = law.file(), law.file(by=law.zed), law.file(by=law.zed)
    law.take(second, "claim", law.ratna)
    law.take(third, "merge", law.hendra, into=second.id)
    law.take(second, "merge", law.ratna, into=first.id)
    assert law.incident(first.id).complaint_count == 3
    assert [row.id for row in law.read(board, law.hendra.audience).rows] == [first.id]
    law.take(second, "unmerge", law.ratna)
    again = law.incident(second.id)
    assert (again.status, again.officer_id, again.complaint_count) == (Status.CLAIMED, law.ratna.id, 2)
    assert law.incident(first.id).complaint_count == 1
    law.take(third, "unmerge", law.hendra)
    homes = law.read(lambda session: [(row.home_id, row.incident_id) for row in session.exec(select(Complaint))])
    assert all(home == under for home, under in homes)


def test_an_incident_is_not_merged_into_itself_or_into_a_closed_one(law: Law) -> None:
    first, second = law.file(), law.file()
    law.take(second, "dismiss", law.hendra, reason="empty")
    for wrong in (first.id, second.id, 999, None):
        with pytest.raises(WrongValue):
            law.take(first, "merge", law.hendra, into=wrong)


def test_the_reporter_reopens_within_seventy_two_hours(law: Law) -> None:
    incident = law.take(law.file(), "dismiss", law.hendra, reason="empty")
    with pytest.raises(NotFound):
        law.take(incident, "reopen", law.zed, reason="bukan punya saya")
    with pytest.raises(WrongValue):
        law.take(incident, "reopen", law.ann)
    incident = law.take(incident, "reopen", law.ann, reason="masih ada")
    assert (incident.status, incident.officer_id, incident.dismissal) == (Status.NEW, None, None)
    law.take(incident, "dismiss", law.hendra, reason="empty")
    long_ago = now() - timedelta(hours=73)
    law.run(lambda session: setattr(session.get_one(Incident, incident.id), "closed_at", long_ago))
    with pytest.raises(WrongMoment, match="72 jam"):
        law.take(incident, "reopen", law.ann, reason="masih ada")


def test_words_go_to_the_reporter_asked_and_to_nobody_merged_beside(law: Law) -> None:
    first, second = law.file(by=law.ann), law.file(by=law.zed)
    law.take(second, "merge", law.hendra, into=first.id)
    law.take(first, "ask", law.hendra, words="Apakah Anda aman?")
    law.take(first, "reply", law.zed, words="saya yang lain")
    complaints = law.read(lambda session: session.exec(select(Complaint).order_by(Complaint.id)).all())
    words = law.read(
        lambda session: [(e.complaint_id, e.body["words"]) for e in session.exec(select(Event)) if "words" in e.body]
    )
    assert words == [(complaints[0].id, "Apakah Anda aman?"), (complaints[1].id, "saya yang lain")]


def test_a_complaint_about_an_officer_is_for_supervisors_only(law: Law) -> None:
    hidden, shown = law.file(category="OKNUM"), law.file()
    for step in ("claim", "note", "ask"):
        with pytest.raises(NotFound):
            law.take(hidden, step, law.hendra)
    assert [row.id for row in law.read(board, law.hendra.audience).rows] == [shown.id]
    assert {row.id for row in law.read(board, law.sari.audience).rows} == {shown.id, hidden.id}
    assert law.take(hidden, "claim", law.sari).status == Status.CLAIMED


def test_the_two_sides_of_the_visibility_rule_agree(law: Law) -> None:
    incidents = [law.file(), law.file(by=law.zed, category="OKNUM"), law.file(by=law.zed, category="KEBAKARAN")]
    law.take(incidents[2], "claim", law.hendra)
    agency = law.damkar.agency_id
    law.take(incidents[2], "refer", law.hendra, agency=agency, tier="summary")
    viewers = [law.ann, law.zed, law.hendra, law.sari, law.dewi, law.damkar, law.bnpt, Viewer(Role.WALL, 1), CLOCK]

    def both(session: Session, viewer: Viewer) -> tuple[list[int], list[int]]:
        from models.incidents.sight import seen_by, visible_to

        asked = session.exec(select(Incident.id).where(visible_to(viewer.audience)).order_by(Incident.id)).all()
        looked = [
            row.id for row in session.exec(select(Incident).order_by(Incident.id)) if seen_by(row, viewer.audience)
        ]
        return list(asked), looked

    seen = {viewer.role + str(viewer.id): law.read(both, viewer) for viewer in viewers}
    for asked, looked in seen.values():
        assert asked == looked
    assert seen[f"liaison{law.damkar.id}"][0] == [incidents[2].id] and seen[f"liaison{law.bnpt.id}"][0] == []


def test_a_partner_answers_what_was_referred_and_then_sees_it_no_more(law: Law) -> None:
    incident = law.take(law.file(category="KEBAKARAN"), "claim", law.hendra)
    with pytest.raises(NotFound):
        law.take(incident, "accept", law.damkar)
    law.take(incident, "refer", law.hendra, agency=law.damkar.agency_id, tier="full")
    with pytest.raises(WrongMoment):
        law.take(incident, "refer", law.hendra, agency=law.damkar.agency_id, tier="full")
    law.take(incident, "accept", law.damkar)
    with pytest.raises(NotAllowed):
        law.take(incident, "note", law.damkar, words="bukan peran saya")
    law.take(incident, "finish", law.damkar, note="padam")
    with pytest.raises(NotFound):
        law.take(incident, "finish", law.damkar, note="lagi")


def test_what_is_late_is_escalated_once_for_each_target(law: Law) -> None:
    incident = law.file()
    law.run(lambda session: setattr(session.get_one(Incident, incident.id), "opened_at", now() - timedelta(seconds=61)))
    law.take(incident, "note", law.hendra, words="menghitung ulang target")
    for _ in range(3):
        law.run(lambda session: session.get_one(Incident, incident.id).take("escalate", CLOCK))
    steps = law.read(lambda session: session.exec(select(Event.step)).all())
    assert list(steps).count("escalate") == 1


def test_the_suggestion_is_a_sum_beside_the_median_of_like_cases(law: Law) -> None:
    for n in (3, 5, 9):
        past = law.send(law.take(law.file(), "claim", law.hendra), law.hendra, (None, n))
        law.take(past, "resolve", law.hendra, outcome="handled")
    incident = law.file()
    found = law.read(lambda session: suggest(session, session.get_one(Incident, incident.id), ["armed", "night"]))
    assert [part.n for part in found.parts] == [4, 4, 1] and found.total == 9
    assert (found.median, found.median_of, found.short) == (5, 3, 0)


def test_folding_the_events_gives_the_incidents_as_they_are(law: Law) -> None:
    first, second = law.file(), law.file(by=law.zed)
    law.take(second, "merge", law.hendra, into=first.id)
    law.take(first, "claim", law.hendra)
    law.send(first, law.hendra, (None, 3), modifier=["armed"])
    law.take(first, "arrive", law.hendra)
    law.take(second, "unmerge", law.hendra)
    law.take(first, "resolve", law.hendra, outcome="arrested", note="dua orang")
    folded: dict[int, dict] = {}
    for event in law.read(lambda session: session.exec(select(Event).order_by(Event.seq)).all()):
        if event.incident_id:
            folded.setdefault(event.incident_id, {}).update(event.body["set"])
    for id, values in folded.items():
        assert law.read(lambda session, id=id: session.get_one(Incident, id).values()) == values


def test_a_stranger_finds_no_complaint_of_another(law: Law) -> None:
    law.file(by=law.ann)
    ref = law.read(lambda session: session.exec(select(Complaint.ref)).one())
    assert law.read(find_complaint, law.ann, ref).ref == ref
    for who in (law.zed, law.hendra, law.dewi):
        with pytest.raises(NotFound):
            law.read(find_complaint, who, ref)


def test_filing_over_the_rate_lands_muted_and_is_never_refused(law: Law) -> None:
    muted = [law.file(by=law.ann).muted for _ in range(7)]
    assert muted == [False] * 5 + [True] * 2 and not law.file(by=law.zed).muted


def test_search_finds_by_number_reference_phone_and_words(law: Law) -> None:
    incident = law.file(words="mobil bak terbuka warna hijau")
    law.file(by=law.zed)
    ref = law.read(
        lambda session: session.exec(select(Complaint.ref).where(Complaint.incident_id == incident.id)).one()
    )
    for q in (incident.number, ref, ref.lower(), "0812-0000-4471", "BAK terbuka"):
        assert [row.id for row in law.read(search, law.hendra, q)] == [incident.id], q
    assert law.read(search, law.hendra, "100%_tidak ada") == []


def test_distance_is_measured_on_the_ellipsoid(law: Law) -> None:
    incident = law.file()
    nearest = min(distance_m(incident, row.station) for row in law.read(strengths))
    assert 1_000 < nearest < 2_000  # Babura to Medan Baru


def test_a_phone_finds_what_it_reported_only_for_who_may_know_the_reporter(law: Law) -> None:
    hidden, shown = law.file(category="KDRT_PPA"), law.file()
    phone = "081200004471"
    assert [row.id for row in law.read(search, law.hendra, phone)] == [shown.id]
    assert {row.id for row in law.read(search, law.sari, phone)} == {shown.id, hidden.id}
    law.take(hidden, "claim", law.hendra)
    assert {row.id for row in law.read(search, law.hendra, phone)} == {shown.id, hidden.id}


def test_a_referral_ends_with_its_incident(law: Law) -> None:
    incident = law.take(law.file(category="KEBAKARAN"), "claim", law.hendra)
    law.take(incident, "refer", law.hendra, agency=law.damkar.agency_id, tier="full")
    law.take(incident, "resolve", law.hendra, outcome="handled")
    with pytest.raises(NotFound):
        law.take(incident, "accept", law.damkar)


def test_two_looks_in_one_group_of_writes_are_one_look(law: Law) -> None:
    def twice(session: Session) -> None:
        for _ in range(2):
            note_look(session, "evidence", law.hendra, complaint_id=1, evidence_id=1)

    law.run(twice)
    assert len(law.read(lambda session: session.exec(select(Look)).all())) == 1


def test_who_has_arrived_is_counted_apart_from_who_is_still_coming(law: Law) -> None:
    first, second = law.read(strengths)[:2]
    pairs = (first.station.id, 4), (second.station.id, 3)
    incident = law.send(law.take(law.file(), "claim", law.hendra), law.hendra, *pairs)
    one, other = law.read(lambda session: list(session.exec(select(Dispatch.id).order_by(Dispatch.id))))

    def there() -> tuple[int, int]:
        now_is = law.incident(incident.id)
        return now_is.arrived, now_is.coming

    assert there() == (0, 7)
    law.take(incident, "arrive", law.hendra, dispatch=one)
    assert there() == (4, 3)
    law.take(incident, "arrive", law.hendra, dispatch=other)
    assert there() == (7, 0)
    law.take(incident, "undo", law.hendra, step="arrive")
    assert there() == (4, 3)
    law.take(incident, "clear", law.hendra, dispatch=one)
    assert there() == (0, 3)
    law.take(incident, "undo", law.hendra, step="clear")
    assert there() == (4, 3)
    law.take(incident, "recall", law.hendra, reason="salah alamat")
    assert there() == (0, 0)


def test_what_is_so_already_is_a_plain_yes_and_no_line(law: Law) -> None:
    """The same priority, kind, place or holder once more: nothing is recorded, and nobody's page grows old by it."""
    site = PLACES.site(*BABURA, precision="pin")
    incident = law.take(law.take(law.file(), "claim", law.hendra), "relocate", law.hendra, site=site, reason="x")
    again = {
        "reprioritise": {"priority": incident.priority},
        "recategorise": {"category": incident.category_code},
        "relocate": {"site": site},
        "reassign": {"officer": law.hendra.id},
    }
    for step, given in again.items():
        after = law.take(incident, step, law.sari, reason="sekali lagi", **given)
        assert (after.seq, after.version) == (incident.seq, incident.version), step
    with pytest.raises(WrongValue):
        law.take(incident, "reprioritise", law.sari, priority=incident.priority, reason=" ")
