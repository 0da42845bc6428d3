"""An incident is closed, and is not; it is one with another; it is kept."""

from pydantic import BaseModel, ConfigDict, Field

from models.record.bodies.body import Ids, Step


class Forgiven(BaseModel):
    """A strike that went. `stood`: all of the account's, and what each was before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    citizen: int
    strike: int
    stood: dict[str, str]
    freed: bool


class Resolve(Step):
    """`told`: the reporters, in one sentence."""

    outcome: str
    note: str = ""
    told: str = ""
    forgiven: list[Forgiven] = []


class Dismiss(Step):
    reason: str
    note: str = ""
    told: str = ""
    forgiven: list[Forgiven] = []
    strike: int | None = None


class Forward(Step):
    """`phone`: the number that reporters were told with it; "" where none was known."""

    agency: int
    name: str
    phone: str = ""
    reason: str = ""
    forgiven: list[Forgiven] = []


class Reopen(Step):
    reason: str


class StandDown(Step):
    """Its exercise is over."""


class Undo(Step):
    """`of`: the event that is taken back; missing on one that stands apart again because of it."""

    what: str
    of: int | None = None
    personnel: int | None = None
    number: str | None = None
    name: str | None = None
    released: int | None = None


class Merge(Step):
    """Told of both: of the one that goes `into`, and of the one that absorbed it, or several at once."""

    number: str
    into: int | None = None
    absorbed: int | Ids | None = None
    claimed: bool = False


class Unmerge(Step):
    number: str
    from_: int | None = Field(None, alias="from")
    released: int | None = None


class Preserve(Step):
    reason: str


class Unpreserve(Preserve): ...
