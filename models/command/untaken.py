"""What nobody of the next shift takes: a watch that is over and has no successor, a case that was handed over and not
accepted. It stands on the supervisors' desk at once; after a while the command's duty phone is told, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from models.command.calling import Rung, Telling, call, leads
from models.command.handover import HandedCase, find_handover, unaccepted
from models.command.shifts import Shift, on_duty
from models.time import now

CASE_WAITS = timedelta(minutes=30)  # after the second signature
SHIFT_WAITS = timedelta(minutes=15)  # after its end


@dataclass(frozen=True)
class Untaken:
    """`over`: the shift on duty, if its time is over. `cases`: by whom they were handed over, in `names`."""

    over: Shift | None
    cases: Sequence[HandedCase]
    names: list[str]
    unreachable: bool  # nobody's phone is known: the ladder ends at this desk


def untaken(session: Session) -> Untaken:
    shift, left = on_duty(session), unaccepted(session)
    names = dict.fromkeys(find_handover(session, case.handover_id).out_name for case in left)
    over = shift if shift and shift.ends <= now() else None
    return Untaken(over, left, list(names), leads(session) == [None])


def untold(session: Session) -> list[tuple[str, datetime]]:
    """What has waited for long enough, and of which the command's phone was not told: (what, since when)."""
    found, at = untaken(session), now()
    due = [(f"shift {found.over.id}", found.over.ends)] if found.over and found.over.ends <= at - SHIFT_WAITS else []
    for id in dict.fromkeys(case.handover_id for case in found.cases):
        signed = find_handover(session, id).in_at
        if signed and signed <= at - CASE_WAITS:
            due.append((f"handover {id}", signed))
    keys = {_key(what, since): (what, since) for what, since in due}
    known = set(session.exec(select(Telling.key).where(col(Telling.key).in_(keys))))
    return [one for key, one in keys.items() if key not in known]


def tell_untaken(session: Session) -> None:
    """If it is still so when the writer comes to it."""
    for what, since in untold(session):
        kind = what.split()[0]
        call(session, Rung.COMMAND, what, since, {"kind": kind, "since": since.isoformat()})


def _key(what: str, since: datetime) -> str:
    return f"{what} {since.isoformat()} {Rung.COMMAND} 0"
