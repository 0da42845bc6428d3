"""How long things are kept: nothing goes unasked, what a case needs stays, and the record stays whole."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from console.diary import diary
from models.audit import audit
from models.complaint import Complaint
from models.erasing import Erasure, erase, finish_erasing
from models.errors import NotAllowed, WrongMoment, WrongValue
from models.event import as_of, now
from models.incident import Incident, find
from models.preserving import why_preserved
from tests.law import KEY, Law

NAMED = ("Ann Siregar", "+6281200004471")


def closed(law: Law, days_ago: int = 400, **more: object) -> Incident:
    """Filed, claimed and over, so long ago."""
    with_hendra = law.file(**more)  # type: ignore[arg-type]
    law.take(with_hendra, "claim", law.hendra)

    def over(session: Session) -> Incident:
        with as_of(now() - timedelta(days=days_ago)):
            return find(session, law.sari, with_hendra.id).take("resolve", law.hendra, outcome="handled")

    return law.run(over)


def test_a_supervisor_preserves_an_incident_with_a_reason_and_lifts_it_likewise(law: Law) -> None:
    incident = closed(law)
    with pytest.raises(NotAllowed):
        law.take(incident, "preserve", law.hendra, reason="perkara 12")
    with pytest.raises(WrongValue):
        law.take(incident, "preserve", law.sari, reason=" ")
    law.take(incident, "preserve", law.sari, reason="perkara 12")
    assert law.take(incident, "preserve", law.sari, reason="sekali lagi").preserved_at  # is so already: no event
    with pytest.raises(WrongMoment):
        law.take(incident, "undo", law.sari, step="preserve")

    def shown(session: Session) -> tuple[tuple[str, str], list[str], set[str]]:
        row = find(session, law.sari, incident.id)
        return why_preserved(row), [entry.words for entry in diary(session, row, law.sari)], row.may(law.sari)

    who, told, may = law.read(shown)
    assert who == ("AKP Sari Ginting", "perkara 12") and "Anda menangguhkan pemusnahan: perkara 12" in told
    assert "unpreserve" in may and "preserve" not in may
    assert law.take(incident, "unpreserve", law.sari, reason="inkrah").preserved_at is None
    assert law.read(audit, [KEY]) == []


def test_who_erases_an_account_is_struck_out_of_a_preserved_incident_when_it_is_lifted(law: Law) -> None:
    incident = closed(law, days_ago=5, words="Saya Ann Siregar")
    law.take(incident, "preserve", law.sari, reason="perkara 12")
    law.run(erase, law.ann, "hash", "hash", "sealed")

    def words(session: Session) -> tuple[str, int]:
        return session.exec(select(Complaint.words)).one(), len(session.exec(select(Erasure)).all())

    law.run(finish_erasing, lambda sealed: NAMED)
    assert law.read(words) == ("Saya Ann Siregar", 1)
    law.take(incident, "unpreserve", law.sari, reason="inkrah")
    law.run(finish_erasing, lambda sealed: NAMED)
    assert law.read(words) == ("Saya […]", 0)
    assert law.read(audit, [KEY]) == []
