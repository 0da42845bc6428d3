"""Likeness: which open incident a new one seems to tell of too, so that a burst is one row, one pin, one sound.

It only suggests: what is merged, an officer merges. Kinds, reach and words are data (likeness.json of the city), with reasons.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Row, or_
from sqlmodel import Session, col, select

from models.city.seed.facts import in_use, read
from models.city.site import UNKNOWN
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
    kin: frozenset[frozenset[str]]
    grave: frozenset[str]
    blank: frozenset[str]

    def kind(self, one: str, other: str) -> bool:
        """May these two describe one thing?"""
        return not {one, other} & self.never and (one == other or frozenset((one, other)) in self.kin)


@dataclass(frozen=True)
class Told:
    """As much of a report as is compared. `off_m`: how far its point may be off, None: it has none."""

    kind: str
    at: datetime
    lat: float
    lon: float
    off_m: float | None
    words: frozenset[str]
    exercise: bool


def reach() -> Reach:
    return _reach(in_use())


@cache
def _reach(city: Path) -> Reach:
    said = read(city).likeness
    kin = frozenset(frozenset((one, other)) for one, others in said.also_called.items() for other in others)
    return Reach(
        said.minutes,
        said.alone_minutes,
        said.metres,
        said.most_metres,
        frozenset(said.seen_by_many),
        frozenset(said.never),
        kin,
        frozenset(root(word) for word in said.grave),
        frozenset(said.blank),
    )


def liken(session: Session, incident: Incident, words: str, at: datetime) -> int | None:
    """The open incident this one seems to tell of too: the oldest of its group, or None. One question by time."""
    if incident.category_code in reach().never:
        return None
    mine = _told(incident, words, at)
    best: tuple[tuple[int, float], int] | None = None
    for row in session.execute(_about(incident, at)):
        theirs = _told(row, row.words, row.said_at)
        if row.id == incident.id or not alike(mine, theirs):
            continue
        weight = (len(mine.words & theirs.words), -metres(mine, theirs))
        if best is None or weight > best[0]:
            best = weight, row.like_id or row.id
    leader = session.get(Incident, best[1]) if best else None
    if leader is None or not leader.open:
        return None
    placed = not any(_nowhere(one) for one in (incident, leader))
    # From one to the next a traffic jam would reach across the town.
    return None if placed and metres(incident, leader) > reach().most_metres else leader.id


def alike(one: Told, other: Told) -> bool:
    """Near in time and place and of kinds that go together; without a place only words that are much the same."""
    facts, apart = reach(), abs(one.at - other.at)
    if one.exercise != other.exercise or not facts.kind(one.kind, other.kind):
        return False
    if apart > timedelta(minutes=facts.minutes):
        return False
    shared = one.words & other.words
    share = len(shared) / min(len(one.words), len(other.words)) if shared else 0.0
    late = apart > timedelta(minutes=facts.alone_minutes)
    if one.off_m is None or other.off_m is None:
        many = one.kind == other.kind and one.kind in facts.seen_by_many
        return many and not late and len(shared) >= FEW and share >= STRONG
    if metres(one, other) > min(facts.most_metres, facts.metres + one.off_m + other.off_m):
        return False
    if one.kind != other.kind:
        return bool(shared) or not late
    return one.kind in facts.seen_by_many or share >= SAME_WORDS


def roots(words: str) -> frozenset[str]:
    """What a report says, as roots: kebakaran, terbakar and bakar are one; words that say nothing are left out."""
    return frozenset(spoken(words))


def spoken(words: str) -> dict[str, str]:
    """Each root, and the word it was said with first."""
    found: dict[str, str] = {}
    for word in re.findall(r"[^\W\d_]+", words.lower()):
        if len(word) >= SHORTEST and not {word, root(word)} & reach().blank:
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
    return Told(row.category_code, at, row.lat or 0.0, row.lon or 0.0, off_m, roots(words), row.exercise)


def _nowhere(row: Incident | Row[Any]) -> bool:
    return row.precision in UNPLACED


def _about(incident: Incident, at: datetime) -> Any:
    """What was said of open incidents lately and near by, or without a place: the newest first."""
    columns: Any = (
        Incident.id, Incident.like_id, Incident.category_code, Incident.lat, Incident.lon, Incident.accuracy_m,
        Incident.precision, Incident.exercise, Complaint.words, col(Complaint.filed_at).label("said_at"),
    )  # fmt: skip
    span = timedelta(minutes=reach().minutes)
    rows = (
        select(*columns)
        .join(Incident, col(Complaint.incident_id) == Incident.id)
        .where(
            col(Complaint.filed_at).between(at - span, at + span),
            col(Incident.status).in_(OPEN),
            col(Incident.category_code).not_in(reach().never),
            col(Incident.exercise).is_(incident.exercise),
        )
        .order_by(col(Complaint.filed_at).desc())
        .limit(MOST_COMPARED)
    )
    here = None if _nowhere(incident) else incident.point
    if here is None:
        return rows.where(Incident.category_code == incident.category_code)
    near = col(Incident.lat).between(here.lat - BOX_DEGREES, here.lat + BOX_DEGREES) & col(Incident.lon).between(
        here.lon - BOX_DEGREES, here.lon + BOX_DEGREES
    )
    return rows.where(or_(near, col(Incident.precision).in_(UNPLACED)))
