"""Partners: what is passed to them and how they answer, and who they are."""

from models.record.bodies.body import Body, Step


class _Partner(Step):
    """Of a partner. `referral` is missing where only the agency was told."""

    referral: int | None = None
    agency: int
    name: str
    note: str = ""


class Refer(_Partner):
    tier: str
    reason: str = ""


class Accept(_Partner): ...


class Decline(_Partner): ...


class Finish(_Partner): ...


class Unrefer(_Partner):
    """`why`: of one that the clock ended, or whoever referred it by a slip."""

    why: str = ""


class Extend(_Partner): ...


class Link(_Partner):
    """`to`: as much of the number as may be read."""

    to: str


class Linked(Link):
    fault: str = ""


class Heed(_Partner): ...


class Consult(_Partner):
    words: str


class Respond(Consult): ...


class _OfAgency(Body):
    agency: int
    name: str


class AddAgency(_OfAgency):
    code: str
    kind: str = "institution"


class RenameAgency(_OfAgency):
    was: str


class LineAgency(_OfAgency):
    was: str
    to: str


class NumberAgency(_OfAgency):
    was: str
    phone: str


class CloseAgency(_OfAgency):
    ended: int = 0
    reason: str = ""


class ReopenAgency(_OfAgency): ...
