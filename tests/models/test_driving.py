"""Units go with whoever is sent, are ready again when those are back, and follow what is undone."""

import pytest
from sqlmodel import Session, select

from console.ground.points import distance_m
from models.city.unit import Unit, UnitState
from models.command.units import add_unit, report_unit, retire_unit
from models.errors import WrongMoment, WrongValue
from models.incidents.incident import Incident
from models.record.event import Event
from tests.support.law import Law


def unit(law: Law, callsign: str, station: int) -> Unit:
    return law.run(add_unit, law.sari, callsign, "R4", 4, station)


def states(law: Law) -> dict[str, tuple[str, str]]:
    return {one.callsign: (str(one.state), one.note) for one in law.read(_units)}


def sent(law: Law, *units: Unit) -> Incident:
    incident = law.take(law.file(), "claim", law.hendra)
    return law.send(incident, law.hendra, (2, 2), (3, 1), unit=[str(one.id) for one in units])


def test_each_goes_with_its_own_station_and_comes_back_with_them(law: Law) -> None:
    one, other = unit(law, "Kota 05", 3), unit(law, "PRC 01", 1)
    incident = sent(law, one, other)
    assert states(law) == {"Kota 05": ("out", incident.number), "PRC 01": ("out", incident.number)}
    body = law.read(_last).body
    assert [(row["station_id"], row.get("units")) for row in body["sent"]] == [(2, ["PRC 01"]), (3, ["Kota 05"])]
    law.take(incident, "clear", law.hendra, dispatch=body["sent"][0]["dispatch"])
    assert states(law)["PRC 01"] == ("ready", "") and states(law)["Kota 05"][0] == "out"
    law.take(incident, "recall", law.hendra, reason="sudah bubar")
    assert {state for state, _ in states(law).values()} == {"ready"}


def test_one_that_is_out_or_broken_goes_nowhere(law: Law) -> None:
    one = unit(law, "PRC 01", 2)
    incident = sent(law, one)
    for state in (UnitState.OUT, UnitState.BROKEN):
        law.run(report_unit, law.sari, one.id, state)
        with pytest.raises(WrongValue, match="PRC 01 tidak siap lagi") as refused:
            law.take(incident, "reinforce", law.hendra, sent=[(2, 1)], metres=distance_m, unit=[str(one.id)])
        assert refused.value.field == "unit"
    law.take(incident, "resolve", law.hendra, outcome="handled")
    assert states(law)["PRC 01"][0] == "broken"  # coming home mends nothing


def test_what_is_undone_is_undone_for_them_too(law: Law) -> None:
    one = unit(law, "PRC 01", 2)
    incident = sent(law, one)
    law.take(incident, "resolve", law.hendra, outcome="handled")
    law.take(incident, "undo", law.hendra, step="resolve")
    assert states(law)["PRC 01"] == ("out", incident.number)
    with pytest.raises(WrongMoment):
        law.run(retire_unit, law.sari, one.id)
    law.take(incident, "undo", law.hendra, step="dispatch")
    assert states(law)["PRC 01"] == ("ready", "")


def _units(session: Session) -> list[Unit]:
    return list(session.exec(select(Unit)))


def _last(session: Session) -> Event:
    return session.exec(select(Event).order_by(Event.seq.desc())).first()  # type: ignore[attr-defined,return-value]
