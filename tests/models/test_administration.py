"""What an administrator changes: each change an event in its own commit. Its pages: tests/web/test_admin_web.py."""

import pytest
from sqlmodel import Session, col, select

from models.administration import people
from models.administration.categories import add_category, add_modifier, change_category, change_modifier, change_target
from models.administration.people import reinstate, retire
from models.administration.stations import move_station, open_station, rename_station
from models.city.category import Category, Modifier, Target, categories, modifiers
from models.city.station import Station
from models.errors import Outdated, WrongValue
from models.incidents.incident import Incident
from models.people.officers import Officer
from models.record.event import Event
from tests.support.law import Law

YUSUF = {"login": "yusuf", "name": "Yusuf Nasution", "rank": "Bripka", "role": "officer"}


def steps(law: Law) -> list[str]:
    return law.read(lambda session: list(session.exec(select(Event.step).order_by(col(Event.seq)))))


def last(law: Law) -> Event:
    return law.read(lambda session: session.exec(select(Event).order_by(col(Event.seq).desc())).first())


def enlist(law: Law, **more: object) -> Officer:
    return law.run(lambda session: people.enlist(session, law.dewi, **{**YUSUF, "password": "-", **more}))  # type: ignore[arg-type]


def reappoint(law: Law, id: int | None, **more: object) -> Officer:
    given = {"name": "Yusuf Nasution", "role": "officer", "rank": "Bripka", **more}
    return law.run(lambda session: people.reappoint(session, law.dewi, id or 0, **given))  # type: ignore[arg-type]


def test_somebody_is_enlisted_with_a_rank_a_role_and_a_station(law: Law) -> None:
    officer = enlist(law, station_id=2)
    assert (officer.title, officer.role, officer.station_id, officer.active) == (
        "Bripka Yusuf Nasution",
        "officer",
        2,
        True,
    )
    event = last(law)
    assert (event.step, event.by_id, event.body["login"]) == ("enlist", law.dewi.id, "yusuf")
    assert "password" not in event.body


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("login", {"login": "hendra"}), ("login", {"login": "Ö"}), ("name", {"name": " "}), ("role", {"role": "clock"}),
        ("agency", {"role": "liaison"}),
    ],
)  # fmt: skip
def test_an_account_that_cannot_be_is_refused_beside_its_field(law: Law, field: str, more: dict[str, object]) -> None:
    with pytest.raises(WrongValue) as refused:
        enlist(law, **more)
    assert refused.value.field == field and steps(law) == []


def test_a_new_role_ends_every_session_and_a_new_rank_none(law: Law) -> None:
    officer = enlist(law)
    reappoint(law, officer.id, rank="Aipda")
    assert steps(law) == ["enlist", "reappoint"]
    reappoint(law, officer.id, rank="Aipda", role="supervisor")
    assert steps(law)[2:] == ["reappoint", "revoke"]
    assert last(law).body["officer"] == officer.id
    reappoint(law, officer.id, rank="Aipda", role="supervisor")
    assert len(steps(law)) == 4, "what is so already is no event"


def test_a_page_older_than_the_account_is_told_so(law: Law) -> None:
    officer = enlist(law)
    reappoint(law, officer.id, rank="Aipda", version=officer.version)
    with pytest.raises(Outdated):
        reappoint(law, officer.id, rank="Aiptu", version=officer.version)


def test_somebody_who_can_make_accounts_is_always_left(law: Law) -> None:
    with pytest.raises(WrongValue):
        law.run(retire, law.dewi, law.dewi.id)
    with pytest.raises(WrongValue):
        reappoint(law, law.dewi.id, role="officer")
    enlist(law, login="kedua", role="admin")
    law.run(retire, law.dewi, law.dewi.id)
    assert steps(law) == ["enlist", "retire", "revoke"]


def test_who_is_retired_may_be_reinstated(law: Law) -> None:
    law.run(retire, law.dewi, law.hendra.id)
    law.run(retire, law.dewi, law.hendra.id)
    law.run(reinstate, law.dewi, law.hendra.id)
    assert steps(law) == ["retire", "revoke", "reinstate"]


def test_a_station_is_opened_renamed_and_moved(law: Law) -> None:
    def opened(session: Session) -> Station:
        given = {"code": "mdn-baru2", "name": "Pos Baru", "lat": 3.6, "lon": 98.7, "strength": 3, "away_km": 0.4}
        return open_station(session, law.dewi, **given)  # type: ignore[arg-type]

    station = law.run(opened)
    assert station.code == "MDN-BARU2"
    with pytest.raises(WrongValue):
        law.run(opened)
    law.run(rename_station, law.dewi, station.id, "Pos Lama", station.version)
    moved = law.run(move_station, law.dewi, station.id, 3.61, 98.71, 0.4)
    assert (moved.name, moved.lat, moved.approximate) == ("Pos Lama", 3.61, False)
    assert steps(law) == ["open_station", "rename_station", "move_station"]
    assert last(law).body == {"station": station.id, "was": [3.6, 98.7], "lat": 3.61, "lon": 98.71}


def test_a_category_changes_for_what_is_filed_from_now_on(law: Law) -> None:
    before = law.file(category="CURANMOR")

    def change(session: Session, **more: object) -> Category:
        given = {"label_id": "Curanmor", "label_en": "Vehicle theft", "tile": "Curanmor", "priority": 1, "personnel": 5}
        return change_category(session, law.dewi, "CURANMOR", **{**given, "choosable": True, **more})  # type: ignore[arg-type]

    law.run(change)
    assert last(law).body["priority"] == 1 and last(law).body["was"]["priority"] == 2
    assert law.file(category="CURANMOR").priority == 1 and law.incident(before.id).priority == 2
    for wrong in ({"priority": 5}, {"personnel": -1}, {"label_id": " "}):
        with pytest.raises(WrongValue):
            law.run(lambda session, wrong=wrong: change(session, **wrong))
    law.run(lambda session: change(session, choosable=False))
    with pytest.raises(WrongValue):
        law.file(category="CURANMOR")


def test_complaints_about_officers_can_always_be_filed(law: Law) -> None:
    def close(session: Session, code: str) -> Category:
        given = {"label_id": "A", "label_en": "A", "tile": "A", "priority": 3, "personnel": 0}
        return change_category(session, law.dewi, code, choosable=False, **given)  # type: ignore[arg-type]

    for code in ("OKNUM", "DARURAT_NYAWA"):
        with pytest.raises(WrongValue) as refused:
            law.run(close, code)
        assert refused.value.field == "choosable"


GEMPA = {"label_id": "Gempa bumi", "label_en": "Earthquake", "tile": "Gempa", "priority": 1, "personnel": 6}


def test_a_category_is_added_filed_under_closed_and_stays_what_it_was(law: Law) -> None:
    def add(session: Session, code: str = "gempa", **more: object) -> Category:
        return add_category(session, law.dewi, code, **{**GEMPA, **more})  # type: ignore[arg-type]

    assert law.run(add).code == "GEMPA" and last(law).step == "add_category"
    assert law.read(categories)[-1].code == "GEMPA"
    for field, wrong in (
        ("code", {}),
        ("code", {"code": "?"}),
        ("label_en", {"code": "GEMPA2", "label_id": "Lindu", "label_en": "earth quake"}),
    ):
        with pytest.raises(WrongValue) as refused:
            law.run(lambda session, wrong=wrong: add(session, **wrong))
        assert refused.value.field == field
    incident = law.file(category="GEMPA")
    assert incident.priority == 1
    law.run(lambda session: change_category(session, law.dewi, "GEMPA", choosable=False, **GEMPA))  # type: ignore[arg-type]
    with pytest.raises(WrongValue):
        law.file(category="GEMPA")
    law.take(incident, "claim", law.hendra)
    found = law.read(lambda session: session.get_one(Incident, incident.id).category.label())
    assert found == "Gempa bumi" and "GEMPA" not in [one.code for one in law.read(categories)]
    assert law.incident(incident.id).category_code == "GEMPA"
    with pytest.raises(WrongValue):
        law.run(add, "GEMPA3")  # its name stays taken


def test_a_sign_is_added_ticked_closed_and_ticked_no_more(law: Law) -> None:
    def add(session: Session, code: str = "Flood", label_id: str = "Banjir", personnel: int = 3) -> Modifier:
        return add_modifier(session, law.dewi, code, label_id=label_id, label_en=f"{label_id} 2", personnel=personnel)

    assert law.run(add).code == "flood" and last(law).step == "add_modifier"
    for field, wrong in (
        ("code", {}),
        ("label_id", {"code": "other"}),
        ("personnel", {"code": "other", "label_id": "Asap", "personnel": 999}),
    ):
        with pytest.raises(WrongValue) as refused:
            law.run(lambda session, wrong=wrong: add(session, **wrong))
        assert refused.value.field == field
    first, second = law.file(), law.file()
    for incident in (first, second):
        law.take(incident, "claim", law.hendra)
    law.send(first, law.hendra, (None, 7), modifier=["flood"])
    assert last(law).body["modifiers"] == ["flood"] and last(law).body["suggested"] == 4 + 3
    law.run(
        lambda session: change_modifier(
            session, law.dewi, "flood", label_id="Banjir", label_en="Flood", personnel=3, active=False
        )
    )
    assert last(law).body["was"] == {"label_en": "Banjir 2", "active": True}
    law.send(second, law.hendra, (None, 4), modifier=["flood", "armed"])  # from a page that was open
    assert last(law).body["modifiers"] == ["armed"] and last(law).body["suggested"] == 4 + 4
    assert "flood" not in [one.code for one in law.read(modifiers)]


def test_a_target_changes_when_the_next_step_is_due(law: Law) -> None:
    def change(session: Session, claim_s: int = 120, arrive_s: int | None = 900) -> Target:
        return change_target(session, law.dewi, 1, claim_s=claim_s, arrive_s=arrive_s)

    law.run(change)
    incident = law.file()
    assert incident.due_at and (incident.due_at - incident.filed_at).total_seconds() == 120
    for claim_s, arrive_s in ((5, 900), (600, 300)):
        with pytest.raises(WrongValue):
            law.run(change, claim_s, arrive_s)
