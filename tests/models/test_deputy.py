"""Pejabat sementara: a supervisor's power with an end. Every act and every step, while it lasts and after it."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from models.acts import ACTS, DONE
from models.administration.people import reappoint, retire
from models.command.deputy import LONGEST, deputies, deputise, end_deputy, outlasted
from models.command.shifts import on_duty
from models.errors import NotAllowed, NotFound, WrongMoment, WrongValue
from models.incidents.incident import Incident
from models.people.factors import reset_factors
from models.people.officers import Officer
from models.reading.board import board
from models.record.event import Event
from models.roles import Role
from models.time import now
from models.viewer import CLOCK, Viewer
from models.workflow import STEPS, Status
from tests.models.test_acts import nothing
from tests.support.law import Law
from tests.support.pickets import pickets

KEPT = {"deputise", "reset_factors", "end_seats"}  # said here once more by hand


def lend(law: Law, until: datetime | None = None, by: Viewer | None = None) -> Viewer:
    """To Hendra, for an hour."""
    until = until or now() + timedelta(hours=1)
    law.run(deputise, by or law.sari, law.hendra.id, until, "Pawas ke TKP kebakaran")
    return seen(law)


def seen(law: Law) -> Viewer:
    return law.read(lambda session: session.get_one(Officer, law.hendra.id).viewer)


def time_is_over(law: Law) -> None:
    over = now() - timedelta(seconds=1)
    law.run(lambda session: setattr(session.get_one(Officer, law.hendra.id), "lent_until", over))


def refused(name: str, by: Viewer) -> bool:
    """By its row: what comes after it has no database here."""
    try:
        DONE[name](Session(), by, **nothing(DONE[name]))
    except NotAllowed:
        return True
    except Exception:
        return False
    return False


def scenes(law: Law) -> list[Incident]:
    """Held by Ratna, or by nobody; in each state there is."""
    claimed, sent, closed = (law.take(law.file(), "claim", law.ratna) for _ in range(3))
    law.send(sent, law.ratna, (None, 1))
    law.take(closed, "resolve", law.ratna, outcome="handled")
    return [law.file(), claimed, sent, closed, law.file(category="OKNUM")]


def may(law: Law, incident: Incident, by: Viewer) -> set[str]:
    return set(law.read(lambda session: session.get_one(Incident, incident.id).may(by)))


def test_every_act_is_theirs_while_it_lasts_but_what_is_kept_and_none_afterwards(law: Law) -> None:
    assert {act.name for act in ACTS.values() if act.kept} == KEPT
    acting = lend(law)
    for name in ACTS:
        assert refused(name, acting) == (name in KEPT or refused(name, law.sari)), name
    time_is_over(law)
    for name in ACTS:
        assert refused(name, seen(law)) == refused(name, law.hendra), name


def test_every_step_and_every_case_is_theirs_while_it_lasts_and_not_afterwards(law: Law) -> None:
    told = scenes(law)
    officer = [may(law, one, law.hendra) for one in told]
    supervisor = [may(law, one, law.sari) for one in told]
    acting = lend(law)
    assert acting.role == Role.SUPERVISOR and acting.audience == law.sari.audience
    assert [may(law, one, acting) for one in told] == supervisor != officer
    assert set(STEPS) > set().union(*supervisor) - set().union(*officer)
    assert told[-1].id in {row.id for row in law.read(board, acting.audience).rows}
    time_is_over(law)
    after = seen(law)
    assert after == law.hendra and [may(law, one, after) for one in told] == officer
    with pytest.raises(NotFound):
        law.take(told[-1], "note", after, words="tidak terlihat lagi")


def test_it_is_not_passed_on_and_opens_nobodys_door(law: Law) -> None:
    acting = lend(law)
    for act, given in ((deputise, (law.ratna.id, now() + timedelta(minutes=5), "x")), (reset_factors, (law.ratna.id,))):
        with pytest.raises(NotAllowed, match="bukan wewenang pejabat sementara"):
            law.run(act, acting, *given)


def test_it_has_an_end_a_reason_and_an_officer(law: Law) -> None:
    soon = now() + timedelta(hours=1)
    for until in (None, now(), now() + LONGEST + timedelta(minutes=1)):
        with pytest.raises(WrongValue, match="Paling lama 12 jam") as fault:
            law.run(deputise, law.sari, law.hendra.id, until, "sakit")
        assert fault.value.field == "until"
    with pytest.raises(WrongValue) as fault:
        law.run(deputise, law.sari, law.hendra.id, soon, " ")
    assert fault.value.field == "reason"
    for nobody in (law.sari.id, law.dewi.id, law.damkar.id, 10**6):
        with pytest.raises(NotFound):
            law.run(deputise, law.sari, nobody, soon, "sakit")
    for by in (law.ratna, law.ann, law.damkar):
        with pytest.raises(NotAllowed):
            law.run(deputise, by, law.hendra.id, soon, "sakit")
    lend(law, by=law.dewi)
    with pytest.raises(WrongMoment, match="sudah pejabat sementara"):
        law.run(deputise, law.sari, law.hendra.id, soon, "sakit")


def test_it_lasts_no_longer_than_the_shift(law: Law) -> None:
    pickets(law)
    ends = law.read(on_duty).ends
    with pytest.raises(WrongValue, match="tidak melewati akhir tugas"):
        lend(law, ends + timedelta(seconds=1))
    assert lend(law, ends).lent_until == ends


def test_it_ends_early_by_who_gave_it_who_has_it_or_an_administrator(law: Law) -> None:
    lend(law)
    for other in (law.ratna, Viewer(Role.SUPERVISOR, law.ratna.id)):
        with pytest.raises(NotAllowed, match="Hanya yang memberi"):
            law.run(end_deputy, other, law.hendra.id)
    for by in (law.sari, seen(law), law.dewi):
        lend(law) if not law.read(deputies) else None
        law.run(end_deputy, by, law.hendra.id)
        assert law.read(deputies) == [] and seen(law) == law.hendra
    steps = law.read(lambda session: session.exec(select(Event.step).order_by(col(Event.seq))).all())
    assert [step for step in steps if "deput" in step] == ["deputise", "end_deputy"] * 3
    law.run(end_deputy, law.hendra, law.hendra.id)  # once more: nothing happens
    assert len(steps) == len(law.read(lambda session: session.exec(select(Event.seq)).all()))


@pytest.mark.parametrize("way", ["clock", "ended", "retire", "reappoint"])
def test_what_they_hold_and_may_not_see_any_more_waits_again(law: Law, way: str) -> None:
    acting = lend(law)
    about, plain = (law.take(law.file(category=kind), "claim", acting) for kind in ("OKNUM", "CURAS_BEGAL"))
    if way == "clock":
        time_is_over(law)
        assert law.read(outlasted) == [law.hendra.id]
        law.run(end_deputy, CLOCK, law.hendra.id)
        assert law.read(outlasted) == []
    elif way == "ended":
        law.run(end_deputy, law.sari, law.hendra.id)
    elif way == "retire":
        law.run(retire, law.dewi, law.hendra.id)
    else:
        law.run(lambda s: reappoint(s, law.dewi, law.hendra.id, name="Hendra", role="admin"))
    again = law.incident(about.id)
    assert (again.status, again.officer_id) == (Status.NEW, None)
    assert law.incident(plain.id).officer_id == law.hendra.id
    stood = law.read(lambda session: session.get_one(Officer, law.hendra.id))
    assert (stood.lent_until, stood.lent_by, stood.lent_why) == (None, None, "") and stood.power == stood.role
