"""A complaint that comes in asks little of the database, and of its reporter what every card says alike."""

from datetime import timedelta

from sqlmodel import Session

from console.web.citizen.reports import file_once
from models.incidents.complaint import Complaint
from models.incidents.filing import Filing, file
from models.incidents.incident import Incident
from models.incidents.reporters import BURST
from models.time import now
from tests.support.law import BABURA, PHONES, PLACES, Law
from tests.support.statements import asked_of

ANN = PHONES["Ann Siregar"]
SITE = PLACES.site(*BABURA, precision="pin")
# The lock of the head row; the savepoint, twice; whether its key was answered before; what is reported and where; who
# reports; its number; what is like it; four rows; and the end of the chain. SQLite begins with one more. Each waits for
# the one before, and everybody waits for all of them.
MOST_STATEMENTS = 14


def test_a_complaint_asks_no_more_than_it_has_to(law: Law) -> None:
    for round in ("makes the statements", "is counted"):
        with asked_of(law.writing) as asked:
            law.run(file_once, law.ann, Filing("LAKA", "Dua motor", SITE), f"key-{round}", {"words": round})
    assert len(asked) <= MOST_STATEMENTS, [statement for statement, _ in asked]
    assert len({statement for statement, _ in asked}) == len(asked)  # none is asked twice


def test_who_was_filed_for_by_an_officer_is_known_when_they_file_themselves(law: Law) -> None:
    """As everywhere else where the reports of an account are counted."""
    call = Filing("LAKA", "Dua motor", SITE, source="caller", caller_phone=ANN)
    assert law.run(lambda session: file(session, law.hendra, call).citizen_id) == law.ann.id
    assert law.file().standing == "known"


def test_a_clock_that_was_put_right_mutes_nobody(law: Law) -> None:
    """What it filed while it was ahead is no recent complaint; nor is it an old one that hides those."""
    ahead = [law.file() for _ in range(BURST)]

    def put_right(session: Session) -> None:
        for incident in ahead:
            for complaint in session.get_one(Incident, incident.id).complaints:
                complaint.filed_at = now() + timedelta(hours=1)

    law.run(put_right)
    assert [law.file().muted for _ in range(BURST + 1)] == [False] * BURST + [True]
    assert law.read(lambda session: session.get_one(Complaint, 1).filed_at) > now()
