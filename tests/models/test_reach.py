"""A question that reaches nobody is said to; one that can be brought is brought, and says nothing of what it asks."""

from datetime import datetime

import pytest
from sqlmodel import Session, col, select

from console.ground.points import distance_m
from models.incidents import telling as pushes
from models.incidents.complaint import Complaint
from models.incidents.filing import read_thread
from models.incidents.incident import Incident
from models.incidents.talking import hearing
from models.incidents.telling import NEWS_A_DAY_EACH, QUESTION, Way, way_to
from models.people.browsers import subscribe
from models.record.event import Event
from models.record.outbox import NEWS, PUSH, Parcel
from models.viewer import Viewer
from tests.support.law import Law
from tests.support.town import Town, ref_of


def hears(session: Session, incident: Incident) -> datetime | None:
    (found,) = hearing(session, [first(session, incident)]).values()
    return found.read_at


def way(law: Law, incident: Incident) -> Way:
    return law.read(lambda session: way_to(session, first(session, incident)))


def first(session: Session, incident: Incident) -> Complaint:
    return session.exec(select(Complaint).where(Complaint.home_id == incident.id)).one()


def asked(law: Law, incident: Incident) -> list[tuple[str, str]]:
    """What a question put in the outbox, and what the log says of its way."""
    law.run(lambda session: [session.delete(row) for row in session.exec(select(Parcel))])
    law.take(incident, "ask", law.hendra, words="Berapa orang pelakunya?")
    rows = law.read(lambda session: session.exec(select(Parcel)).all())
    assert all("pelaku" not in str(row.payload) for row in rows)
    return [(row.kind, row.payload["text"]) for row in rows]


def said(law: Law) -> str:
    return law.read(
        lambda s: s.exec(select(Event).where(Event.step == "ask").order_by(col(Event.seq).desc())).first()
    ).body["way"]


def test_without_a_notification_a_question_goes_to_the_phone(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    assert way(law, incident) == Way.MESSAGE
    assert asked(law, incident) == [(NEWS, QUESTION)] and said(law) == "message"


def test_with_one_it_goes_there_and_not_to_the_phone(law: Law) -> None:
    law.run(lambda session: subscribe(session, law.ann, "https://push.example/1", "p", "a"))
    incident = law.take(law.file(), "claim", law.hendra)
    assert way(law, incident) == Way.PUSH
    assert asked(law, incident) == [(PUSH, pushes.TEXT)] and said(law) == "push"


@pytest.mark.parametrize("turned", [False, True])
def test_nobody_at_home_reads_a_message_about_what_is_sensitive(law: Law, turned: bool) -> None:
    """Also where it only turned out to be."""
    incident = law.take(law.file(category="LAKA" if turned else "KDRT_PPA"), "claim", law.hendra)
    if turned:
        law.take(incident, "recategorise", law.hendra, category="KDRT_PPA", reason="ternyata")
    assert way(law, incident) == Way.PAGE
    assert asked(law, incident) == [] and said(law) == "page"


def test_beyond_the_day_s_messages_it_is_said_that_none_goes(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushes, "NEWS_A_DAY_EACH", 0)
    assert NEWS_A_DAY_EACH > 0
    incident = law.take(law.file(), "claim", law.hendra)
    assert way(law, incident) == Way.PAGE and asked(law, incident) == []


@pytest.mark.parametrize(("phone", "expected"), [("+6281211112222", Way.CALL), ("", Way.NONE)])
def test_a_caller_without_an_account_is_reached_by_nothing_but_a_call(law: Law, phone: str, expected: Way) -> None:
    incident = law.file(law.hendra, source="caller", caller_name="Budi", caller_phone=phone)
    law.take(incident, "claim", law.hendra)
    assert way(law, incident) == expected and asked(law, incident) == [] and said(law) == expected


def test_that_somebody_reads_is_said_only_once_they_did(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    assert law.read(hears, incident) is None
    seq = law.take(incident, "ask", law.hendra, words="Aman?").seq
    ref = law.read(lambda session: first(session, incident).ref)
    law.run(read_thread, law.ann, ref, seq)
    assert law.read(hears, incident)


def shown(town: Town, ref: str, by: Viewer | None = None) -> str:
    return town.hendra.get(f"/incidents/{town.incident_of(ref).id}").text


def test_the_panel_says_it_beside_the_field(town: Town) -> None:
    for environment in town.client.app_state["pages"]._environments.values():
        environment.globals["messages_leave"] = True  # as where SIAGA_NOTIFY names a gateway
    page = shown(town, ref_of(town.ann.file()))
    assert 'data-way="message"' in page and "lewat SMS" in page
    caller = {"source": "caller", "caller_name": "Budi", "caller_phone": "081211112222"}
    town.hendra.file(**caller)
    page = shown(town, town.complaints()[-1].ref)
    assert 'data-way="call"' in page and "tidak sampai" in page


def test_no_message_is_promised_where_none_is_sent(sqlite_town: Town) -> None:
    """Written into the server's log, as in development, it reaches nobody."""
    town = sqlite_town
    ref = ref_of(town.ann.file())
    pages = town.client.app_state["pages"]
    for environment in pages._environments.values():
        assert environment.globals["messages_leave"] is False  # this town's SIAGA_NOTIFY is log
    page = shown(town, ref)
    assert "SMS belum dipasang: dibaca bila laporannya dibuka" in page and "lewat SMS" not in page
    town.act(ref_of(town.zed.file()), "merge", town.hendra, into=town.incident_of(ref).id)
    page = shown(town, ref)
    assert "2 hanya bila membuka halamannya" in page and "lewat SMS" not in page


def test_a_quick_reply_is_offered_only_while_it_is_true(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file())
    going, safe = "Petugas sedang berangkat ke lokasi Anda.", "Apakah Anda aman sekarang?"

    def offered() -> tuple[bool, bool]:
        page = shown(town, ref)
        return going in page, safe in page

    assert offered() == (False, True)
    town.act(ref, "claim", town.hendra)
    assert offered() == (False, True)
    town.act(ref, "dispatch", town.hendra, sent=[(None, 4)], metres=distance_m)
    assert offered() == (True, True)
    town.act(ref, "arrive", town.hendra)
    assert offered() == (False, True)
    town.act(ref, "resolve", town.hendra, outcome="handled")
    assert offered() == (False, False)
