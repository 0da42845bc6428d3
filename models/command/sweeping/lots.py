"""Lots: what goes together in one write, and how many there are of each kind."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from models.command.retention import ALL

SWEEP = "sweep"
BATCH = 500  # rows of a kind that has no incidents, in one write


@dataclass(frozen=True)
class Lot:
    """What goes together: one incident with what was merged into it, its evidence, or the rows of another kind."""

    kind: str
    count: int
    oldest: datetime
    category: str = ALL
    incident_id: int = 0
    files: int = 0


def totals(lots: Collection[Lot]) -> list[Lot]:
    """By kind and category: how many, and since when."""
    counts, files = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    oldest: dict[tuple[str, str], datetime] = {}
    for lot in lots:
        key = lot.kind, lot.category
        counts[key] += lot.count
        files[key] += lot.files
        oldest[key] = min(oldest.get(key, lot.oldest), lot.oldest)
    return [Lot(kind, counts[kind, code], oldest[kind, code], code, 0, files[kind, code]) for kind, code in counts]


def iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
