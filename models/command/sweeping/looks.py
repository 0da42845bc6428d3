"""Looks past their period go in runs, and each run leaves the hash that the next look goes on from."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session, col, delete, select

from models.command.retention import ALL, LOOKS, Periods
from models.command.sweeping.keeping import Merged, kept_back
from models.command.sweeping.lots import BATCH, SWEEP, iso
from models.incidents.incident import Incident
from models.record.event import Look, record
from models.time import now
from models.viewer import Viewer


def past_looks(session: Session, here: Periods, most: int | None = None) -> list[Row[Any]]:
    """(seq, at, hash) of those past their period, oldest first; what keeps an incident keeps who looked at it."""
    days = [days for (of, _), days in here.days.items() if of == LOOKS]
    if not days:
        return []
    merged = Merged(session)
    kept = kept_back(session, merged)
    columns: Any = (Look.seq, Look.at, Look.hash, Look.incident_id, Incident.category_code)
    rows = select(*columns).outerjoin(Incident, col(Look.incident_id) == Incident.id)
    rows = rows.where(Look.at <= now() - timedelta(days=min(days))).order_by(col(Look.seq))
    found = []
    for row in session.execute(rows.execution_options(yield_per=1000)):
        own = here.of(LOOKS, row.category_code or ALL)
        if merged.root(row.incident_id or 0) not in kept and own is not None and row.at <= now() - timedelta(days=own):
            found.append(row)
            if len(found) == most:
                break
    return found


def sweep_looks(session: Session, by: Viewer, here: Periods) -> int:
    rows = past_looks(session, here, BATCH)
    runs: list[list[Any]] = []
    for row in rows:
        if runs and runs[-1][1] == row.seq - 1:
            runs[-1][1:] = row.seq, row.hash
        else:
            runs.append([row.seq, row.seq, row.hash])
    for first, last, _ in runs:
        session.exec(delete(Look).where(col(Look.seq).between(first, last)))
    if rows:
        record(session, SWEEP, by, kind=LOOKS, count=len(rows), oldest=iso(rows[0].at), looks=runs)
    return len(rows)
