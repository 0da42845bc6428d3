"""Mode senyap: nothing leaves for the phone of who must not be seen asking for help, and nobody phones it."""

from sqlmodel import Session, select

from models.incidents.complaint import Complaint
from models.incidents.hushing import hush
from models.incidents.telling import Way, ways_to
from models.people.browsers import subscribe
from models.people.citizens import Citizen
from models.record.event import Event
from models.record.outbox import NEWS, PUSH, Parcel, State
from models.viewer import Viewer
from tests.support.law import Law


def sent(law: Law) -> list[str]:
    rows = select(Parcel).where(Parcel.kind.in_((PUSH, NEWS)), Parcel.state == State.WAITING)  # type: ignore[attr-defined]
    return law.read(lambda session: [parcel.kind for parcel in session.exec(rows)])


def hushed(law: Law, viewer: Viewer, quiet: bool = True) -> None:
    law.run(lambda session: hush(session, viewer, quiet))


def test_nothing_goes_to_a_number_or_a_browser_until_they_leave_it(law: Law) -> None:
    law.run(lambda session: subscribe(session, law.ann, "https://fcm.googleapis.com/a", "p", "a") and None)
    incidents = [law.file(law.ann), law.file(law.zed)]
    law.take(incidents[1], "claim", law.hendra)
    assert sent(law) == [NEWS]
    for viewer in (law.ann, law.zed):
        hushed(law, viewer)
    assert sent(law) == []  # what had not left stays
    for incident in incidents:
        law.take(incident, "ask", law.hendra, words="Aman?")
    assert sent(law) == []

    def way(session: Session) -> list[Way]:
        rows = select(Complaint).where(Complaint.citizen_id.in_((law.ann.id, law.zed.id)))  # type: ignore[union-attr]
        return [*ways_to(session, session.exec(rows).all()).values()]

    assert law.read(way) == [Way.PAGE, Way.PAGE]  # and the officer reads that they get no notice
    for viewer in (law.ann, law.zed):
        hushed(law, viewer, False)
    for incident in incidents:
        law.take(incident, "ask", law.hendra, words="Aman?")
    assert sorted(sent(law)) == sorted([PUSH, NEWS])


def test_it_stands_on_every_open_case_of_theirs_and_says_so(law: Law) -> None:
    first, closed = law.file(law.ann), law.take(law.file(law.ann), "dismiss", law.hendra, reason="empty")
    hushed(law, law.ann)
    hushed(law, law.ann)  # once
    assert (law.incident(first.id).quiet, law.incident(closed.id).quiet) == (True, False)
    hushes = select(Event.seq).where(Event.incident_id == first.id, Event.step == "hush")
    assert len(law.read(lambda session: session.exec(hushes).all())) == 1
    second = law.file(law.ann)
    assert law.incident(second.id).quiet and not law.file(law.zed).quiet
    into = law.file(law.zed)
    law.take(second, "merge", law.hendra, into=into.id)
    assert law.incident(into.id).quiet
    law.take(second, "unmerge", law.hendra)
    assert not law.incident(into.id).quiet and law.incident(second.id).quiet
    hushed(law, law.ann, False)
    assert not law.incident(first.id).quiet and not law.incident(second.id).quiet


def test_what_is_filed_from_a_plain_page_puts_its_account_into_it(law: Law) -> None:
    law.file(law.zed, quiet=True)
    assert law.read(lambda session: session.get_one(Citizen, law.zed.id).quiet)
    ann = law.read(lambda session: session.get_one(Citizen, law.ann.id).phone)
    law.file(law.hendra, quiet=True, source="caller", caller_phone=ann)  # an officer's page is nobody's mode
    assert not law.read(lambda session: session.get_one(Citizen, law.ann.id).quiet)
