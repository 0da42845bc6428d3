"""The record itself: what is swept from it, its segments, and what is marked in it."""

from models.record.bodies.body import Body, Ids, Step


class Bookmark(Body):
    """`of`: the event that is marked. `words_print`: a keyed hash of the word, which stands beside."""

    bookmark: int
    of: int
    words_print: str


class Sweep(Step):
    """What was past its period. `looks`: runs of them (first, last, hash of the last)."""

    kind: str
    count: int
    oldest: str | None = None
    gone: list[str] = []
    numbers: list[str] = []
    categories: list[str] = []
    incidents: Ids = []
    complaints: Ids = []
    evidence: int = 0
    emptied: Ids = []
    looks: list[tuple[int, int, str]] = []


class CloseSegment(Body):
    next: str


class BeginSegment(Body):
    old: str
    looks: int
    look_hash: str
    was: str
