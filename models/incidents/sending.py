"""Sending: who goes from which station, and what it rested on."""

from collections.abc import Sequence
from typing import Annotated, Any

from models.asked import Asked
from models.errors import N_, WrongValue
from models.incidents.dispatch import Dispatch
from models.incidents.driving import Driven, drive
from models.incidents.incident import Incident, session_of
from models.incidents.strengths import Strength, force, strengths
from models.incidents.suggesting import Metres, posts, suggest
from models.time import now
from models.viewer import Viewer
from models.workflow import effect

MOST = 500  # more personnel than any command sends at once: beyond it, a slip of the finger
HOW_MANY = N_("Isi jumlah personel, 1 sampai {most}.")
Sent = Annotated[list[tuple[int | None, int]], Asked("posts", needed=False)]
OverReason = Annotated[str, Asked("over", needed=False)]


@effect
def dispatch(
    incident: Incident,
    by: Viewer,
    sent: Sent,
    metres: Metres,
    modifier: Annotated[Sequence[str], Asked("ticks", needed=False)] = (),
    reason: OverReason = "",
    seen_in: Annotated[Sequence[str], Asked("ticks", needed=False)] = (),
    unit: Driven = (),
) -> dict[str, Any]:
    """`sent`: pairs of station id (None: the nearest that have some free) and personnel.

    `seen_in`: what was ticked while looking at which evidence, as "armed:7".
    `unit`: ids of those that go along.
    """
    suggested = suggest(session_of(incident), incident, list(modifier))
    known = {part.code for part in suggested.parts}  # a page from before may tick what was closed since
    ticked = [code for code in modifier if code in known]
    rows = _send(incident, by, sent, metres, reason, unit)
    incident.dispatched_at = now()
    # What it rested on: a minute later another strength, another median would be read.
    sum_ = {"suggested": suggested.total, "parts": [{"code": part.code, "n": part.n} for part in suggested.parts]}
    alike = {"median": suggested.median, "median_of": suggested.median_of}
    told = {"modifiers": ticked, "reason": reason, "free": suggested.free}
    return {"sent": rows} | sum_ | alike | told | _seen(incident, ticked, list(seen_in))


@effect
def reinforce(
    incident: Incident, by: Viewer, sent: Sent, metres: Metres, reason: OverReason = "", unit: Driven = ()
) -> dict[str, Any]:
    free = force(strengths(session_of(incident))).free
    return {"sent": _send(incident, by, sent, metres, reason, unit), "reason": reason, "free": free}


def _send(
    incident: Incident, by: Viewer, sent: list[tuple[int | None, int]], metres: Metres, reason: str, unit: Sequence[str]
) -> list[dict[str, Any]]:
    session = session_of(incident)
    total = sum(personnel for _, personnel in sent)
    if any(personnel < 0 for _, personnel in sent) or not 1 <= total <= MOST:
        raise WrongValue("personnel", HOW_MANY, most=MOST)
    free = {strength.station.id: strength for strength in strengths(session)}
    pairs: dict[int, int] = {}
    for station_id, personnel in sent:
        for id, n in [(station_id, personnel)] if station_id else _nearest(incident, personnel, metres):
            if id not in free:
                raise WrongValue("station", N_("Pilih polsek yang ada."))
            pairs[id] = pairs.get(id, 0) + n
    limits = {id: row.free for id, row in free.items() if row.free is not None}
    over = sum(max(0, n - limits.get(id, n)) for id, n in pairs.items())
    if over and not reason:
        raise WrongValue("personnel", N_("{over} personel melebihi yang bebas. Tulis alasannya."), over=over)
    out = [
        Dispatch(incident_id=incident.id, station_id=id, personnel=n, sent_by_id=by.id, sent_at=now())
        for id, n in pairs.items()
        if n
    ]
    session.add_all(out)
    session.flush()
    incident.personnel += total
    units = drive(session, out, unit, incident.number) if unit else {}
    return [_told(row, free[row.station_id], units.get(row.id, [])) for row in out]


def _told(row: Dispatch, was: Strength, units: list[str]) -> dict[str, Any]:
    """For the event; units where some go along."""
    told: dict[str, Any] = {"dispatch": row.id, "personnel": row.personnel, "station_id": row.station_id}
    told |= {"station": was.station.name, "free": was.free}
    return told | ({"units": units} if units else {})


def _seen(incident: Incident, modifiers: list[str], told: list[str]) -> dict[str, Any]:
    """Only of evidence of this incident, and of what is ticked. A hint: what is not true is left out."""
    known = {str(row.id): row.id for complaint in incident.complaints for row in complaint.evidence}
    pairs = [one.partition(":") for one in told]
    seen = {code: known[id] for code, _, id in pairs if code in modifiers and id in known}
    return {"seen_in": seen} if seen else {}


def _nearest(incident: Incident, personnel: int, metres: Metres) -> list[tuple[int, int]]:
    """Spread over the nearest stations with free strength; what is missing stays with the nearest."""
    if incident.point is None:
        raise WrongValue("station", N_("Lokasi belum diketahui: pilih polseknya."))
    near = posts(session_of(incident), incident, personnel, metres)
    if not near:
        raise WrongValue("station", N_("Belum ada polsek yang terdaftar."))
    return [(post.station.id or 0, post.go) for post in near if post.go]
