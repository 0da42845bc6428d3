"""Turns: the time in which one regu worked, as a period for figures; and what the apel of each had found."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.command.shifts import Shift, Sums, roll, sums
from models.errors import N_, WrongValue
from models.reading.periods import Stretch
from models.time import now


@dataclass(frozen=True)
class Worked:
    """`shift`: whose time it was; None: nobody's, before the first of all."""

    begins: datetime
    ends: datetime
    shift: Shift | None

    @property
    def over(self) -> bool:
        return self.shift is None or self.shift.closed_at is not None

    @property
    def on(self) -> str:
        return str(self.shift.id) if self.shift else ""


@dataclass(frozen=True)
class Turn(Worked):
    """From the moment at which a regu took over to that at which it was over, or is planned to be."""

    before: Worked
    following: str  # the shift after it, as an address names it
    kind: str = "shift"

    @property
    def previous(self) -> str:
        return self.before.on


@dataclass(frozen=True)
class Mustered:
    """A regu that took over, and what is known of each of its members: as they were called last."""

    shift: Shift
    sums: Sums


def turn(session: Session, id: int | None = None) -> Turn:
    """Of the shift with this number; without one, of the last that is over, else of the one on duty.

    Raises WrongValue where none has begun.
    """
    shift = _asked(session, id)
    if shift is None or shift.began_at is None:
        raise WrongValue("on", N_("Belum ada regu yang bertugas di sini."))
    earlier, later = _beside(session, shift)
    ends = shift.closed_at or max(shift.ends, now())
    begins = earlier.began_at if earlier else None
    before = Worked(begins or shift.began_at - (ends - shift.began_at), shift.began_at, earlier)
    return Turn(shift.began_at, ends, shift, before, str(later.id) if later else "")


def mustered(session: Session, of: Stretch) -> list[Mustered]:
    """The regu that took over in this time, the first first."""
    began = col(Shift.began_at) >= of.begins, col(Shift.began_at) < of.ends
    shifts = session.exec(select(Shift).where(*began).order_by(col(Shift.began_at))).all()
    return [Mustered(shift, sums(roll(session, shift))) for shift in shifts]


def _asked(session: Session, id: int | None) -> Shift | None:
    if id is not None:
        return session.get(Shift, id)
    begun = select(Shift).where(col(Shift.began_at).is_not(None))
    newest_over_first = col(Shift.closed_at).is_(None), col(Shift.began_at).desc()
    return session.exec(begun.order_by(*newest_over_first).limit(1)).first()


def _beside(session: Session, shift: Shift) -> tuple[Shift | None, Shift | None]:
    """The one that had begun before it, and the one that began after it."""
    earlier = select(Shift).where(col(Shift.began_at) < shift.began_at).order_by(col(Shift.began_at).desc())
    later = select(Shift).where(col(Shift.began_at) > shift.began_at).order_by(col(Shift.began_at))
    return session.exec(earlier.limit(1)).first(), session.exec(later.limit(1)).first()
