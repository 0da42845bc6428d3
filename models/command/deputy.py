"""Pejabat sementara: a supervisor's power with an end. Who has it is what a supervisor is (models/viewer.py, `power`), except
that they cannot pass it on nor open anybody's door (`kept` in models/acts.py).

It ends by itself: at that moment it is gone from whatever is read, and within a tick of the clock what they hold and may
not see any more waits for a supervisor again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from models.acts import act
from models.command.shifts import on_duty
from models.errors import N_, NotAllowed, WrongMoment, WrongValue, bounded, need
from models.incidents.letting_go import leave_cases
from models.people.officers import Officer, find_officer
from models.record.event import record
from models.roles import Role
from models.time import local, now
from models.viewer import Viewer

LONGEST = timedelta(hours=12)
LONGEST_WHY = 160
END = N_("Sampai kapan? Paling lama 12 jam, dan tidak melewati akhir tugas regu ini: {at}.")


@act
def deputise(session: Session, by: Viewer, id: int, until: datetime | None, reason: str) -> Officer:
    """To an officer, with a reason, for at most 12 hours and no longer than the shift lasts."""
    reason = bounded(need(reason, sentence=N_("Tulis mengapa.")), "reason", LONGEST_WHY)
    officer = find_officer(session, id, col(Officer.role) == Role.OFFICER)
    if officer.acts_until:
        raise WrongMoment(N_("{name} sudah pejabat sementara."), name=officer.title)
    if until is None or not now() < until <= latest(session):
        raise WrongValue("until", END, at=local(latest(session)).strftime("%H:%M"))
    strip(session, by, officer)  # what was over, and the clock had not come to yet
    officer.lent_until, officer.lent_by, officer.lent_why = until, by.id, reason
    record(session, "deputise", by, officer=officer.id, until=until.isoformat(), reason=reason)
    return officer


@act
def end_deputy(session: Session, by: Viewer, id: int) -> None:
    """By the clock when it is over; before, by who gave it, who has it, or an administrator."""
    officer = find_officer(session, id)
    if by.role in (Role.OFFICER, Role.SUPERVISOR) and by.id not in (officer.lent_by, officer.id):
        raise NotAllowed(N_("Hanya yang memberi, yang memegang, atau administrator dapat mengakhirinya."))
    strip(session, by, officer)


def strip(session: Session, by: Viewer, officer: Officer) -> None:
    """Nothing is lent to them any more: their screens close, and what they may not hold waits again."""
    if officer.lent_until is None:
        return
    over = officer.lent_until <= now()
    officer.lent_until, officer.lent_by, officer.lent_why = None, None, ""
    record(session, "end_deputy", by, officer=officer.id, over=over)
    leave_cases(session, by, officer)


def latest(session: Session) -> datetime:
    """The furthest end that may be stated now."""
    furthest, shift = now() + LONGEST, on_duty(session)
    return min(furthest, shift.ends) if shift and shift.ends > now() else furthest


def deputies(session: Session) -> list[Officer]:
    """Who acts as a supervisor now, the first to end first."""
    rows = select(Officer).where(Officer.active, col(Officer.lent_until) > now())
    return list(session.exec(rows.order_by(col(Officer.lent_until), col(Officer.id))))


def outlasted(session: Session) -> Sequence[int]:
    """Whose power is over, and the record does not say so yet."""
    return session.exec(select(Officer.id).where(Officer.active, col(Officer.lent_until) <= now())).all()
