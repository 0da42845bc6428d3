"""The list of a handover is frozen: every open case as the record has it at this moment, and what goes along with them."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from models.acts import act
from models.command.briefs import briefs
from models.command.handover import (
    Answer,
    Carried,
    HandedCase,
    Handover,
    cases,
    handover_of,
    holder_of,
    is_late,
    open_incidents,
)
from models.command.handover_sides import check
from models.command.shifts import TIRED, Shift, on_duty, roll, stayed, sums, waiting
from models.command.units import units
from models.errors import N_, WrongMoment
from models.incidents.incident import Incident
from models.record.event import coming_seq, record
from models.time import local, now
from models.viewer import Viewer


@act
def freeze(session: Session, by: Viewer) -> Handover:
    """The list, as the record stands at this moment. Again before the first signature: what changed is answered anew."""
    handover, to = begun(session), waiting(session)
    check(session, by, "freeze", handover)
    if to is None:
        raise WrongMoment(N_("Buka regu berikutnya dan adakan apelnya dahulu: kepada siapa diserahkan?"))
    handover.to_id, handover.to, handover.frozen_at = to.id, to, now()
    handover.frozen_seq = coming_seq(session) - 1
    here = {incident.id or 0: incident for incident in open_incidents(session)}
    noted = {row.incident_id: row for row in cases(session, handover)}
    for id in noted.keys() - here.keys():
        session.delete(noted[id])
    told = {id: _photographed(incident) for id, incident in here.items()}
    for id in noted.keys() & here.keys():
        _put(noted[id], told[id])
    if new := [{"handover_id": handover.id, "incident_id": id, **told[id]} for id in here.keys() - noted.keys()]:
        session.execute(insert(HandedCase), new)  # in one statement: every other write waits for this
    session.flush()
    handover.carried = asdict(_carried(session, handover, to))
    handover.shift.seq = record(
        session, "freeze", by, handover=handover.id, to=to.id, at=handover.frozen_seq, cases=len(here)
    )
    return handover


def begun(session: Session) -> Handover:
    """Of the shift on duty, made when it is first needed."""
    shift = on_duty(session)
    if shift is None:
        raise WrongMoment(N_("Belum ada regu yang bertugas."))
    found = handover_of(session, shift)
    if found is None:
        found = Handover(shift_id=shift.id, shift=shift)
        session.add(found)
        session.flush()
    return found


def _photographed(incident: Incident) -> dict[str, Any]:
    """As it is now."""
    return {
        "seq": incident.seq, "number": incident.number, "priority": incident.priority, "late": is_late(incident),
        "category_code": incident.category_code, "place": incident.kelurahan, "opened_at": incident.opened_at,
        "holder": holder_of(incident),
    }  # fmt: skip


def _put(row: HandedCase, told: dict[str, Any]) -> None:
    """An answer to how it was before is none."""
    if row.seq != told["seq"]:
        row.answer, row.answered_at, row.answered_by = Answer.WAITING, None, ""
        row.question = row.reply = row.replied_by = ""
        row.replied_at = None
    for name, value in told.items():
        setattr(row, name, value)


def _carried(session: Session, handover: Handover, to: Shift) -> Carried:
    people, cars = roll(session, to), units(session)
    counted = sums(people)
    working = [duty for duty in (*stayed(session), *roll(session, handover.shift)) if duty.there]
    midnight = local(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    called = {duty.station_id for duty in people if duty.state is not None}
    return Carried(
        total=counted.total, present=counted.present, uncalled=counted.uncalled,
        why={str(state): n for state, n in counted.why.items() if n},
        uncalled_at=list(dict.fromkeys(duty.station.name for duty in people if duty.station_id not in called)),
        units=len(cars), ready=sum(one.state == "ready" for one in cars),
        out=[one.callsign for one in cars if one.state == "out"],
        broken=[f"{one.callsign} ({one.note})" if one.note else one.callsign for one in cars if one.state == "broken"],
        overnight=[row.number for row in cases(session, handover) if row.opened_at and row.opened_at < midnight],
        tired=[duty.member.title for duty in working if (duty.lasts(now()) or timedelta()) > TIRED],
        briefs=[one.brief.words for one in briefs(session)],
    )  # fmt: skip
