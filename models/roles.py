"""Every role, one row each: what it sees, how it works, how long it stays. The other page to check beside workflow.py.

What a role may do is said by the step (workflow.py) or the act (acts.py); whose a thing is, beside the thing.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


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
    """Which incidents (models/incidents/incident.py: `visible_to` in a query, `seen_by` of one)."""

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
        Rights(Role.CITIZEN, Sees.OWN, Scope.PERSON, Face.COMPLAINTS, ("citizen",), "home", 30 * DAY, 14 * DAY),
        # Whoever reports before their number is proved; one day whoever was sent a link to what they said by telephone.
        Rights(Role.GUEST, Sees.GRANTED, Scope.COMPLAINT, Face.COMPLAINTS, ("citizen",), "home", 30 * DAY, 14 * DAY),
        Rights(Role.OFFICER, Sees.ORDINARY, face=Face.CARD, views=("console",), locks=HALF),
        Rights(Role.SUPERVISOR, Sees.EVERYTHING, face=Face.CARD, views=("console", "duty"), locks=QUARTER),
        Rights(Role.ADMIN, desk="admin", locks=QUARTER),
        Rights(Role.LIAISON, Sees.REFERRED, Scope.AGENCY, Face.REFERRAL, ("agency",), "agency", locks=HALF),
        Rights(Role.WALL, Sees.PART, Scope.VIEW, Face.ROW, views=("wall",), desk="wall", life=30 * DAY),
        Rights(Role.INTAKE),
        Rights(Role.CLOCK, Sees.EVERYTHING),
    )
}
DUTY = (Role.OFFICER, Role.SUPERVISOR)
REPORTERS = (Role.CITIZEN, Role.GUEST)
STAFF = (*DUTY, Role.ADMIN, Role.LIAISON)
