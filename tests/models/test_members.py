"""Members: everybody who serves, by their NRP, entered one by one or as a roster."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from models.command.members import (
    Enrolled,
    Member,
    add_member,
    change_member,
    members,
    regus,
    reinstate_member,
    retire_member,
)
from models.errors import NotAllowed, Outdated, WrongValue
from models.record.event import Event
from tests.support.law import Law

BUDI = Enrolled(nrp="78050912", rank="Aipda", name="Budi Harahap", station_id=1, function="Samapta", regu="B")


def test_a_member_needs_no_sign_in_and_the_record_holds_no_number(law: Law) -> None:
    kept = law.run(add_member, law.dewi, replace(BUDI, phone="sealed", nrp="7805 0912", rank="aipda", regu="b"))
    assert (kept.nrp, kept.rank, kept.regu, kept.officer_id) == ("78050912", "Aipda", "B", None)
    event = law.read(_last)
    assert event.step == "add_member" and event.body["nrp"] == "78050912" and "sealed" not in str(event.body)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("nrp", {"nrp": "7805091"}), ("nrp", {"nrp": "7805091x"}), ("rank", {"rank": "Sersan"}),
        ("name", {"name": " "}), ("station", {"station_id": 999}), ("function", {"function": "Dapur"}),
        ("officer", {"officer_id": 999}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(law: Law, field: str, wrong: dict[str, object]) -> None:
    with pytest.raises(WrongValue) as refused:
        law.run(add_member, law.dewi, replace(BUDI, **wrong))  # type: ignore[arg-type]
    assert refused.value.field == field and law.read(members) == []


def test_one_nrp_and_one_sign_in_are_one_persons(law: Law) -> None:
    first = law.run(add_member, law.dewi, replace(BUDI, officer_id=law.hendra.id))
    with pytest.raises(WrongValue, match="Aipda Budi Harahap") as refused:
        law.run(add_member, law.dewi, replace(BUDI, name="Lain"))
    assert refused.value.field == "nrp"
    with pytest.raises(WrongValue) as refused:
        law.run(add_member, law.dewi, replace(BUDI, nrp="78050913", officer_id=law.hendra.id))
    assert refused.value.field == "officer"
    law.run(change_member, law.dewi, first.id, replace(BUDI, officer_id=law.hendra.id, regu="C"), first.version)
    assert law.read(regus) == ["C"]


def test_a_change_says_what_was_and_one_from_an_old_page_is_refused(law: Law) -> None:
    kept = law.run(add_member, law.dewi, BUDI)
    law.run(change_member, law.dewi, kept.id, replace(BUDI, rank="Aiptu"), kept.version)
    body = law.read(_last).body
    assert (body["was"]["rank"], body["rank"]) == ("Aipda", "Aiptu")
    with pytest.raises(Outdated):
        law.run(change_member, law.dewi, kept.id, BUDI, kept.version)
    law.run(change_member, law.dewi, kept.id, replace(BUDI, rank="Aiptu"))
    assert law.read(_last).seq == 2  # the same again is no event


def test_whoever_retired_is_on_no_roster_and_keeps_their_nrp(law: Law) -> None:
    kept = law.run(add_member, law.dewi, BUDI)
    law.run(retire_member, law.dewi, kept.id)
    assert law.read(members) == [] and law.read(regus) == []
    with pytest.raises(WrongValue):
        law.run(add_member, law.dewi, BUDI)
    law.run(reinstate_member, law.dewi, kept.id)
    assert [member.nrp for member in law.read(members)] == ["78050912"]


def test_rosters_are_the_administrators(law: Law) -> None:
    for who in (law.sari, law.hendra, law.ann):
        with pytest.raises(NotAllowed):
            law.run(add_member, who, BUDI)
    assert law.read(lambda session: session.exec(select(Member)).all()) == []


def _last(session: Session) -> Event:
    return session.exec(select(Event).order_by(Event.seq.desc())).first()  # type: ignore[attr-defined,return-value]
