"""Dispatch: personnel sent from a station; how many are free, how many to send, and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from typing import Annotated, Any

from sqlalchemy import exists, func
from sqlmodel import Field, Relationship, Session, col, select

from models.asked import Asked, Id, Which, words
from models.city.category import Category
from models.city.category import modifiers as open_modifiers
from models.city.station import Station, short_names
from models.errors import N_, WrongValue
from models.incidents.driving import Driven, drive, drive_again, forget_drives, park
from models.incidents.incident import Incident, session_of
from models.time import now
from models.versioned import Versioned
from models.viewer import Viewer
from models.workflow import Status, effect

MOST = 500  # more personnel than any command sends at once: beyond it, a slip of the finger
ALIKE = 20  # how many past incidents the median looks at
Metres = Callable[[Any, Any], float]  # distance of two things that have lat and lon


HOW_MANY = N_("Isi jumlah personel, 1 sampai {most}.")
Sent = Annotated[list[tuple[int | None, int]], Asked("posts", needed=False)]
OverReason = Annotated[str, Asked("over", needed=False)]


class Dispatch(Versioned, table=True):
    id: int = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    station_id: int = Field(foreign_key="station.id", index=True)
    personnel: int
    sent_by_id: int | None = Field(default=None, foreign_key="officer.id")
    sent_at: datetime
    arrived_at: datetime | None = None
    cleared_at: datetime | None = Field(default=None, index=True)  # back and free again
    station: Station = Relationship()


@dataclass(frozen=True)
class Strength:
    """A station and who of it is out. On shift is what the apel counted or somebody stated, else nobody knows."""

    station: Station
    out: int

    @property
    def strength(self) -> int | None:
        return self.station.strength

    @property
    def left(self) -> int | None:
        """Below none where more are out than are on shift: shown as it is."""
        return None if self.strength is None else self.strength - self.out

    @property
    def free(self) -> int | None:
        """How many can be sent: never below none."""
        return None if self.left is None else max(0, self.left)

    @property
    def low(self) -> bool:
        """Fewer are left than the command wants here."""
        return self.station.least is not None and self.left is not None and self.left < self.station.least

    @property
    def over(self) -> bool:
        return self.strength is not None and self.out > self.strength


@dataclass(frozen=True)
class Force:
    """All stations together: those whose strength was stated. `unstated`: how many others there are."""

    free: int | None
    strength: int | None
    unstated: int


@dataclass(frozen=True)
class Post:
    """A station as seen from an incident; `go`: how many the suggestion takes from it; `short`: its name on a button.

    `distance_m` is None while nobody knows where the incident is."""

    station: Station
    short: str
    distance_m: float | None
    row: Strength
    go: int

    @property
    def free(self) -> int | None:
        return self.row.free


@dataclass(frozen=True)
class Part:
    code: str
    label: str
    n: int


@dataclass(frozen=True)
class Suggestion:
    """A sum one can read aloud, beside the median of like cases. The officer's number decides."""

    parts: list[Part]
    median: int | None
    median_of: int
    free: int | None  # at all stations that are known; none: nobody stated any

    @property
    def total(self) -> int:
        return sum(part.n for part in self.parts)

    @property
    def short(self) -> int:
        """How many of the suggested personnel are known to be free nowhere."""
        return 0 if self.free is None else max(0, self.total - self.free)


def strengths(session: Session) -> list[Strength]:
    out = select(Dispatch.station_id, func.sum(Dispatch.personnel)).where(col(Dispatch.cleared_at).is_(None))
    away = dict(session.exec(out.group_by(col(Dispatch.station_id))).all())
    stations = session.exec(select(Station).where(Station.active).order_by(col(Station.id)))
    return [Strength(station, away.get(station.id, 0)) for station in stations]


def force(rows: list[Strength]) -> Force:
    known = [row for row in rows if row.strength is not None]
    if not known:
        return Force(None, None, len(rows))
    free, strength = sum(row.free or 0 for row in known), sum(row.strength or 0 for row in known)
    return Force(free, strength, len(rows) - len(known))


def posts(session: Session, incident: Incident, wanted: int, metres: Metres) -> list[Post]:
    """Every station, with `wanted` personnel spread over the nearest that have some free: first those that send,
    then the others, each by distance.

    One whose strength nobody stated takes all that is left: nothing says that it cannot. What nobody has free
    stays with the nearest: there a reason is asked for. Without a place nothing is near: none is suggested, and those
    with most people free come first.
    """
    known = strengths(session)
    shorts = short_names([s.station for s in known])
    here = incident.point
    if here is None:
        rows = [Post(s.station, shorts[s.station.id], None, s, 0) for s in known]
        return sorted(rows, key=lambda post: (-(post.free or 0), post.station.id))
    near = sorted((metres(here, s.station), s.station.id, s) for s in known)
    rows = []
    for distance_m, id, strength in near:
        go = wanted if strength.free is None else min(wanted, strength.free)
        wanted -= go
        rows.append(Post(strength.station, shorts[id], distance_m, strength, go))
    if wanted and rows:
        rows[0] = replace(rows[0], go=rows[0].go + wanted)
    return sorted(rows, key=lambda post: not post.go)


def suggest(session: Session, incident: Incident, ticked: list[str], locale: str = "id") -> Suggestion:
    """Base of the category, plus what the officer ticked, beside the median of the last like cases."""
    category = session.get_one(Category, incident.category_code)
    parts = [Part("base", category.label(locale), category.personnel)]
    parts += [Part(row.code, row.label(locale), row.personnel) for row in open_modifiers(session) if row.code in ticked]
    # First the last few, each found by the index, then their sums: however long the past is.
    past = (
        select(Incident.id)
        .where(Incident.category_code == incident.category_code, Incident.status == Status.RESOLVED)
        .where(exists().where(col(Dispatch.incident_id) == Incident.id))
        .order_by(col(Incident.closed_at).desc())
        .limit(ALIKE)
    )
    sent = select(func.sum(Dispatch.personnel)).where(col(Dispatch.incident_id).in_(past))
    sums = list(session.exec(sent.group_by(col(Dispatch.incident_id))))
    return Suggestion(parts, round(median(sums)) if sums else None, len(sums), force(strengths(session)).free)


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


@effect
def arrive(incident: Incident, by: Viewer, dispatch: Which = None) -> dict[str, Any] | None:
    """The first arrival puts the incident on scene; without a number, all that are on their way arrive."""
    rows = [row for row in _out(incident, dispatch) if row.arrived_at is None]
    if not rows:
        return None
    for row in rows:
        row.arrived_at = now()
        incident.arrived += row.personnel
    incident.arrived_at = incident.arrived_at or now()
    return {"dispatches": [row.id for row in rows], "personnel": sum(row.personnel for row in rows)}


@effect
def clear(
    incident: Incident,
    by: Viewer,
    dispatch: Annotated[Id, Asked("hidden", missing=N_("Pilih pengiriman yang selesai."))],
) -> dict[str, Any]:
    """Personnel are free again while the incident stays open."""
    return {"cleared": bring_back(incident, dispatch)}


@effect
def recall(
    incident: Incident,
    by: Viewer,
    reason: Annotated[str, words(N_("Alasan"), missing=N_("Tulis alasan menarik personel."))],
) -> dict[str, Any]:
    incident.dispatched_at = incident.arrived_at = None
    return {"cleared": bring_back(incident), "reason": reason}


def bring_back(incident: Incident, dispatch: int | None = None) -> list[int | None]:
    """Free the personnel of one dispatch, or of all that are out."""
    rows = _out(incident, dispatch)
    for row in rows:
        row.cleared_at = now()
        incident.personnel -= row.personnel
        incident.arrived -= row.personnel if row.arrived_at else 0
    back: list[int | None] = [row.id for row in rows]
    park(session_of(incident), back)
    return back


def call_back(incident: Incident, ids: list[int]) -> None:
    """These were never sent: neither the median of like cases nor a station's strength knows of them."""
    session = session_of(incident)
    park(session, ids)
    forget_drives(session, ids)
    for row in _rows(incident, ids):
        session.delete(row)


def still_coming(incident: Incident, ids: list[int]) -> None:
    """These have not arrived."""
    for row in _rows(incident, ids):
        row.arrived_at = None
        incident.arrived -= row.personnel


def still_out(incident: Incident, ids: list[int]) -> None:
    """These are not back. Whoever was sent from there meanwhile stays sent: the strength then shows less than none."""
    for row in _rows(incident, ids):
        row.cleared_at = None
        incident.arrived += row.personnel if row.arrived_at else 0
    drive_again(session_of(incident), ids, incident.number)


def dispatches(session: Session, incident: Incident) -> list[Dispatch]:
    return list(session.exec(select(Dispatch).where(Dispatch.incident_id == incident.id).order_by(col(Dispatch.id))))


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


def _rows(incident: Incident, ids: list[int]) -> list[Dispatch]:
    rows = select(Dispatch).where(Dispatch.incident_id == incident.id, col(Dispatch.id).in_(ids))
    return list(session_of(incident).exec(rows))


def _out(incident: Incident, dispatch: int | None) -> list[Dispatch]:
    rows = select(Dispatch).where(Dispatch.incident_id == incident.id, col(Dispatch.cleared_at).is_(None))
    if dispatch is not None:
        rows = rows.where(Dispatch.id == dispatch)
    found = list(session_of(incident).exec(rows.order_by(col(Dispatch.id))))
    if dispatch is not None and not found:
        raise WrongValue("dispatch", N_("Pengiriman ini tidak ada atau sudah kembali."))
    return found
