"""Likeness: which open incident a new one seems to tell of too, so that a burst is one row, one pin, one sound.

It only suggests: what is merged, an officer merges. Kinds, reach and words are data (likeness.json of the city), with reasons.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.city.seed.facts import in_use, read
from models.city.site import UNKNOWN, Point
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident, session_of
from models.viewer import Viewer
from models.workflow import OPEN, Status, afterwards

BOX_DEGREES = 0.006  # about 660 m: what the database looks through; the distance is measured after
MOST_COMPARED = 60  # newest complaints about: enough in a burst, and filing stays quick
ROUGH_M = {"pin": 40, "place": 200}  # how far a point may be off that says nothing itself
UNPLACED = ("area", UNKNOWN)  # a point that stands for a quarter, or for nothing
FEW, STRONG = 3, 0.6  # words in common, and their share, that speak without a place
SAME_WORDS = 0.4  # their share that two reports of a household's trouble want
METRES_PER_DEGREE = 111_195
SHORTEST = 3  # letters
BEFORE, AFTER = re.compile(r"^(?:ke|ter|ber|meng|mem|men|me|di|pe)(?=\w{4})"), re.compile(r"(?<=\w{4})(?:kan|nya|an)$")


@dataclass(frozen=True)
class Reach:
    """What likeness.json says."""

    minutes: int
    alone_minutes: int
    metres: int
    most_metres: int
    seen_by_many: frozenset[str]
    never: frozenset[str]
    kin: frozenset[tuple[str, str]]  # each pair both ways
    grave: frozenset[str]
    blank: frozenset[str]

    def kinds(self, one: str) -> set[str]:
        """Which may describe one thing with it, itself among them."""
        return ({other for first, other in self.kin if first == one} | {one}) - self.never


@dataclass(frozen=True)
class Told:
    """As much of a report as is compared. `off_m`: how far its point may be off, None: it has none.

    Its words are taken apart when they are first asked for: mostly time and distance have decided before.
    """

    kind: str
    at: datetime
    lat: float
    lon: float
    off_m: float | None
    said: str

    @cached_property
    def words(self) -> frozenset[str]:
        return roots(self.said)


def reach() -> Reach:
    return _reach(in_use())


@cache
def _reach(city: Path) -> Reach:
    said = read(city).likeness
    pairs = [(one, other) for one, others in said.also_called.items() for other in others]
    return Reach(
        said.minutes,
        said.alone_minutes,
        said.metres,
        said.most_metres,
        frozenset(said.seen_by_many),
        frozenset(said.never),
        frozenset(pairs + [(other, one) for one, other in pairs]),
        frozenset(root(word) for word in said.grave),
        frozenset(said.blank),
    )


def liken(session: Session, incident: Incident, words: str, at: datetime) -> int | None:
    """The open incident this one seems to tell of too: the oldest of its group, or None. One question by time."""
    if incident.category_code in reach().never:
        return None
    session.flush()  # the question goes past the session, and whom others follow may just have changed
    mine = _told(incident, words, at)
    best: tuple[tuple[int, float], Row[Any]] | None = None
    for row in _about(session, incident, at):
        theirs = _told(row, row.words, row.said_at)
        if row.id == incident.id or not alike(mine, theirs):
            continue
        weight = (len(mine.words & theirs.words), -metres(mine, theirs))
        if best is None or weight > best[0]:
            best = weight, row
    return _leader_of(best[1], incident) if best else None


def _leader_of(row: Row[Any], incident: Incident) -> int | None:
    """Of the group it is in, unless that is off the board: from one to the next a traffic jam would reach across the town."""
    if row.leader_status not in OPEN:
        return None
    placed = not _nowhere(incident) and row.leader_precision not in UNPLACED
    far = placed and metres(incident, Point(row.leader_lat, row.leader_lon)) > reach().most_metres
    return None if far else row.leader_id


def alike(one: Told, other: Told) -> bool:
    """Of kinds that go together: near in time and place too? Without a place only words that are much the same."""
    facts, apart = reach(), abs(one.at - other.at)
    if apart > timedelta(minutes=facts.minutes):
        return False
    late = apart > timedelta(minutes=facts.alone_minutes)
    if one.off_m is None or other.off_m is None:
        many = one.kind == other.kind and one.kind in facts.seen_by_many
        return many and not late and len(one.words & other.words) >= FEW and _share(one, other) >= STRONG
    if metres(one, other) > min(facts.most_metres, facts.metres + one.off_m + other.off_m):
        return False
    if one.kind != other.kind:
        return not late or bool(one.words & other.words)
    return one.kind in facts.seen_by_many or _share(one, other) >= SAME_WORDS


def _share(one: Told, other: Told) -> float:
    """Of the words of the shorter one: how many are the other's too."""
    shared = one.words & other.words
    return len(shared) / min(len(one.words), len(other.words)) if shared else 0.0


def roots(words: str) -> frozenset[str]:
    """What a report says, as roots: kebakaran, terbakar and bakar are one; words that say nothing are left out."""
    return frozenset(spoken(words))


def spoken(words: str) -> dict[str, str]:
    """Each root, and the word it was said with first."""
    found: dict[str, str] = {}
    blank = reach().blank
    for word in re.findall(r"[^\W\d_]+", words.lower()):
        if len(word) >= SHORTEST and word not in blank and root(word) not in blank:
            found.setdefault(root(word), word)
    return found


@cache
def root(word: str) -> str:
    return AFTER.sub("", BEFORE.sub("", word))


@dataclass(frozen=True)
class Unlike:
    """What one report alone says: `grave` words first. Both as they were said."""

    grave: list[str]
    rare: list[str]


def unlike(said: Mapping[int, str]) -> dict[int, Unlike]:
    """For each report, by id: the words that no other of these reports says. Counted, not understood."""
    each = {id: spoken(words) for id, words in said.items()}
    counts = Counter(word for words in each.values() for word in words)
    found = {}
    for id, words in each.items():
        alone = {root: word for root, word in words.items() if counts[root] == 1}
        grave = [word for root, word in alone.items() if root in reach().grave]
        found[id] = Unlike(grave, [word for word in alone.values() if word not in grave])
    return found


def common(said: Iterable[str], most: int = 3) -> tuple[list[str], int]:
    """The words that most of these reports say, and how many say at least one of them."""
    each = [spoken(words) for words in said]
    counts = Counter(root for words in each for root in words)
    often = [root for root, count in counts.most_common(most) if count > 1]
    as_said = Counter(word for words in each for root, word in words.items() if root in often)
    first = {root: max((words[root] for words in each if root in words), key=as_said.__getitem__) for root in often}
    return list(first.values()), sum(any(root in words for root in often) for words in each)


def metres(one: Any, other: Any) -> float:
    """Flat, as within one town: within a metre at half a kilometre."""
    north = (one.lat - other.lat) * METRES_PER_DEGREE
    east = (one.lon - other.lon) * METRES_PER_DEGREE * math.cos(math.radians(one.lat))
    return math.hypot(north, east)


def followers(session: Session, ids: Iterable[int]) -> list[Incident]:
    """The open incidents that seem to tell of these too, oldest first."""
    rows = select(Incident).where(col(Incident.like_id).in_(list(ids)), col(Incident.status).in_(OPEN))
    return list(session.exec(rows.order_by(col(Incident.filed_at), col(Incident.id))))


def lead(session: Session, by: Viewer, followers: list[Incident], leader: Incident | None = None) -> None:
    """These follow the leader from now on; without one, the oldest of them leads the others."""
    first = leader or (followers[0] if followers else None)
    for follower in followers:
        before = follower.values()
        follower.like_id = None if follower is first or first is None else first.id
        if follower.like_id != before["like_id"]:
            follower.note("like", by, before)


@afterwards
def keep_together(incident: Incident, by: Viewer, step: str, before: dict[str, Any]) -> None:
    """After every step: who is off the board leads and follows nobody; who was corrected is compared anew.

    Merging is not here: what is merged keeps whom it followed until it comes back (merging.py).
    """
    session = session_of(incident)
    closed = incident.status not in OPEN and incident.status != Status.MERGED
    corrected = any(before[name] != getattr(incident, name) for name in ("category_code", "lat", "lon"))
    if incident.open and incident.like_id and incident.like_id != before["like_id"]:  # as it was before it led
        lead(session, by, followers(session, [incident.id]), session.get(Incident, incident.like_id))
    if not closed and not (corrected and incident.open):
        return
    incident.like_id = None
    if incident.id:
        session.flush()
        lead(session, by, followers(session, [incident.id]))
    if corrected and incident.open and incident.complaints:
        incident.like_id = liken(session, incident, incident.complaints[0].words, incident.filed_at)


def _told(row: Incident | Row[Any], words: str, at: datetime) -> Told:
    """Of an incident, or of a row that has its columns."""
    off_m = None if _nowhere(row) else float(row.accuracy_m or ROUGH_M.get(row.precision, 0))
    return Told(row.category_code, at, row.lat or 0.0, row.lon or 0.0, off_m, words)


def _nowhere(row: Incident | Row[Any]) -> bool:
    return row.precision in UNPLACED


def _about(session: Session, incident: Incident, at: datetime) -> Iterable[Row[Any]]:
    """What was said lately, near by or without a place, of open incidents that may be the same: the newest first."""
    span = timedelta(minutes=reach().minutes)
    asked = {"since": at - span, "until": at + span, "exercise": incident.exercise}
    here = None if _nowhere(incident) else incident.point
    if here is None:
        return session.connection().execute(_reports_about(False), asked | {"kinds": [incident.category_code]})
    box = {"south": here.lat - BOX_DEGREES, "north": here.lat + BOX_DEGREES}
    box |= {"west": here.lon - BOX_DEGREES, "east": here.lon + BOX_DEGREES}
    return session.connection().execute(
        _reports_about(True), asked | box | {"kinds": sorted(reach().kinds(incident.category_code))}
    )


@cache
def _reports_about(placed: bool) -> Any:
    """That question, made once: every complaint that comes in asks it."""
    leader = aliased(Incident)
    fits = and_(
        col(Incident.status).in_(OPEN),
        col(Incident.category_code).in_(bindparam("kinds", expanding=True)),
        col(Incident.exercise) == bindparam("exercise"),
    )
    # As a CASE no index finds it, so each report leads to its own incident. PostgreSQL, whose statistics are always behind
    # in a flood, would look through all that fit for each of them.
    columns: Any = (
        Incident.id, Incident.category_code, Incident.lat, Incident.lon, Incident.accuracy_m, Incident.precision,
        Complaint.words, col(Complaint.filed_at).label("said_at"),
        col(leader.id).label("leader_id"), col(leader.status).label("leader_status"),
        col(leader.lat).label("leader_lat"), col(leader.lon).label("leader_lon"),
        col(leader.precision).label("leader_precision"),
    )  # fmt: skip
    rows = (
        select(*columns)
        .join(Incident, col(Complaint.incident_id) == Incident.id)
        .join(leader, col(leader.id) == func.coalesce(Incident.like_id, Incident.id))
        .where(col(Complaint.filed_at).between(bindparam("since"), bindparam("until")), case((fits, 1), else_=0) == 1)
        .order_by(col(Complaint.filed_at).desc())
        .limit(MOST_COMPARED)
    )
    if not placed:
        return rows
    near = and_(
        col(Incident.lat).between(bindparam("south"), bindparam("north")),
        col(Incident.lon).between(bindparam("west"), bindparam("east")),
    )
    return rows.where(or_(near, col(Incident.precision).in_(UNPLACED)))
