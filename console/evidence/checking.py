"""Is every file of evidence there, and as it came? Read by whoever checks the record, or a backup of it."""

import hashlib
from pathlib import Path

from sqlmodel import Session, col, select

from console.evidence.store import Store
from models.incidents.evidence import Evidence


def file_faults(session: Session, store: Store) -> list[str]:
    rows = session.exec(select(Evidence).order_by(col(Evidence.id)).execution_options(yield_per=1000))
    faults = ((row, _fault(store.path(row.sha256), row.sha256)) for row in rows)
    return [f"The file of evidence {row.id} (complaint {row.complaint_id}) {fault}." for row, fault in faults if fault]


def _fault(path: Path, sha256: str) -> str:
    try:
        return "" if _sum(path) == sha256 else "was changed"
    except FileNotFoundError:
        return "is gone"
    except OSError as error:  # a sick disk, another's rights: the others are read all the same
        return f"cannot be read ({error.strerror})"


def is_itself(path: Path) -> bool:
    """A file of evidence is named by its content."""
    return _sum(path) == path.name


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
