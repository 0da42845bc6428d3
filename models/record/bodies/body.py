"""What every body is: a Body, or a Step where the event is about an incident."""

from pydantic import BaseModel, ConfigDict

Value = bool | int | float | str | None  # of a column, as JSON
Ids = list[int]
Ended = list[tuple[int, str]]  # referrals, and what each was


class Body(BaseModel):
    """Of an event about nothing on the board, unless it is a Step."""

    # Built when the first of its kind is stored or read: a start need not wait for all of them.
    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True, defer_build=True
    )


class Step(Body):
    """Of one about an incident. `set`: the columns that it changed. The rest may come with whichever step led there."""

    set: dict[str, Value] = {}
    cleared: Ids = []  # dispatches that are back
    ended: Ended = []
    was: int | None = None  # whose it was


class Plain(Step):
    reason: str = ""
