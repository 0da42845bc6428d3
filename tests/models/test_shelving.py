"""What the supervisor noticed or shelved stands last, and comes back: with a rung, with news, when its time is over."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models.command.calling import Rung
from models.command.ladder import Ladder, climb, climbed
from models.errors import NotAllowed, WrongMoment, WrongValue
from models.incidents.incident import Incident
from models.incidents.ranking import gravity
from models.reading.desk import desk_place
from models.record.event import Event
from models.time import now
from models.workflow import Status
from tests.support.law import Law

LADDER = Ladder({2: (45, 60, 180)})


def known(law: Law, incident: Incident) -> tuple[bool, bool]:
    row = law.incident(incident.id)
    return row.noticed_at is not None, row.shelved_until is not None


def test_the_desk_has_what_is_true_first_then_nobodys_then_unknown_then_silent_then_the_rest(law: Law) -> None:
    """In each by priority, then what was due first; a page only sorts by the number."""
    late, soon, grave, unknown, silent, rest, done, drill = (
        Incident(number="", category_code="", precision="pin", filed_at=now(), status=status, priority=priority, opened_at=now(), due_at=due, exercise=exercise, stale=stale,
                 given_at=now() if given else None)
        for status, priority, due, exercise, stale, given in (
            (Status.NEW, 2, now(), False, False, False),
            (Status.NEW, 2, now() + timedelta(minutes=1), False, False, False),
            (Status.NEW, 1, now() + timedelta(minutes=9), False, False, False),
            (Status.CLAIMED, 1, now(), False, True, True),
            (Status.CLAIMED, 1, now(), False, True, False),
            (Status.CLAIMED, 1, now(), False, False, False),
            (Status.ON_SCENE, 1, None, False, False, False),
            (Status.NEW, 1, now(), True, False, False),
        )
    )  # fmt: skip
    rows = [grave, late, soon, unknown, silent, rest, done, drill]
    places = [desk_place(row) for row in rows]
    assert places == sorted(set(places)) and places[-1] < 2**53  # it fits a number of JavaScript
    assert gravity(False, 4) < gravity(True, 1) < gravity(True, 2)


def waited(law: Law, incident: Incident, seconds: int) -> None:
    def back(session: Session) -> None:
        row = session.get_one(Incident, incident.id)
        row.opened_at -= timedelta(seconds=seconds)

    law.run(back)


def test_what_is_shelved_says_by_whom_until_when_and_why(law: Law) -> None:
    incident = law.take(law.file(), "shelve", law.sari, minutes=30, note="  Lantas 11 dekat ")
    row = law.incident(incident.id)
    assert row.shelved_until and row.noticed_at and row.shelved_until - row.noticed_at == timedelta(minutes=30)
    assert law.read(lambda session: session.get_one(Incident, incident.id).noticer) == (
        "AKP Sari Ginting",
        "Lantas 11 dekat",
    )
    event = law.read(lambda session: session.exec(select(Event).where(Event.step == "shelve")).one())
    assert (event.by_id, event.body["minutes"], event.body["note"]) == (law.sari.id, 30, "Lantas 11 dekat")
    law.take(incident, "notice", law.sari)  # no time of its own any more
    assert known(law, incident) == (True, False)
    seq = law.incident(incident.id).seq
    assert law.take(incident, "notice", law.sari).seq == seq  # a plain yes, noted once


@pytest.mark.parametrize(
    ("minutes", "note", "field"), [(20, "x", "minutes"), (15, "  ", "note"), (15, "x" * 161, "note")]
)
def test_no_other_time_and_never_without_a_word(law: Law, minutes: int, note: str, field: str) -> None:
    with pytest.raises(WrongValue) as no:
        law.take(law.file(), "shelve", law.sari, minutes=minutes, note=note)
    assert no.value.field == field


def test_it_is_the_supervisors_and_of_what_is_open(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    for step, given in (("notice", {}), ("shelve", {"minutes": 15, "note": "x"})):
        with pytest.raises(NotAllowed):
            law.take(incident, step, law.hendra, **given)
    law.take(incident, "resolve", law.hendra, outcome="handled")
    with pytest.raises(WrongMoment):
        law.take(incident, "notice", law.sari)


@pytest.mark.parametrize(
    ("step", "by", "given", "back"),
    [
        ("note", "hendra", {"words": "pelaku masih di tempat"}, True),
        ("reply", "ann", {"words": "tolong cepat"}, True),
        ("reassign", "sari", {"officer": "ratna", "reason": "beban"}, True),
        ("preserve", "sari", {"reason": "disidik"}, False),
    ],
)
def test_what_is_new_on_it_brings_it_back_and_what_is_not_does_not(
    law: Law, step: str, by: str, given: dict[str, Any], back: bool
) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    law.take(incident, "shelve", law.sari, minutes=60, note="dekat")
    named = {name: getattr(law, value).id if name == "officer" else value for name, value in given.items()}
    law.take(incident, step, getattr(law, by), **named)
    assert known(law, incident) == ((False, False) if back else (True, True))


def test_the_next_rung_brings_it_back_and_the_phones_go_on(law: Law) -> None:
    incident = law.take(law.file(category="CURANMOR"), "notice", law.sari)
    waited(law, incident, 50)
    law.run(climb, LADDER, incident.id, Rung.DESK)
    assert known(law, incident) == (False, False)
    law.take(incident, "notice", law.sari)
    waited(law, incident, 200)
    law.run(climb, LADDER, incident.id, Rung.COMMAND)  # a look is no claim
    assert [row.rung for row in law.read(climbed)] == [Rung.COMMAND]  # of this time of waiting


def test_events_tell_all_of_it(law: Law) -> None:
    incident = law.take(law.file(), "shelve", law.sari, minutes=15, note="dekat")
    law.take(incident, "claim", law.hendra)
    law.take(incident, "notice", law.sari)

    def folded(session: Session) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in session.exec(select(Event).where(Event.incident_id == incident.id).order_by(col(Event.seq))):
            values |= event.body.get("set", {})
        return values

    values, real = law.read(folded), law.read(lambda session: session.get_one(Incident, incident.id).values())
    assert {name: values[name] for name in ("noticed_at", "shelved_until")} == {
        name: real[name] for name in ("noticed_at", "shelved_until")
    }
