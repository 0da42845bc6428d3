"""Who has an incident, what becomes of it while it waits, and the personnel who are sent."""

from pydantic import BaseModel, ConfigDict

from models.record.bodies.body import Ids, Step


class Claim(Step):
    officer: int | None


class Reclaim(Claim): ...


class TakeOver(Claim):
    reason: str


class Assign(Claim):
    """`absent`: they were not at the desk, and whoever gave it was asked."""

    by: int | None
    reason: str = ""
    absent: bool = False


class Reassign(Assign): ...


class HandBack(Claim):
    reason: str


class Release(Claim):
    reason: str


class Lapse(Claim): ...


class Renew(Claim): ...


class Acknowledge(Step): ...


class Notice(Step): ...


class Shelve(Step):
    minutes: int
    note: str


class Escalate(Step):
    due: str


class Alert(Step):
    """Somebody was told that it waits, or words there, or could not be. `to`: as they were called then, nobody for a desk, the command's phone
    and where nobody was found."""

    rung: str
    to: str = ""
    delivered: bool
    fault: str = ""
    way: str = "message"  # push: a push service took it
    about: str = ""  # written: of words after closing; else nobody has taken it


class Out(BaseModel):
    """Personnel of one station. `station_id` is missing where only its name was told. `free`: how many it had just before.
    `units`: callsigns of those that went along."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dispatch: int
    station_id: int | None = None
    station: str
    personnel: int
    free: int | None = None
    units: list[str] = []


class Reinforce(Step):
    """`free`, here and of each station: who could have gone at this moment; none where nobody stated a strength."""

    sent: list[Out]
    reason: str = ""
    free: int | None = None


class Part(BaseModel):
    """Of a suggestion: the base of the category, or what was ticked, and how many it is worth."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    n: int


class Dispatch(Reinforce):
    """`median`: of what was sent to the last `median_of` like cases."""

    suggested: int
    parts: list[Part] = []
    median: int | None = None
    median_of: int = 0
    modifiers: list[str] = []
    seen_in: dict[str, int] = {}


class Arrive(Step):
    dispatches: Ids
    personnel: int


class Clear(Step): ...


class Recall(Step):
    reason: str
