"""A row that is stored at once is the row that the unit of work would have stored, and belongs to the session like it."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, select

from models.incidents.complaint import Complaint
from models.incidents.evidence import Evidence
from models.incidents.filing import Filing, Upload, file
from models.incidents.incident import Incident
from models.record.storing import store
from tests.support.law import BABURA, PLACES, Law
from tests.support.statements import asked_of

PHOTO = Upload("photo", "satu.jpg", "image/jpeg", 10, "ab" * 32)
FILING = Filing(
    "LAKA", "Dua motor", PLACES.site(*BABURA, precision="pin"), uploads=[PHOTO, replace(PHOTO, name="dua.jpg")]
)


def columns(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).model_fields}


def test_what_was_filed_is_what_is_read(law: Law) -> None:
    def filed(session: Session) -> list[dict[str, Any]]:
        complaint = file(session, law.ann, FILING)
        return [columns(row) for row in (complaint.incident, complaint, *complaint.evidence)]

    def stored(session: Session) -> list[dict[str, Any]]:
        complaint = session.exec(select(Complaint)).one()
        return [columns(row) for row in (complaint.incident, complaint, *complaint.evidence)]

    assert law.run(filed) == law.read(stored)
    assert [type(row["id"]) for row in law.read(stored)] == [int] * 4


def test_what_it_is_related_to_is_known_without_a_question(law: Law) -> None:
    def related(session: Session) -> list[Any]:
        complaint = file(session, law.ann, FILING)
        with asked_of(law.writing) as asked:
            incident = complaint.incident
            assert incident and complaint.home is incident and incident.complaints == [complaint]
            assert incident.category.code == "LAKA" and incident.officer is None
            assert [row.name for row in complaint.evidence] == ["satu.jpg", "dua.jpg"]
            session.flush()
        return asked

    assert law.run(related) == []


def test_it_changes_and_ends_like_any_other_row(law: Law) -> None:
    """In the same commit, and in a later one; a stale copy of it is refused."""

    def change(session: Session) -> None:
        complaint = file(session, law.ann, FILING)
        complaint.place = "Simpang Pos"
        session.flush()
        assert complaint.version == 2
        session.delete(complaint.evidence[0])

    law.run(change)
    names = law.read(lambda session: [row.name for row in session.exec(select(Evidence))])
    assert (names, law.read(lambda session: session.exec(select(Complaint)).one().place)) == (
        ["dua.jpg"],
        "Simpang Pos",
    )

    def stale(session: Session) -> None:
        row = session.exec(select(Incident)).one()
        session.connection().execute(Incident.__table__.update().values(version=7))  # type: ignore[attr-defined]
        row.landmark = "lain"
        session.flush()

    with pytest.raises(StaleDataError):
        law.run(stale)


def test_a_refusal_takes_it_back(law: Law) -> None:
    incident = law.file()

    def refused(session: Session) -> None:
        complaint = session.get_one(Incident, incident.id).complaints[0]
        assert inspect(store(session, Evidence(complaint_id=complaint.id, **vars(PHOTO)))).persistent
        raise ValueError

    with pytest.raises(ValueError):
        law.run(refused)
    assert law.read(lambda session: session.exec(select(Evidence)).all()) == []
