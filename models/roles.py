"""Every role, one row each: its name, what it sees, how it works, how long it stays. The other page to check beside workflow.py.

What a role may do is said by the step (workflow.py) or the act (acts.py); whose a thing is, beside the thing.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from models.errors import N_


class Role(StrEnum):
    CITIZEN = "citizen"
    GUEST = "guest"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    LIAISON = "liaison"
    WALL = "wall"
    INTAKE = "intake"
    CLOCK = "clock"


class Sees(StrEnum):
    """Which incidents (models/incidents/sight.py: `visible_to` in a query, `seen_by` of one)."""

    EVERYTHING = "every incident"
    ORDINARY = "every incident that is not about officers"
    PART = "those of their view that are not about officers"
    OWN = "those of their own complaints"
    GRANTED = "that of the one complaint they have a grant to"
    REFERRED = "those referred to their agency, while that shows"
    NOTHING = "none"


class Scope(StrEnum):
    """Whom of a role something concerns; the value is what the viewer has it in."""

    ALL = ""  # they all see the same
    PERSON = "id"
    COMPLAINT = "complaint_id"
    AGENCY = "agency_id"
    VIEW = "view"


class Face(StrEnum):
    """What an incident is on their board (templates: console/live/fragments.py)."""

    CARD = "card"
    ROW = "row"
    REFERRAL = "referral"
    COMPLAINTS = "complaints"
    NONE = "none"


DAY, STAFF_LIFE = timedelta(days=1), timedelta(hours=25)  # a 24-hour duty and an hour


@dataclass(frozen=True)
class Rights:
    role: Role
    named: str  # on pages and in the journal
    sees: Sees = Sees.NOTHING
    scope: Scope = Scope.ALL
    face: Face = Face.NONE
    views: tuple[str, ...] = ()  # live screens
    desk: str = "console"  # where they work: the page they are led to
    life: timedelta = STAFF_LIFE  # of a session, at most
    idle: timedelta = STAFF_LIFE  # and unused
    locks: timedelta | None = (
        None  # its screen, when nobody touched it for so long; citizens' phones have a lock of their own
    )


QUARTER, HALF = timedelta(minutes=15), timedelta(minutes=30)
RIGHTS: dict[Role, Rights] = {
    rights.role: rights
    for rights in (
        Rights(
            Role.CITIZEN,
            N_("Pelapor"),
            Sees.OWN,
            Scope.PERSON,
            Face.COMPLAINTS,
            ("citizen",),
            "home",
            30 * DAY,
            14 * DAY,
        ),
        # Whoever reports before their number is proved; one day whoever was sent a link to what they said by telephone.
        Rights(
            Role.GUEST,
            N_("Pelapor tamu"),
            Sees.GRANTED,
            Scope.COMPLAINT,
            Face.COMPLAINTS,
            ("citizen",),
            "home",
            30 * DAY,
            14 * DAY,
        ),
        Rights(Role.OFFICER, N_("Petugas"), Sees.ORDINARY, face=Face.CARD, views=("console",), locks=HALF),
        Rights(
            Role.SUPERVISOR, N_("Pengawas"), Sees.EVERYTHING, face=Face.CARD, views=("console", "duty"), locks=QUARTER
        ),
        Rights(Role.ADMIN, N_("Administrator"), desk="admin", locks=QUARTER),
        Rights(
            Role.LIAISON,
            N_("Penghubung instansi"),
            Sees.REFERRED,
            Scope.AGENCY,
            Face.REFERRAL,
            ("agency",),
            "agency",
            locks=HALF,
        ),
        Rights(Role.WALL, N_("Dinding"), Sees.PART, Scope.VIEW, Face.ROW, views=("wall",), desk="wall", life=30 * DAY),
        Rights(Role.INTAKE, N_("Aplikasi pelapor")),
        Rights(Role.CLOCK, N_("Server"), Sees.EVERYTHING),
    )
}
DUTY = (Role.OFFICER, Role.SUPERVISOR)
REPORTERS = (Role.CITIZEN, Role.GUEST)
STAFF = (*DUTY, Role.ADMIN, Role.LIAISON)
