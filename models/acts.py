"""Every act that is no step of an incident, one row each: who may do it. Beside workflow.py, the other page to check.

The row decides who; from what state, and what changes, stands beside the thing, in the function of that name. A
command typed at the machine itself is an administrator's: whoever has the machine is one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlmodel import Session

from models.errors import N_, NotAllowed
from models.roles import DUTY, REPORTERS, STAFF, Role
from models.viewer import Viewer


@dataclass(frozen=True)
class Act:
    name: str
    who: tuple[Role, ...]
    no: str = ""  # what anybody else is told, where it is worth more than that they may not
    kept: bool = False  # not by a supervisor for a while (models/command/deputy.py)
    side: str = ""  # of a handover: by the shift that gives ("out") or the one that takes ("in"), never by the other
    stages: tuple[str, ...] = ()  # of a handover, in which it may be done (models/command/handover_sides.py)


# A handover is written, then its list is frozen, given by the first signature, and done with the second.
OPEN_LIST, ANSWERED = ("written", "frozen"), ("frozen", "given", "done")
ADMIN, SUPERVISOR, CITIZEN, CLOCK = (Role.ADMIN,), (Role.SUPERVISOR,), (Role.CITIZEN,), (Role.CLOCK,)
ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        # People and what they may
        Act("enlist", ADMIN),
        Act("reappoint", ADMIN),
        Act("retire", ADMIN),
        Act("reinstate", ADMIN),
        Act("reset_password", ADMIN),
        Act("choose_keys", STAFF),
        Act("choose_sounds", STAFF),
        Act("change_own_password", STAFF),
        Act("end_other_seats", STAFF),
        Act("add_factor", STAFF),
        Act("drop_factor", STAFF),
        Act("renew_codes", STAFF),
        Act("require_factor", ADMIN),
        Act("reset_factors", (*SUPERVISOR, *ADMIN), kept=True),
        Act("end_seats", (*SUPERVISOR, *ADMIN), kept=True),
        Act("deputise", (*SUPERVISOR, *ADMIN), kept=True),
        Act("end_deputy", (*DUTY, *ADMIN, *CLOCK)),
        # Stations
        Act("open_station", ADMIN),
        Act("rename_station", ADMIN),
        Act("move_station", ADMIN),
        Act("close_station", ADMIN),
        Act("reopen_station", ADMIN),
        Act("strengthen", (*SUPERVISOR, *ADMIN)),
        Act("count_again", SUPERVISOR),
        Act("set_least", ADMIN),
        # Who serves, and who is here
        Act("add_member", ADMIN),
        Act("change_member", ADMIN),
        Act("retire_member", ADMIN),
        Act("reinstate_member", ADMIN),
        Act("import_members", ADMIN),
        Act("open_shift", SUPERVISOR),
        Act("start_shift", SUPERVISOR),
        Act("close_shift", SUPERVISOR),
        Act("muster", SUPERVISOR),
        Act("muster_rest", SUPERVISOR),
        Act("note_case", SUPERVISOR, side="out", stages=OPEN_LIST),
        Act("freeze", SUPERVISOR, side="out", stages=OPEN_LIST),
        Act("accept_case", SUPERVISOR, side="in", stages=ANSWERED),
        Act("accept_rest", SUPERVISOR, side="in", stages=ANSWERED),
        Act("send_back", SUPERVISOR, side="in", stages=("frozen",)),
        Act("reply_case", SUPERVISOR, side="out", stages=ANSWERED),
        Act("sign_handover", SUPERVISOR, stages=("frozen", "given")),  # each side by its own password, whoever looks
        Act("change_lead", SUPERVISOR),
        # What the shift has to keep in mind
        Act("add_brief", SUPERVISOR),
        Act("read_brief", DUTY),
        Act("end_brief", SUPERVISOR),
        Act("add_to_shift", SUPERVISOR),
        Act("take_off_shift", SUPERVISOR),
        Act("send_home", SUPERVISOR),
        # What they drive
        Act("add_unit", (*SUPERVISOR, *ADMIN)),
        Act("change_unit", (*SUPERVISOR, *ADMIN)),
        Act("report_unit", SUPERVISOR),
        Act("retire_unit", (*SUPERVISOR, *ADMIN)),
        # Partners, categories
        Act("add_agency", ADMIN),
        Act("rename_agency", ADMIN),
        Act("number_agency", ADMIN),
        Act("line_agency", ADMIN),
        Act("close_agency", ADMIN),
        Act("reopen_agency", ADMIN),
        Act("add_category", ADMIN),
        Act("change_category", ADMIN),
        Act("change_target", ADMIN),
        Act("add_modifier", ADMIN),
        Act("change_modifier", ADMIN),
        # Machines: apps that file, screens that hang
        Act("make_key", ADMIN),
        Act("revoke_key", ADMIN),
        Act("pair", SUPERVISOR),
        Act("adjust", SUPERVISOR),
        Act("unpair", SUPERVISOR),
        Act("put_away", SUPERVISOR),
        # What the command tells and keeps
        Act("publish", SUPERVISOR, N_("Pengumuman ditulis oleh pengawas.")),
        Act("rewrite", SUPERVISOR, N_("Pengumuman ditulis oleh pengawas.")),
        Act("withdraw", SUPERVISOR, N_("Pengumuman ditulis oleh pengawas.")),
        Act("written", SUPERVISOR, N_("Pengumuman ditulis oleh pengawas.")),
        Act("set_period", ADMIN),
        Act("sweep", (*CLOCK, *ADMIN)),
        # What is only practised
        Act("start_exercise", SUPERVISOR, N_("Latihan dimulai oleh pengawas.")),
        Act("end_exercise", (*SUPERVISOR, *CLOCK), N_("Latihan diakhiri oleh pengawas.")),
        # Strikes: the first is part of dismissing (workflow.py)
        Act("confirm", DUTY),
        Act("acquit", DUTY),
        Act("appeal", CITIZEN),
        Act("answer", SUPERVISOR),
        Act("lift", SUPERVISOR),
        # How reporters found the help
        Act("scores", SUPERVISOR),
        Act("said", SUPERVISOR),
        # What a day was
        Act("figures", SUPERVISOR),
        Act("practised", SUPERVISOR),
        Act("highlight", SUPERVISOR),
        Act("recurring", SUPERVISOR),
        # What an hour was
        Act("replay", SUPERVISOR),
        Act("bookmark", SUPERVISOR),
        # A reporter's own account
        Act("rename", CITIZEN),
        Act("change_password", CITIZEN),
        Act("end_device", CITIZEN),
        Act("end_others", CITIZEN),
        Act("hush", REPORTERS),
        Act("subscribe", REPORTERS),
        Act("be_called", SUPERVISOR, N_("Hanya pengawas yang dipanggil lewat notifikasi.")),
        Act("be_left", SUPERVISOR),
        Act("unsubscribe", REPORTERS),
        Act("erase", CITIZEN),
        # What a machine saw in a file
        Act("develop", CLOCK),
        Act("rendered", CLOCK),
    )
}
DONE: dict[str, Callable[..., Any]] = {}
LENT = N_("Ini bukan wewenang pejabat sementara.")


P = ParamSpec("P")
R = TypeVar("R")


def act(function: Callable[Concatenate[Session, Viewer, P], R]) -> Callable[Concatenate[Session, Viewer, P], R]:
    """Marks what the act of the same name does: f(session, by, …). Whoever its row does not name is refused first."""
    row = ACTS[function.__name__]

    @wraps(function)
    def allowed(session: Session, by: Viewer, *given: P.args, **named: P.kwargs) -> R:
        if by.role not in row.who:
            raise NotAllowed(row.no) if row.no else NotAllowed()
        if row.kept and by.lent_until:
            raise NotAllowed(LENT)
        return function(session, by, *given, **named)

    DONE[row.name] = allowed
    return allowed
