"""The journal: what was done, and by whom. Supervisors read what was done about cases, shifts and reporters' accounts;
administrators what was done about the staff, the house and its machines. Newest first, a page at a time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case
from sqlmodel import Session, col, or_, select

from models.incidents.incident import Incident
from models.people.officers import Officer
from models.reading.finding import numbered
from models.record.bodies.kinds import BODIES
from models.record.event import Event
from models.roles import REPORTERS, STAFF, Role
from models.viewer import Viewer
from models.workflow import ROWS

PAGE, MOST = 200, 20_000  # on a screen; in a table
# Whose business an event is that is about no case. tests/models/test_journal.py asks this of every kind there is.
OF_COMMAND = """
open_shift start_shift close_shift change_lead muster add_to_shift take_off_shift send_home relieve
note_case freeze accept_case send_back reply_case sign_handover
add_unit change_unit report_unit retire_unit strength count_again set_least
fall_silent hear_again warn_of_silence
start_exercise end_exercise
strike confirm acquit unlift expire lift block answer
publish rewrite withdraw pair adjust unpair put_away bookmark highlight
add_brief read_brief end_brief
deputise end_deputy
"""
OF_HOUSE = """
enlist reappoint retire reinstate reset_password require_factor reset_factors revoke
add_factor drop_factor renew_codes use_code wrong_password wrong_factor change_password
add_member change_member retire_member reinstate_member
open_station rename_station move_station close_station reopen_station
add_agency rename_agency number_agency line_agency close_agency reopen_agency
add_category change_category add_modifier change_modifier change_target
make_key revoke_key set_period sweep close_segment begin_segment
"""
COMMAND, HOUSE = frozenset(OF_COMMAND.split()), frozenset(OF_HOUSE.split())
# Reporters' own comings and goings, and what only says that somebody is there: on no page of anybody's.
NOBODYS = frozenset(
    (
        "sign_up",
        "rename",
        "erase_account",
        "appeal",
        "send_code",
        "prove_code",
        "spend_code",
        "sit",
        "leave",
        "like",
        "upload",
    )
)
DOOR = frozenset(("sign_in", "sign_out", "lock", "unlock"))  # on the page of who saw what (looking.py)


# Of a handover, and about one case of it: their body names it, for their event stands in no case's own history.
OF_ONE = ("note_case", "accept_case", "send_back", "reply_case")


@dataclass(frozen=True)
class Done:
    event: Event
    who: Officer | None
    incident: Incident | None


def journal(
    session: Session, by: Viewer, *, since: datetime, until: datetime, person: int | None = None, incident: str = "",
    before: int = 0, most: int = PAGE,
) -> list[Done]:  # fmt: skip
    """`incident`: of this number alone, or those that end so; `person`: by this member of the staff; `before`: older than this event."""
    if by.role not in (Role.SUPERVISOR, Role.ADMIN):
        return []
    named = col(Event.body)["incident"].as_integer()
    about = case((col(Event.step).in_(OF_ONE), named), else_=col(Event.incident_id))
    rows = select(Event, Officer, Incident).join(Incident, col(Incident.id) == about, isouter=True)
    rows = rows.join(Officer, (col(Officer.id) == Event.by_id) & col(Event.by_role).in_(STAFF), isouter=True)
    rows = rows.where(col(Event.at).between(since, until), col(Event.by_role).not_in(REPORTERS))
    if by.role == Role.SUPERVISOR:
        cases = col(Event.incident_id).is_not(None) & col(Event.step).in_(_said())
        rows = rows.where(or_(cases, col(Event.step).in_(COMMAND)))
    else:
        rows = rows.where(col(Event.step).in_(HOUSE))
    if incident := incident.strip():
        rows = rows.where(numbered(incident))
    if person:
        rows = rows.where(Event.by_id == person)
    if before:
        rows = rows.where(Event.seq < before)
    found = session.exec(rows.order_by(col(Event.seq).desc()).limit(most))
    return [Done(*row) for row in found]


def _said() -> Iterable[str]:
    """Steps of a case that have a line in its diary."""
    return [name for name, row in ROWS.items() if row.says and name in BODIES]
