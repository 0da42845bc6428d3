"""Citizens: their accounts, their strikes and appeals."""

from models.record.bodies.body import Body, Ids


class _OfCitizen(Body):
    citizen: int


class _OfStrike(_OfCitizen):
    strike: int


class Strike(_OfStrike):
    nth: int
    state: str


class Confirm(_OfStrike): ...


class Acquit(_OfStrike):
    reason: str


class Unlift(_OfStrike): ...


class Expire(_OfStrike): ...


class Lift(_OfCitizen):
    """Without a strike: all of the account's."""

    strike: int | None = None
    reason: str = ""


class Block(_OfCitizen): ...


class Appeal(_OfCitizen):
    appeal: int
    words: str


class Answer(_OfCitizen):
    """To an appeal."""

    appeal: int
    granted: bool
    words: str


class SignUp(_OfCitizen): ...


class Rename(_OfCitizen): ...


class EraseAccount(_OfCitizen):
    emptied: Ids = []
