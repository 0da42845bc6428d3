"""Who is looking or acting: roles, viewers, and those who see the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.roles import DUTY, RIGHTS, Role
from models.time import now

SINGLE_KEYS = ("single", "alt", "off")  # as they are, with Alt, not at all: what is dictated or scanned presses letters
VOLUMES = ("soft", "middle", "full")  # none of them is silence


def power(role: Role, lent_until: datetime | None) -> Role:
    """What somebody of this role may do and see now. An officer may have a supervisor's power until a stated moment
    (models/command/deputy.py): asked at every reading, so that it ends by itself. Nobody else is lent anything."""
    return Role.SUPERVISOR if role == Role.OFFICER and lent_until and lent_until > now() else role


@dataclass(frozen=True)
class Audience:
    """Those who see the same: all of a role, one citizen, one agency, walls of one view (roles.py). `scope` is '' for all, else
    that id or view."""

    role: Role
    scope: str
    locale: str


@dataclass(frozen=True)
class Viewer:
    """Who is looking or acting. `id` is of an Officer, a Citizen (a guest is one without a number), a Wall or a Key."""

    role: Role
    id: int | None = None
    locale: str = "id"
    name: str = ""
    agency_id: int | None = None
    complaint_id: int | None = None  # of a guest: the one that is theirs
    view: str = ""  # of a wall: what of the city it shows (models/people/views.py)
    session: str = ""  # hash of the session this viewer came with
    locks_at: datetime | None = (
        None  # when that session locks, unless it is used (models/people/locking.py); none: never
    )
    proved_at: datetime | None = None  # when the password was last given in it
    keys: str = "single"  # how single keys act for this person: one of SINGLE_KEYS
    volume: str = "full"  # how loud alarms are for this person: one of VOLUMES
    minor: bool = True  # does what waits of priority 3 and 4 sound for them?
    quiet: bool = False  # a reporter in Mode senyap: every page of theirs is plain
    must_change: bool = False  # their password is somebody else's making: a new one comes before anything else
    must_add: bool = False  # a second factor is asked of them, and they have none: likewise
    lent_until: datetime | None = None  # an officer who acts as a supervisor until then (`power`)

    @property
    def audience(self) -> Audience:
        scope = RIGHTS[self.role].scope
        return Audience(self.role, str(getattr(self, scope) or "") if scope else "", self.locale)

    @property
    def on_duty(self) -> bool:
        return self.role in DUTY

    @property
    def locked(self) -> bool:
        """Nobody has used this screen for a while: who sits there now has to say the password first."""
        return self.locks_at is not None and self.locks_at <= now()

    @property
    def over(self) -> bool:
        """The power that this viewer came with has ended since: whoever goes on with them is asked who they are anew."""
        return self.lent_until is not None and self.lent_until <= now()

    @property
    def proved(self) -> bool:
        """Was the password given just now?"""
        return self.proved_at is not None and self.proved_at + PROOF_LASTS > now()


CLOCK = Viewer(Role.CLOCK)
PROOF_LASTS = timedelta(minutes=5)
