"""The sweep: what is past its period now, and one lot of it taken away in one write."""

from datetime import datetime

from sqlmodel import Session

from models.acts import act
from models.command.retention import ALARMS, DEVICES, EVIDENCE, INCIDENTS, LOOKS, OUTBOX, SESSIONS, periods
from models.command.sweeping.incidents import families, sweep_evidence, sweep_family
from models.command.sweeping.looks import past_looks, sweep_looks
from models.command.sweeping.lots import Lot
from models.command.sweeping.rows import past_rows, sweep_rows
from models.viewer import Viewer


def due(session: Session, set_before: datetime | None = None) -> list[Lot]:
    """All that is past its period now; nothing is changed. `set_before`: younger periods do not count yet."""
    here = periods(session, set_before)
    whole = list(families(session, here, INCIDENTS))
    going = {lot.incident_id for lot in whole}
    apart = [lot for lot in families(session, here, EVIDENCE) if lot.incident_id not in going]
    looks = past_looks(session, here)
    rest = [past_rows(session, here, kind) for kind in (ALARMS, OUTBOX, SESSIONS, DEVICES)]
    told = [Lot(LOOKS, len(looks), looks[0].at)] if looks else []
    return [*whole, *apart, *told, *(lot for lot in rest if lot)]


@act
def sweep(session: Session, by: Viewer, lot: Lot, set_before: datetime | None = None) -> int:
    """Do it, if it is still to be done. How many went; there may be more of the lot until it is 0."""
    here = periods(session, set_before)
    match lot.kind:
        case kind if kind == INCIDENTS:
            return sweep_family(session, by, lot.incident_id, here)
        case kind if kind == EVIDENCE:
            return sweep_evidence(session, by, lot.incident_id, here)
        case kind if kind == LOOKS:
            return sweep_looks(session, by, here)
    return sweep_rows(session, by, lot.kind, here)
