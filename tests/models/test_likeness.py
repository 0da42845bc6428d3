"""What seems to tell of one thing finds itself together; what does not stays apart; and filing stays quick."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.incidents.incident import Incident
from models.incidents.likeness import common, liken, roots, unlike
from models.reading.board import board
from models.record.database import is_sqlite
from models.record.event import Event
from models.workflow import Status
from tests.support.law import BABURA, PLACES, Law
from tests.support.statements import asked_of

HERE, NEXT, FAR = BABURA, (BABURA[0] + 0.0006, BABURA[1]), (BABURA[0] + 0.006, BABURA[1])  # 67 m, 667 m
FIRE = "gudang kapuk terbakar, asap tebal sekali"


def fire(law: Law, words: str = FIRE, category: str = "KEBAKARAN", **more) -> Incident:
    return law.file(more.pop("by", law.zed), category, at=more.pop("at", HERE), words=words, **more)


def like(law: Law, incident: Incident) -> int | None:
    return law.incident(incident.id).like_id


def test_reports_of_one_fire_follow_the_oldest(law: Law) -> None:
    first = fire(law)
    others = [fire(law, "api besar los kain", at=NEXT), fire(law, "kebakaran pak tolong damkar", by=law.ann)]
    assert like(law, first) is None and {like(law, other) for other in others} == {first.id}


def test_what_waits_is_counted_before_any_script_as_the_screens_count_it(law: Law) -> None:
    """What seems to be one thing is one."""
    for words in (FIRE, "api besar los kain", "kebakaran pak tolong damkar"):
        fire(law, words, at=NEXT)
    fire(law, at=FAR)
    held = law.take(fire(law, category="CURANMOR"), "claim", law.hendra)
    found = law.read(board, law.hendra.audience)
    assert (found.true(Status.NEW), found.true(Status.CLAIMED), len(found.rows)) == (2, 1, 5) and held


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"at": FAR}, "too far"),
        ({"category": "CURANMOR"}, "a kind that never tells of a fire"),
        ({"category": "OKNUM"}, "only for supervisors"),
        ({"exercise": True}, "an exercise"),
    ],
)
def test_what_is_another_thing_stays_apart(law: Law, change: dict, why: str) -> None:
    fire(law)
    assert like(law, fire(law, **change)) is None, why


def test_complaints_about_officers_are_never_put_together(law: Law) -> None:
    fire(law, category="OKNUM")
    assert like(law, fire(law, category="OKNUM")) is None


def test_a_panic_button_beside_a_fire_seems_to_be_of_it(law: Law) -> None:
    first = fire(law)
    assert like(law, fire(law, "Respons Cepat ditekan, tanpa kata.", "DARURAT_NYAWA", at=NEXT)) == first.id


def test_what_happens_to_one_household_wants_the_same_words(law: Law) -> None:
    first = fire(law, "rumah dibongkar, tv dan emas hilang lewat jendela", "CURAT")
    neighbour = fire(law, "kios dibobol, rokok habis", "CURAT", at=NEXT)
    again = fire(law, "rumah tetangga dibongkar lewat jendela, emas hilang", "CURAT", at=NEXT)
    assert (like(law, neighbour), like(law, again)) == (None, first.id)


def test_an_hour_later_it_is_another_fire(law: Law) -> None:
    old = fire(law)

    def age(session: Session) -> None:
        incident = session.get_one(Incident, old.id)
        for row in (incident, incident.complaints[0]):
            row.filed_at -= timedelta(minutes=70)

    law.run(age)
    assert like(law, fire(law)) is None


def test_without_a_place_only_much_the_same_words_speak(law: Law) -> None:
    first = fire(law, "los kain pasar sambas terbakar api besar")

    def guess(words: str) -> int | None:
        def ask(session: Session) -> int | None:
            near = session.get_one(Incident, first.id)
            nowhere = Incident(category_code="KEBAKARAN", precision="none", exercise=False)  # type: ignore[call-arg]
            return liken(session, nowhere, words, near.filed_at)

        return law.read(ask)

    assert guess("kebakaran di los kain pasar sambas") == first.id
    assert guess("api besar di dekat rumah saya") is None


def test_who_leaves_the_board_leads_nobody(law: Law) -> None:
    first, second, third = fire(law), fire(law), fire(law)
    law.take(first, "dismiss", law.hendra, reason="empty")
    assert (like(law, second), like(law, third)) == (None, second.id)
    law.take(second, "recategorise", law.sari, category="OKNUM", reason="tentang petugas")
    assert like(law, third) is None


def test_who_is_corrected_is_compared_anew(law: Law) -> None:
    first = fire(law)
    wrong = fire(law, category="CURANMOR")
    law.take(wrong, "claim", law.hendra)
    law.take(wrong, "recategorise", law.hendra, category="KEBAKARAN", reason="kebakaran")
    assert like(law, wrong) == first.id
    law.take(wrong, "recategorise", law.hendra, category="CURANMOR", reason="bukan")
    assert like(law, wrong) is None


def test_who_led_and_was_corrected_follows_whoever_leads_the_others_now(law: Law) -> None:
    first, second = fire(law, by=law.ann), fire(law)
    assert like(law, second) == first.id
    law.take(first, "locate", law.ann, site=PLACES.site(*NEXT, precision="pin"))
    assert (like(law, first), like(law, second)) == (second.id, None)


def test_a_closed_one_is_led_by_nobody_when_it_is_opened_again(law: Law) -> None:
    fire(law)
    second = law.take(fire(law), "dismiss", law.hendra, reason="empty")
    law.take(second, "reopen", law.sari, reason="masih ada")
    assert like(law, second) is None


def test_folding_the_events_gives_whom_each_follows(law: Law) -> None:
    first, second, third = fire(law), fire(law), fire(law)
    law.take(first, "dismiss", law.hendra, reason="empty")
    folded: dict[int, dict] = {}
    for event in law.read(lambda session: session.exec(select(Event).order_by(Event.seq)).all()):
        if event.incident_id:
            folded.setdefault(event.incident_id, {}).update(event.body["set"])
    for one in (first, second, third):
        assert folded[one.id] == law.read(lambda session, id=one.id: session.get_one(Incident, id).values())


def test_words_are_compared_by_their_roots() -> None:
    assert roots("Kebakaran!! rumah TERBAKAR, bakar") == roots("rumah bakar")
    assert roots("tolong pak, Respons Cepat ditekan, tanpa kata") == {"kata"}


def test_what_one_alone_says_is_counted_and_what_changes_the_force_comes_first() -> None:
    said = {1: "api besar di los kain", 2: "los kain terbakar", 3: "ada ibu dan anak di lantai dua, api dekat"}
    found = unlike(said)
    assert found[3].grave == ["ibu", "anak", "lantai"] and found[3].rare == ["dua"]
    assert found[1].grave == [] and found[2].rare == ["terbakar"]
    assert common(said.values()) == (["api", "los", "kain"], 3)


def test_each_report_about_leads_to_its_own_incident_by_its_id(law: Law) -> None:
    """And to no other: PostgreSQL knows nothing yet of tables that a flood has just filled, and plans as if they were small."""
    with asked_of(law.writing) as asked:
        fire(law)
    statement, given = next(one for one in asked if "leader_id" in one[0])

    def plan(session: Session) -> list[str]:
        connection = session.connection()
        if is_sqlite(law.url):
            return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)]
        return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", given)]

    reads = [line for line in law.run(plan) if "incident" in line and (" on incident" in line or "SEARCH" in line)]
    assert len(reads) == 2 and all("incident_pkey" in line or "INTEGER PRIMARY KEY" in line for line in reads), reads
