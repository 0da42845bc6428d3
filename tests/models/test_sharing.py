"""What a partner sees ends by itself: twelve hours after the last word, a day after we closed it; asked at each reading."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from console.clock import _due
from console.pages.diary import diary
from models.errors import NotAllowed, NotFound, NotYours, WrongMoment
from models.incidents.conferring import conference
from models.incidents.incident import Incident
from models.incidents.referral import NOTE_HOURS, SIGHT_HOURS, Referral
from models.incidents.referring import end_unseen
from models.incidents.sight import find, seen_by, visible_to
from models.record.event import Event
from models.time import as_of, now
from models.viewer import Viewer
from tests.support.law import Law
from tests.web.test_agency import attach, refer

HOURS = timedelta(hours=1)


def after(law: Law, hours: float, step: str, by: Viewer, incident: Incident, **given: Any) -> None:
    """That many hours from now."""

    def act(session: Session) -> None:
        with as_of(now() + hours * HOURS):
            find(session, by, incident.id).take(step, by, **given)

    law.run(act)


def seen(law: Law, incident: Incident, hours: float = 0, by: Viewer | None = None) -> bool:
    """By both rules, which must agree; with its evidence."""
    viewer = by or law.damkar

    def look(session: Session) -> bool:
        with as_of(now() + hours * HOURS):
            rows = session.exec(select(Incident.id).where(visible_to(viewer.audience))).all()
            one = seen_by(session.get_one(Incident, incident.id), viewer.audience)
            assert one == (incident.id in rows)
            return one

    return bool(law.read(look))


def says(law: Law, incident: Incident, viewer: Viewer | None = None) -> list[str]:
    def read(session: Session) -> list[str]:
        row = session.get_one(Incident, incident.id)
        return [entry.words for entry in diary(session, row, viewer or law.hendra)]

    return list(law.read(read))


@pytest.mark.parametrize(
    ("said", "by"),
    [
        (("accept", {}), "damkar"),
        (("respond", {"words": "di jalan"}), "damkar"),
        (("consult", {"words": "sudah sampai?"}), "hendra"),
        (("extend", {}), "hendra"),
        (("extend", {}), "sari"),
    ],
)
def test_sight_ends_twelve_hours_after_the_last_word_and_no_sweeper_is_needed(law: Law, said: Any, by: str) -> None:
    incident = refer(law, "full")
    assert seen(law, incident, SIGHT_HOURS - 0.01) and not seen(law, incident, SIGHT_HOURS)
    after(law, 6, said[0], getattr(law, by), incident, **said[1])
    assert seen(law, incident, SIGHT_HOURS + 5.9) and not seen(law, incident, SIGHT_HOURS + 6.01)
    assert not seen(law, incident, 1, law.bnpt)


def test_what_is_over_is_answered_by_nobody_and_nobody_makes_it_longer(law: Law) -> None:
    incident = refer(law, "full")
    for step, by, given in (
        ("accept", law.damkar, {}),
        ("respond", law.damkar, {"words": "x"}),
        ("heed", law.damkar, {}),
    ):
        with pytest.raises(NotFound):
            after(law, SIGHT_HOURS, step, by, incident, **given)
    for step, given in (("extend", {}), ("consult", {"words": "halo"})):
        with pytest.raises(WrongMoment, match="sudah berakhir"):
            after(law, SIGHT_HOURS, step, law.hendra, incident, **given)
    with pytest.raises(NotYours):
        law.take(incident, "extend", law.ratna)
    with pytest.raises(NotFound):
        law.take(incident, "extend", law.bnpt)
    with pytest.raises(NotAllowed):
        law.take(incident, "extend", law.damkar)
    after(law, SIGHT_HOURS, "refer", law.hendra, incident, agency=law.damkar.agency_id, tier="summary")
    assert seen(law, incident, SIGHT_HOURS + 1), "a new one is not in the way of the old one"


def test_the_clock_tells_open_screens_and_the_diary_says_why(law: Law) -> None:
    silent, unwritten, fine = refer(law, "full"), refer(law, "full"), refer(law, "full")
    for one in (unwritten, fine):
        law.take(one, "accept", law.damkar)
    law.take(unwritten, "resolve", law.hendra, outcome="handled")

    def tick(session: Session, hours: float) -> list[int]:
        with as_of(now() + hours * HOURS):
            over = _due(session, False)[3]
            for id in over:
                end_unseen(session, id)
            return over

    assert law.run(tick, 1) == []
    after(law, 11, "respond", law.damkar, fine, words="masih di sini")
    assert law.run(tick, SIGHT_HOURS) == [silent.id] and law.run(tick, SIGHT_HOURS) == []
    assert law.run(tick, NOTE_HOURS) == [unwritten.id, fine.id]
    assert any("12 jam tanpa kabar" in words for words in says(law, silent))
    assert any("24 jam tanpa catatan akhir" in words for words in says(law, unwritten))
    states = law.read(lambda session: session.exec(select(Referral.state).order_by(col(Referral.id))).all())
    assert states == ["ended"] * 3


def test_a_partner_has_a_day_to_write_how_it_ended_and_nothing_else(law: Law) -> None:
    incident = refer(law, "full")
    attach(law, incident)
    law.take(incident, "accept", law.damkar)
    law.take(incident, "resolve", law.hendra, outcome="handled")
    assert seen(law, incident, NOTE_HOURS - 0.01) and not seen(law, incident, NOTE_HOURS)
    for step, by in (("respond", law.damkar), ("consult", law.hendra), ("extend", law.hendra)):
        with pytest.raises(WrongMoment):
            law.take(incident, step, by, **({"words": "lagi"} if step != "extend" else {}))
    with pytest.raises(NotFound):
        after(law, NOTE_HOURS, "finish", law.damkar, incident, note="terlambat")
    after(law, NOTE_HOURS - 1, "finish", law.damkar, incident, note="padam")
    assert not seen(law, incident)


def test_opened_again_it_is_seen_for_twelve_hours_more(law: Law) -> None:
    incident = refer(law, "summary")
    law.take(incident, "accept", law.damkar)
    law.take(incident, "resolve", law.hendra, outcome="handled")
    after(law, 30, "reopen", law.sari, incident, reason="menyala lagi")
    assert seen(law, incident, 30 + SIGHT_HOURS - 0.01) and not seen(law, incident, 30 + SIGHT_HOURS)


# Words between them


def talk(law: Law, incident: Incident, n: int = 0) -> list[tuple[bool, str, bool]]:
    def read(session: Session) -> list[tuple[bool, str, bool]]:
        row = session.get_one(Incident, incident.id)
        return [(line.ours, line.words, line.read_at is not None) for line in conference(row, row.referrals[n])]

    return list(law.read(read))


def test_both_write_and_each_says_that_they_have_read(law: Law) -> None:
    incident = refer(law, "summary")
    law.take(incident, "consult", law.hendra, words="masuk dari utara")
    law.take(incident, "consult", law.ratna, words="hidran mati")
    assert unread(law, incident) == (2, 0)
    assert talk(law, incident) == [(True, "masuk dari utara", False), (True, "hidran mati", False)]
    law.take(incident, "heed", law.damkar)
    assert unread(law, incident) == (0, 0) and all(read for *_, read in talk(law, incident))
    law.take(incident, "respond", law.damkar, words="diterima, 10 menit")
    assert unread(law, incident) == (0, 1) and talk(law, incident)[-1] == (False, "diterima, 10 menit", False)
    law.take(incident, "heed", law.hendra)
    before = len(says(law, incident))
    law.take(incident, "heed", law.hendra)  # a plain yes
    assert unread(law, incident) == (0, 0) and len(says(law, incident)) == before
    law.take(incident, "respond", law.damkar, words="sampai")
    law.take(incident, "consult", law.hendra, words="terima kasih")  # whoever writes back has read
    assert [read for *_, read in talk(law, incident)] == [True, True, True, True, False]


def test_one_partner_reads_nothing_of_what_another_is_told_and_the_reporter_nothing_at_all(law: Law) -> None:
    incident = refer(law, "summary")
    law.take(incident, "refer", law.hendra, agency=law.bnpt.agency_id, tier="full")
    rows = law.read(lambda session: [row.id for row in session.get_one(Incident, incident.id).referrals])
    law.take(incident, "consult", law.hendra, words="hanya damkar", referral=rows[0])
    law.take(incident, "consult", law.hendra, words="hanya bnpt", referral=rows[1])
    law.take(incident, "respond", law.bnpt, words="dari bnpt")
    assert [words for _, words, _ in talk(law, incident, 0)] == ["hanya damkar"]
    assert [words for _, words, _ in talk(law, incident, 1)] == ["hanya bnpt", "dari bnpt"]
    with pytest.raises(WrongMoment):
        law.take(incident, "consult", law.hendra, words="kepada siapa", referral=rows[1] + 1)
    for step in ("consult", "respond", "heed", "extend"):
        for by in (law.ann, law.zed):
            with pytest.raises((NotAllowed, NotFound)):
                law.take(incident, step, by, words="x")
    told = law.read(
        lambda session: session.exec(
            select(Event.complaint_id).where(col(Event.step).in_(("consult", "respond", "heed")))
        ).all()
    )
    assert set(told) == {None}, "no complaint's thread has them"


def test_about_officers_the_thread_ends_with_the_referral(law: Law) -> None:
    incident = refer(law, "full")
    law.take(incident, "consult", law.hendra, words="kenari")
    law.take(incident, "recategorise", law.hendra, category="OKNUM", reason="tentang anggota")
    assert not seen(law, incident)
    with pytest.raises(NotFound):
        law.take(incident, "respond", law.damkar, words="masih di sini?")
    again = law.take(incident, "claim", law.sari)
    with pytest.raises(Exception, match="mengapa laporan tentang petugas"):
        law.take(again, "refer", law.sari, agency=law.damkar.agency_id, tier="summary")
    with pytest.raises((NotAllowed, NotFound, NotYours)):
        law.take(again, "refer", law.hendra, agency=law.damkar.agency_id, tier="summary", reason="saya")
    law.take(again, "refer", law.sari, agency=law.damkar.agency_id, tier="summary", reason="diminta Propam")
    assert talk(law, incident, 1) == [] and seen(law, incident)


def unread(law: Law, incident: Incident) -> tuple[int, int]:
    def read(session: Session) -> tuple[int, int]:
        row = session.get_one(Incident, incident.id).referrals[0]
        return row.to_partner, row.to_police

    return tuple(law.read(read))  # type: ignore[return-value]
